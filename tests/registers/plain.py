"""The figures of a report, worked out a second time: plain Python over the rows of the CSV files, with none of heard's own code.

Slow and simple on purpose: each figure is a list comprehension over all rows, and a working day is a day that is walked over.
"""

from collections.abc import Callable, Iterable
from copy import copy
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import holidays

Row = dict[str, str]
ONE = timedelta(days=1)
BANK = holidays.country_holidays("GB", subdiv="ENG", years=range(2006, 2030))
START = {1: "stage_1_started_on", 2: "stage_2_requested_on", 3: "stage_3_requested_on"}
NO_TIMES = ("undecided", "data_protection", "other_body")


def day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None


def nth(start: date, number: int) -> date:
    """The last of so many working days after a day."""
    here = start
    while number:
        here += ONE
        number -= here.weekday() < 5 and here not in BANK
    return here


def walked(start: date, end: date) -> int:
    """Working days after `start` up to and with `end`."""
    count, here = 0, start
    while here < end:
        here += ONE
        count += here.weekday() < 5 and here not in BANK
    return count


def rounded(top: int, bottom: int, places: int) -> float:
    exact = Decimal(top) / Decimal(bottom)
    return float(exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP))


def percent(part: int, of: int | None, places: int = 1) -> float | None:
    return rounded(100 * part, of, places) if of else None


def m(now: int, before: int) -> dict[str, Any]:
    return {"count": now, "previous": before, "change": now - before, "change_percent": percent(now - before, before)}


def back(one: date) -> date:
    return date(one.year - 1, one.month, 28 if (one.month, one.day) == (2, 29) else one.day)


