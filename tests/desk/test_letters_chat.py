"""One Update of the Bot API, or what an officer took down, as a letter."""

import hashlib
import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.arrival import Arrival, Attachment, Hand, Letter, Wire
from intake.letters import Unreadable, read

AT = datetime(2026, 3, 2, 16, 30, tzinfo=UTC)
GIRL = {"id": 771, "is_bot": False, "first_name": "Zofia", "username": "zo", "language_code": "pl"}
CHAT = {"id": 771, "type": "private", "first_name": "Zofia"}


def update(**parts: Any) -> Letter:
    return read(Arrival("telegram:42", Wire.TELEGRAM, json.dumps({"update_id": 9, **parts}).encode(), AT, 9, "42"))


def message(**parts: Any) -> Letter:
    return update(message={"message_id": 5, "date": 1772469000, "chat": CHAT, "from": GIRL, **parts})


def digest(of: str) -> str:
    return hashlib.sha256(of.encode()).hexdigest()


def test_a_message_is_its_words_and_its_chat() -> None:
    letter = message(text="nobody came\r\nagain\u0000")

    assert (letter.words, letter.chat_id, letter.message_number, letter.language_code) == ("nobody came\nagain", 771, 5, "pl")
    assert (letter.is_private, letter.is_edit, letter.blocked, letter.button) == (True, False, None, "")
    assert (letter.sender, letter.sender_name, letter.identity) == ("", "", digest("message:771:5:0"))


def test_an_edit_is_another_letter_of_the_same_message() -> None:
    letter = update(edited_message={"message_id": 5, "edit_date": 1772470000, "chat": CHAT, "from": GIRL, "text": "he came"})

    assert (letter.is_edit, letter.message_number, letter.words) == (True, 5, "he came")
    assert letter.identity == digest("message:771:5:1772470000")


def test_a_button_press_wants_an_answer() -> None:
    letter = update(
        callback_query={"id": "88", "from": GIRL, "data": "k:3", "message": {"message_id": 4, "date": 0, "chat": CHAT}}
    )

    assert (letter.button, letter.button_press, letter.chat_id, letter.is_private) == ("k:3", "88", 771, True)
    assert letter.identity == digest("button:88")


def test_a_button_under_a_message_that_is_gone_is_still_heard() -> None:
    letter = update(callback_query={"id": "88", "from": GIRL, "data": "k:3"})

    assert (letter.chat_id, letter.message_number, letter.is_private) == (771, 0, True)


@pytest.mark.parametrize(("status", "blocked"), [("kicked", True), ("member", False), ("administrator", None)])
def test_a_block_is_noticed(status: str, blocked: bool | None) -> None:
    letter = update(my_chat_member={"chat": CHAT, "from": GIRL, "date": 17, "new_chat_member": {"status": status}})

    assert (letter.blocked, letter.chat_id, letter.identity) == (blocked, 771, digest("member:771:17"))


@pytest.mark.parametrize(
    "parts",
    [
        {"chat": {"id": -5, "type": "group"}},
        {"chat": {"id": -5, "type": "channel"}},
        {"from": {"id": 3, "is_bot": True}},
        {"sender_chat": {"id": -5, "type": "channel"}},
        {"chat": {}},
    ],
)
def test_nothing_is_kept_of_what_a_group_or_a_bot_says(parts: dict[str, Any]) -> None:
    letter = message(text="my secret", caption="x", **parts)

    assert (letter.is_private, letter.words, letter.attachments) == (False, "", ())


def test_a_group_that_the_bot_was_put_into_is_not_a_block() -> None:
    letter = update(my_chat_member={"chat": {"id": -5, "type": "group"}, "date": 1, "new_chat_member": {"status": "kicked"}})

    assert (letter.blocked, letter.is_private, letter.chat_id) == (None, False, -5)


