"""The law book: every clock of `rules/*.toml`, read strictly. A mistake in it stops the start of the service, not a case."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from itertools import pairwise

from procedures.clocks import ClockRule, Deadline, deadlines
from procedures.own_numbers import Overrides, set_by_the_council, why_not
from procedures.reachable import unreachable
from procedures.rule_files import read_rule_file
from procedures.terms import Event, Procedure
from procedures.working_days import WorkingCalendar

UNDECIDED_RUNS_UNDER = (Procedure.STATUTORY, Procedure.CORPORATE)


class RulebookError(ValueError):
    """The law book cannot be used; all its mistakes are listed."""

    def __init__(self, mistakes: Iterable[str]) -> None:
        self.mistakes = tuple(mistakes)
        super().__init__(
            "The law book has mistakes; no case was touched. Mend them and start again:\n- " + "\n- ".join(self.mistakes)
        )


@dataclass(frozen=True)
class Rulebook:
    """All clocks of all procedures, nations and years."""

    clocks: tuple[ClockRule, ...]
    _of: dict[tuple[str, Procedure], tuple[ClockRule, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Sort the clocks by nation and procedure, once: a sweep asks for them with every case."""
        sorted_: dict[tuple[str, Procedure], tuple[ClockRule, ...]] = {}
        for nation in {rule.nation for rule in self.clocks}:
            for procedure in Procedure:
                chosen = UNDECIDED_RUNS_UNDER if procedure is Procedure.UNDECIDED else (procedure,)
                sorted_[nation, procedure] = tuple(
                    rule for one in chosen for rule in self.clocks if rule.procedure is one and rule.nation == nation
                )
        object.__setattr__(self, "_of", sorted_)

    def rules(self, procedure: Procedure, on: date, nation: str = "england") -> tuple[ClockRule, ...]:
        """The procedure's clocks in force on a day, which is the day of receipt. UNDECIDED: those of both that it may become."""
        return tuple([rule for rule in self._of.get((nation, procedure), ()) if rule.is_in_force(on)])

    def answer_clocks(self, stage: int) -> frozenset[str]:
        """By which clock the answer of a stage is counted, of every procedure and nation: the first that each lists.

        A second one that the same answer stops counts otherwise, and nobody is chased by it (the Code's `s1_from_receipt`).
        """
        found = (next((rule.name for rule in rules if rule.answers and rule.stage == stage), "") for rules in self._of.values())
        return frozenset(found) - {""}

    def clock(self, name: str, procedure: Procedure, on: date, nation: str = "england") -> ClockRule:
        """The one clock of that name in force on a day; `LookupError` if there is none."""
        for rule in self.rules(procedure, on, nation):
            if rule.name == name:
                return rule
        raise LookupError(f"The {procedure} procedure of {nation} has no clock {name!r} on {on}.")

    def deadlines(
        self,
        procedure: Procedure,
        events: Mapping[Event, date],
        calendar: WorkingCalendar,
        *,
        oral: bool = False,
        local_calendar: WorkingCalendar | None = None,
        not_counted: list[str] | None = None,
    ) -> tuple[Deadline, ...]:
        """The deadlines of a case, by the rules in force when it was received (or when its first event happened).

        Undecided: of the clocks with one name the earlier date, which is the fuller protection (law.md 5.1(10), practice.md 1).
        `not_counted`: as `procedures.clocks.deadlines` has it.
        """
        if not events:
            return ()
        on = events.get(Event.RECEIVED) or min(events.values())
        rules = self.rules(procedure, on, calendar.nation)
        found = deadlines(rules, events, calendar, oral=oral, local_calendar=local_calendar, not_counted=not_counted)
        if procedure is not Procedure.UNDECIDED:
            return found
        earliest: dict[str, Deadline] = {}
        for one in found:
            if one.clock not in earliest or one.due_on < earliest[one.clock].due_on:
                earliest[one.clock] = one
        return tuple(earliest.values())


def read_rulebook(overrides: Overrides | None = None, nation: str = "england") -> Rulebook:
    """The law book that ships with the service, with the council's own numbers in place of those it may set in its nation."""
    book = shipped_rulebook()
    return with_overrides(book, overrides, nation) if overrides else book


@lru_cache(maxsize=1)
def shipped_rulebook() -> Rulebook:
    """The law book as it ships, read once."""
    folder = files("procedures") / "rules"
    names = sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(".toml"))
    return rulebook_from({name: (folder / name).read_text("utf-8") for name in names if not name.startswith("calendar_")})


def rulebook_from(texts: Mapping[str, str]) -> Rulebook:
    """A law book from the texts of its files by name; `RulebookError` lists every mistake of every file."""
    clocks: list[ClockRule] = []
    mistakes: list[str] = []
    for name, text in texts.items():
        read, wrong = read_rule_file(name, text)
        clocks += read
        mistakes += wrong
    mistakes += overlaps(clocks)
    mistakes += unreachable(clocks)
    if mistakes:
        raise RulebookError(mistakes)
    return Rulebook(tuple(clocks))


def overlaps(clocks: Iterable[ClockRule]) -> list[str]:
    """Clocks of one name, procedure and nation that are in force on the same day."""
    versions: dict[tuple[str, Procedure, str], list[ClockRule]] = {}
    for rule in clocks:
        versions.setdefault((rule.nation, rule.procedure, rule.name), []).append(rule)
    mistakes = []
    for (nation, procedure, name), rules in versions.items():
        ordered = sorted(rules, key=lambda rule: rule.applies_from)
        for earlier, later in pairwise(ordered):
            if earlier.applies_until is None or earlier.applies_until >= later.applies_from:
                mistakes.append(f"{nation}, {procedure}, {name}: two versions are in force on {later.applies_from}.")
    return mistakes


def with_overrides(book: Rulebook, overrides: Overrides, nation: str) -> Rulebook:
    """The book with the council's own numbers. A number that the law sets cannot be changed."""
    wanted = {(procedure, name): days for procedure, clocks in overrides.items() for name, days in clocks.items()}
    mistakes = []
    changed: dict[str, ClockRule] = {}
    for (procedure, name), days in wanted.items():
        rules = [rule for rule in book.clocks if (rule.nation, rule.procedure, rule.name) == (nation, procedure, name)]
        wrong = why_not(rules, days)
        if wrong:
            mistakes.append(f"override {procedure}.{name} = {days}: {wrong}")
        else:
            changed.update({rule.rule_id: set_by_the_council(rule, days) for rule in rules})
    if mistakes:
        raise RulebookError(mistakes)
    return Rulebook(tuple(changed.get(rule.rule_id, rule) for rule in book.clocks))
