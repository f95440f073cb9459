"""A fact that a person corrects: the law decides again and says what changed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.facts import Facts, Matter
from procedures.reconsidering import TRUTHS, Correction, from_words, in_words, reconsider
from procedures.terms import Kind, Procedure, Role, Route

SCHOOL = Facts(kind=Kind.COMPLAINT, who=Role.PARENT, matters=frozenset({Matter.SCHOOL}), main_matter=Matter.SCHOOL)


def test_a_school_that_was_a_foster_home_after_all_makes_it_statutory_and_every_change_is_told() -> None:
    found = reconsider(SCHOOL, Correction(about=(Matter.LOOKED_AFTER,), not_about=(Matter.SCHOOL,)))

    assert (found.before.procedure, found.after.procedure) == (Procedure.OTHER_BODY, Procedure.STATUTORY)
    assert (found.facts.main_matter, found.facts.child_is_looked_after) == (Matter.LOOKED_AFTER, True)
    assert found.changes[:5] == (
        ("about", "school", ""),
        ("about", "", "looked_after"),
        ("child_is_looked_after", "no", "yes"),
        ("procedure", "other_body", "statutory"),
        ("route", "OTHER", "STAT"),
    )
    assert (
        "reason",
        "",
        "about a looked-after child's care (Children Act 1989, Part 3, s. 26(3A); LGSCO 23 014 095)",
    ) in found.changes


def test_who_writes_may_ask_a_question_of_the_law_and_open_a_gate() -> None:
    facts = Facts(kind=Kind.COMPLAINT, who=Role.PARENT, matters=frozenset({Matter.CHILD_IN_NEED}))
    found = reconsider(facts, Correction(who=Role.RELATIVE))

    assert (found.before.route, found.after.route) == (Route.STAT, Route.REVIEW)
    assert ("question", "", "Has this person a sufficient interest in the child's welfare?") in found.changes
    assert ("gate", "", "sufficient_interest") in found.changes


def test_with_nothing_left_that_it_is_about_a_person_is_asked() -> None:
    found = reconsider(SCHOOL, Correction(not_about=(Matter.SCHOOL,)))

    assert (found.facts.matters, found.facts.main_matter) == (frozenset(), None)
    assert (found.after.procedure, found.after.question) == (
        Procedure.UNDECIDED,
        "What is it about, and which procedure is it?",
    )


def test_a_correction_that_says_what_was_known_changes_nothing() -> None:
    assert reconsider(SCHOOL, Correction(about=(Matter.SCHOOL,), who=Role.PARENT)).changes == ()


@pytest.mark.parametrize(
    ("correction", "says"),
    [
        (Correction(so={"is_tall"}), "is_tall: no such fact"),
        (Correction(so={"has_court_proceedings"}, not_so={"has_court_proceedings"}), "said to be so and not to be so"),
        (Correction(about=(Matter.NHS,), not_about=(Matter.NHS,)), "nhs is said to be so"),
    ],
)
def test_a_correction_that_contradicts_itself_or_names_no_fact_is_refused(correction: Correction, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        reconsider(SCHOOL, correction)


@given(
    about=st.lists(st.sampled_from(Matter), unique=True),
    not_about=st.lists(st.sampled_from(Matter), unique=True),
    who=st.none() | st.sampled_from(Role),
    so=st.frozensets(st.sampled_from(sorted(TRUTHS))),
    not_so=st.frozensets(st.sampled_from(sorted(TRUTHS))),
)
def test_a_correction_that_was_noted_is_read_as_it_was_meant(
    about: list[Matter], not_about: list[Matter], who: Role | None, so: frozenset[str], not_so: frozenset[str]
) -> None:
    """What stays on a case is its words."""
    correction = Correction(tuple(about), tuple(not_about), who, so, not_so)

    assert from_words(in_words(correction)) == correction


def test_what_this_law_book_does_not_know_any_more_is_left_out_of_a_noted_correction() -> None:
    assert from_words("about moon, not about sun, from nobody, is_tall is so") == Correction(so=frozenset(), not_so=frozenset())
