"""What a person may record on a case, when, and by what authority. Pure: it decides, casework writes.

Each step is one event of `steps.toml`. A step that no clock of the case's procedure knows is refused, as is one whose turn has
not come; each refusal says the rule. Dates follow from what was recorded and from nothing else (law.md 1.15).
"""

import re
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import lru_cache
from importlib.resources import files
from typing import Any

from procedures.clocks import ClockRule, in_words
from procedures.put_otherwise import put_otherwise
from procedures.terms import Event, Procedure

_EVENTS = ("needs", "forbids", "not_before", "stage_1_left_where")
_SPOKEN = {
    "s1": "stage 1",
    "s2": "stage 2",
    "s3": "stage 3",
    "io": "investigating officer",
    "ip": "independent person",
    "reg11": "regulation 11",
    "dp": "data protection",
}
_SPOKEN_AS = {Event.SKIP_S1_AGREED: "straight to stage 2"}
"""Where the name of an event says more than holds in every nation: the model procedures ask for nobody's agreement."""
HOME = "england"
"""The nation whose law `steps.toml` and `letters.toml` cite, and the default of the settings."""
OWN_RULE = "the council's own rule"
"""What a refusal cites where no law of the case's procedure and nation says it."""
_ROUTE = "the council's own rule: only the officer decides it"
_STAGE_1_ENDS = (Event.S1_REPLY_SENT, Event.S1_RESOLVED)


class StepsError(ValueError):
    """`steps.toml` cannot be used; all its mistakes are listed."""


@dataclass(frozen=True, slots=True)
class Step:
    """One event that a person may record."""

    event: Event
    says: str
    """As an officer reads it in a list."""
    authority: str
    procedures: tuple[Procedure, ...] = ()
    """Where no clock tells to which procedures it belongs."""
    needs: tuple[Event, ...] = ()
    """One of these must have happened, if any is named."""
    needs_where_known: bool = False
    """Nobody waits for them where the nation's rules know none of them: its law does not have that stage."""
    needs_all_if: Mapping[Procedure, tuple[Event, ...]] = field(default_factory=dict)
    """All of these, under that procedure."""
    forbids: tuple[Event, ...] = ()
    """None of these may have happened."""
    not_before: tuple[Event, ...] = ()
    """It cannot have happened before any of these that has."""
    same_day_as: Event | None = None
    """It has the date of this event, whatever day it is recorded."""
    stage_1_over: bool = False
    """Stage 1 must have been answered or have run out of time."""
    stage_1_left_where: tuple[Event, ...] = ()
    """Where the nation's rules know one of these, stage 1 may be left at any time: its law wants nobody to wait for the end."""
    before_route: bool = False
    """It may be recorded before an officer has decided the route."""
    may_lie_ahead: bool = False
    """A day that is planned."""
    while_stage_1_runs: bool = False
    """It is recorded before stage 1 has run out: what is late stays late."""
    after_withdrawal: bool = False
    """It may follow a withdrawal, and whatever else ends a complaint here."""
    reopens: bool = False
    """It may be recorded on a closed case, which then goes on."""
    may_precede_receipt: bool = False
    """It may have happened before the complaint came."""
    precedes_receipt: bool = False
    """It happened before the complaint came, or on that day: it is what the complaint is about."""
    why: str = ""
    """What the reason must say; empty if none is needed."""
    not_why: tuple[str, ...] = ()
    """Words of reasons that are none in law."""
    by: str = ""
    """The command of its own that records it, which asks for what a day and a reason do not show."""
    closes: tuple[str, ...] = ()
    """The kinds of tasks that it ends."""
    check: bool = False
    """From general knowledge: to be checked against the source before anyone relies on it."""


@dataclass(frozen=True)
class Recording:
    """What somebody wants to record, and what is known of the case."""

    procedure: Procedure
    events: Mapping[Event, date]
    on: date
    today: date
    why: str = ""
    stage_1_due: date | None = None
    known: frozenset[Event] | None = None
    """What the procedure's rules know, where more than one nation has a procedure of that name."""
    rules: tuple[ClockRule, ...] = ()
    """The procedure's rules in the nation, by which a refusal cites it; none: ours."""


def words_of(event: Event) -> str:
    """An event as a person says it: `stage 1 reply sent`."""
    return _SPOKEN_AS.get(event) or " ".join(_SPOKEN.get(word, word) for word in event.value.split("_"))


@lru_cache(maxsize=1)
def steps() -> Mapping[Event, Step]:
    """Every step by its event, in the order of the file, which is the order of a case's life."""
    return steps_from((files("procedures") / "steps.toml").read_text("utf-8"))


@lru_cache(maxsize=1)
def ends() -> Mapping[Event, Step]:
    """What ends a complaint here by law, with its rule: after it nothing more is recorded but what says so."""
    return steps_from((files("procedures") / "steps.toml").read_text("utf-8"), "end")


