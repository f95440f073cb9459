"""Who gets which letter, cell by cell, by the law: SI 2006/1738, regs. 7(2), 12(4), 15(1), 17(3), 20(2), (3); law.md §1.10.

Marks: who complained (C), their advocate once an officer confirmed it (A), one whose authority nothing shows (a), the child
for whom an advocate wrote (k), the Independent Person of stage 2 (I). Nothing goes to anybody else on the case: a solicitor
whom nobody confirmed, the child of a parent's complaint, the responsible manager, the investigating officer, the adjudicator,
chair and member of the panel, whom it is about, family.
"""

from datetime import date

import pytest

from casework.letters.of_steps import put, readers_of
from casework.people import walls
from casework.people.walls import Whom
from procedures.letters import letters
from procedures.people import Basis, CaseRole
from procedures.terms import Notice, Role
from storage import cases
from storage.filing import Filing, write
from storage.tables import AuthorityRow, CasePersonRow, PartyRole, PartyRow, TaskKind
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MONDAY, acting
from tests.stories.faults.desk import Desk

TODAY = date(2025, 3, 10)
EVERYBODY = "CAak"
"""Every letter goes to the advocate as well (law.md §1.10), and to the child where an advocate wrote; never to the child of a
parent's complaint, who has no part in it unless they complain themselves (law.md §1.2)."""
FROM_THE_FILE = "CAk"
"""What was found, or what the council holds: not to somebody of whom nothing shows that they may act (practice.md 5.4)."""
TABLE = {
    Notice.ACKNOWLEDGEMENT: EVERYBODY,  # reg. 11
    Notice.INTEREST_ACCEPTED: EVERYBODY,
    Notice.INTEREST_REFUSED: "CAa",  # reg. 12(4); the child only with words of their own, as an officer decides (below)
    Notice.LATE_ACCEPTED: EVERYBODY,
    Notice.LATE_REFUSED: EVERYBODY,
    Notice.FREEZE: EVERYBODY,
    Notice.LATER_START: EVERYBODY,
    Notice.HOLD: EVERYBODY,  # reg. 8(3)
    Notice.RESUBMIT: EVERYBODY,
    Notice.ADVOCATE_PENDING: EVERYBODY,
    Notice.EXTENSION: EVERYBODY,
    Notice.RESPONSE: FROM_THE_FILE,
    Notice.TERMS: FROM_THE_FILE,  # reg. 15(1)
    Notice.S2_ACKNOWLEDGEMENT: EVERYBODY,
    Notice.S2_DELAY: EVERYBODY,  # reg. 17(6)
    Notice.S2_RESPONSE: FROM_THE_FILE,  # reg. 17(3)
    Notice.LATE_PANEL_ACCEPTED: EVERYBODY,
    Notice.LATE_PANEL_REFUSED: FROM_THE_FILE,  # what a panel could still do says what was found
    Notice.EARLY_REFERRAL: FROM_THE_FILE,  # so does that all was upheld
    Notice.S3_ACKNOWLEDGEMENT: EVERYBODY,
    Notice.PANEL_REPORT: FROM_THE_FILE + "I",  # reg. 20(2): and the council, which has it
    Notice.S3_RESPONSE: FROM_THE_FILE,  # reg. 20(3)
    Notice.WITHDRAWAL_CONFIRMED: EVERYBODY,  # reg. 7(2)
    Notice.REROUTED: EVERYBODY,
    Notice.TRANSFERRED: EVERYBODY,
    Notice.REOPENED: EVERYBODY,
    Notice.DP_ACKNOWLEDGEMENT: EVERYBODY,
    Notice.CLOSURE: FROM_THE_FILE,
    Notice.THANKS: EVERYBODY,
    Notice.BEHAVIOUR: "C",  # practice.md 5.8: about the complainant themself
}
OTHERS = (
    *(CaseRole.RESPONSIBLE_MANAGER, CaseRole.INVESTIGATING_OFFICER, CaseRole.ADJUDICATOR, CaseRole.PANEL_CHAIR),
    *(CaseRole.PANEL_MEMBER, CaseRole.COMPLAINED_ABOUT, CaseRole.FAMILY),
)
ADDRESSES = {"A": "ada@advocates.example", "a": "ali@advocates.example", "s": "law@firm.example", "K": "kit@home.example"} | {
    "k": "kit@home.example",
    "I": "moss@pool.example",
}


async def a_full_case(memory: Memory, raised_by: Role) -> str:
    """A complaint with somebody in every role, each with an address."""
    reference = (await Desk(memory).opens(raised_by=raised_by)).reference
    async with memory.unit_of_work() as uow:
        await person(uow, reference, CaseRole.ADVOCATE, ADDRESSES["A"], PartyRole.ADVOCATE, confirmed=True)
        unshown = await person(uow, reference, CaseRole.ADVOCATE, ADDRESSES["a"], PartyRole.ADVOCATE, confirmed=True)
        uow.add(
            AuthorityRow(
                case_reference=reference,
                person_id=unshown,
                basis=Basis.ADVOCATE,
                begins_on=TODAY,
                recorded_at=MONDAY,
                recorded_by="officer@council.example",
            )
        )
        await person(uow, reference, CaseRole.SOLICITOR, ADDRESSES["s"], PartyRole.ADVOCATE)
        await person(uow, reference, CaseRole.CHILD, ADDRESSES["K"], PartyRole.CHILD)
        for role in (CaseRole.INDEPENDENT_PERSON, *OTHERS):
            await person(uow, reference, role, ADDRESSES["I"] if role is CaseRole.INDEPENDENT_PERSON else f"{role}@x.example")
    return reference


