"""What tells who wrote some thanks, and what only looks like it. Pure."""

import pytest

from casework.daily.compliments import tells_who


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("You are the best. Love, Keira x", "Keira"),
        ("You are the best. love, sam xx", "sam"),
        ("You are the best. love sam", "sam"),
        ("You are the best. Lots of love sam xxx", "sam"),
        ("Thanks!\nsam x", "sam"),
        ("Thanks.\nKeira 💕", "Keira"),
        ("Thanks.\n- Keira", "Keira"),
        ("Thanks.\n~Keira~", "Keira"),
        ("You are kind. Love Keira, 14", "Keira"),
        ("You are kind. Love Keira (aged 14)", "Keira"),
        ("thank you from sam", "sam"),
        ("Thank you for it all.\nfrom Keira and Jay", "Keira and Jay"),
        ("I'm Keira from Room 4, you were great.", "Keira"),
        ("my name is keira. you were great.", "keira"),
        ("I am Zoë. You were great.", "Zoë"),
        ("Thank you.\n\nKind regards\nMary Ann Hughes", "Mary Ann Hughes"),
    ],
)
def test_how_people_sign_is_found(words: str, name: str) -> None:
    assert tells_who(words, ("",)) == name


@pytest.mark.parametrize(
    "words",
    [
        "You are the best.\nThank You",
        "You are the best.\nThanks so much!",
        "I love my new room",
        "We had so much help from you all.",
        "Thank you for the help from the team",
        "I'm so happy now.",
        "I am very glad that you came on the 14",
        "Brilliant!",
        "Thank you.\nYou helped me to stay with my brother when nobody else did",
    ],
)
def test_thanks_that_nobody_signed_go_along(words: str) -> None:
    assert tells_who(words, ("",)) == ""


@pytest.mark.parametrize(
    ("name", "to", "words", "found"),
    [
        ("Will Joy", "Ada", "Ada will be missed. She was a joy.", ""),
        ("Will Joy", "Ada", "Will she come back? We hope so.", ""),
        ("Will Joy", "Ada", "Ada helped Will with his homework.", "Will"),
        ("Will Joy", "Ada", "Ada helped will joy with his homework.", "will joy"),
        ("May Green", "Ada", "You may be proud of the green room.", ""),
        ("R Green", "Jo", "It was Mr green's family that wrote.", "green"),
        ("R Green", "Ada Green", "Thank you, Ada Green, for all of it.", ""),
        ("R Green", "Ada Green", "Thank you, Ada Green. From R Green.", "R Green"),
        ("Keira Lowe", "Ada", "keira liked the room.", "keira"),
        ("Keira Lowe", "Ada", "Thank you for finding keira@family.example a room.", "keira"),
    ],
)
def test_a_name_that_is_a_word_stops_only_where_it_is_a_name(name: str, to: str, words: str, found: str) -> None:
    assert tells_who(words, (name, ""), to) == found
