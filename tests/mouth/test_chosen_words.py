"""Easy, plain, more: what has one form of words says the same whichever was chosen, and says it so that a child can read it."""

import pytest

from notifications.rendering import render
from procedures.terms import Channel, Notice
from templates.readability import grade, words_of
from tests.mouth import samples

ONE_FORM = (
    *(Notice.RECEIPT, Notice.STATUS, Notice.LATE, Notice.ADDED, Notice.NOTHING, Notice.THANKS),
    *(Notice.WITHDRAWAL_ASKED, Notice.PASSED_TO_TEAM, Notice.YOU_SAID_WE_DID, Notice.ISSUES_FOR_YOU),
)
CHOSEN = {"child": "young", "adult": "professional"}
"""What somebody's voice becomes once they ask for other words (`casework.letters.of_steps.voice_wanted`)."""
CHANNELS = (Channel.EMAIL, Channel.TELEGRAM)


@pytest.mark.parametrize("notice", ONE_FORM)
@pytest.mark.parametrize("channel", CHANNELS)
def test_the_words_that_somebody_chose_change_nothing_where_there_is_one_form(notice: Notice, channel: Channel) -> None:
    for facts in samples.of(notice):
        for voice, chosen in CHOSEN.items():
            said, wanted = (
                render(notice, channel, "en", {**facts, "voice": each}, samples.COUNCIL).text for each in (voice, chosen)
            )
            assert _but_for_the_advocate(said) == _but_for_the_advocate(wanted), (facts, voice)


def _but_for_the_advocate(text: str) -> str:
    """Who an advocate is has a form for each reader (`_parts/side.txt`)."""
    return "\n".join(line for line in text.splitlines() if "advocate" not in line)


@pytest.mark.parametrize("notice", ONE_FORM)
def test_the_one_form_is_easy_enough_for_a_child(notice: Notice) -> None:
    for facts in samples.of(notice):
        text = render(notice, Channel.EMAIL, "en", {**facts, "voice": "child"}, samples.COUNCIL).text
        assert len(words_of(text)) < 8 or grade(text) <= 5, text


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("voice", ["child", "young"])
def test_a_young_person_who_is_told_that_we_are_late_hears_of_an_advocate(channel: Channel, voice: str) -> None:
    for facts in samples.of(Notice.LATE):
        text = render(Notice.LATE, channel, "en", {**facts, "voice": voice}, samples.COUNCIL).text
        assert "0808 800 5792" in text