async def person(
    uow: UnitOfWork, reference: str, role: CaseRole, address: str, party: PartyRole | None = None, *, confirmed: bool = False
) -> int:
    """Somebody put on the case; written to only where they are a party."""
    party_row = PartyRow(case_reference=reference, role=party, name=address, address=address) if party else None
    if party_row is not None:
        uow.add(party_row)
        await uow.flush()
    row = CasePersonRow(
        case_reference=reference,
        role=role,
        name=address,
        address=address,
        party_id=party_row.id if party_row else None,
        appointed_on=TODAY if confirmed else None,
        added_at=MONDAY,
        added_by="officer@council.example",
    )
    uow.add(row)
    await uow.flush()
    assert row.id is not None
    return row.id


@pytest.mark.parametrize("raised_by", [Role.PARENT, Role.ADVOCATE], ids=["a parent's", "by an advocate"])
async def test_each_letter_goes_to_whom_the_law_gives_it_and_to_nobody_else(memory: Memory, raised_by: Role) -> None:
    reference = await a_full_case(memory, raised_by)
    wrong = []
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        assert case is not None
        for notice, marks in TABLE.items():
            expected = {"mum@family.example"} | {ADDRESSES[mark] for mark in marks if mark in "AaI"}
            if raised_by is Role.ADVOCATE and "k" in marks:
                expected.add(ADDRESSES["k"])
            got = {one.recipient for one in await readers_of(uow, case, notice, TODAY)}
            wrong += [f"{notice}: {sorted(got ^ expected)}"] if got != expected else []

    assert wrong == []


@pytest.mark.parametrize("raised_by", [Role.PARENT, Role.ADVOCATE], ids=["somebody else's", "by an advocate"])
@pytest.mark.parametrize("notice", [Notice.INTEREST_ACCEPTED, Notice.INTEREST_REFUSED])
async def test_the_child_hears_of_an_interest_where_an_officer_has_words_for_them(
    memory: Memory, raised_by: Role, notice: Notice
) -> None:
    """SI 2006/1738, reg. 12: whoever complained, in a letter that speaks of them and not to them."""
    reference = await a_full_case(memory, raised_by)
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        assert case is not None
        got = await readers_of(uow, case, notice, TODAY, has_words_for_child=True)

    assert {one.recipient for one in got} == {"mum@family.example", *(ADDRESSES[mark] for mark in "AaK")}
    assert [(one.recipient, one.voice) for one in got if one.is_about] == [(ADDRESSES["K"], "child")]


async def test_a_child_from_whom_the_case_is_kept_gets_no_words(memory: Memory) -> None:
    reference = await a_full_case(memory, Role.PARENT)
    async with memory.unit_of_work() as uow:
        whom = Whom("Kit", ADDRESSES["K"])
        await walls.put_up(uow, reference, whom, "the one who wrote asked for it", acting())
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        assert case is not None
        got = await readers_of(uow, case, Notice.INTEREST_REFUSED, TODAY, has_words_for_child=True)

    assert ADDRESSES["K"] not in {one.recipient for one in got}


def test_the_table_has_every_letter() -> None:
    assert {rule.notice for rule in letters().letters} <= TABLE.keys()


async def the_report_goes(memory: Memory, reference: str) -> tuple[set[str], list[str]]:
    filing = Filing()
    async with memory.unit_of_work() as uow:
        case = await cases.find(uow, reference)
        assert case is not None
        facts = {"summary": "Three moves.", "recommendations": "Say sorry."}
        await put(uow, case, Notice.PANEL_REPORT, "panel_report:1", facts, acting(), filing)
        await write(uow, [filing])
    async with memory.reading() as uow:
        sent = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.PANEL_REPORT]
        tasks = [row.detail for row in await cases.tasks(uow, reference=reference) if row.kind is TaskKind.CANNOT_REACH]
        return {row.recipient for row in sent}, tasks


async def test_the_panels_report_leaves_to_the_independent_person_by_a_mail_of_their_own(memory: Memory) -> None:
    sent, tasks = await the_report_goes(memory, await a_full_case(memory, Role.PARENT))

    assert sent == {"mum@family.example", ADDRESSES["A"], ADDRESSES["I"]} and tasks == []


async def test_where_no_address_of_the_independent_person_is_known_somebody_is_asked_to_send_it(memory: Memory) -> None:
    sent, tasks = await the_report_goes(memory, (await Desk(memory).opens()).reference)

    assert sent == {"mum@family.example"}
    assert tasks == ["panel_report: no address of the independent person is on the case, and it is theirs by law"]


async def test_nothing_goes_to_an_independent_person_from_whom_the_case_is_kept(memory: Memory) -> None:
    reference = await a_full_case(memory, Role.PARENT)
    async with memory.unit_of_work() as uow:
        whom = Whom("B. Moss", ADDRESSES["I"])
        await walls.put_up(uow, reference, whom, "a friend of the manager, found out late", acting())
    sent, tasks = await the_report_goes(memory, reference)

    assert ADDRESSES["I"] not in sent and len(tasks) == 1
