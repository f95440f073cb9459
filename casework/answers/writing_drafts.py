"""The first draft of an answer: what is on record becomes a letter, and what a person must write stands in brackets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from casework.acting import Acting, Refused, the_case
from casework.answers.checking_drafts import Point
from casework.answers.word import Letterhead, NoPicture, write_letter
from casework.issues.numbered import UPHELD, Issue, issues_of
from casework.people.on_case import people_of
from casework.representation import voice_of
from procedures.letters import HOME, letters
from procedures.people import CaseRole
from procedures.terms import Kind, Notice, Outcome, Procedure, Remedy
from storage import cases
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork
from templates import engine, markup


@dataclass(frozen=True)
class Blank:
    """A letter with its facts filled in, for a person to write the rest: the Word file, and the child's version of it."""

    letter: bytes
    child_letter: bytes


async def answerable(uow: UnitOfWork, reference: str) -> CaseRow:
    """The case, if an answer to it can be written. An answer to a closed one is still read and exported, never sent."""
    case = await the_case(uow, reference)
    if case.kind is not Kind.COMPLAINT:
        raise Refused(
            f"{reference} is a {case.kind.value}: it is thanked or answered with `heard case respond` (the council's own rule)."
        )
    if case.procedure is Procedure.UNDECIDED:
        raise Refused(
            "The route is not confirmed, so the letter cannot name the next step (the council's own rule). Use `heard case "
            "route`."
        )
    return case


async def blank(uow: UnitOfWork, case: CaseRow, stage: int, acting: Acting, logo: bytes) -> Blank:
    """The first draft for a stage, from what is on record. Raises Refused while nobody has listed the issues."""
    facts = await _facts(uow, case, stage, acting)
    words = engine.read_words("_letter/words.toml", case.language)
    council = acting.office.council
    head = Letterhead(council.name, tuple(line for line in council.address_lines if line), logo)
    foot = words["foot"].format(council=council.name, reference=case.reference)

    def written(file: str, title: str, points: int) -> bytes:
        text = engine.render(f"_letter/{file}.txt", case.language, {**facts, "title": title})
        about = f"{title} ({case.reference})"
        try:
            return write_letter(markup.blocks(text), head, title=about, foot=foot, points=points)
        except NoPicture as problem:
            raise Refused(f"{problem} Look at council.logo in the settings. Nothing was written.") from None

    title = words["title"] if stage == 1 else words[f"title_stage_{stage}"]
    return Blank(written("adult", title, 12), written("child", words["title_child"], 14))


async def points_of(uow: UnitOfWork, reference: str, stage: int) -> list[Point]:
    """The numbered issues that the answer of a stage must answer; those of the acknowledgement where nobody has listed them."""
    listed = await issues_of(uow, reference, withdrawn_too=False)
    if listed:
        return [_point(issue, stage) for issue in listed]
    told = [row.facts.get("issues", ()) for row in await cases.sent_of(uow, reference) if row.notice == Notice.ACKNOWLEDGEMENT]
    return [Point(number, str(words)) for number, words in enumerate(told[-1] if told else (), start=1)]


def _point(issue: Issue, stage: int) -> Point:
    found = issue.finding(stage)
    return Point(issue.number, issue.words, found.outcome if found else None, bool(issue.remedies_at(stage)))


async def _facts(uow: UnitOfWork, case: CaseRow, stage: int, acting: Acting) -> dict[str, Any]:
    points = await points_of(uow, case.reference, stage)
    if not points:
        raise Refused(
            f"Nobody has listed the issues of {case.reference}, and an answer is to each of them (the council's own "
            "rule). List them first, with `heard case issue add`. Nothing was written."
        )
    listed = {issue.number: issue for issue in await issues_of(uow, case.reference, withdrawn_too=False)}
    words = engine.read_words("_letter/words.toml", case.language)
    return {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "procedure": case.procedure.value,
        "stage": stage,
        **_what_comes_next(case, stage, acting),
        "name": await _name(uow, case.reference),
        "received_on": case.received_on.isoformat(),
        "written_on": acting.today.isoformat(),
        "contact": _contact(case, acting),
        "council": acting.office.council,
        "issues": [_as_facts(point, listed.get(point.number), stage, words) for point in points],
        "actions": _actions(tuple(listed.values()), stage),
        "is_upheld": _is_upheld(points),
    }


def _what_comes_next(case: CaseRow, stage: int, acting: Acting) -> dict[str, Any]:
    """At home the file has words of its own for what comes next; elsewhere those of a letter, by the nation's procedure."""
    nation = acting.office.nation
    after = letters().known_after(case.procedure, stage, nation) or letters().after(case.procedure, 1, nation)
    return {"is_home": nation == HOME, "next_step": after.step.value, "ask_within": after.ask_within}


def _as_facts(point: Point, issue: Issue | None, stage: int, words: dict[str, Any]) -> dict[str, Any]:
    found = issue.finding(stage) if issue else None
    return {
        "number": point.number,
        "words": point.words.rstrip("."),
        "finding": words["finding"][found.outcome.value] if found else None,
        "finding_plain": words["finding_child"][found.outcome.value] if found else "",
        "reasons": found.reason if found else "",
    }


def _is_upheld(points: Sequence[Point]) -> bool | None:
    """Whether any point is; None while one is not decided."""
    outcomes: list[Outcome | None] = [point.outcome for point in points]
    return True if any(one in UPHELD for one in outcomes) else None if None in outcomes else False


def _actions(issues: Sequence[Issue], stage: int) -> list[str]:
    """What was decided to put things right, once each; that nothing is done is a reason, and stands with its issue."""
    decided = (one for issue in issues for one in issue.remedies_at(stage) if one.kind is not Remedy.NONE)
    return list(dict.fromkeys(one.what for one in decided if one.what))


async def _name(uow: UnitOfWork, reference: str) -> str:
    people = [one for one in await people_of(uow, reference, also_ended=False) if one.role is CaseRole.COMPLAINANT]
    return next((one.name for one in people if one.name), "")


def _contact(case: CaseRow, acting: Acting) -> str:
    owner = acting.office.council.person(case.owner) if case.owner else None
    return (owner or acting.person).name
