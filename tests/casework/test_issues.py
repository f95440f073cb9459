"""A complaint is its numbered issues: what is done to the list, what is found, what puts it right. On both databases."""

from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from typing import Any

import pytest

from casework import actions, recording
from casework.acting import Refused
from casework.decisions.acknowledging import Acknowledging
from casework.issues import findings, issue_list, remedies
from casework.issues.issue_list import Mending
from casework.issues.numbered import Issue, issues_of, unanswered
from casework.issues.remedies import Deciding
from procedures.terms import Event, Ground, Kind, Notice, Outcome, Procedure, Remedy, Theme
from storage import cases
from storage.filing import Filing, write
from storage.issues import count_issues, versions_of
from storage.tables import FindingRow, HeldIssueRow, IssueRow, RemedyRow
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, MONDAY, a_case, acting, opened, told

LATER = MONDAY + timedelta(days=3)
APOLOGY = Deciding(Remedy.APOLOGY, "We are sorry that nobody called.")
MONEY = Deciding(Remedy.FINANCIAL, "£150 for the delay", 15_000, "Ama Owusu, head of service")


async def do(memory: Memory, work: Callable[[UnitOfWork], Awaitable[object]]) -> object:
    async with memory.unit_of_work() as uow:
        return await work(uow)


async def a_complaint(memory: Memory, *issues: str, procedure: Procedure = Procedure.STATUTORY) -> str:
    """A complaint with its route and its list."""
    reference = await a_case(memory)
    async with memory.unit_of_work() as uow:
        await actions.route(uow, reference, procedure, "a child in need", acting())
        for words in issues:
            await issue_list.add(uow, reference, words, acting(), theme=Theme.DELAY)
    return reference


async def found(memory: Memory, reference: str) -> list[Issue]:
    async with memory.reading() as uow:
        return await issues_of(uow, reference)


async def closed_on(memory: Memory, reference: str) -> date | None:
    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        return case.closed_on if case else None


async def refused(memory: Memory, work: Callable[[UnitOfWork], Awaitable[object]], words: str) -> None:
    """The action says no in these words, and nothing of the list was changed."""
    with pytest.raises(Refused, match=words):
        await do(memory, work)