def here(step: Step, procedure: Procedure, rules: tuple[ClockRule, ...]) -> Step:
    """The step as the procedure of a nation, by its rules in force, puts it.

    Its rule files may put it otherwise; where they do not, its rule elsewhere than at home is that of the clock that it stops,
    ends, extends or starts. No step ever cites another nation's law as if it held.
    """
    nation = rules[0].nation if rules else HOME
    own = put_otherwise(nation, procedure).get(step.event)
    if own is not None:
        return replace(step, authority=own["authority"], says=own.get("says", step.says), why=own.get("why", step.why))
    if nation == HOME:
        return step
    clock = next((rule for rule in rules if step.event in (*rule.stops_on, *rule.ends_on)), None)
    clock = clock or next((rule for rule in rules if step.event in events_of_rule(rule)), None)
    return replace(step, authority=clock.authority if clock else f"nothing is written down of it here; at home {step.authority}")


def steps_from(text: str, which: str = "step") -> Mapping[Event, Step]:
    """The steps of a text in the form of `steps.toml`; `StepsError` lists every mistake."""
    known = {one.name for one in fields(Step)}
    found: dict[Event, Step] = {}
    mistakes: list[str] = []
    for number, given in enumerate(tomllib.loads(text).get(which, ()), start=1):
        where = f"{which} {number} ({given.get('event', 'no event')})"
        unknown = [f"{where}: unknown key {key!r}." for key in given if key not in known]
        missing = [f"{where}: {key} is missing." for key in ("event", "says", "authority") if not given.get(key)]
        mistakes += unknown + missing
        if unknown or missing:
            continue
        try:
            step = _step(given)
        except ValueError as error:
            mistakes.append(f"{where}: {error}")
            continue
        if step.event in found:
            mistakes.append(f"{where}: it is there twice.")
        found[step.event] = step
    if mistakes:
        raise StepsError("steps.toml has mistakes; no case was touched:\n- " + "\n- ".join(mistakes))
    return found


def _step(given: Mapping[str, Any]) -> Step:
    values = dict(given)
    values["event"] = Event(given["event"])
    for key in _EVENTS:
        values[key] = tuple(Event(word) for word in given.get(key, ()))
    values["procedures"] = tuple(Procedure(word) for word in given.get("procedures", ()))
    for key in ("closes", "not_why"):
        values[key] = tuple(given.get(key, ()))
    values["needs_all_if"] = {
        Procedure(name): tuple(Event(word) for word in words) for name, words in given.get("needs_all_if", {}).items()
    }
    if "same_day_as" in given:
        values["same_day_as"] = Event(given["same_day_as"])
    return Step(**values)


def events_of_rule(rule: ClockRule) -> frozenset[Event]:
    """Every event that starts, moves, extends, ends or stops a clock."""
    told = {*rule.starts_on, *rule.or_later_on, *rule.oral_starts_on, *rule.stops_on, *rule.ends_on}
    told |= {event for pair in rule.later_needs for event in pair}
    if rule.extension is not None:
        told.add(rule.extension.decided_by)
    return frozenset(told)


def known_to(rules: Iterable[ClockRule]) -> frozenset[Event]:
    """Every event that some clock of a procedure names."""
    return frozenset(event for rule in rules for event in events_of_rule(rule))


def belongs(step: Step, procedure: Procedure, rules: tuple[ClockRule, ...]) -> bool:
    """Whether a procedure, by its rules in force, knows the step."""
    if step.procedures:
        return procedure in step.procedures
    return any(step.event in events_of_rule(rule) for rule in rules) or step.event in (
        Event.ADVOCACY_OFFERED,
        Event.WITHDRAWAL_CONFIRMED,
    )


def needs_all(step: Step, procedure: Procedure, known: Collection[Event] | None) -> tuple[Event, ...]:
    """All that must have happened under the procedure, as far as its rules know of it: not every nation has every stage."""
    return tuple(event for event in step.needs_all_if.get(procedure, ()) if known is None or event in known)


def needs_one(step: Step, known: frozenset[Event] | None) -> tuple[Event, ...]:
    """One of these must have happened, as far as the procedure's rules know of it where the step says so."""
    is_unknown = step.needs_where_known and known is not None and known.isdisjoint(step.needs)
    return () if is_unknown else step.needs


def answer_lacks(rules: Iterable[ClockRule], stage: int, events: Mapping[Event, date], on: date) -> str:
    """Why the answer of a stage cannot be given on a day, by the nation's rules for it; empty if it can."""
    for rule in (one for one in rules if one.stage == stage):
        missing = [event for event in rule.given_with if event not in events]
        if missing:
            return f"The answer is not given alone: it needs {_all(missing)} first ({rule.authority})."
        later = next((event for event in rule.given_with if events[event] > on), None)
        if later is not None:
            day = in_words(events[later])
            return (
                f"The answer is not given alone: {words_of(later)} is of {day}, the answer would be before it ({rule.authority})."
            )
    return ""


def date_of(step: Step, on: date | None, events: Mapping[Event, date], today: date) -> date:
    """The day a step is dated: the one given, that of the event whose day it shares, or today."""
    if step.same_day_as is not None and step.same_day_as in events:
        return events[step.same_day_as]
    return on or today


