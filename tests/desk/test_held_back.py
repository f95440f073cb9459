"""Messages by other hands, scored and not read: what is reached today is the least that is reached tomorrow.

docs/classification.md says which of the aims these figures meet, and which they do not yet.
"""

from functools import cache
from typing import Any

import pytest

from bench.learning.examples import (
    DANGER,
    DESK,
    examples,
    held,
    held_by_new_hands,
    held_by_the_last_hands,
    held_by_the_newest_hands,
    held_in_other_languages,
    held_in_plain_words,
    held_in_the_manner_of_the_sample,
    held_of_a_day,
    is_blind,
    read,
)
from intake.classification import classify, predict
from intake.classification.listed import listed

Pairs = list[tuple[dict[str, Any], dict[str, Any]]]


@cache
def scored() -> Pairs:
    return [(record, predict(record)) for record in held()]


@cache
def of_a_day() -> Pairs:
    return [(record, predict(record)) for record in held_of_a_day()]


@cache
def in_plain_words() -> Pairs:
    return [(record, predict(record)) for record in held_in_plain_words()]


@cache
def by_new_hands() -> Pairs:
    return [(record, predict(record)) for record in held_by_new_hands()]


@cache
def by_the_newest_hands() -> Pairs:
    return [(record, predict(record)) for record in held_by_the_newest_hands()]


@cache
def by_the_last_hands() -> Pairs:
    return [(record, predict(record)) for record in held_by_the_last_hands()]


@cache
def in_the_manner_of_the_sample() -> Pairs:
    return [(record, predict(record)) for record in held_in_the_manner_of_the_sample()]


@cache
def in_other_languages() -> Pairs:
    return [(record, predict(record)) for record in held_in_other_languages()]


def together() -> Pairs:
    """What thirteen hands wrote. A set by itself is so small that one message is a hundredth."""
    return [*scored(), *of_a_day(), *in_plain_words(), *by_new_hands(), *by_the_newest_hands(), *by_the_last_hands()]


@cache
def blind() -> Pairs:
    return [(record, predict(record)) for record in read(DESK / "messages_unseen.jsonl") if is_blind(record["id"])]


def share(pairs: Pairs, field: str) -> float:
    same = [bool(record[field] == shown[field]) for record, shown in pairs]
    return sum(same) / len(same)


def overlap(pairs: Pairs, field: str) -> float:
    """F1 over all labels of all messages."""
    both = sum(len(set(record[field]) & set(shown[field])) for record, shown in pairs)
    either = sum(len(record[field]) + len(shown[field]) for record, shown in pairs)
    return 2 * both / either


def in_danger(pairs: Pairs) -> tuple[float, float]:
    """Recall and precision of what rings."""
    true = sum(record["risk"] in DANGER for record, _ in pairs)
    rings = [record for record, shown in pairs if shown["risk"] in DANGER]
    right = sum(record["risk"] in DANGER for record in rings)
    return right / true, right / len(rings)


def test_who_is_in_danger_is_noticed_in_messages_never_seen() -> None:
    """Of 387 messages 103 are in danger; the lists alone notice 18. The aim, 0.95 at 0.60, is not reached on these at once.

    94 ring, where 89 did before four hands who wrote no English were learned from, and 38 alarms of 132 are false instead of 27
    of 116: messages in other languages. Two of the English ones ring no more; over all that is held back one fewer does.
    """
    recall, precision = in_danger(scored())
    of_english, right_in_english = in_danger([pair for pair in scored() if pair[1]["language"] == "en"])

    assert recall >= 0.912
    assert precision >= 0.71
    assert of_english >= 0.916
    assert right_in_english >= 0.61


def test_who_is_in_danger_rings_or_is_looked_at_by_a_person_the_same_working_hours() -> None:
    shown = [classify(record["text"], record.get("subject") or "") for record in held() if record["risk"] in DANGER]

    assert sum(one.needs_a_look or one.risk.value in DANGER for one in shown) / len(shown) >= 0.93


def test_most_of_what_is_said_guardedly_rings_in_the_half_that_nothing_was_learned_from() -> None:
    """137 messages, 71 of them in danger: the lists alone notice 20. Their recall counts in all that is held back (below).

    13 alarms of 69 are false, one more since four hands who wrote no English were learned from.
    """
    recall, precision = in_danger(blind())

    assert recall >= 0.77
    assert precision >= 0.81


def test_a_message_in_another_language_goes_to_a_person_unless_it_is_taken_for_english() -> None:
    """Of 66 five are: a language that is written in English letters, without a word that gives it away."""
    others = [record for record in held() if record["language"] != "en"]
    shown = [classify(record["text"], record.get("subject") or "") for record in others]

    assert sum(one.needs_a_look or one.risk.value in DANGER for one in shown) / len(shown) >= 0.92


@pytest.mark.parametrize(("field", "least"), [("kind", 0.79), ("service", 0.61), ("complainant", 0.60), ("on_behalf", 0.98)])
def test_what_a_message_is_about_and_who_writes(field: str, least: float) -> None:
    assert share(scored(), field) >= least


