"""Who talks to the bot in a rehearsal: people and groups, what they do, and what they see."""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.rehearsal.updates import Json, Updates

LONGEST_MESSAGE = 4096


@dataclass(frozen=True)
class Button:
    label: str
    payload: str = ""
    url: str = ""


@dataclass
class Shown:
    """A message of the bot as the person has it on the screen."""

    number: int
    text: str
    buttons: list[list[Button]]
    sent_at: datetime
    payload: Json
    """The message as the Bot API tells of it."""
    silent: bool = False
    edited: bool = False
    deleted: bool = False

    def labels(self) -> list[str]:
        return [button.label for row in self.buttons for button in row]


@dataclass
class Chat:
    """One conversation, private or group, as Telegram's servers know it."""

    number: int
    described: Json
    by_bot: dict[int, Shown] = field(default_factory=dict)
    by_people: dict[int, Json] = field(default_factory=dict)
    open_to_bot: bool = True
    """False once the person blocked the bot, or the bot is not in the group any more."""
    last_number: int = 0

    @property
    def is_private(self) -> bool:
        return bool(self.described["type"] == "private")

    def next_number(self) -> int:
        self.last_number += 1
        return self.last_number


class Chats:
    """All chats, the files in them and the updates that tell of them."""

    def __init__(self, now: Callable[[], datetime], bot_user: Json) -> None:
        self.now = now
        self.bot_user = bot_user
        self.updates = Updates(now)
        self.by_number: dict[int, Chat] = {}
        self.files: dict[str, bytes] = {}
        self.presses: dict[str, str] = {}
        """Callback query ids that wait for an answer, and the answer's text once it came."""

    def stamp(self) -> int:
        return int(self.now().timestamp())

    def keep_file(self, content: bytes) -> Json:
        number = f"file-{len(self.files) + 1}-{secrets.token_hex(4)}"
        self.files[number] = content
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content)}


class Person:
    """Someone with Telegram on a phone. What they do becomes an update; what the bot does they can look at."""

    def __init__(
        self, chats: Chats, number: int, first_name: str, *, username: str | None = None, language_code: str | None = "en"
    ) -> None:
        self._chats = chats
        self.number = number
        self.described: Json = {"id": number, "is_bot": False, "first_name": first_name}
        self.described |= {"username": username} if username else {}
        self.described |= {"language_code": language_code} if language_code else {}
        chat: Json = {"id": number, "type": "private", "first_name": first_name}
        self.chat = chats.by_number.setdefault(number, Chat(number, chat | ({"username": username} if username else {})))

    # what they do

    def says(self, text: str, **more: Any) -> int:
        """Type and send; a text longer than a message goes as several, as the app does it. Gives the last message's number."""
        parts = [text[start : start + LONGEST_MESSAGE] for start in range(0, len(text), LONGEST_MESSAGE)] or [""]
        return [self.sends(text=part, **_commands(part), **more) for part in parts][-1]

    def sends(self, **content: Any) -> int:
        """Send a message with any content: `sends(sticker={...})`, `sends(location={...})`. Gives its number."""
        return _add_message(self._chats, self.chat, self.described, content)

    def sends_voice(self, sound: bytes, *, seconds: int = 3, **more: Any) -> int:
        return self.sends(voice=self._chats.keep_file(sound) | {"duration": seconds, "mime_type": "audio/ogg"}, **more)

    def sends_photo(self, picture: bytes, *, caption: str = "", album: str = "", **more: Any) -> int:
        large = self._chats.keep_file(picture) | {"width": 1280, "height": 960}
        small = self._chats.keep_file(picture[:64]) | {"width": 90, "height": 67}
        return self.sends(photo=[small, large], **_optional(caption=caption, media_group_id=album), **more)

    def sends_document(
        self, content: bytes, *, name: str = "letter.pdf", media_type: str = "application/pdf", caption: str = "", **more: Any
    ) -> int:
        document = self._chats.keep_file(content) | {"file_name": name, "mime_type": media_type}
        return self.sends(document=document, **_optional(caption=caption), **more)

    def presses(self, label: str) -> str:
        """Press the newest button with this label that is on the screen. Gives the press's id; LookupError without one."""
        for shown in reversed(self.sees()):
            for button in (button for row in shown.buttons for button in row):
                if button.label == label and button.payload:
                    return self.presses_payload(button.payload, shown)
        labels = [label for shown in self.sees() for label in shown.labels()]
        raise LookupError(f"no button {label!r} on the screen, only {labels}")

    def presses_payload(self, payload: str, on: Shown | None) -> str:
        """Press with any payload, old or forged; `on=None` is a message too old for Telegram to show."""
        press = str(secrets.randbits(62))
        self._chats.presses[press] = ""
        query: Json = {"id": press, "from": self.described, "chat_instance": str(self.number * 7919), "data": payload}
        if on is not None:
            query["message"] = on.payload
        self._chats.updates.put("callback_query", query)
        return press

    def edits(self, number: int, text: str) -> None:
        """Change the words of an earlier message of theirs."""
        message = self.chat.by_people[number]
        message |= {"text": text, "edit_date": self._chats.stamp()}
        self._chats.updates.put("edited_message", dict(message))

    def blocks(self) -> None:
        self._sets_membership("member", "kicked", open_to_bot=False)

    def unblocks(self) -> None:
        self._sets_membership("kicked", "member", open_to_bot=True)

    # what they see

    def sees(self) -> list[Shown]:
        """The bot's messages that are on the screen now, oldest first."""
        return [shown for shown in self.chat.by_bot.values() if not shown.deleted]

    async def hears(self, words: str, *, seconds: float = 60) -> Shown:
        """Wait until a message with these words is on the screen; TimeoutError says what was there instead."""

        def look() -> Shown | None:
            return next((shown for shown in reversed(self.sees()) if words in shown.text), None)

        try:
            return await self._chats.updates.changes.until(look, seconds)
        except TimeoutError:
            raise TimeoutError(f"{words!r} was not said; on the screen: {[shown.text for shown in self.sees()]}") from None

    def _sets_membership(self, before: str, after: str, *, open_to_bot: bool) -> None:
        self.chat.open_to_bot = open_to_bot
        _put_membership(self._chats, self.chat, self.described, before, after)


