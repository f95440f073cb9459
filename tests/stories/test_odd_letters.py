"""Letters as they really come: without half of their headers, from machines, to everybody, and unreadable."""

import pytest

from procedures.terms import Event, Notice
from storage.tables import ArrivalRow, CaseRow, DeadlineRow, EventRow, LedgerResult, PartyRow, TaskRow
from tests.stories.letters import COUNCIL, bounce_of, mail, sample, text_of, without
from tests.stories.town import DUTY, OFFICER, Town

BLANK = b" \r\n\r\n"
"""A letter that is none."""

MUM = "r.green@family.example"
WORDS = "Nobody has telephoned us since the marmalade incident. I want to complain."


@pytest.mark.parametrize("missing", ["Message-ID", "Date", "Subject", "Content-Type"])
async def test_a_letter_without_a_header_is_a_case_of_the_day_it_came_and_is_answered(town: Town, missing: str) -> None:
    await town.opens(chat=False)

    await town.gets(without(mail(MUM, WORDS), missing))
    await town.filed(1)

    case = await town.case(address=MUM)
    assert case.received_at == town.clock()
    assert await town.words_of(case.reference) == [WORDS]
    (receipt,) = town.letters_to(MUM)
    assert case.reference in text_of(receipt)
    assert (receipt["In-Reply-To"] is None) == (missing == "Message-ID")
    assert len(town.letters_to(OFFICER.address)) == 1


