"""Which member of staff the words of a complaint name."""

import pytest

from casework.council import Person, StaffRole
from casework.people.naming import named_in


def person(name: str, address: str = "") -> Person:
    return Person(address or f"{name.rsplit(maxsplit=1)[-1].lower()}@council.example", name, StaffRole.MANAGER)


PEOPLE = (
    person("Jo Field", "jo.field@council.example"),
    person("Seán O'Brien"),
    person("Mary Anne Smith-Jones", "m.s@council.example"),
    person("Complaints Team", "complaints@council.example"),
    person("C. Officer", "c.officer@council.example"),
    person("Kim Young", "k.y@council.example"),
)


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("I told jo  field about it twice", "Jo Field"),
        ("Ms Field never rings back", "Jo Field"),
        ("I wrote to jo.field@council.example.", "Jo Field"),
        ("Mr O\N{RIGHT SINGLE QUOTATION MARK}Brien came late", "Seán O'Brien"),
        ("sean obrien shouted", "Seán O'Brien"),
        ("Mary Smith Jones said no", "Mary Anne Smith-Jones"),
        ("Kim Young said it", "Kim Young"),
    ],
)
def test_a_member_of_staff_is_named_in_full_by_title_or_by_address(words: str, named: str) -> None:
    assert [one.name for one in named_in(words, PEOPLE)] == [named]


@pytest.mark.parametrize(
    "words",
    [
        "Dear Ms Field,\nnobody told me about the move.",
        "Hi Jo Field\nmy son was moved",
        "Jo was nice to him",
        "the field behind the school",
        "I rang the complaints team and a duty officer",
        "Ms Young people were there",
        "fielding jo",
        "bigjo.field@council.example.org",
        "",
    ],
)
def test_a_greeting_a_first_name_or_a_job_names_nobody(words: str) -> None:
    assert named_in(words, PEOPLE) == ()


def test_who_writes_is_not_who_is_written_about() -> None:
    assert named_in("Yours, Jo Field", PEOPLE, writer="Jo Field") == ()
