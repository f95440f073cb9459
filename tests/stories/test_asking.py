"""Who may hear how a case is going: the one on file when they are the one who asks, and nobody else."""

from collections.abc import Collection
from datetime import date

import pytest

from bot.rehearsal.post_office import PostedLetter
from casework.reference import new_reference
from procedures.terms import Event, Notice, Outcome, Procedure
from storage.tables import CaseRow, DeadlineRow, EventRow
from tests.stories.letters import answer_to, mail, plain, text_of
from tests.stories.town import OFFICER, Town

MUM = "r.green@family.example"
UNCLE, AUNT = "uncle@elsewhere.example", "aunt@elsewhere.example"
SAM, KIT = 70_010_001, 70_010_002
WORDS = "Nobody has telephoned us since the marmalade incident. I want to complain."


async def a_case_of_mum(town: Town) -> str:
    await town.gets(mail(MUM, WORDS))
    await town.filed(1)
    return (await town.case(address=MUM)).reference


async def test_the_person_on_file_who_asks_hears_where_it_stands_and_the_next_date(town: Town) -> None:
    await town.opens(chat=False)
    reference = await a_case_of_mum(town)

    await town.gets(answer_to(town.letters_to(MUM)[0], "status", sender=MUM, number=2))
    await town.filed(2)

    told = text_of(town.letters_to(MUM)[1])
    assert reference in told
    assert "A person will read it by Thursday 2 July." in told
    assert await town.count(CaseRow) == {"cases": 1}
    assert "asked_by_stranger" not in await town.tasks()


async def test_a_chat_hears_of_its_own_case_and_of_no_other(town: Town) -> None:
    await town.opens(mail=False)
    sam, kit = town.person(SAM), town.person(KIT, "Katarzyna")
    sam.says("They moved me without a word.")
    await town.filed(1)
    reference = (await town.case(chat=SAM)).reference
    shown = len(town.api.ever_sent_to(SAM))

    sam.says("/check")
    await town.filed(2)
    own = town.api.ever_sent_to(SAM)[shown:]
    kit.says(reference)
    await town.filed(3)
    theirs = town.api.ever_sent_to(KIT)
    kit.says(new_reference())
    await town.filed(4)
    made_up = town.api.ever_sent_to(KIT)[len(theirs) :]

    assert reference in plain(own[0].text)
    assert [(one.text, one.labels()) for one in theirs] == [(one.text, one.labels()) for one in made_up] != []
    assert reference not in plain(theirs[0].text)
    assert len(town.api.ever_sent_to(SAM)) == shown + len(own)
    assert (await town.tasks())["asked_by_stranger"] == 2


async def test_a_stranger_gets_the_same_bytes_whether_the_case_exists_or_not(town: Town) -> None:
    await town.opens(chat=False)
    reference = await a_case_of_mum(town)
    mums = len(town.letters_to(MUM))

    await town.gets(
        mail(UNCLE, f"status {reference}", subject="Asking", name="Uncle", number=3),
        mail(AUNT, f"status {new_reference()}", subject="Asking", name="Uncle", number=3),
    )
    await town.filed(3)

    (real,), (made_up,) = town.post.letters_to(UNCLE), town.post.letters_to(AUNT)
    assert as_read(real, UNCLE) == as_read(made_up, AUNT)
    assert list(real.message.keys()) == list(made_up.message.keys())
    assert reference not in plain(real.raw.decode())
    assert len(town.letters_to(MUM)) == mums
    assert (await town.tasks())["asked_by_stranger"] == 2
    assert (await town.tasks(reference))["asked_by_stranger"] == 1
    asked = [row for row in await town.sent() if row.notice == Notice.NOTHING]
    assert [row.facts for row in asked] == [{}, {}]
    assert asked[0].due_at - asked[0].queued_at == asked[1].due_at - asked[1].queued_at


def as_read(letter: PostedLetter, to: str) -> bytes:
    """The whole letter but for what any two letters differ in: who it goes to, its own ids, and where its parts are cut."""
    raw = letter.raw.replace(to.encode(), b"-")
    message = letter.message
    ours = [str(message["Message-ID"]), str(message["Message-ID"]).strip("<>").partition("@")[0], str(message.get_boundary())]
    for one in ours:
        raw = raw.replace(one.encode(), b"-")
    return raw