def test_the_statutory_procedure_is_seen() -> None:
    """128 of 228 complaints belong to it; the aim is 0.95. Of the other procedures all that is held back tells (below).

    114 are seen, three fewer than before the second look decided; over all that is held back three more are (below).
    """
    complaints = [(record, shown) for record, shown in scored() if record["kind"] == "complaint"]
    statutory = [(record, shown) for record, shown in complaints if record["procedure"] == "statutory"]

    assert share(complaints, "procedure") >= 0.798
    assert share(statutory, "procedure") >= 0.89


def test_themes_and_wishes() -> None:
    feedback = [(record, shown) for record, shown in scored() if record["kind"] in {"complaint", "compliment", "comment"}]

    assert overlap(feedback, "themes") >= 0.51
    assert overlap(scored(), "wants") >= 0.72


def test_a_days_post_by_a_hand_that_was_learned_from() -> None:
    """261 messages in natural proportions, 36 in danger. Of 59 statutory complaints 56 are seen.

    One fewer, two procedures fewer and three false alarms more since four hands who wrote no English were learned from, and five
    services more. Over all that is held back eight more procedures and one more statutory complaint are seen (below).
    """
    recall, precision = in_danger(of_a_day())
    of_english, _ = in_danger([pair for pair in of_a_day() if pair[1]["language"] == "en"])
    complaints = [pair for pair in of_a_day() if pair[0]["kind"] == "complaint"]
    feedback = [pair for pair in of_a_day() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.99, of_english >= 0.99, precision >= 0.60) == (True, True, True)
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.949
    assert share(complaints, "procedure") >= 0.786
    assert share(of_a_day(), "kind") >= 0.88
    assert share(of_a_day(), "service") >= 0.73
    assert share(of_a_day(), "complainant") >= 0.79
    assert overlap(feedback, "themes") >= 0.606


def test_plain_words_by_a_hand_that_was_learned_from() -> None:
    """115 messages in unpolished words, 14 in danger."""
    recall, precision = in_danger(in_plain_words())
    complaints = [pair for pair in in_plain_words() if pair[0]["kind"] == "complaint"]

    assert (recall >= 0.92, precision >= 0.50) == (True, True)
    assert share(complaints, "procedure") >= 0.82
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.94
    assert share(in_plain_words(), "kind") >= 0.93


def test_two_hands_that_were_learned_from() -> None:
    """240 messages, 39 in danger, 57 statutory complaints. How often they were scored: docs/classification.md.

    Procedures fell from 98 to 95 of 140 with the second look that decides, the statutory ones from 53 to 52. One alarm more is
    false since the words of danger of other languages, and one since hands who wrote no English were learned from: 25 of 61.
    """
    recall, precision = in_danger(by_new_hands())
    complaints = [pair for pair in by_new_hands() if pair[0]["kind"] == "complaint"]
    feedback = [pair for pair in by_new_hands() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.92, precision >= 0.59) == (True, True)
    assert share(complaints, "procedure") >= 0.67
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.91
    assert share(by_new_hands(), "kind") >= 0.85
    assert share(by_new_hands(), "service") >= 0.63
    assert share(by_new_hands(), "complainant") >= 0.76
    assert overlap(feedback, "themes") >= 0.50


def test_three_more_hands_that_were_learned_from() -> None:
    """297 messages, 36 in danger, 87 statutory complaints. What was reached before: docs/classification.md."""
    recall, precision = in_danger(by_the_newest_hands())
    complaints = [pair for pair in by_the_newest_hands() if pair[0]["kind"] == "complaint"]
    feedback = [pair for pair in by_the_newest_hands() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.94, precision >= 0.49) == (True, True)
    assert share(complaints, "procedure") >= 0.80
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.95
    assert share(by_the_newest_hands(), "kind") >= 0.89
    assert share(by_the_newest_hands(), "service") >= 0.70
    assert share(by_the_newest_hands(), "complainant") >= 0.77
    assert overlap(feedback, "themes") >= 0.64


def test_the_last_three_hands_that_were_learned_from() -> None:
    """372 messages, 41 in danger, 96 statutory complaints. Before: docs/classification.md.

    Procedures rose from 180 to 189 of 223, the statutory ones from 86 to 89, since hands who wrote no English were learned from;
    who writes fell from 283 to 277, themes from 0.603 to 0.593.
    """
    recall, precision = in_danger(by_the_last_hands())
    complaints = [pair for pair in by_the_last_hands() if pair[0]["kind"] == "complaint"]
    feedback = [pair for pair in by_the_last_hands() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.97, precision >= 0.555) == (True, True)
    assert share(complaints, "procedure") >= 0.847
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.927
    assert share(by_the_last_hands(), "kind") >= 0.903
    assert share(by_the_last_hands(), "service") >= 0.70
    assert share(by_the_last_hands(), "complainant") >= 0.744
    assert overlap(feedback, "themes") >= 0.59


