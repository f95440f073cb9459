"""The reports that go with the answer of stage 2: checked and signed with it, and left out only for a reason, on both
databases.
"""

from datetime import date

import pytest

from casework.acting import Refused
from casework.answers import drafts, reports, sending_drafts, writing_drafts
from casework.answers.checking_drafts import Rule
from casework.bundle import bundle
from casework.issues import findings
from casework.people import appointing
from casework.people.appointing import Newcomer
from procedures.people import CaseRole
from procedures.terms import Event, Notice, Outcome
from storage import cases
from storage.tables import DraftRow, Way
from storage.tables.drafts import Whose
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, a_report, acting
from tests.casework.test_drafts import SAID, filled_in
from tests.casework.test_drafts import at_stage_2 as at_stage_2_of_the_code
from tests.casework.test_later_answers import at_stage_2
from tests.casework.test_recording import on

APRIL_10 = on(date(2025, 4, 10))
ON_PAPER = "it is signed on paper and goes with the letter by post"


async def taken(uow: UnitOfWork, reference: str, *whose: Whose, words: str = "We read the file.") -> None:
    for one in whose:
        await drafts.take(uow, reference, acting(MANAGER, APRIL_10), report=(one, a_report(words)))


async def drafted(memory: Memory) -> str:
    """A statutory complaint at stage 2, its findings on record and its answer drafted by the manager."""
    reference = await at_stage_2(memory)
    async with memory.unit_of_work() as uow:
        await findings.find(uow, reference, 1, Outcome.NOT_UPHELD, SAID, acting(at=APRIL_10), stage=2)
        manager = acting(MANAGER, APRIL_10)
        blank = await writing_drafts.blank(uow, await writing_drafts.answerable(uow, reference), 2, manager, b"")
        await drafts.take(uow, reference, manager, letter=filled_in(blank.letter))
    return reference


async def note_of_sending(uow: UnitOfWork, reference: str) -> str:
    [row] = [row for row in (await cases.events_of(uow, [reference]))[reference] if row.name is Event.S2_NOTICE_SENT]
    return row.note


async def test_both_reports_are_checked_and_signed_with_the_letter_and_the_mail_names_their_files(memory: Memory) -> None:
    reference, officer = await drafted(memory), acting(at=APRIL_10)
    async with memory.unit_of_work() as uow:
        await taken(uow, reference, *Whose)
        checked, found = await drafts.check(uow, reference, officer, {})
        assert ([one.words for one in found if one.stops], checked.row.version) == ([], 3)
        await drafts.sign(uow, reference, officer)
        await sending_drafts.send(uow, reference, officer)

        [letter] = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.LETTER]
        files = letter.facts["files"]
        assert [(file.get("report"), file["name"]) for file in files] == [
            (None, f"Answer {reference}.docx"),
            ("officer", f"Report {reference} by the investigating officer.docx"),
            ("independent", f"Report {reference} by the independent person.docx"),
        ]
        note = await note_of_sending(uow, reference)
        assert note.endswith("with the report of the investigating officer and the report of the independent person")
        kept = {file.name for file in await bundle(uow, reference, "asked by the Ombudsman", officer, lambda _: ())}
    name = "7 Answers/stage 2 version 3"
    assert {f"{name}, report of the investigating officer.docx", f"{name}, report of the independent person.docx"} <= kept


async def test_a_report_that_is_not_there_stops_the_check_until_somebody_says_why_and_that_stays_on_record(
    memory: Memory,
) -> None:
    reference, officer = await drafted(memory), acting(at=APRIL_10)
    async with memory.unit_of_work() as uow:
        await taken(uow, reference, Whose.OFFICER)
        _, found = await drafts.check(uow, reference, officer, {})
        [stopped] = [one for one in found if one.holds_it_up]
        assert (stopped.rule, stopped.authority) == (Rule.REPORTS, reports.law_in("england"))
        assert stopped.words.startswith("The report of the independent person does not go with it.")
        with pytest.raises(Refused, match="did not pass its check"):
            await drafts.sign(uow, reference, officer)
        with pytest.raises(Refused, match="cannot be accepted so"):
            await drafts.check(uow, reference, officer, {Rule.REPORTS: "  "})
        await drafts.check(uow, reference, officer, {Rule.REPORTS: ON_PAPER})
        await drafts.sign(uow, reference, officer)
        await sending_drafts.sent_by_hand(uow, reference, Way.POST, date(2025, 4, 10), "tracked", officer)

        note = await note_of_sending(uow, reference)
        [version] = [one for one in await drafts.drafts_of(uow, reference) if one.sent]
    assert note.startswith("by post; version 2, signed by")
    assert note.endswith(
        f"with the report of the investigating officer; without the report of the independent person: {ON_PAPER}; tracked"
    )
    assert version.last_check is not None
    assert [one["accepted"] for one in version.last_check.found if one["rule"] == "reports"] == [ON_PAPER]