async def test_two_letters_without_a_message_id_are_two_letters(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(*[without(mail(MUM, f"{WORDS} This is letter {n}."), "Message-ID") for n in range(2)])
    await town.filed(2)

    assert len(await town.rows(PartyRow, address=MUM)) == 2


@pytest.mark.parametrize("nobody", ["", f"Rosalind Green <{MUM}>, Uncle <uncle@elsewhere.example>"])
async def test_a_letter_from_nobody_or_from_two_is_a_case_for_a_person_and_answered_to_no_one(town: Town, nobody: str) -> None:
    await town.opens(chat=False)

    await town.gets(mail(MUM, WORDS, From=nobody))
    await town.filed(1)

    (case,) = await town.rows(CaseRow)
    assert await town.words_of(case.reference) == [WORDS]
    assert {letter.recipient for letter in town.post.posted} == {OFFICER.address}
    assert (await town.tasks(case.reference))["cannot_reach"] == 1
    assert await town.rows(DeadlineRow, case_reference=case.reference)


async def test_a_letter_without_a_body_is_answered_and_shown_to_a_person(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(mail(MUM, "", subject="My social worker never calls"), mail("two@home.example", "", subject="", number=2))
    await town.filed(2)

    assert len(await town.rows(CaseRow)) == 2
    assert len(town.letters_to(MUM)) == len(town.letters_to("two@home.example")) == 1
    assert len(town.letters_to(OFFICER.address)) == 2


@pytest.mark.parametrize("name", ["out_of_office", "own_letter", "bounce_dsn"])
async def test_what_a_machine_wrote_is_kept_opens_nothing_and_is_not_answered(town: Town, name: str) -> None:
    await town.opens(chat=False)

    await town.gets(sample(name), mail(MUM, WORDS))
    first, second = await town.filed(2)

    assert (first.result, second.result) == (LedgerResult.AUTOMATIC, LedgerResult.OPENED)
    assert first.raw.replace(b"\r\n", b"\n") == sample(name).replace(b"\r\n", b"\n")
    assert {letter.recipient for letter in town.post.posted} == {MUM, OFFICER.address}
    assert len(town.letters_to(OFFICER.address)) == 1


async def test_an_out_of_office_to_our_letter_moves_nothing(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS))
    await town.filed(1)
    case = await town.case(address=MUM)
    (receipt,) = town.letters_to(MUM)
    events = await town.rows(EventRow)

    away = mail(
        MUM, "I am away until Monday.", subject=f"Automatic reply: {receipt['Subject']}", number=2,
        In_Reply_To=str(receipt["Message-ID"]), Auto_Submitted="auto-replied",
    )  # fmt: skip
    await town.gets(away)
    _, second = await town.filed(2)

    assert second.result is LedgerResult.AUTOMATIC
    assert second.case_reference == case.reference
    assert await town.rows(EventRow) == events
    assert len(town.letters_to(MUM)) == 1


@pytest.mark.parametrize("name", ["shared_mailbox_of_a_group", "web_form", "person_with_a_null_return_path"])
async def test_what_came_by_a_list_or_a_form_is_a_case_but_only_a_person_answers_it(town: Town, name: str) -> None:
    await town.opens(chat=False)

    await town.gets(sample(name))
    await town.filed(1)

    (case,) = await town.rows(CaseRow)
    assert {OFFICER.address} <= {letter.recipient for letter in town.post.posted} <= {OFFICER.address, DUTY}
    assert (await town.tasks(case.reference))["cannot_reach"] == 1
    assert await town.rows(DeadlineRow, case_reference=case.reference)


async def test_a_newsletter_is_kept_and_disturbs_nobody(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(sample("mailing_list"))
    (row,) = await town.filed(1)

    assert row.result is LedgerResult.AUTOMATIC
    assert row.raw.replace(b"\r\n", b"\n") == sample("mailing_list").replace(b"\r\n", b"\n")
    assert town.post.posted == []


async def test_a_bounce_finds_the_letter_that_failed_and_becomes_a_task(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS))
    await town.filed(1)
    case = await town.case(address=MUM)
    (receipt,) = town.letters_to(MUM)

    await town.gets(bounce_of(receipt))
    await town.gets(bounce_of(receipt) + b"\r\n")
    await town.gets(mail("two@home.example", number=2))
    await town.filed(3)

    (task,) = await town.rows(TaskRow, case_reference=case.reference, kind="cannot_reach")
    assert "receipt came back" in task.detail
    assert len(town.letters_to(MUM)) == 1
    assert await town.rows(DeadlineRow, case_reference=case.reference, is_superseded=False)
    assert Event.WITHDRAWN not in {row.name for row in await town.rows(EventRow, case_reference=case.reference)}


async def test_a_bounce_that_names_nothing_of_ours_is_kept_and_does_nothing(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(sample("bounce_dsn"), sample("bounce_in_words_only"))
    rows = await town.filed(2)

    assert [row.result for row in rows] == [LedgerResult.AUTOMATIC] * 2
    assert await town.rows(CaseRow) == []
    assert town.post.posted == []


async def test_an_unreadable_letter_between_two_good_ones_holds_up_neither(town: Town) -> None:
    await town.opens(chat=False)

    await town.gets(mail(MUM, WORDS), BLANK, mail("two@home.example", number=2))
    first, bad, last = await town.filed(3)

    assert [row.result for row in (first, bad, last)] == [LedgerResult.OPENED, LedgerResult.QUARANTINED, LedgerResult.OPENED]
    assert bad.raw == BLANK
    assert len(town.letters_to(MUM)) == len(town.letters_to("two@home.example")) == 1

    async def told() -> bool:
        return any("could not be read" in str(letter["Subject"]) for letter in town.letters_to(DUTY))

    await town.until(told)
    await town.goes_on(minutes=1)
    await town.at_rest()
    assert len(town.letters_to(DUTY)) == 1


async def test_our_own_letter_that_comes_back_is_not_answered_by_whichever_name_it_came(town: Town) -> None:
    await town.opens(chat=False)
    await town.gets(mail(MUM, WORDS))
    await town.filed(1)
    (receipt,) = town.post.letters_to(MUM)

    await town.gets(receipt.raw, mail(COUNCIL.upper(), "Sent by ourselves.", name="Your Say", number=9))
    rows = await town.filed(3)

    assert [row.result for row in rows[1:]] == [LedgerResult.AUTOMATIC] * 2
    assert len(await town.rows(CaseRow)) == 1
    assert [row.notice for row in await town.sent() if row.recipient == COUNCIL] == []
    assert len(await town.sent(notice=Notice.RECEIPT)) == 1


async def test_each_odd_letter_leaves_a_line_that_says_what_became_of_it(town: Town) -> None:
    odd = ["no_from", "two_froms", "no_body", "out_of_office", "mailing_list", "bounce_dsn", "html_only", "gb2312", "winmail"]
    await town.opens(chat=False)

    await town.gets(*[sample(name) for name in odd], BLANK)
    await town.filed(len(odd) + 1)

    await town.log_says("arrival filed result=", times=len(odd) + 1)
    assert len(town.log.said("arrival filed result=")) == len(odd) + 1
    assert len(await town.rows(ArrivalRow)) == len(odd) + 1