async def test_issues_are_numbered_and_every_wording_stays(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.", "I was moved.")
    change = Mending(words="Nobody called me back in May.", wanted="A call each week")
    await do(memory, lambda uow: issue_list.mend(uow, reference, 1, change, "she said so by phone", acting(at=LATER)))
    parts = ["I was moved.", "I lost my school."]
    numbers = await do(memory, lambda uow: issue_list.split(uow, reference, 2, parts, "two matters", acting(at=LATER)))

    listed = await found(memory, reference)
    assert [(one.number, one.words, one.split_from) for one in listed] == [
        (1, "Nobody called me back in May.", None),
        (2, "I was moved.", None),
        (3, "I lost my school.", 2),
    ]
    assert (numbers, listed[0].wanted, listed[2].theme) == ([2, 3], "A call each week", Theme.DELAY)
    async with memory.reading() as uow:
        versions = await versions_of(uow, reference)
    assert [(one.number, one.version, one.words) for one in versions if one.is_superseded] == [
        (1, 1, "Nobody called."),
        (2, 1, "I was moved."),
    ]
    assert {one.why for one in versions if one.version == 2} == {"she said so by phone", "two matters"}


async def test_the_person_is_asked_once_about_each_list_and_their_word_is_dated(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.", "I was moved.")
    await do(memory, lambda uow: issue_list.ask(uow, reference, acting()))
    await refused(memory, lambda uow: issue_list.ask(uow, reference, acting()), "This very list has been sent")
    confirmed = await do(memory, lambda uow: issue_list.confirm(uow, reference, "by phone", acting(at=LATER)))
    await refused(
        memory, lambda uow: issue_list.ask(uow, reference, acting()), "They confirmed this list on Thursday 13 March 2025"
    )

    assert (confirmed, [one.confirmed_on for one in await found(memory, reference)]) == ([1, 2], [date(2025, 3, 13)] * 2)
    await do(memory, lambda uow: issue_list.mend(uow, reference, 2, Mending(words="They moved me."), "better", acting(at=LATER)))
    assert [one.confirmed_on for one in await found(memory, reference)] == [date(2025, 3, 13), None]
    await do(memory, lambda uow: issue_list.ask(uow, reference, acting(at=LATER)))
    async with memory.reading() as uow:
        letters = [row for row in await cases.sent_of(uow, reference) if row.notice == Notice.ISSUES_FOR_YOU]
    assert [[point["words"] for point in row.facts["points"]] for row in letters] == [
        ["Nobody called.", "I was moved."],
        ["Nobody called.", "They moved me."],
    ]


async def test_a_point_that_is_taken_back_keeps_its_number_and_is_confirmed_in_writing(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.", "My room was cold.", "I was moved.")
    spoke = "Ann Lee spoke with her alone: it is her own wish"
    await do(memory, lambda uow: issue_list.withdraw(uow, reference, 2, spoke, acting()))
    await do(memory, lambda uow: issue_list.add(uow, reference, "No one told me.", acting()))
    await do(memory, lambda uow: actions.acknowledge(uow, reference, Acknowledging(issues=()), acting()))

    async with memory.reading() as uow:
        sent = {row.notice: row.facts for row in await cases.sent_of(uow, reference)}
    assert sent[Notice.ISSUES_FOR_YOU]["taken_out"] == [{"number": 2, "words": "My room was cold."}]
    assert sent[Notice.ACKNOWLEDGEMENT]["numbers"] == [1, 3, 4]
    assert sent[Notice.ACKNOWLEDGEMENT]["issues"] == ["Nobody called.", "I was moved.", "No one told me."]


async def test_what_the_list_refuses_says_the_rule_and_changes_nothing(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.")
    before = await found(memory, reference)
    for work, words in (
        (lambda uow: issue_list.add(uow, reference, " ", acting()), "needs words"),
        (lambda uow: issue_list.add(uow, reference, "x" * 2001, acting()), "more than 2000"),
        (lambda uow: issue_list.add(uow, reference, "nobody called.", acting()), "Issue 1 says the same"),
        (lambda uow: issue_list.add(uow, reference, "Late.", acting(MANAGER)), "Only a complaints officer"),
        (lambda uow: issue_list.add(uow, reference, "A", acting(), procedure=Procedure.UNDECIDED), "Undecided is not"),
        (lambda uow: issue_list.mend(uow, reference, 1, Mending(words="B"), " ", acting()), "Say why"),
        (lambda uow: issue_list.mend(uow, reference, 1, Mending(), "same", acting()), "says that already"),
        (lambda uow: issue_list.mend(uow, reference, 7, Mending(words="B"), "why", acting()), "There are: 1"),
        (lambda uow: issue_list.split(uow, reference, 1, ["A"], "why", acting()), "two different parts"),
        (lambda uow: issue_list.withdraw(uow, reference, 1, "", acting()), r"reg\. 7"),
        (lambda uow: issue_list.withdraw(uow, reference, 1, "her wish", acting()), "the complaint is withdrawn"),
        (lambda uow: issue_list.confirm(uow, reference, "", acting()), "--how"),
        (lambda uow: issue_list.confirm(uow, reference, "a", acting(), on=date(2025, 3, 9)), "before it was received"),
        (lambda uow: issue_list.confirm(uow, reference, "a", acting(), on=date(2025, 3, 11)), "has not come yet"),
    ):
        await refused(memory, work, words)

    assert await found(memory, reference) == before


async def test_thanks_have_no_issues(memory: Memory) -> None:
    reference = await a_case(memory, kind=Kind.COMPLIMENT)

    await refused(memory, lambda uow: issue_list.add(uow, reference, "Good.", acting()), "only a complaint has issues")
    assert await found(memory, reference) == []


async def test_a_finding_needs_a_route_a_reason_and_a_stage_that_runs(memory: Memory) -> None:
    reference = await a_case(memory)
    await do(memory, lambda uow: issue_list.add(uow, reference, "Nobody called.", acting()))
    upheld = Outcome.UPHELD
    await refused(memory, lambda uow: findings.find(uow, reference, 1, upheld, "so", acting()), "route is not confirmed")
    await do(memory, lambda uow: actions.route(uow, reference, Procedure.STATUTORY, "a child in need", acting()))
    for work, words in (
        (lambda uow: findings.find(uow, reference, 1, upheld, " ", acting()), r"needs its reason.*the council's own rule"),
        (lambda uow: findings.find(uow, reference, 1, upheld, "so", acting(MANAGER)), "Only a complaints officer"),
        (lambda uow: findings.find(uow, reference, 1, upheld, "so", acting(), stage=2), "nobody has asked for stage 2"),
        (lambda uow: findings.find(uow, reference, 1, upheld, "so", acting(), on=date(2025, 3, 12)), "has not come yet"),
        (lambda uow: findings.find(uow, reference, 4, upheld, "so", acting()), "has no issue 4"),
    ):
        await refused(memory, work, words)

    await do(memory, lambda uow: findings.find(uow, reference, 1, upheld, "no call is on file", acting()))
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.NOT_UPHELD, "the call is there", acting()))
    [issue] = await found(memory, reference)
    assert [(one.stage, one.outcome, one.reason) for one in issue.findings] == [(1, Outcome.NOT_UPHELD, "the call is there")]
    other = Mending(words="Other words")
    await refused(memory, lambda uow: issue_list.mend(uow, reference, 1, other, "why", acting()), "in these words")


async def test_nothing_is_answered_while_an_issue_lacks_its_finding_or_its_remedy(memory: Memory) -> None:
    """The Ombudsman's thirteenth fault: upheld, and nothing decided to put it right (23 001 448; 24 021 647)."""
    reference = await a_complaint(memory, "Nobody called.", "I was moved.")
    # Allowed below: short, and read beside its use
    answer = lambda uow: actions.respond(uow, reference, "We looked.", None, acting(at=LATER))  # noqa: E731
    # Allowed below: short, and read beside its use
    by_post = lambda uow: recording.record(uow, reference, Event.S1_REPLY_SENT, acting(), why="by post")  # noqa: E731
    for tried in (answer, by_post):
        await refused(memory, tried, r"Issues 1 and 2 are without a finding of stage 1.*the council's own rule")
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.UPHELD, "no call", acting()))
    await do(memory, lambda uow: findings.find(uow, reference, 2, Outcome.NOT_UPHELD, "rightly", acting()))
    for tried in (answer, by_post):
        await refused(memory, tried, r"Issue 1 is upheld, and nothing is decided to put it right.*23 001 448")
    await do(memory, lambda uow: remedies.decide(uow, reference, 1, APOLOGY, acting()))
    await refused(
        memory, lambda uow: actions.respond(uow, reference, "We looked.", Outcome.UPHELD, acting()), "makes it partially_upheld"
    )
    await do(memory, answer)

    async with memory.reading() as uow:
        case = await cases.find(uow, reference)
        [sent] = [row.facts for row in await cases.sent_of(uow, reference) if row.notice == Notice.RESPONSE]
    assert case and case.outcome is Outcome.PARTIALLY_UPHELD
    assert [(one["number"], one["outcome"], one["remedies"]) for one in sent["issues"]] == [
        (1, "upheld", [{"kind": "apology", "what": APOLOGY.what, "amount": ""}]),
        (2, "not_upheld", []),
    ]
    [first, _] = await found(memory, reference)
    assert first.remedies[0].given_on == date(2025, 3, 13)
    await refused(
        memory,
        lambda uow: findings.find(uow, reference, 1, Outcome.NOT_UPHELD, "no", acting(at=LATER)),
        "what it told them stays",
    )
    await refused(
        memory, lambda uow: issue_list.add(uow, reference, "One more.", acting(at=LATER)), "a new complaint, with its own dates"
    )