@pytest.mark.parametrize(
    ("part", "attachment"),
    [
        (
            {"voice": {"file_id": "v", "file_size": 900, "mime_type": "audio/ogg"}},
            Attachment("voice.ogg", "audio/ogg", 900, "v", "voice"),
        ),
        ({"audio": {"file_id": "a", "file_name": "a/b.mp3"}}, Attachment("b.mp3", "audio/mpeg", 0, "a", "voice")),
        ({"video_note": {"file_id": "n", "file_size": 5}}, Attachment("video.mp4", "video/mp4", 5, "n", "video")),
        ({"video": {"file_id": "n"}}, Attachment("video.mp4", "video/mp4", 0, "n", "video")),
        (
            {"animation": {"file_id": "g"}, "document": {"file_id": "g"}},
            Attachment("animation.mp4", "video/mp4", 0, "g", "video"),
        ),
        (
            {"document": {"file_id": "d", "file_name": "\u202egpj.exe", "mime_type": "application/pdf", "file_size": 7}},
            Attachment("gpj.exe", "application/pdf", 7, "d", "file"),
        ),
        (
            {
                "photo": [
                    {"file_id": "s", "width": 90},
                    {"file_id": "l", "width": 900, "file_size": 80},
                    {"file_id": "m", "width": 320},
                ]
            },
            Attachment("photo.jpg", "image/jpeg", 80, "l", "photo"),
        ),
        ({"sticker": {"file_id": "s"}}, Attachment("sticker", "", 0, "", "unreadable")),
        ({"poll": {"question": "who?"}}, Attachment("poll", "", 0, "", "unreadable")),
        ({"dice": {"value": 3}}, Attachment("dice", "", 0, "", "unreadable")),
        ({"something_new_in_2027": {"x": 1}}, Attachment("unknown", "", 0, "", "unreadable")),
    ],
)
def test_what_was_sent_is_named(part: dict[str, Any], attachment: Attachment) -> None:
    assert message(**part).attachments == (attachment,)


def test_a_caption_is_words_too() -> None:
    letter = message(caption="he hit me", photo=[{"file_id": "p", "width": 1}], media_group_id="g1")

    assert letter.words == "he hit me"
    assert len(letter.attachments) == 1


@pytest.mark.parametrize(
    "part",
    [
        {"location": {"latitude": 52.4862, "longitude": -1.8904}},
        {"venue": {"title": "Home", "location": {"latitude": 52.4862}}, "location": {"latitude": 52.4862}},
        {"contact": {"phone_number": "07700900123", "first_name": "Uncle"}},
    ],
)
def test_places_and_numbers_of_others_are_named_and_not_read(part: dict[str, Any]) -> None:
    letter = message(**part)

    assert [attachment.kind for attachment in letter.attachments] == ["unreadable"]
    kept = repr((letter.words, letter.quoted, letter.attachments))
    assert not any(secret in kept for secret in ("52.48", "1.89", "07700900123", "Uncle", "Home"))


def test_a_forwarded_message_is_content_without_its_first_writer() -> None:
    letter = message(text="you are nothing", forward_origin={"type": "hidden_user", "sender_user_name": "Uncle Bob"})

    assert letter.words == "you are nothing"
    assert "Uncle Bob" not in repr({**vars(letter), "arrival": None})


def test_a_service_message_says_nothing() -> None:
    assert message(pinned_message={"text": "x"}).attachments == ()


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b'"x"', b"[" * 100_000])
def test_what_is_no_update_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read(Arrival("telegram:42", Wire.TELEGRAM, raw, AT))


def test_an_update_of_another_kind_leaves_nothing_but_itself() -> None:
    letter = update(poll_answer={"user": GIRL})

    assert (letter.is_private, letter.words, letter.identity) == (False, "", digest("update:9"))


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["chat", "from", "id", "type", "photo", "text", "message", "voice", "file_id"]), inner, max_size=4
        )
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(["message", "edited_message", "callback_query", "my_chat_member"]), _JSON)
def test_any_json_is_an_update_without_surprise(kind: str, value: object) -> None:
    letter = update(**{kind: value})

    assert letter.identity
    letter.words.encode()


def test_a_lone_surrogate_does_not_reach_the_store() -> None:
    assert message(text="sad \ud83d").words == "sad ?"


def taken(**entry: Any) -> Letter:
    return read(Arrival("hand", Wire.HAND, json.dumps(entry).encode(), AT))


def test_a_call_that_an_officer_took_down() -> None:
    letter = taken(taken_by="may@anytown.example", channel="phone", words="She says nobody came.", name="Ann", raised_by="parent")

    assert letter.words == "She says nobody came."
    assert letter.hand == Hand("may@anytown.example", "phone", oral=True, name="Ann", raised_by="parent", means="phone")


def test_a_letter_through_the_post_is_written_not_spoken() -> None:
    letter = taken(taken_by="may@anytown.example", channel="letter", words="Dear", send_receipt=False)

    assert letter.hand == Hand("may@anytown.example", "letter", oral=False, send_receipt=False)


@pytest.mark.parametrize("entry", [{}, {"taken_by": "m", "channel": "pigeon"}, {"taken_by": "m", "raised_by": "aunt"}])
def test_an_entry_with_unknown_words_is_not_guessed_at(entry: dict[str, str]) -> None:
    with pytest.raises(Unreadable):
        taken(**entry)
