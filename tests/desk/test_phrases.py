"""A phrase of the lists is found whatever marks stand between its words, and with the place where it stands."""

import pytest

from intake.classification.folding import fold
from intake.classification.phrases import Phrasebook, Rule

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
