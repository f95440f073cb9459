"""Upheld findings for the practice centre: what was done, by theme, and nobody's name."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlmodel import col, select

from procedures.people import CaseRole, WallKind
from procedures.terms import Theme
from reports.figures.periods import year_of
from reports.keeping import forget
from reports.making import Printing, besides_now, make
from reports.practising import without_names
from reports.reckoning import Wanted
from storage.columns import Member, PartyRole
from storage.tables import CasePersonRow, MemberEnquiryRow, PartyRow, RegisterIssueRow, RegisterLearningRow, WallRow
from storage.unit_of_work import Memory
from tests.ledger.reading_back import from_page
from tests.registers.shelf import NOW, OFFICE, TODAY, bring_in, complaint, write

YEAR = Wanted(year_of("2024-25"), TODAY)
TITLE = "You said, we did: what was upheld, for the practice centre"


@pytest.fixture
async def centre(memory: Memory, tmp_path: Path) -> Memory:
    cases = [complaint(one, "2024-05-01") for one in ("A", "B", "C")]
    issues = [
        {"reference": one, "number": 1, "theme": "delay", "outcome": outcome}
        for one, outcome in (("A", "upheld"), ("B", "not_upheld"), ("C", "partially_upheld"))
    ]
    done = {"owner": "Duty", "done_on": "2024-09-02"}
    learning = [
        {"reference": "A", "action": "Said sorry to Siân O'Brien-Lee and to SIÂN's mother", **done},
        {"reference": "A", "action": "Not done yet", "owner": "Duty", "done_on": ""},
        {"reference": "B", "action": "Looked again", **done},
        {"reference": "C", "action": "Trained the team", **done},
    ]
    await bring_in(memory, write(tmp_path / "register", cases=cases, issues=issues, learning=learning))
    async with memory.unit_of_work() as uow:
        uow.add(PartyRow(case_reference="A", role=PartyRole.COMPLAINANT, name="Siân O'Brien-Lee"))
    return memory


async def test_what_was_upheld_and_done_is_told_without_names(centre: Memory) -> None:
    found = [(one.said, one.did) for one in (await besides_now(centre, YEAR)).said_and_done]

    assert found == [
        ("Delay: partly upheld", "Trained the team"),
        ("Delay: upheld", "Said sorry to [name] and to [name]'s mother"),
    ]


async def test_each_promise_says_what_its_case_was_about(centre: Memory) -> None:
    async with centre.unit_of_work() as uow:
        uow.add(RegisterIssueRow(case_reference="C", number=2, theme=Theme.COMMUNICATION, outcome=None))

    found = {one.action: one.theme for one in (await besides_now(centre, YEAR)).promises}
    page = from_page(await make(centre, YEAR, Printing(OFFICE, NOW, "html"))).tables["What was promised, and what was done"]

    assert (found["Trained the team"], found["Looked again"]) == ("Communication, Delay", "Delay")
    assert page[0][:2] == ["What was promised", "About"]
    assert ["Trained the team", "Communication, Delay"] in [row[:2] for row in page]


async def test_it_names_nobody_on_the_case_and_no_constituent(centre: Memory) -> None:
    async with centre.unit_of_work() as uow:
        child = CasePersonRow(case_reference="A", role=CaseRole.CHILD, name="Tomos Rees", added_at=NOW, added_by="x")
        child.ended_on = TODAY
        uow.add(child)
        uow.add(MemberEnquiryRow(case_reference="A", member=Member.MP, name="Gwen Pugh", constituent="Dilys Morgan"))
        action = select(RegisterLearningRow).where(col(RegisterLearningRow.action).startswith("Said sorry"))
        row = (await uow.exec(action)).one()
        row.action = "Gwen Pugh was told what Dilys and Tomos were"
        uow.add(row)

    assert "[name] was told what [name] and [name] were" in [one.did for one in (await besides_now(centre, YEAR)).said_and_done]


async def test_what_is_kept_from_who_reads_is_in_no_list_of_actions(centre: Memory) -> None:
    kept = await make(centre, YEAR, Printing(OFFICE, NOW, "html", is_kept=True))
    reader = "named@council.example"
    async with centre.unit_of_work() as uow:
        uow.add(WallRow(key="A", case_reference="A", kind=WallKind.STAFF, address=reader, made_at=NOW, made_by="x"))

    theirs = replace(centre, person=reader)
    found = await make(theirs, YEAR, Printing(OFFICE, NOW, "html"))
    now = await make(theirs, Wanted(YEAR.period, date(2026, 1, 5)), Printing(OFFICE, NOW, "html"))

    assert b"Said sorry" in kept
    for page in (found, now):
        assert b"Said sorry" not in page
        assert b"Trained the team" in page
    assert await make(centre, YEAR, Printing(OFFICE, NOW, "html")) == kept


async def test_it_is_in_the_report_for_staff_and_in_no_published_one(centre: Memory) -> None:
    staff = from_page(await make(centre, YEAR, Printing(OFFICE, NOW, "html"))).tables
    public = from_page(await make(centre, Wanted(YEAR.period, TODAY, is_published=True), Printing(OFFICE, NOW, "html"))).tables

    assert staff[TITLE][1:] == [
        ["Delay: partly upheld", "Trained the team"], ["Delay: upheld", "Said sorry to [name] and to [name]'s mother"],
    ]  # fmt: skip
    assert TITLE not in public


async def test_a_kept_report_keeps_it_until_the_case_is_forgotten(centre: Memory) -> None:
    wanted = Wanted(YEAR.period, date(2026, 1, 5))
    first = await make(centre, wanted, Printing(OFFICE, NOW, "html", is_kept=True))

    assert await make(centre, wanted, Printing(OFFICE, NOW, "html")) == first
    async with centre.unit_of_work() as uow:
        await forget(uow, "A", set())
    later = from_page(await make(centre, wanted, Printing(OFFICE, NOW, "html"))).tables
    assert later[TITLE][1:] == [["Delay: partly upheld", "Trained the team"]]


@pytest.mark.parametrize(
    ("words", "names", "left"),
    [
        ("Rang Ann.", ["Ann Lee"], "Rang [name]."),
        ("Annual plan", ["Ann"], "Annual plan"),
        ("Met ANN LEE and Lee", ["Ann Lee"], "Met [name] and [name]"),
        ("It is at De Vere St", ["J. de St"], "It is at De Vere St"),
        ("Wrote to (Łukasz)", ["Łukasz"], "Wrote to ([name])"),
        ("Nothing", [], "Nothing"),
        ("Jo was moved; Ng family told; NG too", ["Jo Ng"], "[name] was moved; [name] family told; [name] too"),
        ("Go on to ng", ["Jo Ng", "To Le"], "Go on to ng"),
        ("Zoë and Zoe, and Zoe\u0308; Zoes", ["Zoë Hall"], "[name] and [name], and [name]; Zoes"),
        ("Rang Zoë", ["Zoe"], "Rang [name]"),
    ],
)
def test_each_part_of_a_name_is_taken_out_and_nothing_else(words: str, names: list[str], left: str) -> None:
    assert without_names(words, names) == left