@pytest.mark.parametrize("words", ["stop", "next step", "advocate", "call me"])
async def test_a_word_that_asks_for_something_does_nothing_to_a_strangers_reference(town: Town, words: str) -> None:
    await town.opens(chat=False)
    reference = await a_case_of_mum(town)
    before = await everything_of(town, reference)

    await town.gets(mail(UNCLE, f"{words} {reference}", subject="Hello", name="Uncle", number=3))
    await town.filed(2)

    assert await everything_of(town, reference) == before
    (told,) = town.letters_to(UNCLE)
    assert reference not in plain(told.as_string())
    assert len(town.letters_to(MUM)) == 1


async def everything_of(town: Town, reference: str) -> Collection[object]:
    events = [(row.name, row.happened_on) for row in await town.rows(EventRow, case_reference=reference)]
    return [events, await town.words_of(reference), [row.key for row in await town.sent(reference)]]


async def test_asking_to_stop_stops_nothing_by_itself(town: Town) -> None:
    await town.opens(chat=False)
    reference = await a_case_of_mum(town)
    (receipt,) = town.letters_to(MUM)

    await town.gets(answer_to(receipt, "stop", sender=MUM))
    await town.filed(2)

    case = await town.case(address=MUM)
    events = [row.name for row in await town.rows(EventRow, case_reference=reference)]
    assert case.closed_on is None
    assert Event.WITHDRAWAL_ASKED in events
    assert Event.WITHDRAWN not in events
    standing = {row.clock: row.due_on for row in await town.rows(DeadlineRow, case_reference=reference) if not row.is_superseded}
    assert standing["s1_response"] == date(2026, 7, 15)
    assert (await town.tasks(reference))["withdrawal"] == 1
    told = text_of(town.letters_to(MUM)[1])
    assert "check that it is your choice" in told


async def test_a_young_person_who_asks_to_stop_in_chat_is_asked_by_a_person_first(town: Town) -> None:
    await town.opens(mail=False)
    sam = town.person(SAM)
    sam.says("They moved me without a word.")
    await town.filed(1)
    sam.says("/stop")
    await town.filed(2)
    sam.presses("Yes, stop it")
    await town.filed(3)

    case = await town.case(chat=SAM)
    assert case.closed_on is None
    assert (await town.tasks(case.reference))["withdrawal"] == 1
    assert Event.WITHDRAWN not in {row.name for row in await town.rows(EventRow, case_reference=case.reference)}


async def test_whoever_is_made_to_stop_is_an_alert_and_no_withdrawal(town: Town) -> None:
    await town.opens(mail=False)
    sam = town.person(SAM)
    sam.says("They moved me without a word.")
    await town.filed(1)
    sam.says("/stop")
    await town.filed(2)
    sam.presses("Someone is making me stop")
    await town.filed(3)

    case = await town.case(chat=SAM)
    events = {row.name for row in await town.rows(EventRow, case_reference=case.reference)}
    assert Event.WITHDRAWAL_ASKED not in events
    assert (await town.tasks(case.reference))["safety"] == 1
    assert len(await town.sent(case.reference, Notice.SAFETY_ALERT)) == 1


async def test_not_happy_after_the_answer_asks_for_the_next_step_that_very_day(town: Town) -> None:
    await town.opens(chat=False)
    reference = await a_case_of_mum(town)
    await town.route(reference, Procedure.STATUTORY)
    await town.acknowledge(reference)
    await town.respond(reference, "We were wrong about the telephone.", Outcome.UPHELD)
    await town.at_rest()
    answer = town.letters_to(MUM)[-1]

    await town.goes_on(days=2)
    await town.gets(answer_to(answer, "Not happy", sender=MUM))
    await town.filed(2)

    requested = [row for row in await town.rows(EventRow, case_reference=reference) if row.name is Event.S2_REQUESTED]
    assert [row.happened_on for row in requested] == [date(2026, 7, 3)]
    # SI 2006/1738, reg. 17(3) and (6): 25 working days from the request, 65 at most.
    due = {row.due_on for row in await town.rows(DeadlineRow, case_reference=reference) if row.stage == 2}
    assert date(2026, 8, 7) in due
    assert (await town.tasks(reference))["not_happy"] == 1
    assert len(town.letters_to(OFFICER.address)) >= 1
