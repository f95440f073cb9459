"""A number is found in a letter where it stands, and never put together from digits of different words."""

import re
from dataclasses import replace

import pytest

from casework.answers.checking_drafts import Known, Rule, check_letter, names_number
from tests.casework.test_checking_drafts import KNOWN, REFERENCE, letter, words_of

OFFICE_PHONE = "01632 960 123"


@pytest.mark.parametrize(
    "written",
    [
        "01632 960 123",
        "01632960123",
        "(01632) 960-123",
        "+44 1632 960123",
        "+44 (0)1632 960 123",
        "0044 1632 960123",
        "01632 960123.",
    ],
)
def test_a_number_is_found_however_it_is_written(written: str) -> None:
    assert names_number(f"Call us on {written} on weekdays.", OFFICE_PHONE)
    assert names_number(f"Call us on {OFFICE_PHONE} on weekdays.", written.rstrip("."))


@pytest.mark.parametrize(
    "text",
    [
        "See page 01632, point 960, and the 123 visits.",
        "On 01632\n960 123 pounds were paid.",
        "Our file is 401632960123.",
        "Our file is 016329601234.",
        "In 0163 2 visits were planned and 960 made by 123.",
    ],
)
def test_digits_of_different_words_are_no_number(text: str) -> None:
    assert not names_number(text, OFFICE_PHONE)


def found(words: str, known: Known = KNOWN) -> set[Rule]:
    return {one.rule for one in check_letter(letter(words), None, known) if one.stops}


def test_a_letter_without_our_number_is_stopped_although_its_digits_stand_scattered_in_it() -> None:
    phone = KNOWN.phones[0]
    digits = re.sub(r"\D", "", phone)
    whole = words_of(KNOWN)
    assert phone in whole
    scattered = whole.replace(phone, f"room {digits[:5]}, desk {digits[5:]}")

    assert Rule.CONTACT not in found(whole)
    assert Rule.CONTACT in found(scattered)


def test_no_other_nations_ombudsman_is_seen_in_digits_that_belong_to_different_words() -> None:
    """0300 790 0203 is the Public Services Ombudsman for Wales."""
    whole = words_of(KNOWN)

    assert Rule.OMBUDSMAN not in found(whole + "\n\nThe notes of 0300, 790 and 0203 say so.")
    assert Rule.OMBUDSMAN in found(whole + "\n\nOr call 0300 790 0203.")


def test_somebody_elses_number_is_not_seen_in_digits_that_belong_to_different_words() -> None:
    known = replace(KNOWN, others=("07700 900 456",))
    whole = words_of(known)

    assert Rule.NAMES not in found(whole + "\n\nWe read page 07700, then 900 and 456.", known)
    assert Rule.NAMES in found(whole + "\n\nHer number is 07700 900456.", known)


@pytest.mark.parametrize("instead", [f"1{REFERENCE}", f"{REFERENCE}7", f"{REFERENCE}-2"])
def test_a_reference_inside_a_longer_number_is_not_ours(instead: str) -> None:
    assert Rule.REFERENCE in found(words_of(KNOWN).replace(REFERENCE, instead))


@pytest.mark.parametrize(
    ("phone", "also"),
    [
        ("01632 960000 ext 12", "01632 960 000"),
        ("01632 960 000 (option 2)", "+44 1632 960000, option 2"),
        ("01632 960 000, press 2", "01632 960000"),
        ("029 2039 4233 (Welsh) 029 2039 4234 (English)", "02920 394233"),
        ("0300 123 4567 / 0300 123 4568", "0300 1234567"),
        ("24/7 0300 123 4567", "24/7  0300\u00a0123\u202f4567"),
        ("24 hours: 0300 123 4567", "03001234567"),
        ("Text YOURSAY to 60777", "Text YourSay to 60777"),
        ("Ask at the desk", "ask  at the desk"),
        ("01632 960 123", "01632\u202f960\u202f123"),
    ],
)
def test_a_number_with_words_in_the_settings_is_found_word_for_word_and_by_its_first_number(phone: str, also: str) -> None:
    assert names_number(f"Call us on {phone}.", phone)
    assert names_number(f"Call us on {also}.", phone)
    assert not names_number("Call us on 01632 960 777, ext 12, option 2, press 2, in 24 hours.", phone)


@pytest.mark.parametrize("text", ["Call 401632 960000 ext 12.", "Call +01632 960000 ext 12.", "Call 101632 960 0001."])
def test_a_number_with_words_is_not_found_inside_another(text: str) -> None:
    assert not names_number(text, "01632 960000 ext 12")


def test_a_letter_with_the_words_of_the_settings_is_not_stopped() -> None:
    """The first number of the settings is enough: who reads it can call."""
    known = replace(KNOWN, phones=("01632 960000 ext 12",))
    whole = words_of(KNOWN).replace(KNOWN.phones[0], known.phones[0])

    assert Rule.CONTACT not in found(whole, known)
    assert Rule.CONTACT in found(whole.replace("960000", "960001"), known)
