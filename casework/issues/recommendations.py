"""What an adjudication, a panel or the Ombudsman recommends becomes an action with a person and a day, as it is recorded.

What nobody was charged with is not done (law.md §6, fault 12; Local Government and Social Care Ombudsman 24 009 478).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Unpack

from casework.acting import Acting, Refused
from casework.answers.hands import NOBODY, Hands, went_elsewhere
from casework.issues.learning import add_action
from casework.progress import Progress
from casework.recording import Told
from procedures.steps import words_of
from procedures.terms import ActionSource, Event
from storage.unit_of_work import UnitOfWork

FOLLOWS_FROM: Mapping[Event, ActionSource] = {
    Event.S2_NOTICE_SENT: ActionSource.REMEDY,
    Event.RECOMMENDATIONS_RECEIVED: ActionSource.PANEL,
    Event.S3_RESPONSE: ActionSource.PANEL,
    Event.OMBUDSMAN_DECIDED: ActionSource.OMBUDSMAN,
    Event.RECOMMENDATIONS_BY: ActionSource.OMBUDSMAN,
}
"""The steps that bring recommendations, and from whom."""


@dataclass(frozen=True)
class Recommendation:
    """One thing to be done, by whom and until when."""

    words: str
    owner: str
    due: date


async def record_with(
    uow: UnitOfWork,
    reference: str,
    event: Event,
    recommended: Sequence[Recommendation],
    acting: Acting,
    hands: Hands = NOBODY,
    **told: Unpack[Told],
) -> tuple[Progress, list[int]]:
    """Record the step and charge somebody with each recommendation: all of it or nothing. Returns the actions' numbers.

    `hands`: who wrote, checked and signed it, where the step is an answer.
    """
    source = FOLLOWS_FROM.get(event)
    if source is None and recommended:
        known = ", ".join(one.value for one in FOLLOWS_FROM)
        raise Refused(f"{words_of(event)} brings no recommendations; these do: {known}. Nothing was changed.")
    progress = await went_elsewhere(uow, reference, event, hands, acting, **told)
    numbers = []
    for one in recommended:
        assert source is not None
        numbers.append(await add_action(uow, reference, one.words, one.owner, one.due, source, acting))
    return progress, numbers