def refusal(step: Step, wanted: Recording) -> str:
    """Why the step cannot be recorded, with its rule; empty if it can."""
    step = here(step, wanted.procedure, wanted.rules)
    for why_not in (_turn(step, wanted), _day(step, wanted)):
        if why_not:
            return why_not
    if step.why and not wanted.why.strip():
        return f"Say {step.why} ({step.authority})."
    no_ground = next((words for words in step.not_why if re.search(rf"\b{re.escape(words)}\b", wanted.why.lower())), None)
    if no_ground is not None:
        return f"{no_ground.capitalize()} is no ground for it: say {step.why} ({step.authority})."
    return ""


def _turn(step: Step, wanted: Recording) -> str:
    """Whether its turn has come."""
    events, name = wanted.events, words_of(step.event)
    if wanted.procedure is Procedure.UNDECIDED and not step.before_route:
        return f"The route is not decided yet, and {name} belongs to one procedure. Decide the route first ({_ROUTE})."
    if step.event in events:
        day = in_words(events[step.event])
        return f"{name} is on the case already, on {day} ({step.authority}). If that day is wrong, correct it."
    end = next((one for one in ends().values() if one.event in events and _ends_it(one.event, wanted)), None)
    if end is not None and not step.after_withdrawal:
        end = here(end, wanted.procedure, wanted.rules)
        return f"{end.says} on {in_words(events[end.event])}; nothing more is recorded ({end.authority})."
    return _order(step, wanted) or _stage_1(step, wanted)


def _ends_it(event: Event, wanted: Recording) -> bool:
    """Whether it ends a complaint under this procedure: what one refused may go on under another, which knows no such refusal."""
    return wanted.known is None or event in wanted.known or event is Event.WITHDRAWN


def _order(step: Step, wanted: Recording) -> str:
    """Whether what must come first did, and nothing that excludes it."""
    events, name = wanted.events, words_of(step.event)
    one_of = needs_one(step, wanted.known)
    if one_of and not any(event in events for event in one_of):
        return f"{name} needs {_either(one_of)} first ({step.authority})."
    missing = [event for event in needs_all(step, wanted.procedure, wanted.known) if event not in events]
    if missing:
        return f"{name} needs {' and '.join(words_of(event) for event in missing)} first ({step.authority})."
    against = next((event for event in step.forbids if event in events), None)
    if against is not None:
        return f"{name} cannot follow {words_of(against)}, on {in_words(events[against])} ({step.authority})."
    return ""


def _stage_1(step: Step, wanted: Recording) -> str:
    if step.while_stage_1_runs and wanted.stage_1_due is not None and wanted.today > wanted.stage_1_due:
        return (
            f"Stage 1 ran out on {in_words(wanted.stage_1_due)}, and what is late stays late ({step.authority}). "
            "What they agree to now is an overrun: `heard decide overrun`."
        )
    is_free = wanted.known is not None and not wanted.known.isdisjoint(step.stage_1_left_where)
    if not step.stage_1_over or is_free or any(event in wanted.events for event in _STAGE_1_ENDS):
        return ""
    if wanted.stage_1_due is not None and wanted.on > wanted.stage_1_due:
        return ""
    until = f" until {in_words(wanted.stage_1_due)}" if wanted.stage_1_due else ""
    return (
        f"Stage 1 has not been answered and runs{until}. If they and the council agree to go straight on, record "
        f"{words_of(Event.SKIP_S1_AGREED)} ({step.authority}); else the request counts from the day that stage 1 is over."
    )


def _day(step: Step, wanted: Recording) -> str:
    """Whether the day can be."""
    on, events = wanted.on, wanted.events
    received = events.get(Event.RECEIVED)
    rule = f"({step.authority})"
    if on > wanted.today and not step.may_lie_ahead:
        return f"{in_words(on)} has not come yet {rule}. Only a day that is planned, like a panel's, may lie ahead."
    if received is not None and on < received and not (step.may_precede_receipt or step.precedes_receipt):
        return f"{in_words(on)} is before it was received, on {in_words(received)} {rule}."
    if received is not None and step.precedes_receipt and on > received:
        return f"{in_words(on)} is after it was received, on {in_words(received)} {rule}."
    earlier = next((event for event in step.not_before if event in events and on < events[event]), None)
    if earlier is not None:
        return f"{in_words(on)} is before {words_of(earlier)}, on {in_words(events[earlier])} {rule}."
    return ""


def needed_by(event: Event, events: Mapping[Event, date], procedure: Procedure) -> Event | None:
    """What was recorded and could not stand without `event`; none if nothing rests on it."""
    left = events.keys() - {event}
    for other in left & steps().keys():
        step = steps()[other]
        if event in step.needs and not left & set(step.needs):
            return other
        if event in step.needs_all_if.get(procedure, ()) or event is step.same_day_as:
            return other
    return None


def _all(events: Iterable[Event]) -> str:
    return " and ".join(words_of(event) for event in events)


def _either(events: tuple[Event, ...]) -> str:
    return " or ".join(words_of(event) for event in events)
