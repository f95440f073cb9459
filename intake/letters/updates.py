"""A letter out of one Update of the Bot API, read as plain JSON: what a library refuses is still somebody's message."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from intake.arrival import Arrival, Attachment, Letter
from intake.letters import cleaning
from intake.letters.unreadable import Unreadable

Json = dict[str, Any]
_UNREADABLE = (
    "sticker",
    "poll",
    "dice",
    "venue",
    "location",
    "contact",
    "game",
    "invoice",
    "story",
    "paid_media",
    "giveaway",
    "giveaway_winners",
    "checklist",
    "gift",
    "unique_gift",
    "passport_data",
    "successful_payment",
    "users_shared",
    "chat_shared",
    "web_app_data",
)
"""Named and not kept: a contact's number and a place are nobody's business here (people-and-safety.md 2.7, 2.10)."""
_SAID_BY_NOBODY = (
    "pinned_message",
    "new_chat_members",
    "left_chat_member",
    "new_chat_title",
    "new_chat_photo",
    "delete_chat_photo",
    "group_chat_created",
    "message_auto_delete_timer_changed",
    "connected_website",
    "write_access_allowed",
    "chat_background_set",
    "boost_added",
    "migrate_to_chat_id",
    "migrate_from_chat_id",
    "video_chat_started",
    "video_chat_ended",
    "proximity_alert_triggered",
)
_FILES = {
    "voice": ("voice", "audio/ogg", "voice.ogg"),
    "audio": ("voice", "audio/mpeg", "audio.mp3"),
    "video": ("video", "video/mp4", "video.mp4"),
    "video_note": ("video", "video/mp4", "video.mp4"),
    "animation": ("video", "video/mp4", "animation.mp4"),
    "document": ("file", "application/octet-stream", "document.bin"),
}


def read_update(arrival: Arrival) -> Letter:
    """Read one Update. What isn't said in a private chat by a person has `is_private` False and nothing kept."""
    try:
        update = json.loads(arrival.raw.decode("utf-8", "replace"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the update is no JSON") from error
    if not isinstance(update, dict):
        raise Unreadable("the update is no JSON object")
    for name, read in _KINDS.items():
        if part := _object(update, name):
            return read(arrival, part)
    return Letter(arrival, _digest(f"update:{_number(update, 'update_id')}"), is_private=False)


def _read_message(arrival: Arrival, message: Json, *, is_edit: bool = False) -> Letter:
    chat, writer = _object(message, "chat"), _object(message, "from")
    chat_id, number = _number(chat, "id"), _number(message, "message_id")
    identity = _digest(f"message:{chat_id}:{number}:{_number(message, 'edit_date')}")
    if chat.get("type") != "private" or writer.get("is_bot") is True or _object(message, "sender_chat"):
        return Letter(arrival, identity, chat_id=chat_id, message_number=number, is_edit=is_edit, is_private=False)
    return Letter(
        arrival,
        identity,
        words=cleaning.prose(_string(message, "text") or _string(message, "caption")),
        quoted=cleaning.prose(_string(_object(message, "quote"), "text")),
        chat_id=chat_id,
        message_number=number,
        album=cleaning.line(_string(message, "media_group_id"), 100),
        is_edit=is_edit,
        language_code=_language(writer),
        attachments=tuple(_attachments(message)),
    )


def _read_edit(arrival: Arrival, message: Json) -> Letter:
    return _read_message(arrival, message, is_edit=True)


def _read_press(arrival: Arrival, press: Json) -> Letter:
    """A pressed button; its message may be gone or too old, and in a private chat the chat's id is the person's."""
    message, writer = _object(press, "message"), _object(press, "from")
    chat, press_id = _object(message, "chat"), cleaning.line(_string(press, "id"), 100)
    return Letter(
        arrival,
        _digest(f"button:{press_id}"),
        chat_id=_number(chat, "id") or _number(writer, "id"),
        message_number=_number(message, "message_id"),
        button=cleaning.line(_string(press, "data"), 100),
        button_press=press_id,
        is_private=chat.get("type", "private") == "private" and writer.get("is_bot") is not True,
        language_code=_language(writer),
    )


def _read_membership(arrival: Arrival, change: Json) -> Letter:
    """The bot was blocked, let in again, or put into a group."""
    chat = _object(change, "chat")
    chat_id, is_private = _number(chat, "id"), chat.get("type") == "private"
    status = _object(change, "new_chat_member").get("status")
    blocked = {"kicked": True, "left": True, "member": False}.get(str(status)) if is_private else None
    identity = _digest(f"member:{chat_id}:{_number(change, 'date')}")
    language = _language(_object(change, "from"))
    return Letter(arrival, identity, chat_id=chat_id, is_private=is_private, blocked=blocked, language_code=language)


_KINDS: dict[str, Callable[[Arrival, Json], Letter]] = {
    "message": _read_message,
    "edited_message": _read_edit,
    "callback_query": _read_press,
    "my_chat_member": _read_membership,
}


def _attachments(message: Json) -> Iterator[Attachment]:
    if photo := _largest(message.get("photo")):
        yield Attachment(
            "photo.jpg", "image/jpeg", _number(photo, "file_size"), cleaning.line(_string(photo, "file_id"), 300), "photo"
        )
    for name, (kind, media_type, otherwise) in _FILES.items():
        if name == "document" and "animation" in message:
            continue  # the Bot API sends an animation as a document too
        if file := _object(message, name):
            yield Attachment(
                cleaning.file_name(_string(file, "file_name"), otherwise),
                cleaning.line(_string(file, "mime_type"), 100) or media_type,
                _number(file, "file_size"),
                cleaning.line(_string(file, "file_id"), 300),
                kind,
            )
    unreadable = [name for name in _UNREADABLE if name in message]
    if "venue" in unreadable:  # it comes with its location
        unreadable.remove("location") if "location" in unreadable else None
    yield from (Attachment(name, "", 0, kind="unreadable") for name in unreadable)
    known = {"text", "caption", "photo", *_FILES, *_UNREADABLE, *_SAID_BY_NOBODY}
    if not known & message.keys():
        yield Attachment("unknown", "", 0, kind="unreadable")


def _largest(sizes: object) -> Json:
    """Return the largest of a photo's sizes."""
    photos = [size for size in sizes if isinstance(size, dict)] if isinstance(sizes, list) else []
    return max(photos, key=lambda size: (_number(size, "file_size"), _number(size, "width")), default={})


def _digest(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()


def _object(of: Json, name: str) -> Json:
    value = of.get(name)
    return value if isinstance(value, dict) else {}


def _string(of: Json, name: str) -> str:
    value = of.get(name)
    return value if isinstance(value, str) else ""


def _number(of: Json, name: str) -> int:
    value = of.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63 else 0


def _language(writer: Json) -> str:
    return cleaning.line(_string(writer, "language_code"), 12)