async def test_stage_2_answers_every_issue_again(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.")
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.NOT_UPHELD, "rightly", acting()))
    await do(memory, lambda uow: actions.respond(uow, reference, "We looked.", None, acting()))
    async with memory.unit_of_work() as uow:
        for event, why in ((Event.S2_REQUESTED, "by phone"), (Event.IP_APPOINTED, "P Person, no tie to the council")):
            await recording.record(uow, reference, event, acting(at=LATER), why=why)
    await do(memory, lambda uow: issue_list.add(uow, reference, "It was not looked into.", acting(at=LATER)))

    # Allowed below: short, and read beside its use
    notice = lambda uow: recording.record(uow, reference, Event.S2_NOTICE_SENT, acting(at=LATER), why="by post")  # noqa: E731
    await refused(memory, notice, "Issues 1 and 2 are without a finding of stage 2")
    assert [one.number for one in unanswered(await found(memory, reference), 2)] == [1, 2]


async def test_a_case_stays_open_while_what_was_decided_is_owed(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.", procedure=Procedure.CORPORATE)
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.UPHELD, "no call", acting()))
    row = await do(memory, lambda uow: remedies.decide(uow, reference, 1, MONEY, acting()))
    number = row.id  # type: ignore[attr-defined]  # what is here has it, whatever its type says
    await do(memory, lambda uow: actions.respond(uow, reference, "We are sorry.", Outcome.UPHELD, acting()))
    # Allowed below: short, and read beside its use
    close = lambda uow: actions.close(uow, reference, "answered", acting(at=LATER))  # noqa: E731
    await refused(memory, close, f"payment for issue 1 has not been given.*heard case given {reference} {number}")
    await do(memory, lambda uow: remedies.give(uow, reference, number, acting(at=LATER)))
    await refused(memory, lambda uow: remedies.give(uow, reference, number, acting(at=LATER)), "was given on")
    await do(memory, close)

    assert await closed_on(memory, reference) == LATER.date()