class Plain:
    """One report over the rows of a register."""

    def __init__(
        self, files: dict[str, list[Row]], begins: date, ends: date, as_at: date, directorate: str | None = None
    ) -> None:
        self.begins, self.ends, self.as_at, self.directorate = begins, ends, as_at, directorate
        self.before = back(begins), back(ends)
        # Allowed below: it is filled where it is looked at
        cases = [self.known(row) for row in files["cases"] if day(row["received_on"]) <= as_at]  # type: ignore[operator]
        self.cases = [row for row in cases if directorate in (None, row["directorate"])]
        self.of = {row["reference"]: row for row in self.cases}
        self.issues = [row for row in files["issues"] if row["reference"] in self.of]
        self.learning = [row for row in files["learning"] if row["reference"] in self.of]
        theirs = (row for row in files["ombudsman"] if directorate in (None, row["directorate"]))
        # Allowed below: it is filled where it is looked at
        self.ombudsman = [row for row in theirs if day(row["received_on"]) <= as_at]  # type: ignore[operator]
        self.activity = [row for row in files["activity"] if directorate in (None, row["directorate"])]

    def known(self, row: Row) -> Row:
        """The row without what is dated after the data date."""
        kept = dict(row)
        for stage in START:
            answered = day(row[f"stage_{stage}_responded_on"])
            started = day(row[START[stage]])
            if (answered and answered > self.as_at) or (started and started > self.as_at):
                kept[f"stage_{stage}_outcome"] = ""
        for name, value in row.items():
            # Allowed below: it is filled where it is looked at
            if name.endswith("_on") and value and day(value) > self.as_at:  # type: ignore[operator]
                kept[name] = ""
        return kept

    def within(self, text: str, before: bool = False) -> bool:
        first, last = self.before if before else (self.begins, self.ends)
        found = day(text)
        return found is not None and first <= found <= last

    def received(self, kind: str, before: bool = False) -> list[Row]:
        return [row for row in self.cases if row["kind"] == kind and self.within(row["received_on"], before)]

    def begun(self, stage: int, before: bool = False) -> list[Row]:
        return [row for row in self.cases if row["kind"] == "complaint" and self.within(row[START[stage]], before)]

    def report(self) -> dict[str, Any]:
        """A staff's report: with what the period before was, where that has no `previous`."""
        then = copy(self)
        (then.begins, then.ends), then.before = self.before, (self.begins, self.ends)
        return self.alone() | {"before": then.told_beside()}

    def told_beside(self) -> dict[str, Any]:
        every = self.alone()
        complaints, issues = every["complaints"], every["complaints"]["issues"]
        known = ("stage_outcomes", "withdrawn", "resolved_at_stage", "timeliness")
        shares = [name for name in complaints if name.endswith("_percent")]
        of_procedures = {p: {name: block[name] for name in ("count", "by_theme")} for p, block in issues["by_procedure"].items()}
        return {
            "complaints": {name: complaints[name] for name in (*known, *shares)}
            | {
                "escalation": {"stage_2_to_3_percent": complaints["escalation"]["stage_2_to_3_percent"]},
                "issues": {"count": issues["count"], "by_theme": issues["by_theme"], "by_procedure": of_procedures},
                "by_directorate": {
                    name: {one: of[one] for one in ("stage_outcomes", "stage_1_by_service")}
                    for name, of in complaints["by_directorate"].items()
                },
            },
            "compliments": {"by_source": every["compliments"]["by_source"]},
            "ombudsman": {body: {one: of[one] for one in ("by_kind", "decided")} for body, of in every["ombudsman"].items()},
            "learning": every["learning"],
        }

    def alone(self) -> dict[str, Any]:
        first, last = self.before
        return {
            "period": {"from": self.begins.isoformat(), "to": self.ends.isoformat()},
            "compared_with": {"from": first.isoformat(), "to": last.isoformat()},
            "as_at": self.as_at.isoformat(),
            "directorate": self.directorate,
            "complaints": self.complaints(),
            "compliments": {
                "received": self.m_of(lambda b: self.received("compliment", b)),
                "by_source": self.counted("raised_by", lambda b: self.received("compliment", b)),
                "by_service": self.by("service", lambda b: self.received("compliment", b)),
            },
            "comments": {"received": self.m_of(lambda b: self.received("comment", b))},
            "enquiries": {"received": self.m_of(lambda b: self.received("enquiry", b))},
            "ombudsman": self.ombudsmen(),
            "learning": self.learned(),
        }

    def m_of(self, rows: Callable[[bool], list[Row]]) -> dict[str, Any]:
        return m(len(rows(False)), len(rows(True)))

    def words(self, name: str, rows: Callable[[bool], list[Row]]) -> list[str]:
        return sorted({row[name] or "unknown" for b in (False, True) for row in rows(b)})

    def by(self, name: str, rows: Callable[[bool], list[Row]]) -> dict[str, Any]:
        return {
            # Allowed below: mypy knows no default of a lambda
            word: self.m_of(lambda b, word=word: [row for row in rows(b) if (row[name] or "unknown") == word])  # type: ignore[misc]
            for word in self.words(name, rows)
        }

    def counted(self, name: str, rows: Callable[[bool], list[Row]]) -> dict[str, int]:
        return {word: each["count"] for word, each in self.by(name, rows).items()}

    def procedures(self) -> list[str]:
        rows = [row for b in (False, True) for row in self.received("complaint", b)]
        rows += [row for b in (False, True) for stage in START for row in self.begun(stage, b)]
        return sorted({row["procedure"] for row in rows})

    def complaints(self) -> dict[str, Any]:
        def came(b: bool) -> list[Row]:
            return self.received("complaint", b)

        def no_stage(row: Row) -> bool:
            return not any(row[name] for name in START.values())

        now, informal = came(False), [row for row in came(False) if row["resolved_informally_on"] and no_stage(row)]
        successful = [row for row in now if not row["withdrawn_on"] and self.outcome(row) in ("upheld", "partially_upheld")]
        return {
            "received": self.m_of(came),
            "formal": self.m_of(lambda b: [row for row in came(b) if row["stage_1_started_on"]]),
            "informal": self.m_of(lambda b: [row for row in came(b) if row["resolved_informally_on"] and no_stage(row)]),
            "informal_percent": percent(len(informal), len(now)),
            "by_procedure": self.by("procedure", came),
            "by_service": self.by("service", came),
            "by_team": self.by("team", came),
            "by_month": self.months(),
            "by_channel": self.by("channel", came),
            "raised_by": self.by("raised_by", came),
            "stages": {
                # Allowed below: mypy knows no default of a lambda
                p: {str(s): self.m_of(lambda b, s=s, p=p: self.of_procedure(self.begun(s, b), p)) for s in START}  # type: ignore[misc]
                for p in self.procedures()
            },
            "outcomes": self.outcomes(False),
            "previous_outcomes": self.outcomes(True),
            "stage_outcomes": {
                p: {str(s): found for s in START if (found := self.found(self.of_procedure(self.begun(s), p), s))}
                for p in self.procedures()
            },
            "withdrawn": {p: len([r for r in self.of_procedure(now, p) if r["withdrawn_on"]]) for p in self.procedures()},
            "resolved_at_stage": {str(s): self.resolved(s) for s in START},
            "timeliness": {p: {str(s): self.times(p, s) for s in START} for p in self.procedures() if p not in NO_TIMES},
            "escalation": {
                "stage_1_to_2_percent": self.rate(now, 1),
                "previous_stage_1_to_2_percent": self.rate(came(True), 1),
                "stage_2_to_3_percent": self.rate(now, 2),
            },
            "issues": self.issue_block(None) | {"by_procedure": {p: self.issue_block(p) for p in self.words("procedure", came)}},
            "by_directorate": self.directorates(),
            "per_contact_percent": percent(len(now), self.denominator("contacts"), 2),
            "per_referral_percent": percent(len(now), self.denominator("referrals"), 2),
            "successful_per_contact_percent": percent(len(successful), self.denominator("contacts"), 2),
            "directly_by_young_people_percent": percent(
                len([row for row in now if row["raised_by"] in ("child", "care_leaver")]), len(now)
            ),
            "on_behalf_percent": percent(len([row for row in now if row["on_behalf_of_child"] == "true"]), len(now)),
        }

    @staticmethod
    def of_procedure(rows: Iterable[Row], procedure: str) -> list[Row]:
        return [row for row in rows if row["procedure"] == procedure]

    @staticmethod
    def outcome(row: Row) -> str:
        return row["stage_3_outcome"] or row["stage_2_outcome"] or row["stage_1_outcome"]

    def months(self) -> dict[str, Any]:
        found, here = {}, self.begins.replace(day=1)
        while here <= self.ends:
            name, then = f"{here:%Y-%m}", f"{here.year - 1:04}-{here:%m}"
            now = [row for row in self.received("complaint") if row["received_on"].startswith(name)]
            before = [row for row in self.received("complaint", True) if row["received_on"].startswith(then)]
            found[name] = m(len(now), len(before))
            here = (here + timedelta(days=32)).replace(day=1)
        return found

    def outcomes(self, before: bool) -> dict[str, dict[str, int]]:
        def decided(b: bool) -> list[Row]:
            return [row for row in self.received("complaint", b) if self.outcome(row) and not row["withdrawn_on"]]

        pairs = {(row["procedure"], self.outcome(row)) for b in (False, True) for row in decided(b)}
        found: dict[str, dict[str, int]] = {}
        for procedure, outcome in pairs:
            rows = [row for row in self.of_procedure(decided(before), procedure) if self.outcome(row) == outcome]
            found.setdefault(procedure, {})[outcome] = len(rows)
        return found

    @staticmethod
    def found(rows: list[Row], stage: int) -> dict[str, int]:
        words = [row[f"stage_{stage}_outcome"] or ("withdrawn" if row["withdrawn_on"] else "open") for row in rows]
        return {word: words.count(word) for word in words}

    def resolved(self, stage: int) -> int:
        following = START.get(stage + 1)
        rows = [row for row in self.begun(stage) if row[f"stage_{stage}_responded_on"]]
        return len([row for row in rows if not (following and row[following])])

    def times(self, procedure: str, stage: int) -> dict[str, Any]:
        rows = [
            row
            for row in self.of_procedure(self.begun(stage), procedure)
            if row[f"stage_{stage}_responded_on"] or not row[f"stage_{stage}_outcome"]
        ]
        answered = [row for row in rows if row[f"stage_{stage}_responded_on"]]
        # Allowed below: it is filled where it is looked at
        taken = sorted(walked(self.start(row, stage), day(row[f"stage_{stage}_responded_on"])) for row in answered)  # type: ignore[arg-type]
        found: dict[str, Any] = {"answered": len(answered)}
        if stage == 3:
            found |= self.share("panel_within_30", rows, lambda row: (nth(self.start(row, 3), 30), day(row["stage_3_panel_on"])))
            met = [row for row in rows if row["stage_3_panel_on"]]
            # Allowed below: short, and read beside its use
            ended = lambda row: (nth(day(row["stage_3_panel_on"]), 20), day(row["stage_3_responded_on"]))  # type: ignore[arg-type] # noqa: E731
            found |= self.share("within_20", met, ended)
        else:
            numbers = (10, 20) if stage == 1 else (25, 65) if procedure == "statutory" else (20, 40)
            for number in numbers:
                # Allowed below: short, and read beside its use
                last = lambda row, number=number: (nth(self.start(row, stage), number), day(row[f"stage_{stage}_responded_on"]))  # noqa: E731
                found |= self.share(f"within_{number}", rows, last)
        if stage == 1:
            permitted = self.share("p", rows, lambda row: (self.permitted(row), day(row["stage_1_responded_on"])))
            found["within_permitted_percent"] = permitted["p_percent"]
        middle = [taken[(len(taken) - 1) // 2], taken[len(taken) // 2]] if taken else []
        return found | {"median_working_days": sum(middle) / 2 if middle else None}

    @staticmethod
    def start(row: Row, stage: int) -> date:
        if stage == 2 and row["channel"] in ("phone", "in_person") and row["stage_2_started_on"]:
            return date.fromisoformat(row["stage_2_started_on"])
        return date.fromisoformat(row[START[stage]])

    def permitted(self, row: Row) -> date:
        tenth, extended = nth(self.start(row, 1), 10), day(row["stage_1_extended_on"])
        return nth(self.start(row, 1), 20) if extended and extended <= tenth else tenth

    def share(self, name: str, rows: list[Row], dates: Callable[[Row], tuple[date, date | None]]) -> dict[str, Any]:
        in_time = of = 0
        for row in rows:
            last, done = dates(row)
            gone = day(row["withdrawn_on"])
            if done:
                of, in_time = of + 1, in_time + (done <= last)
            elif last < (gone or self.as_at):
                of += 1
        return {name: in_time, f"{name}_percent": percent(in_time, of)}

    @staticmethod
    def rate(rows: list[Row], stage: int) -> float | None:
        among = [row for row in rows if row[START[stage]]]
        return percent(len([row for row in among if row[START[stage + 1]]]), len(among))

    def issue_block(self, procedure: str | None) -> dict[str, Any]:
        def complaints(b: bool) -> list[Row]:
            return [row for row in self.received("complaint", b) if procedure in (None, row["procedure"])]

        def issues(b: bool) -> list[Row]:
            names = {row["reference"] for row in complaints(b)}
            return [row for row in self.issues if row["reference"] in names]

        now = issues(False)
        top = self.most([row["theme"] for row in now])[:3]
        upheld = {row["reference"] for row in now if row["theme"] in top and row["outcome"] == "upheld"}
        by_theme = {}
        for theme in self.words("theme", issues):
            outcomes = [row["outcome"] for row in now if row["theme"] == theme]
            by_theme[theme] = {"count": len(outcomes)} | {
                word: outcomes.count(word) for word in ("upheld", "partially_upheld", "not_upheld")
            }
        return {
            "count": len(now),
            "by_theme": by_theme,
            "top_theme": top[0] if top else None,
            "top_themes": top,
            "top_themes_upheld_percent": percent(len(upheld), len(complaints(False))),
            "upheld_themes": self.most([row["theme"] for row in now if row["outcome"] in ("upheld", "partially_upheld")]),
        }

    @staticmethod
    def most(words: list[str]) -> list[str]:
        return sorted(set(words), key=lambda word: (-words.count(word), word))

    def directorates(self) -> dict[str, Any]:
        every = [row for b in (False, True) for row in self.received("complaint", b)]
        every += [row for b in (False, True) for stage in START for row in self.begun(stage, b)]
        names = {row["directorate"] or "unknown" for row in every} if self.directorate is None else {self.directorate}
        found = {}
        for name in sorted(names):

            def of(rows: list[Row], name: str = name) -> list[Row]:
                return [row for row in rows if (row["directorate"] or "unknown") == name]

            informal = self.m_of(
                lambda b: [
                    row
                    for row in of(self.received("complaint", b))
                    if row["resolved_informally_on"] and not any(row[start] for start in START.values())
                ]
            )
            found[name] = {
                "informal": informal,
                # Allowed below: mypy knows no default of a lambda
                "stages": {str(s): self.m_of(lambda b, s=s: of(self.begun(s, b))) for s in START},  # type: ignore[misc]
                "stage_outcomes": {str(s): these for s in START if (these := self.found(of(self.begun(s)), s))},
                "stage_1_by_service": self.counted("service", lambda b: of(self.begun(1, b))),
            }
        return found

    def denominator(self, measure: str) -> int | None:
        rows = [row for row in self.activity if row["measure"] == measure]
        if not rows:
            return None
        total = 0
        for directorate in {row["directorate"] for row in rows}:
            days: list[date] = []
            for row in rows:
                begins, ends = date.fromisoformat(row["from"]), date.fromisoformat(row["to"])
                if row["directorate"] == directorate and self.begins <= begins and ends <= self.ends:
                    days += [begins + n * ONE for n in range((ends - begins).days + 1)]
                    total += int(row["count"])
            if sorted(days) != [self.begins + n * ONE for n in range((self.ends - self.begins).days + 1)]:
                return None
        return total

    def ombudsmen(self) -> dict[str, Any]:
        def came(b: bool) -> list[Row]:
            return [row for row in self.ombudsman if self.within(row["received_on"], b)]

        def decided(b: bool) -> list[Row]:
            # Allowed below: it is filled where it is looked at
            known = [row for row in self.ombudsman if row["decided_on"] and day(row["decided_on"]) <= self.as_at]  # type: ignore[operator]
            return [row for row in known if self.within(row["decided_on"], b)]

        found = {}
        for body in sorted({row["body"] for b in (False, True) for row in (*came(b), *decided(b))}):

            def of(rows: list[Row], body: str = body) -> list[Row]:
                return [row for row in rows if row["body"] == body]

            found[body] = {
                "enquiries": self.m_of(lambda b: of(came(b))),
                "by_kind": self.counted("kind", lambda b: of(came(b))),
                "decided": self.counted("outcome", lambda b: of(decided(b))),
            }
        return found

    def learned(self) -> dict[str, int]:
        names = {row["reference"] for row in self.received("complaint")}
        rows = [row for row in self.learning if row["reference"] in names]
        # Allowed below: it is filled where it is looked at
        done = [row for row in rows if row["done_on"] and day(row["done_on"]) <= self.as_at]  # type: ignore[operator]
        # Allowed below: it is filled where it is looked at
        overdue = [row for row in rows if row not in done and row["due_on"] and day(row["due_on"]) < self.as_at]  # type: ignore[operator]
        return {"actions": len(rows), "done": len(done), "overdue": len(overdue), "open": len(rows) - len(done) - len(overdue)}
