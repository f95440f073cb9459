"""From a message to its route, its letters and its clocks; every date is worked out by hand.

Received Wednesday 1 July 2026. Working days: 2, 3, 6, 7, 8 July are five; 9, 10, 13, 14, 15 July ten; 16 July eleven.
"""

from dataclasses import replace
from datetime import date, datetime, time

import pytest

from casework import actions
from casework.acting import Refused
from procedures.terms import Event, Kind, Notice, Outcome, Procedure
from procedures.working_days import moment_at_the_desk
from storage.tables import CaseRow, ClassificationRow, DeadlineRow, EventRow, OutboxState
from tests.stories.letters import mail, plain, text_of
from tests.stories.town import DUTY, HEAD, MANAGER, OFFICER, Town

MUM = "r.green@family.example"
SAM = 70_010_001
BREAKS = "Two nights a month of short breaks were agreed for my disabled son and we have had none. I want to complain."
FORM = "The admission appeal form on the council's website does not work. This is a complaint about the website."


async def standing(town: Town, reference: str) -> dict[str, date]:
    rows = await town.rows(DeadlineRow, case_reference=reference, is_superseded=False)
    return {row.clock: row.due_on for row in rows}


async def a_case(town: Town, words: str, *, address: str = MUM) -> CaseRow:
    await town.gets(mail(address, words, subject="A complaint"))
    await town.filed(1)
    return await town.case(address=address)


async def test_an_undecided_complaint_has_the_fuller_clocks_from_the_first_second_and_a_promise_of_none(town: Town) -> None:
    await town.opens(chat=False)

    case = await a_case(town, "Nobody has telephoned us since the marmalade incident. I want to complain.")

    assert case.procedure is Procedure.UNDECIDED
    dates = await standing(town, case.reference)
    assert (dates["acknowledgement"], dates["s1_response"]) == (date(2026, 7, 8), date(2026, 7, 15))
    receipt = text_of(town.letters_to(MUM)[0])
    assert "write back by Thursday 2 July" in receipt
    assert "A person will confirm that." in receipt
    events = {row.name for row in await town.rows(EventRow, case_reference=case.reference)}
    assert events == {Event.RECEIVED, Event.RECEIPT_SENT}, "a receipt acknowledges nothing"


async def test_a_statutory_complaint_is_suggested_with_reasons_confirmed_acknowledged_and_answered(town: Town) -> None:
    await town.opens(chat=False)
    case = await a_case(town, BREAKS)
    assert case.suggested is Procedure.STATUTORY
    (reading,) = await town.rows(ClassificationRow, case_reference=case.reference)
    sources = [reason["source"] for reason in reading.reasons if reason["field"] == "procedure"]
    assert sources and all(sources)

    await town.goes_on(days=1)
    await town.route(case.reference, Procedure.STATUTORY, "short breaks: section 17")
    await town.acknowledge(case.reference, "Short breaks were agreed and did not happen.")
    await town.at_rest()
    receipt, acknowledgement = town.letters_to(MUM)
    assert acknowledgement["Auto-Submitted"] is None
    told = text_of(acknowledgement)
    assert "Short breaks were agreed and did not happen." in told
    assert "Wednesday 15 July" in told
    assert str(receipt["Message-ID"]) != str(acknowledgement["Message-ID"])
    dates = await standing(town, case.reference)
    # SI 2006/1738, reg. 14(1): ten working days, which here begin with the receipt and not with our letter.
    assert dates["s1_response"] == date(2026, 7, 15)

    await town.goes_on(days=7)
    await town.respond(case.reference, "You were right. The breaks start on Saturday.")
    await town.at_rest()
    answer = text_of(town.letters_to(MUM)[-1])
    assert "The breaks start on Saturday." in answer
    assert "next step" in answer.lower() or "stage 2" in answer.lower()
    assert [row.state for row in await town.sent(case.reference)] == [OutboxState.SENT] * len(await town.sent(case.reference))