async def test_what_a_remedy_refuses(memory: Memory) -> None:
    reference = await a_complaint(memory, "Nobody called.", "I was moved.")

    def decide(number: int, wanted: Deciding) -> Callable[[UnitOfWork], Awaitable[RemedyRow]]:
        return lambda uow: remedies.decide(uow, reference, number, wanted, acting())

    await refused(memory, decide(1, APOLOGY), "a remedy follows a finding")
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.PARTIALLY_UPHELD, "no call", acting()))
    await do(memory, lambda uow: findings.find(uow, reference, 2, Outcome.NOT_UPHELD, "rightly", acting()))
    for wanted, words in (
        (Deciding(Remedy.NONE, ""), "needs its reason"),
        (Deciding(Remedy.APOLOGY, " "), "Say with --what"),
        (Deciding(Remedy.APOLOGY, "Sorry", 100), "Only money has an amount"),
        (Deciding(Remedy.FINANCIAL, "Money"), "Money needs its amount"),
        (Deciding(Remedy.FINANCIAL, "Money", 0, "A Head"), "Money needs its amount"),
        (Deciding(Remedy.FINANCIAL, "Money", 10_000_001, "A Head"), "Money needs its amount"),
        (Deciding(Remedy.FINANCIAL, "Money", 5_000), "--agreed-by"),
    ):
        await refused(memory, decide(1, wanted), words)
    await refused(memory, decide(2, Deciding(Remedy.NONE, "not upheld")), "was not upheld")
    nothing = await do(memory, decide(1, Deciding(Remedy.NONE, "they want none, and said so on 12 March")))
    assert not unanswered(await found(memory, reference), 1)
    await do(memory, decide(1, APOLOGY))
    assert [one.kind for one in (await found(memory, reference))[0].remedies] == [Remedy.APOLOGY]
    await refused(memory, decide(1, APOLOGY), "decided for issue 1 already")
    await refused(memory, decide(1, Deciding(Remedy.NONE, "no")), "take that back first")
    # Allowed below: what is here has it, whatever its type says
    await refused(memory, lambda uow: remedies.take_back(uow, reference, nothing.id, "no", acting()), "has no remedy")  # type: ignore[attr-defined]


async def test_a_case_without_a_list_is_answered_as_a_whole_unless_it_is_upheld(memory: Memory) -> None:
    """To uphold without a remedy is fault (23 001 448, 24 021 647), and a remedy is decided for an issue."""
    reference = await a_complaint(memory)
    for outcome in (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD):
        answer = lambda uow, what=outcome: actions.respond(uow, reference, "We are sorry.", what, acting())  # noqa: E731 - as short as what it is tried with
        await refused(memory, answer, f"24 021 647.*heard case issue add {reference} --suggested.* 1 {outcome.value} --why WHY")

    await do(memory, lambda uow: actions.respond(uow, reference, "It was right.", Outcome.NOT_UPHELD, acting()))
    await do(memory, lambda uow: actions.close(uow, reference, "answered", acting()))

    assert await closed_on(memory, reference) == MONDAY.date()


