"""Equality questions: voluntary, after the reply, and kept as answers of nobody (Getting the Best from Complaints, 5.6).

Nothing on the case says that somebody answered: an answer has no case, no person and no day, and no link to the other answers.
"""

import secrets
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date

from casework.acting import Acting, Refused, the_case
from casework.clockwork import events_of
from procedures.terms import Event
from storage import cases
from storage.columns import Question
from storage.tables import EqualityRow
from storage.unit_of_work import UnitOfWork

RATHER_NOT = "prefer not to say"
ANSWERS: Mapping[Question, tuple[str, ...]] = {
    Question.AGE: ("under 10", "10 to 15", "16 to 17", "18 to 25", "26 to 64", "65 or over", RATHER_NOT),
    Question.SEX: ("female", "male", "in another way", RATHER_NOT),
    Question.DISABILITY: ("yes", "no", RATHER_NOT),
    Question.ETHNICITY: ("asian", "black", "mixed", "white", "another", RATHER_NOT),
    Question.ORIENTATION: ("heterosexual", "gay or lesbian", "bisexual", "another", RATHER_NOT),
    Question.RELIGION: ("none", "christian", "muslim", "hindu", "sikh", "jewish", "buddhist", "another", RATHER_NOT),
}
"""The broad groups of the census: finer ones would be small numbers only."""
SHOWN_FROM = 5
"""Fewer than this are never shown: somebody could be known by them."""
_REPLIES = {Event.S1_REPLY_SENT, Event.S1_RESOLVED, Event.RESPONDED, Event.WITHDRAWN, Event.CLOSED}


async def keep_answers(uow: UnitOfWork, reference: str | None, answers: Mapping[Question, str], acting: Acting) -> int:
    """Keep what somebody answered, apart from their case; return how many. The reference only shows that
    they had a reply; None: they rang as our last letter says, and need not say who they are.

    Raises Refused before the reply: nobody should think that their answer hangs on it.
    """
    if reference is not None:
        await the_case(uow, reference)
        events = events_of((await cases.events_of(uow, [reference]))[reference])
        if not _REPLIES & events.keys():
            raise Refused(f"{reference} has had no reply yet. These questions are asked after it. Nothing was kept.")
    for question, answer in answers.items():
        if answer not in ANSWERS[question]:
            raise Refused(f"{question.value}: {answer[:40]!r} is none of: {'; '.join(ANSWERS[question])}. Nothing was kept.")
    for question, answer in answers.items():
        uow.add(answer_of_nobody(question, answer, acting.today))
    await uow.flush()
    return len(answers)


def answer_of_nobody(question: Question, answer: str, today: date) -> EqualityRow:
    """One answer to one question, under a random key: no case, no person, no day, and no link to the other answers.

    Raises KeyError or ValueError where the question or the answer is none of ours; nothing is kept then.
    """
    if answer not in ANSWERS[question]:
        raise ValueError(answer)
    return EqualityRow(id=secrets.token_hex(16), year=financial_year(today), question=question, answer=answer)


def financial_year(day: date) -> int:
    """The year that a day belongs to, by the calendar year in which it began on 1 April."""
    return day.year if day.month >= 4 else day.year - 1


def figures(rows: Iterable[EqualityRow]) -> dict[Question, dict[str, int | None]]:
    """How many gave each answer; None where the number is hidden. Questions that nobody answered are not there."""
    counted: dict[Question, Counter[str]] = {}
    for row in rows:
        counted.setdefault(row.question, Counter())[row.answer] += 1
    return {
        question: with_small_numbers_hidden({answer: counted[question][answer] for answer in answers})
        for question, answers in ANSWERS.items()
        if question in counted
    }


def with_small_numbers_hidden(counts: Mapping[str, int]) -> dict[str, int | None]:
    """The counts without those below five, and without as many more as are needed so that no total gives them away.

    At least two are hidden, and together they are five or more; where that cannot be, nothing is shown but what is zero.
    """
    hidden = {name for name, count in counts.items() if 0 < count < SHOWN_FROM}
    others = sorted((name for name, count in counts.items() if count >= SHOWN_FROM), key=lambda name: (counts[name], name))
    while hidden and (len(hidden) < 2 or sum(counts[name] for name in hidden) < SHOWN_FROM) and others:
        hidden.add(others.pop(0))
    return {name: None if name in hidden else count for name, count in counts.items()}
