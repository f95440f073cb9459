"""A child of nine can read every letter to a child: the five gates of people-and-safety.md §1.3, on every template."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.preview.letters import FACTS, facts_of, forms
from notifications.rendering import Rendered, render
from procedures.terms import Channel, Notice
from templates.readability import KNOWN_LONG, grade, read, sentences, syllables, words_of
from tests.mouth import samples
from tests.mouth.test_templates import BANNED, PLAIN, in_plain_words

COMMON = frozenset(
    line for line in (Path(__file__).parent / "common_words.txt").read_text("utf-8").splitlines() if not line.startswith("#")
)
REVIEWED = frozenset(
    {"advocate", "ombudsman", "council", "councils", "reply", "type", "later", "email", "chat", "within", "senior"}
    | {"information", "commissioner", "complaining", "council's", "adult", "childline", "complaint"}
)
"""Words besides that no letter can do without; each is explained where it stands, or known to whoever has a phone."""
FORMAL = re.compile(r"\(The formal word is '[a-z ]+'\.\)")
"""The council's word for what was found is shown once, beside the plain one (people-and-safety.md §1.2)."""
ADDRESS = re.compile(r"https?://\S+")
SYMBOLS = re.compile(r"[&@%=+*/<>|~^]|\b(?:etc|e\.g|i\.e)\b")
DOUBLE_NEGATIVE = re.compile(r"\b(?:not|never|no)\b[^.!?\n]{0,25}\b(?:un\w{4,}|without|not|never)\b", re.IGNORECASE)
IDIOMS = re.compile(
    r"\b(?:on board|touch base|at the end of the day|bear with|in the loop|up in the air|get the ball|sit tight|look forward to"
    r"|reach out|on the same page|in light of|with regard|in respect of|going forward)\b",
    re.IGNORECASE,
)
LETTERS = (Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, *FACTS)


def to_children(notice: Notice) -> Iterator[tuple[Rendered, Rendered]]:
    """Every form of a letter to a child: by mail, and by chat."""
    if notice in FACTS:
        every = [facts_of(notice, form) for form in forms(notice, ("child", "young"))]
    else:
        every = [
            {**facts, "voice": voice} for facts in samples.of(notice) if facts["voice"] == "child" for voice in ("child", "young")
        ]
    for facts in every:
        plain = in_plain_words(facts)
        yield render(notice, Channel.EMAIL, "en", plain, PLAIN), render(notice, Channel.TELEGRAM, "en", plain, PLAIN)


@pytest.mark.parametrize("notice", LETTERS)
def test_every_letter_to_a_child_passes_the_five_gates(notice: Notice) -> None:
    failed = set[str]()
    for mail, chat in to_children(notice):
        own = ADDRESS.sub("here", FORMAL.sub("", mail.text))
        failed |= {f"long sentence: {' '.join(words)}" for words in sentences(mail.text) if len(words) > 15}
        failed |= {f"long bubble: {part[:60]}" for part in chat.parts if len(words_of(part)) > 60}
        failed |= {
            f"grade {grade(text):.1f}: {text[:60]}" for text in (own, *chat.parts) if len(words_of(text)) >= 8 and grade(text) > 5
        }
        failed |= {f"long words: {long}" for part in chat.parts if len(long := long_words(part)) > 1}
        for said in (mail.subject, own):
            for pattern in (BANNED, SYMBOLS, DOUBLE_NEGATIVE, IDIOMS):
                failed |= {
                    f"{found[0]!r} in {said[max(0, found.start() - 30) : found.end() + 30]!r}" for found in pattern.finditer(said)
                }

    assert not failed


def long_words(bubble: str) -> list[str]:
    """Words of three syllables or more besides those that are known, and the names that no letter can change."""
    found = {word.lower() for word in words_of(FORMAL.sub("", bubble)) if syllables(word) > 2}
    return sorted(found - KNOWN_LONG - {"information", "commissioner"})


def test_all_letters_to_children_together_read_at_grade_four_at_most() -> None:
    text = "\n".join(mail.text for notice in LETTERS for mail, _ in to_children(notice))

    assert grade(text) <= 4


def test_97_of_100_words_to_children_are_common_and_the_rest_were_looked_at() -> None:
    counted = Counter[str]()
    for notice in LETTERS:
        for mail, chat in to_children(notice):
            counted.update(word.lower().strip("'") for word in words_of(FORMAL.sub("", f"{mail.text}\n{chat.text}")))
    del counted["sam"]  # stands for whoever can be asked
    rare = {word: number for word, number in counted.items() if not is_common(word)}

    assert set(rare) - REVIEWED == set()
    assert sum(rare.values()) / counted.total() <= 0.03


ENDINGS = {
    "'s": ("",),
    "n't": ("",),
    "s": ("",),
    "es": ("",),
    "ed": ("", "e"),
    "er": ("",),
    "ly": ("", "e"),
    "ing": ("", "e"),
} | {
    "ies": ("y",),
    "ied": ("y",),
}
"""What a common word may end in, and what stands there otherwise."""


def is_common(word: str) -> bool:
    """Whether the list has the word, or what it is made of."""
    if word in COMMON:
        return True
    made_of = {word.removesuffix(end) + other for end, others in ENDINGS.items() if word.endswith(end) for other in others}
    doubled = {stem[:-1] for stem in made_of if len(stem) > 2 and stem[-1] == stem[-2]}
    return bool((made_of | doubled) & COMMON)


# What staff are shown of it


def test_a_hard_sentence_is_found_and_says_why() -> None:
    text = (
        "We spoke to Sam.\n\nThe investigation established considerable deficiencies.\n"
        "- We will write to you by 3 July and then we will call you and then we will talk about it all again.\n"
    )

    found = read(text)

    assert [(hard.sentence, hard.why) for hard in found.hard] == [
        (
            "The investigation established considerable deficiencies.",
            "long words: investigation, established, considerable, deficiencies",
        ),
        (
            "We will write to you by 3 July and then we will call you and then we will talk about it all again.",
            "22 words; at most 15 are easy to follow",
        ),
    ]
    assert not found.is_plain and found.sentences == 3
    assert read("Sam will call you on Friday.").is_plain and read("").words == 0


def test_the_age_of_a_reader_is_about_the_grade_and_five() -> None:
    """39 words in one sentence of one syllable each: 0.39 x 39 + 11.8 - 15.59 = 11.42."""
    found = read(" ".join(["dog"] * 39) + ".")

    assert (round(found.grade, 2), found.age) == (11.42, 16)
    assert read("Sam is here.").age == 5, "nobody reads before they are five"