class Group:
    """A group chat that somebody puts the bot into."""

    def __init__(self, chats: Chats, number: int, title: str) -> None:
        self._chats = chats
        described: Json = {"id": number, "type": "supergroup", "title": title}
        self.chat = chats.by_number.setdefault(number, Chat(number, described, open_to_bot=False))

    def is_joined_by_the_bot(self, added_by: Person) -> None:
        self.chat.open_to_bot = True
        _put_membership(self._chats, self.chat, added_by.described, "left", "member")

    def hears(self, person: Person, text: str) -> int:
        """`person` writes in the group."""
        return _add_message(self._chats, self.chat, person.described, {"text": text, **_commands(text)})

    @property
    def has_the_bot(self) -> bool:
        return self.chat.open_to_bot

    def sees(self) -> list[Shown]:
        return [shown for shown in self.chat.by_bot.values() if not shown.deleted]


def _add_message(chats: Chats, chat: Chat, sender: Json, content: Json) -> int:
    number = chat.next_number()
    message: Json = {"message_id": number, "from": sender, "chat": chat.described, "date": chats.stamp(), **content}
    chat.by_people[number] = message
    chats.updates.put("message", dict(message))
    return number


def _put_membership(chats: Chats, chat: Chat, who: Json, before: str, after: str) -> None:
    def member(status: str) -> Json:
        return {"status": status, "user": chats.bot_user} | ({"until_date": 0} if status == "kicked" else {})

    change: Json = {"chat": chat.described, "from": who, "date": chats.stamp()}
    chats.updates.put("my_chat_member", change | {"old_chat_member": member(before), "new_chat_member": member(after)})


def _commands(text: str) -> Json:
    command = text.split(maxsplit=1)[0] if text.strip() else ""
    if not text.startswith("/") or len(command) < 2:
        return {}
    return {"entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}


def _optional(**fields: str) -> Json:
    return {name: value for name, value in fields.items() if value}


def buttons_of(markup: Json | None) -> list[list[Button]]:
    """The inline buttons of a reply_markup, row by row."""
    rows: Sequence[Sequence[Json]] = (markup or {}).get("inline_keyboard", [])
    return [[Button(b["text"], b.get("callback_data", ""), b.get("url", "")) for b in row] for row in rows]
