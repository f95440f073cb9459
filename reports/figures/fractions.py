"""What each share was divided from: its numerator and its denominator, by its path in the figures."""

from collections.abc import Iterable, Iterator

from procedures.register_words import Activity
from reports.figures.complaints import STAGES, SUCCESSFUL, UNKNOWN, YOUNG, Counted, procedures, times, total
from reports.figures.measured import shares_of
from reports.figures.timeliness import WITHOUT
from storage.tallies import Received

Fraction = tuple[int, int | None]
"""Numerator and denominator; the latter None where it is not known."""


def fractions_of(counted: Counted) -> dict[str, Fraction]:
    """Of every percentage but the changes."""
    found = {f"complaints.{path}": fraction for path, fraction in (*_shares(counted), *_times(counted), *_themes(counted))}
    return found | shares_of(counted)


def _shares(counted: Counted) -> Iterator[tuple[str, Fraction]]:
    now, then = counted.complaints, counted.complaints_before
    received = total(now)
    contacts, referrals = (counted.activity[of].count for of in (Activity.CONTACTS, Activity.REFERRALS))
    successful = total(row for row in now if row.outcome in SUCCESSFUL and not row.is_withdrawn)
    yield "informal_percent", (total(row for row in now if row.is_informal), received)
    yield "per_contact_percent", (received, contacts)
    yield "per_referral_percent", (received, referrals)
    yield "successful_per_contact_percent", (successful, contacts)
    yield "directly_by_young_people_percent", (total(row for row in now if row.raised_by in YOUNG), received)
    yield "on_behalf_percent", (total(row for row in now if row.on_behalf_of_child), received)
    yield "escalation.stage_1_to_2_percent", _step(now, "has_stage_1", "has_stage_2")
    yield "escalation.previous_stage_1_to_2_percent", _step(then, "has_stage_1", "has_stage_2")
    yield "escalation.stage_2_to_3_percent", _step(now, "has_stage_2", "has_stage_3")


def _step(rows: Iterable[Received], of: str, reached: str) -> Fraction:
    among = [row for row in rows if getattr(row, of)]
    return total(row for row in among if getattr(row, reached)), total(among)


def _times(counted: Counted) -> Iterator[tuple[str, Fraction]]:
    for procedure in procedures(counted):
        for stage in STAGES if procedure not in WITHOUT else ():
            for name, share in times(counted, procedure, int(stage)).shares.items():
                yield f"timeliness.{procedure}.{stage}.{name}_percent", (share.in_time, share.of)


def _themes(counted: Counted) -> Iterator[tuple[str, Fraction]]:
    yield "issues.top_themes_upheld_percent", (counted.upheld.get(None, 0), total(counted.complaints))
    for procedure in {row.procedure or UNKNOWN for row in (*counted.complaints, *counted.complaints_before)}:
        of = total(row for row in counted.complaints if (row.procedure or UNKNOWN) == procedure)
        yield f"issues.by_procedure.{procedure}.top_themes_upheld_percent", (counted.upheld.get(procedure, 0), of)
