"""The cases that a digest counts, each on its way through the stages, by the days of its steps alone."""

from datetime import date
from typing import NamedTuple

from procedures.terms import Kind, Outcome, Role
from procedures.working_days import WorkingCalendar


class Passage(NamedTuple):
    """A case on its way through the stages: on which day it got where, as far as is known."""

    reference: str
    kind: Kind
    raised_by: Role
    team: str
    outcome: Outcome | None
    received: date
    answered: date | None = None
    """Stage 1: a reply, or put right."""
    s2_requested: date | None = None
    s2_answered: date | None = None
    s3_requested: date | None = None
    s3_answered: date | None = None
    closed: date | None = None
    withdrawn: date | None = None

    def is_open(self, on: date) -> bool:
        """Whether at the end of that day a complaint waited for the answer of the stage that it was in."""
        if self.kind is not Kind.COMPLAINT or self.received > on:
            return False
        # Without a function for "by that day": a hundred thousand cases are asked several times.
        if (self.closed and self.closed <= on) or (self.withdrawn and self.withdrawn <= on):
            return False
        if self.s3_requested and self.s3_requested <= on:
            answered = self.s3_answered
        elif self.s2_requested and self.s2_requested <= on:
            answered = self.s2_answered
        else:
            answered = self.answered
        return answered is None or answered > on


def cannot_be_timed(passage: Passage, calendar: WorkingCalendar) -> bool:
    """Whether nobody can count how soon it was answered: an imported one of before the calendar begins."""
    return not (calendar.knows(passage.received) and calendar.knows(passage.answered or passage.received))
