"""What blocks a case: the stage 2 delay notice, from day 25 on (law.md §6, fault 5; SI 2006/1738, reg. 17(6)). Pure."""

from collections.abc import Mapping
from datetime import date

from casework.clockwork import deadlines_of
from casework.office import Office
from procedures.clocks import in_words
from procedures.terms import Event
from storage.tables import CaseRow

DELAY_NOTICE = "s2_delay_notice"
_MAY_PASS = frozenset(
    {
        Event.DELAY_NOTICE,
        Event.S2_NOTICE_SENT,
        Event.IP_APPOINTED,
        Event.IO_APPOINTED,
        Event.WITHDRAWN,
        Event.WITHDRAWAL_CONFIRMED,
        Event.FREEZE_ASKED,
    }
)
"""What may be recorded while the notice is owed: itself, the answer and what that needs, and what is the person's own."""


def blocked(case: CaseRow, events: Mapping[Event, date], office: Office, today: date, wanted: Event | None = None) -> str:
    """Why nothing else may be done to a case today; empty if nothing blocks it or `wanted` may pass.

    It blocks from day 25 of stage 2 until the notice or the answer has gone. After day 65 no notice can promise anything: then
    the answer itself is what is owed, and nothing is gained by blocking. Safety, notes and corrections are never blocked.
    """
    if wanted in _MAY_PASS:
        return ""
    # What ends beyond the calendar is not owed yet.
    counted = deadlines_of(case.kind, case.procedure, case.form, events, office, not_counted=[])
    found = {one.clock: one for one in counted}
    notice, answer = found.get(DELAY_NOTICE), found.get("s2_response")
    if notice is None or today < notice.due_on or notice.stopped_on(events) is not None:
        return ""
    if answer is not None and answer.longest_on is not None and today > answer.longest_on:
        return ""
    return (
        f"The stage 2 delay notice of {case.reference} is owed: day {notice.rule.working_days} is {in_words(notice.due_on)} "
        f"({notice.authority}). "
        f"Until it or the answer is sent nothing else is done to this case: `heard case record {case.reference} delay_notice "
        "--until DATE --why REASON`."
    )