async def test_whoever_mends_the_letter_keeps_the_reports_and_a_signature_does_not_outlive_another_report(memory: Memory) -> None:
    reference, officer = await drafted(memory), acting(at=APRIL_10)
    async with memory.unit_of_work() as uow:
        await taken(uow, reference, *Whose)
        letter = (await drafts.drafts_of(uow, reference))[-1].row.letter
        await drafts.take(uow, reference, acting(MANAGER, APRIL_10), letter=letter)
        assert list(reports.of((await drafts.drafts_of(uow, reference))[-1].row)) == list(Whose)
        await drafts.check(uow, reference, officer, {})
        await drafts.sign(uow, reference, officer)
        await taken(uow, reference, Whose.INDEPENDENT, words="We read it once more.")
        with pytest.raises(Refused, match="is not signed"):
            await sending_drafts.send(uow, reference, officer)


async def test_a_name_of_another_file_in_a_report_stops_it_until_it_is_taken_out_or_accepted(memory: Memory) -> None:
    reference, officer = await drafted(memory), acting(at=APRIL_10)
    async with memory.unit_of_work() as uow:
        await appointing.add(uow, reference, Newcomer(CaseRole.COMPLAINED_ABOUT, "Kim Harper"), officer)
        await taken(uow, reference, Whose.OFFICER)
        await taken(uow, reference, Whose.INDEPENDENT, words="I spoke with Kim Harper at length.")
        _, found = await drafts.check(uow, reference, officer, {})
        [stopped] = [one for one in found if one.holds_it_up]
        assert (stopped.rule, stopped.words.split(":")[0]) == (Rule.NAMES, "Report of the independent person")
        checked, _ = await drafts.check(uow, reference, officer, {Rule.NAMES: "she agreed to be named to them"})
    assert checked.state == "checked"


async def test_what_an_older_version_signed_without_reports_does_not_leave(memory: Memory) -> None:
    reference, officer = await drafted(memory), acting(at=APRIL_10)
    async with memory.unit_of_work() as uow:
        await taken(uow, reference, *Whose)
        await drafts.check(uow, reference, officer, {})
        await drafts.sign(uow, reference, officer)
        signed = await uow.get(DraftRow, (await drafts.drafts_of(uow, reference))[-1].row.id)
        assert signed is not None
        signed.independent_report = None
        uow.add(signed)
        await uow.flush()
        for leaves in (
            sending_drafts.send(uow, reference, officer),
            sending_drafts.sent_by_hand(uow, reference, Way.POST, date(2025, 4, 10), "", officer),
        ):
            with pytest.raises(Refused, match="report of the independent person does not go with it, and the check did not know"):
                await leaves


async def test_reports_have_no_place_at_stage_2_of_the_code_and_none_before_the_letter(memory: Memory) -> None:
    statutory, code = await at_stage_2(memory), await at_stage_2_of_the_code(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match="The letter itself comes first"):
            await taken(uow, statutory, Whose.OFFICER)
        manager = acting(MANAGER, on(date(2025, 3, 25)))
        blank = await writing_drafts.blank(uow, await writing_drafts.answerable(uow, code), 2, manager, b"")
        await drafts.take(uow, code, manager, letter=filled_in(blank.letter))
        with pytest.raises(Refused, match="No reports go with this answer"):
            await drafts.take(uow, code, manager, report=(Whose.OFFICER, a_report("We read it.")))
        _, found = await drafts.check(uow, code, acting(at=on(date(2025, 3, 26))), {})
    assert not [one for one in found if one.rule is Rule.REPORTS]


async def test_a_report_that_is_no_word_file_or_too_large_beside_the_rest_is_refused(
    memory: Memory, monkeypatch: pytest.MonkeyPatch
) -> None:
    reference = await drafted(memory)
    async with memory.unit_of_work() as uow:
        with pytest.raises(Refused, match=r"The report of the independent person was not taken. It is not a Word document"):
            await drafts.take(uow, reference, acting(MANAGER, APRIL_10), report=(Whose.INDEPENDENT, b"%PDF-1.7"))
        monkeypatch.setattr(drafts, "LARGEST_TOGETHER", 60_000)
        with pytest.raises(Refused, match="MB together; a mail carries 15"):
            await taken(uow, reference, *Whose)