async def test_no_letter_of_a_later_stage_says_upheld_of_what_nobody_listed(memory: Memory) -> None:
    reference = await a_complaint(memory)
    await do(memory, lambda uow: actions.respond(uow, reference, "It was right.", Outcome.NOT_UPHELD, acting()))
    async with memory.unit_of_work() as uow:
        await recording.record(uow, reference, Event.S2_REQUESTED, acting(), why="by phone")
        await recording.record(uow, reference, Event.IP_APPOINTED, acting(), why="P Person, no tie to the council")

    def sending(outcome: str) -> Callable[[UnitOfWork], Awaitable[object]]:
        said = {"words": "This is what we found.", "outcome": outcome}
        return lambda uow: recording.record(uow, reference, Event.S2_NOTICE_SENT, acting(), say=said)

    await refused(memory, sending("upheld"), "24 021 647")
    await refused(memory, sending("proven"), "'proven' is no outcome: it is upheld")
    await do(memory, sending("not_upheld"))


async def test_walsalls_204_issues_are_counted_apart_from_its_129_complaints(memory: Memory) -> None:
    """Walsall 2011/12 recorded 204 issues in 129 complaints, 1.58 each (law.md 7.1, M9)."""
    of_each = [4, 3, *[2] * 70, *[1] * 57]
    assert (len(of_each), sum(of_each)) == (129, 204)
    filing = Filing()
    for number, issues in enumerate(of_each):
        case, opening = opened(told())
        filing.add(*opening.rows)
        reference = case.case.reference
        stamp: dict[str, Any] = {"made_at": MONDAY, "made_by": "o@a.example"}
        for at in range(1, issues + 1):
            filing.add(IssueRow(case_reference=reference, number=at, version=1, words=f"{at}", theme=Theme.DELAY, **stamp))
            found_by: dict[str, Any] = {
                "found_on": MONDAY.date(),
                "recorded_at": MONDAY,
                "recorded_by": "o@a.example",
                "reason": "so",
            }
            outcome = Outcome.UPHELD if at == 1 else Outcome.NOT_UPHELD
            filing.add(FindingRow(case_reference=reference, number=at, stage=1, outcome=outcome, **found_by))
        if number == 0:  # a later stage counts, an older wording and a point taken back do not
            found_by["reason"] = "looked again"
            filing.add(FindingRow(case_reference=reference, number=1, stage=2, outcome=Outcome.NO_FINDING, **found_by))
            filing.add(IssueRow(case_reference=reference, number=1, version=2, words="old", is_superseded=True, **stamp))
            filing.add(IssueRow(case_reference=reference, number=9, version=1, words="out", is_withdrawn=True, **stamp))
    await do(memory, lambda uow: write(uow, [filing]))

    async with memory.reading() as uow:
        counted = await count_issues(uow, date(2025, 1, 1), date(2025, 12, 31))
        other = await count_issues(uow, date(2024, 1, 1), date(2024, 12, 31))
    assert (counted.complaints, counted.issues, counted.undecided) == (129, 204, 0)
    assert counted.outcomes == {Outcome.UPHELD: 128, Outcome.NO_FINDING: 1, Outcome.NOT_UPHELD: 75}
    assert (counted.by_theme, counted.by_procedure) == ({Theme.DELAY: 204}, {Procedure.UNDECIDED: 204})
    assert (other.complaints, other.issues) == (0, 0)


async def test_what_waits_for_other_proceedings_is_left_out_of_the_answer(memory: Memory) -> None:
    """SI 2006/1738, reg. 8: to that extent. It comes back as a case of its own; the rest is answered in time."""
    reference = await a_complaint(memory, "Nobody called.", "I was hit.")
    why: dict[str, Any] = {"ground": Ground.CRIMINAL_PROCEEDINGS, "proceedings": "a trial", "prejudice": "witnesses"}
    row = HeldIssueRow(
        case_reference=reference, number=2, decided_on=MONDAY.date(), decided_by="o@a.example", recorded_at=MONDAY, **why
    )
    filing = Filing()
    filing.add(row)
    await do(memory, lambda uow: write(uow, [filing]))
    await do(memory, lambda uow: findings.find(uow, reference, 1, Outcome.NOT_UPHELD, "rightly", acting()))
    await do(memory, lambda uow: actions.respond(uow, reference, "We looked.", None, acting()))

    assert [one.is_held for one in await found(memory, reference)] == [False, True]
    assert not unanswered(await found(memory, reference), 1)