def test_three_hands_in_the_manner_of_the_sample() -> None:
    """332 messages, 45 in danger, 109 statutory complaints, by hands who had read the 112. Before: docs/classification.md.

    Danger was 41 of 44 until a label was put right: a placement told to whom it was kept from. One false alarm more, 26 of 67.
    Since four hands who wrote no English were learned from, one more in danger is heard and five more writers and services are
    right; three kinds fewer are, and themes fell from 0.625 to 0.618.
    """
    recall, precision = in_danger(in_the_manner_of_the_sample())
    complaints = [pair for pair in in_the_manner_of_the_sample() if pair[0]["kind"] == "complaint"]
    feedback = [pair for pair in in_the_manner_of_the_sample() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.933, precision >= 0.608) == (True, True)
    assert share(complaints, "procedure") >= 0.788
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.944
    assert share(in_the_manner_of_the_sample(), "kind") >= 0.903
    assert share(in_the_manner_of_the_sample(), "service") >= 0.82
    assert share(in_the_manner_of_the_sample(), "complainant") >= 0.825
    assert overlap(feedback, "themes") >= 0.617


def test_all_that_thirteen_hands_wrote() -> None:
    """1,672 messages, 269 in danger, 461 statutory complaints: no change may lose any of it in the sum.

    With the 332 it is 314 in danger and 570 statutory complaints, of which 529 are seen. Since four hands
    who wrote no English were learned from 297 in danger ring, where 290 did, of 491 alarms instead of 469.
    """
    recall, precision = in_danger(together())
    with_the_guarded, _ = in_danger([*together(), *blind()])
    complaints = [pair for pair in together() if pair[0]["kind"] == "complaint"]
    statutory = [pair for pair in complaints if pair[0]["procedure"] == "statutory"]
    feedback = [pair for pair in together() if pair[0]["kind"] in {"complaint", "compliment", "comment"}]

    assert (recall >= 0.947, precision >= 0.604, with_the_guarded >= 0.888) == (True, True, True)
    assert (share(complaints, "procedure") >= 0.793, share(statutory, "procedure") >= 0.924) == (True, True)
    assert share(together(), "kind") >= 0.875
    assert share(together(), "service") >= 0.681
    assert share(together(), "complainant") >= 0.739
    assert (overlap(feedback, "themes") >= 0.583, overlap(together(), "wants") >= 0.774) == (True, True)
    every = [*together(), *in_the_manner_of_the_sample()]
    assert share([pair for pair in every if pair[0]["procedure"] == "statutory"], "procedure") >= 0.928


def test_who_writes_no_english_is_heard() -> None:
    """302 messages by four hands who wrote no English, 128 in danger, most of them sideways.

    Unlearned, 79 of 128 rang (docs/classification.md); the same things happen in what was learned from since, in other words.
    """
    recall, precision = in_danger(in_other_languages())
    complaints = [pair for pair in in_other_languages() if pair[0]["kind"] == "complaint"]

    assert (recall >= 0.88, precision >= 0.76) == (True, True)
    assert all(classify(record["text"], record.get("subject") or "").needs_a_look for record, _ in in_other_languages())
    assert share([pair for pair in complaints if pair[0]["procedure"] == "statutory"], "procedure") >= 0.93
    assert share(in_other_languages(), "kind") >= 0.77
    assert share(in_other_languages(), "service") >= 0.71
    assert share(in_other_languages(), "language") >= 0.97


def test_the_language_is_told_of_what_is_not_english() -> None:
    """258 messages in some thirty languages; 250 are told, where 210 were. The lists alone hear 16 of 46 in danger, not two."""
    every = [*together(), *in_the_manner_of_the_sample()]
    others = [record for record, _ in every if record["language"] != "en"]
    shown = [listed(record["text"], record.get("subject") or "") for record in others]
    rings = [record["risk"] in DANGER for record, one in zip(others, shown, strict=True) if one.risk.value in DANGER]

    assert sum(one.language == record["language"] for record, one in zip(others, shown, strict=True)) >= 250
    assert (sum(rings) >= 16, len(rings) <= 18) == (True, True)


def test_nothing_that_is_scored_was_learned_from() -> None:
    learned = {record["text"] for record in examples()}
    blind_half = [record for record in read(DESK / "messages_unseen.jsonl") if is_blind(record["id"])]
    kept = [
        *held(),
        *held_of_a_day(),
        *held_in_plain_words(),
        *held_by_new_hands(),
        *held_by_the_newest_hands(),
        *held_by_the_last_hands(),
        *held_in_the_manner_of_the_sample(),
        *held_in_other_languages(),
        *blind_half,
    ]
    tested = read(DESK / "messages_dev.jsonl")

    assert not learned & {record["text"] for record in [*kept, *tested]}


def test_no_danger_that_the_lists_hear_is_outweighed() -> None:
    """What they only think they hear may become a worry, which a person sees; real danger, in no labelled message, does."""
    plain = {"text": "The foster carer hit my daughter with a trombone. I want to complain.", "risk": "safeguarding"}
    told = [one for one in (plain, *held(), *examples()) if one["risk"] in DANGER]
    heard = [one for one in told if listed(one["text"], one.get("subject") or "").risk.value in DANGER]
    lost = [one for one in heard if classify(one["text"], one.get("subject") or "").risk.value not in DANGER]

    assert len(heard) > 100
    assert len(lost) == 0
