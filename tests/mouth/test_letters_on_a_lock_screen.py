"""An answer comes into a chat by itself: a locked phone shows nothing of it, bubble by bubble (people-and-safety.md §2.11)."""

import pytest

from bot.preview.samples import samples
from casework.council import Council
from notifications.rendering import render
from procedures.terms import Channel, Notice

SHOWN_WHEN_LOCKED = 40
OFFICERS_WORDS = "Zzzz, that is what we decided."


@pytest.mark.parametrize("notice", [Notice.RESPONSE, Notice.S2_RESPONSE, Notice.S3_RESPONSE])
def test_no_bubble_of_an_answer_begins_with_what_we_say(notice: Notice) -> None:
    seen = 0
    for sample in samples(notice):
        if sample.facts["voice"] == "professional":
            continue
        facts = {**sample.facts, "words": OFFICERS_WORDS}
        parts = render(notice, Channel.TELEGRAM, "en", facts, Council()).parts
        seen += sum(OFFICERS_WORDS in part for part in parts)
        assert not [part for part in parts if "Zzzz" in part[:SHOWN_WHEN_LOCKED]], sample.name

    assert seen
