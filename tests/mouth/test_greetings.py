"""Nobody is called by a name that they did not choose: letters to people greet without one, in every notice and channel.

The name on record is what a profile or a mail program says, or what somebody else wrote down; the chat uses none either.
"""

import re

import pytest

from bot.preview.samples import Sample, samples
from casework.council import Council
from notifications.rendering import MANNERS, render
from procedures.terms import Channel, Notice

GREETING = re.compile(r"^(Hello|Hi|Dear|Hey)\b.*$", re.MULTILINE)
ON_RECORD = "Petra Longstocking"
NAMES = ("name", "first_name", "person_name", "writer", "writer_name", "sender", "complainant", "complainant_name", "child_name")
"""What a template would call whoever complained, were it to greet by name."""
TO_PEOPLE = frozenset(notice for notice, manner in MANNERS.items() if not manner.is_for_staff) - {Notice.SCREEN}
EVERY = [sample for sample in samples() if sample.notice in TO_PEOPLE]


def test_every_notice_to_a_person_is_looked_at() -> None:
    assert {sample.notice for sample in EVERY} == TO_PEOPLE


@pytest.mark.parametrize("sample", EVERY, ids=lambda one: one.name)
def test_a_letter_to_a_person_greets_without_a_name_and_calls_them_by_none(sample: Sample) -> None:
    facts = {**sample.facts, **dict.fromkeys(NAMES, ON_RECORD)}
    for channel in (Channel.EMAIL, Channel.TELEGRAM):
        words = render(sample.notice, channel, "en", facts, Council()).text

        assert ON_RECORD not in words
        assert {found.group() for found in GREETING.finditer(words)} <= {"Hello,"}
