"""A second look at a question: what all scores say of it together, and what only bears on an answer."""

from dataclasses import replace

import numpy as np
import pytest

from bench.learning.again import fitted, look, looked_again
from bench.learning.learning import Told
from intake.classification.folding import fold
from intake.classification.listed import decided, listed
from intake.classification.phrases import Phrasebook
from intake.classification.second_look import learned_second_looks, together, unpack
from intake.classification.weighing import Weighed, Weights, learned, weigh
from intake.classification.wordlists import LISTS, phrases_of

INPUTS = ("complainant=child", "complainant=parent", "on_behalf=yes", "service=housing", "service=waste")
ENGLISH = ["a:language=en"]


def read(text: str) -> Weighed:
    return weigh(learned(), fold(""), fold(text), ENGLISH)


@pytest.mark.parametrize(
    ("question", "text", "likeliest"),
    [
        ("procedure", "My social worker has cancelled every visit since I came into care and my review is overdue.", "statutory"),
        ("procedure", "Our bins have not been emptied for a month and nobody answers.", "corporate"),
        ("procedure", "The home care for my mother, who is 84, came two hours late again.", "adult_social_care"),
        ("complainant", "We act for the mother, our client, and ask for a reply within ten working days.", "solicitor"),
        ("service", "Our bins have not been emptied for a month and nobody answers.", "waste"),
    ],
)
def test_it_says_of_plain_messages_what_the_guide_says(question: str, text: str, likeliest: str) -> None:
    said = read(text)

    assert (said.procedure() if question == "procedure" else said.likeliest(question)) == likeliest
    assert sum(said.procedures().values()) == pytest.approx(1)


def test_it_is_taken_at_which_answer_comes_first_how_sure_that_is_and_how_long_the_message_is() -> None:
    numbers, signs = together(INPUTS, [0.1, 0.8, 0.3, 0.6, 0.2], 20)

    assert numbers[:7] == [0.1, 0.8, 0.3, 0.6, 0.2, 0.8, 0.6]
    assert signs == ["words<25", "first:complainant=parent", "first:service=housing"]


def test_few_words_are_a_sign() -> None:
    assert [together(INPUTS, [0.0] * 5, words)[1][:-2] for words in (11, 12, 25)] == [["words<12", "words<25"], ["words<25"], []]


@pytest.mark.parametrize(("statutory", "corporate", "procedure"), [(0.14, 0.86, "statutory"), (0.13, 0.87, "corporate")])
def test_in_doubt_a_complaint_is_of_the_statutory_procedure(statutory: float, corporate: float, procedure: str) -> None:
    """A share of 0.14 is a doubt (docs/classification.md)."""
    weights = Weights(("procedure=corporate", "procedure=statutory"), (), (), {}, b"", {})

    assert Weighed(weights, (corporate, statutory), ()).procedure() == procedure


def test_it_is_of_the_same_questions_as_the_weights() -> None:
    looks = learned_second_looks(learned().labels)

    assert sorted(looks.answers) == ["complainant", "procedure", "service"]
    for question, answers in looks.answers.items():
        assert set(answers) == set(learned().lanes[question])


def test_without_a_second_look_the_scores_stand() -> None:
    said = weigh(replace(learned(), second_looks=None), fold(""), fold("Our bins were not emptied."), ENGLISH)

    scores = said.of("service")
    assert scores[said.likeliest("service")] == max(scores.values())
    assert said.procedures() == said.of("procedure")


def test_a_common_answer_does_not_drown_a_rare_one() -> None:
    shown = np.array([[1, 0]] * 90 + [[1, 1]] * 10, np.float32)
    answers = np.array([0] * 90 + [1] * 10)

    says = shown @ fitted(shown, answers, 2)

    assert says[0].argmax() == 0
    assert says[-1].argmax() == 1