async def test_a_corporate_complaint_has_ten_days_from_the_acknowledgement_and_not_from_receipt(town: Town) -> None:
    await town.opens(chat=False)
    case = await a_case(town, FORM)
    assert case.suggested is Procedure.CORPORATE
    await town.route(case.reference, Procedure.CORPORATE, "a website, not a child's care")
    before = await standing(town, case.reference)
    assert before["acknowledgement"] == date(2026, 7, 8)
    assert "s1_response" not in before

    await town.goes_on(days=1)
    await town.acknowledge(case.reference, "The form does not work.")
    await town.at_rest()

    after = await standing(town, case.reference)
    assert after["s1_response"] == date(2026, 7, 16)
    assert "Thursday 16 July" in text_of(town.letters_to(MUM)[-1])


async def test_only_an_officer_decides_and_nothing_is_promised_before_the_route_is(town: Town) -> None:
    await town.opens(chat=False)
    case = await a_case(town, BREAKS)

    with pytest.raises(Refused, match="Only a complaints officer"):
        async with town.memory.unit_of_work() as uow:
            await actions.route(uow, case.reference, Procedure.CORPORATE, "quicker", await town.acting(MANAGER))
    with pytest.raises(Refused, match="route is not confirmed"):
        await town.acknowledge(case.reference)

    assert len(town.letters_to(MUM)) == 1
    assert (await town.case(address=MUM)).procedure is Procedure.UNDECIDED


async def test_a_compliment_is_thanked_and_has_no_clock(town: Town) -> None:
    await town.opens()

    await town.gets(mail(MUM, "Thank you to Priya. She was wonderful with us, we are so grateful.", subject="Thank you"))
    town.person(SAM).says("thank you so much to my leaving care worker, she is brilliant")
    await town.filed(2)

    by_mail, by_chat = await town.case(address=MUM), await town.case(chat=SAM)
    for case in (by_mail, by_chat):
        assert case.kind is Kind.COMPLIMENT
        assert await standing(town, case.reference) == {}
        (thanks,) = [row for row in await town.sent(case.reference) if row.notice in (Notice.THANKS, Notice.RECEIPT)]
        assert thanks.notice == Notice.THANKS
    (letter,) = town.letters_to(MUM)
    assert "Thank you for your kind words" in text_of(letter)
    assert town.letters_to(DUTY) == []


async def test_words_of_harm_alert_duty_at_once_and_the_complaint_goes_on(town: Town) -> None:
    # Saturday night.
    town.clock.at = datetime(2026, 7, 4, 22, 10, tzinfo=moment_at_the_desk(date(2026, 7, 4), time(12)).tzinfo)
    await town.opens()

    town.person(SAM).says("my foster dad hit me again and im scared to go to sleep")
    await town.gets(mail(MUM, "The foster carer hit my daughter with a trombone. I want to complain."))
    await town.filed(2)

    for case in (await town.case(chat=SAM), await town.case(address=MUM)):
        assert case.kind is Kind.COMPLAINT
        assert await standing(town, case.reference)
        tasks = await town.tasks(case.reference)
        assert (tasks["safety"], tasks["confirm_route"]) == (1, 1)
        (alert,) = await town.sent(case.reference, Notice.SAFETY_ALERT)
        assert (alert.recipient, alert.urgency, alert.due_at) == (DUTY, 1, alert.queued_at)
    alerts = [text_of(letter) for letter in town.letters_to(DUTY)]
    assert len(alerts) == 2
    assert not any(word in alert for alert in alerts for word in ("hit", "trombone", "Samira", "Rosalind"))
    said = [plain(shown.text) for shown in town.api.ever_sent_to(SAM)]
    assert "999" in said[0]
    assert any("Your number is" in one for one in said)
    # By email a safety match never changes the automatic reply (practice.md, 2).
    assert "A person will read it" in text_of(town.letters_to(MUM)[0])


