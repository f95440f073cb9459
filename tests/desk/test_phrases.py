"""A phrase of the lists is found whatever marks stand between its words, and with the place where it stands."""

import re

import pytest

from intake.classification.folding import fold, undisguised
from intake.classification.phrases import Phrasebook, Rule, _pattern
from intake.classification.wordlists import LISTS, phrasebook, phrases_of

LET_DOWN = Rule("kinds:let_down", "kind", "grievance", 2, "a test's")
BOOK = Phrasebook([("let me down", LET_DOWN), ("never ... back", LET_DOWN)])


@pytest.mark.parametrize("text", ["You let me down", "You let — me “down”", "You let–me–down", "You let\nme down"])
def test_marks_between_the_words_do_not_hide_a_phrase(text: str) -> None:
    [hit] = BOOK.hits(fold(text))

    assert text[hit.start : hit.end].startswith("let")
    assert text[hit.start : hit.end].endswith("down")


def test_each_word_begins_what_it_began_in_the_text_before() -> None:
    texts = [
        "They never called back and let me down",
        "let us down",
        "never ever. Back again",
        "They let me down twice: let me down",
    ]

    found = [[(hit.start, hit.end) for hit in BOOK.hits(fold(text))] for text in texts * 2]

    assert found == [[(5, 22), (27, 38)], [], [], [(5, 16), (24, 35)]] * 2


def test_what_may_follow_a_number_is_put_together_once_for_all_numbers() -> None:
    """A letter of forty thousand numbers took four times as long while each had a table of its own."""
    book = Phrasebook([("4 weeks", LET_DOWN), ("9 days", LET_DOWN)])

    assert [len(book.hits(fold(text))) for text in ("for 4 weeks", "since 9 days", "for 17 months")] == [1, 1, 0]
    words = [book._word(number) for number in ("17", "18")]

    assert words[0].before and words[0].before is words[1].before


MESSAGES = (
    "They let me down and never called back. I want to d1e, I am going to k1ll myself.",
    "He hits my son. My social worker has not been in touch for three weeks, and the contact was cancelled again and again.",
    "I am not happy with the answer: nobody asked my daughter what she wanted before they moved her to another foster home.",
    "Diolch. Thank you so much for your help with the short breaks, please pass it on!",
)


def test_a_phrase_is_found_wherever_it_would_be_if_it_were_tried_at_each_word() -> None:
    folded, found = fold("\n".join(MESSAGES)), set()
    starts = [match.start() for match in re.finditer(r"\w+", folded.text)]
    for words, rule in (phrase for name in LISTS for phrase in phrases_of(name)):
        pattern = re.compile(_pattern(words))
        found |= {(rule, *match.span()) for start in starts if (match := pattern.match(folded.text, start))}
    assert {tuple(hit) for hit in phrasebook().hits(folded)} == found
    assert len(found) > len(MESSAGES)


@pytest.mark.parametrize("text", MESSAGES)
def test_the_phrases_of_one_field_find_what_the_whole_book_finds_of_it(text: str) -> None:
    folded = undisguised(fold(text))
    every = phrasebook().hits(folded)
    for field in ("risk", "kind", "role"):
        assert phrasebook().of(field).hits(folded) == [hit for hit in every if hit.rule.field == field]
    assert every
