"""The notes under a report: every counting rule that applies to it, every figure that is missing and why."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from procedures.register_words import Activity
from reports.figures.complaints import Counted, procedures, times, total
from reports.figures.timeliness import WITHOUT
from storage.courses import DIRECTORATE
from storage.tallies import BEGINS
from templates.words import read_words

FILE = "report/notes.toml"


def in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def notes_of(counted: Counted, *, is_published: bool, language: str = "en") -> list[str]:
    """The sentences, in the order in which a reader meets the figures. A published one holds no count."""
    words = read_words(FILE, language)
    published = words["published"] if is_published else {}
    return [published.get(name, words[name]).format(**facts) for name, facts in _which(counted, words)]


def why_withheld(count: int, language: str = "en") -> str:
    """Why so many figures are withheld, and how they were chosen; nothing where none is."""
    return str(read_words(FILE, language)["withheld"].format(count=count)) if count else ""


def draft_note(language: str = "en") -> str:
    """What a published print that is not kept says of itself."""
    return str(read_words(FILE, language)["draft"])


def anew_note(day: date, why: str, language: str = "en") -> str:
    """What a published restatement says of itself: figures that moved by very few stand in neither column."""
    return str(read_words(FILE, language)["restated_anew"].format(made_on=in_words(day), why=why))


def _which(counted: Counted, words: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    as_at = in_words(counted.as_at)
    now = counted.complaints
    yield "received", {}
    yield "compared", {"before": f"{in_words(counted.before.begins)} to {in_words(counted.before.ends)}", "as_at": as_at}
    yield "before", {"as_at": as_at}
    if not counted.reaches_back:
        yield "first", {"begins": in_words(counted.period.begins)}
    if any(day.month == 2 and day.day == 29 for day in counted.period.days) or _differs(counted):
        yield "leap", {}
    yield "formal", {"straight": total(row for row in now if row.has_stage_2 and not row.has_stage_1)}
    withdrawn = total(row for row in now if row.is_withdrawn)
    yield "outcomes", {"withdrawn": withdrawn, "undecided": total(row for row in now if not row.outcome and not row.is_withdrawn)}
    yield from _of_times(counted, as_at)
    yield "escalation", {"as_at": as_at}
    yield "issues", {}
    yield "unknown", {}
    not_known = {
        "raised_by": total(row for row in now if row.raised_by in (None, "unknown")),
        "on_behalf": total(row for row in now if row.on_behalf_of_child is None),
    }
    yield "by_people", {**not_known, "received": total(now)}
    yield from _of_activity(counted, words["measures"])
    if counted.now.enquiries.received or counted.now.enquiries.decided:
        yield "ombudsman", {}
    yield "learning", {"as_at": as_at}
    if counted.corrected:
        yield "corrected" if counted.corrected > 1 else "corrected_one", {"count": counted.corrected}
    yield "live", {"directorate": DIRECTORATE}
    yield "few", {}


def _differs(counted: Counted) -> bool:
    spans = [period.ends - period.begins for period in (counted.period, counted.before)]
    return spans[0] != spans[1] and counted.period.ends.month == 2


def _of_times(counted: Counted, as_at: str) -> Iterator[tuple[str, dict[str, Any]]]:
    judged = [procedure for procedure in procedures(counted) if procedure not in WITHOUT]
    if judged:
        yield "timeliness", {"as_at": as_at}
        yield "median", {}
    if len(judged) < len(procedures(counted)):
        yield "no_times", {}
    undated = sum(row.number for rows in counted.now.timed.values() for row in rows if row.is_decided and row.answered_on is None)
    if undated:
        yield "informal_times", {"count": undated}
    outside = sum(times(counted, procedure, stage).outside for procedure in judged for stage in BEGINS)
    if outside:
        yield "outside", {"count": outside, "first": counted.calendar.known_from.year}


def _of_activity(counted: Counted, names: dict[str, str]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "per_contact", {}
    for measure in (Activity.CONTACTS, Activity.REFERRALS):
        known = counted.activity[measure]
        if known.why_not:
            yield known.why_not, {"measure": names[measure]}
        if known.reaches_out:
            yield "reaches_out", {"measure": names[measure]}