RECORDS = [{"procedure": "corporate", "complainant": "parent", "service": "waste"}] * 40 + [
    {"procedure": "statutory", "complainant": "child", "service": "housing"}
] * 40
TOLD = [Told(["bin"], ["l:matter=waste"], "en")] * 40 + [Told(["care"], ["l:matter=looked_after"], "en")] * 40
SCORES = {
    label: {row: float((row < 40) == is_of_the_first) for row in range(80)}
    for label, is_of_the_first in {
        "procedure=corporate": True,
        "procedure=statutory": False,
        "complainant=parent": True,
        "complainant=child": False,
        "service=waste": True,
        "service=housing": False,
    }.items()
}


LABELS = tuple(SCORES)


def test_what_is_learned_is_what_is_read() -> None:
    """In the order of LABELS, with the favour that the procedure's score has when a message is read."""
    looks = unpack(looked_again(RECORDS, TOLD, SCORES, {"procedure=corporate": 0.2}), LABELS)

    found = looks.sums([1.2, 0.0, 1.0, 0.0, 1.0, 0.0], ["l:matter=waste"], 1)
    other = looks.sums([0.2, 1.0, 0.0, 1.0, 0.0, 1.0], ["l:matter=looked_after"], 1)

    assert found["procedure"]["corporate"] > found["procedure"]["statutory"] + 2
    assert other["procedure"]["statutory"] > other["procedure"]["corporate"] + 2
    assert other["complainant"]["child"] > other["complainant"]["parent"] + 2
    assert found["service"]["waste"] > found["service"]["housing"] + 2


def test_who_writes_is_not_looked_for_in_what_is_only_asked_of_complaints() -> None:
    looks = unpack(looked_again(RECORDS, TOLD, SCORES, {}), LABELS)

    either = [looks.sums([one, 0.0, 1.0, 0.0, 1.0, 0.0], [], 1) for one in (0.0, 1.0)]

    assert either[0]["complainant"] == either[1]["complainant"]
    assert either[0]["procedure"] != either[1]["procedure"]


def test_a_hand_that_is_left_out_is_not_learned_from() -> None:
    """Of the rows that are left their signs stand in too few messages, fifteen at least, to be told of."""
    told = look("procedure", RECORDS, TOLD, SCORES, {}, frozenset(range(14, 40)))

    assert "l:matter=waste" not in told["signs"]
    assert "l:matter=looked_after" in told["signs"]


@pytest.mark.parametrize(
    ("text", "bears"),
    [
        ("i'm 52 and the carers came late", "adult_age"),
        ("He is nineteen and waits for a room.", "young_adult_age"),
        ("My daughter is 9 and cannot sleep.", "child_age"),
        ("My aunt's carer arrives at ten.", "older_relative_cared_for"),
        ("Nobody came to put in the key safe.", "care_at_home"),
        ("Our fostering assessment has been on hold since May.", "asks_to_be_approved"),
        ("I told you twice about the little boy and no further action was taken.", "warned_of_a_child"),
        ("The minutes of the core group are wrong.", ""),
        ("I am her stepdad.", "other_family"),
    ],
)
def test_what_bears_on_an_answer_is_found(text: str, bears: str) -> None:
    found = listed(text, "").evidence.values("bears")

    assert (bears in found) if bears else "adult_age" not in found


def test_what_bears_on_an_answer_decides_none() -> None:
    """It is told to the weights and the second look; the lists conclude the same without it."""
    without = Phrasebook(phrase for name in LISTS if name != "bearings" for phrase in phrases_of(name))
    for text in (
        "I'm 52 and my mother's carer came late.",
        "The judge said no, and the police laughed.",
        "We applied to foster.",
    ):
        shown, plain = listed(text, ""), listed(text, "", without)

        assert shown.evidence.has("bears", *shown.evidence.values("bears"))
        assert not plain.evidence.values("bears")
        assert decided(shown) == decided(plain)
        assert (shown.sort, shown.matters, shown.service, shown.complainant, shown.risk, shown.themes, shown.wants) == (
            plain.sort,
            plain.matters,
            plain.service,
            plain.complainant,
            plain.risk,
            plain.themes,
            plain.wants,
        )