async def test_what_is_late_is_said_once_to_the_person_and_to_those_who_can_mend_it(town: Town) -> None:
    await town.opens(chat=False)
    case = await a_case(town, BREAKS)
    async with town.memory.unit_of_work() as uow:
        await actions.assign(uow, case.reference, MANAGER.address, await town.acting())
    await town.route(case.reference, Procedure.STATUTORY)
    await town.acknowledge(case.reference)
    await town.at_rest()

    told = len(town.letters_to(MUM))
    for moment in (time(8, 45), time(9, 5), time(9, 30), time(15)):
        await town.closes()
        await town.comes_to(moment_at_the_desk(date(2026, 7, 16), moment))
        await town.opens(chat=False)
        await town.at_rest()
        if moment == time(8, 45):
            assert len(town.letters_to(MUM)) == told, "nobody is written to before nine"

    async def late() -> bool:
        return bool(await town.sent(case.reference, Notice.LATE))

    await town.until(late)
    await town.at_rest()
    assert len(town.letters_to(MUM)) == told + 1
    assert "Wednesday 15 July" in text_of(town.letters_to(MUM)[-1])
    assert town.letters_to(MANAGER.address)
    assert town.letters_to(HEAD.address)
    assert (await standing(town, case.reference))["s1_response"] == date(2026, 7, 15), "a letter that says sorry moves no clock"


async def test_on_monday_at_eight_each_manager_gets_one_digest_that_names_nobody(town: Town) -> None:
    town.council = replace(town.council, digest_at=time(8))
    town.clock.at = moment_at_the_desk(date(2026, 7, 5), time(12))
    await town.opens()
    town.person(SAM).says("They moved me without a word, says Bartholomew.")
    await town.gets(mail(MUM, BREAKS))
    await town.filed(2)
    references = [case.reference for case in await town.rows(CaseRow)]
    for moment in (time(7, 59), time(8, 1), time(8, 2), time(12)):
        await town.closes()
        await town.comes_to(moment_at_the_desk(date(2026, 7, 6), moment))
        await town.opens()
        if moment > time(8):
            await town.until(lambda: town.sent(notice=Notice.DIGEST))
        await town.at_rest()
        assert bool(await town.sent(notice=Notice.DIGEST)) == (moment > time(8))

    digests = [letter.message for letter in town.post.posted if "week" in str(letter.message["Subject"]).lower()]
    recipients = [str(letter["To"]) for letter in digests]
    assert HEAD.address in recipients
    assert len(recipients) == len(set(recipients))
    for letter in digests:
        whole = plain(letter.as_string())
        assert not any(word in whole for word in ("Samira", "Rosalind", "Bartholomew", "short breaks", MUM))
    (head,) = [letter for letter in digests if str(letter["To"]) == HEAD.address]
    assert head.get_body(("html",)) is not None
    assert any(reference in text_of(head) for reference in references) or "2" in text_of(head)


async def test_the_whole_story_can_be_read_from_the_case_afterwards(town: Town) -> None:
    await town.opens(chat=False)
    case = await a_case(town, BREAKS)
    await town.route(case.reference, Procedure.STATUTORY)
    await town.acknowledge(case.reference)
    await town.respond(case.reference, outcome=Outcome.PARTIALLY_UPHELD)
    await town.at_rest()

    events = [(row.name, row.recorded_by) for row in await town.rows(EventRow, case_reference=case.reference)]
    assert events[0] == (Event.RECEIVED, "service")
    for name in (Event.ROUTE, Event.ACKNOWLEDGED, Event.S1_REPLY_SENT):
        assert (name, OFFICER.address) in events
    sent = await town.sent(case.reference)
    assert [row.notice for row in sent] == [
        Notice.RECEIPT, Notice.NEW_CASE_FOR_STAFF, Notice.ACKNOWLEDGEMENT, Notice.RESPONSE
    ]  # fmt: skip
    assert all(row.body and row.sent_at for row in sent)
