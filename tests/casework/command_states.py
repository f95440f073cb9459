"""Cases in every state that a complaint can be in, made by what people do, and every command of staff that is no plain step.

Received on Monday 10 March 2025; stage 1 is due on Monday 24 March.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from casework import actions
from casework.acting import Acting
from casework.answers import drafts, joint, sending_drafts, writing_drafts
from casework.answers.joint import Asking
from casework.answers.sending_drafts import Reached
from casework.council import Person
from casework.daily import behaviour
from casework.decisions import course, discretions, holds, second_look
from casework.decisions.acknowledging import Acknowledging
from casework.decisions.course import Choice
from casework.decisions.discretions import EARLY_REFERRAL, Weighed
from casework.decisions.holds import Hold
from casework.issues import findings, issue_list, learning, remedies
from casework.issues.issue_list import Mending
from casework.issues.remedies import Deciding
from casework.people import families
from casework.recording import record
from procedures.people import LinkKind
from procedures.terms import ActionSource, Event, Ground, Kind, Outcome, Procedure, Remedy, Role
from storage.filing import Filing, write
from storage.tables import EventRow, Way
from storage.unit_of_work import Memory, UnitOfWork
from tests.casework.rooms import MANAGER, OFFICER, a_case, a_panel
from tests.stories.faults.desk import HEAD, TOWN
from tests.stories.test_drafts import edited

SENTENCE = "we weighed it in some words"


def at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=UTC)


@dataclass
class Place:
    """A case in a state, the day that it is there, and the numbers of what is on it."""

    memory: Memory
    today: date = date(2025, 3, 10)
    reference: str = ""
    other: str = ""
    """Another open case of the same people."""
    remedy: int = 999
    part: int = 999
    plan: int = 999
    action: int = 999

    def by(self, person: Person = OFFICER) -> Acting:
        return Acting(person, TOWN, at(self.today))

    async def does(self, action: Callable[..., Awaitable[Any]], *given: Any, by: Person = OFFICER, **more: Any) -> Any:
        async with self.memory.unit_of_work() as uow:
            return await action(uow, self.reference, *given, self.by(by), **more)

    async def records(self, event: Event, day: date, why: str = "as it happened", **more: Any) -> None:
        self.today = max(self.today, day)
        async with self.memory.unit_of_work() as uow:
            await record(uow, self.reference, event, self.by(), on=day, why=why, **more)


async def draft_in(uow: UnitOfWork, place: Place) -> object:
    case = await writing_drafts.answerable(uow, place.reference)
    stage = await drafts.stage_of(uow, case, place.by(MANAGER))
    blank = await writing_drafts.blank(uow, case, stage, place.by(MANAGER), b"")
    return await drafts.take(uow, place.reference, place.by(MANAGER), letter=edited(blank.letter))


# the states, each from the one before


async def undecided(place: Place) -> None:
    """Nobody has decided the route."""
    place.reference = await a_case(place.memory, raised_by=Role.PARENT)
    place.other = await a_case(place.memory, raised_by=Role.PARENT)
    place.today = date(2025, 3, 11)


async def routed(place: Place, procedure: Procedure = Procedure.STATUTORY) -> None:
    """The route is decided."""
    await undecided(place)
    await place.does(actions.route, procedure, "read with the file")


async def listed(place: Place, procedure: Procedure = Procedure.STATUTORY) -> None:
    """Acknowledged with two numbered issues; a plan is warned of, and a colleague is charged with something."""
    await routed(place, procedure)
    for words in ("Nobody rang.", "I had to move."):
        await place.does(issue_list.add, words)
    await place.does(actions.acknowledge, Acknowledging(()))
    place.plan = (await place.does(behaviour.warn, "forty calls on one day", on=place.today)).id
    due = date(2026, 3, 2)
    place.action = await place.does(learning.add_action, "A call before a move", MANAGER.address, due, ActionSource.LESSON)
    place.today = date(2025, 3, 13)


async def held(place: Place) -> None:
    """Its second issue waits for a trial."""
    await listed(place)
    await place.does(holds.hold, [2], A_HOLD)


async def over_there(place: Place) -> None:
    """What part of it waited for has ended."""
    await held(place)
    await place.does(holds.proceedings_ended, [2], place.today)


async def together(place: Place) -> None:
    """Another body has promised its part of the answer."""
    await listed(place)
    place.part = (await place.does(joint.ask, ASKING)).id


async def stopping(place: Place) -> None:
    """They asked to stop, and nobody has spoken with them yet."""
    await listed(place)
    filing = Filing()
    filing.add(
        EventRow(
            case_reference=place.reference,
            name=Event.WITHDRAWAL_ASKED,
            happened_on=place.today,
            recorded_at=at(place.today),
            recorded_by="complainant",
        )
    )
    async with place.memory.unit_of_work() as uow:
        await write(uow, [filing])


async def found(place: Place, procedure: Procedure = Procedure.STATUTORY) -> None:
    """Something is found on each issue, and what puts it right is decided."""
    await listed(place, procedure)
    await finds(place)


async def finds(place: Place) -> None:
    """Both issues upheld at the stage that it is in."""
    for number in (1, 2):
        await place.does(findings.find, number, Outcome.UPHELD, "There is no call in the log of that month.")
        row = await place.does(remedies.decide, number, Deciding(Remedy.SERVICE_PUT_RIGHT, "We ring every Friday."))
    place.remedy = row.id


async def drafted(place: Place) -> None:
    """A colleague has written the answer."""
    await found(place)
    async with place.memory.unit_of_work() as uow:
        await draft_in(uow, place)


async def checked(place: Place) -> None:
    """A second person let it pass."""
    await drafted(place)
    async with place.memory.unit_of_work() as uow:
        await drafts.check(uow, place.reference, place.by(), {})


async def signed(place: Place) -> None:
    """A third signed it."""
    await checked(place)
    await place.does(drafts.sign, by=HEAD)


async def answered(place: Place) -> None:
    """It has left."""
    await signed(place)
    await place.does(sending_drafts.send)
    place.today = date(2025, 3, 17)


async def stage_2(place: Place) -> None:
    """They asked for stage 2, and who looks into it is appointed."""
    await answered(place)
    await place.records(Event.S2_REQUESTED, date(2025, 3, 24))
    await place.records(Event.IP_APPOINTED, date(2025, 3, 24), "B. Moss, of no council")


async def stage_2_answered(place: Place) -> None:
    """The notice of response reached them."""
    await stage_2(place)
    await finds(place)
    await place.records(Event.S2_NOTICE_SENT, date(2025, 4, 10), "by post")
    await place.records(Event.S2_NOTICE_RECEIVED, date(2025, 4, 11))


async def panel_asked(place: Place) -> None:
    """They asked for a panel in time."""
    await stage_2_answered(place)
    await place.records(Event.S3_REQUESTED, date(2025, 4, 14))


async def late_panel(place: Place) -> None:
    """A panel asked for after its twenty working days, which end on 13 May."""
    await stage_2_answered(place)
    await place.records(Event.S3_REQUESTED, date(2025, 6, 2))


async def final(place: Place) -> None:
    """The panel met, and the council answered it."""
    await panel_asked(place)
    async with place.memory.unit_of_work() as uow:
        await a_panel(uow, place.reference, place.by())
    await place.records(Event.PANEL, date(2025, 5, 12))
    await place.records(Event.RECOMMENDATIONS_RECEIVED, date(2025, 5, 16))
    await finds(place)
    await place.records(Event.S3_RESPONSE, date(2025, 6, 2), "by post")


async def withdrawn(place: Place) -> None:
    """It was their own choice to stop."""
    await stopping(place)
    await place.does(course.decide_withdrawal, Choice("Ravi Shah rang them at home", True))


async def came_late(place: Place) -> None:
    """Made more than a year after what it is about."""
    await listed(place)
    await place.records(Event.GROUNDS_AROSE, date(2023, 3, 1))


async def late_refused(place: Place) -> None:
    """It came too late, and both tests were weighed."""
    await came_late(place)
    await place.does(discretions.decide_late, accept=False, why=SENTENCE, **weighed(False))


async def interest_refused(place: Place) -> None:
    """There is no sufficient interest."""
    await listed(place)
    said: dict[str, Any] = {"relation": SENTENCE, "welfare": SENTENCE, "child": SENTENCE}
    await place.does(discretions.decide_interest, yes=False, why=SENTENCE, **said)


async def refused_elsewhere(place: Place, procedure: Procedure = Procedure.CORPORATE) -> None:
    """Refused for want of interest, then taken up under a procedure that knows no such refusal."""
    await interest_refused(place)
    await place.does(actions.route, procedure, "read again with the file")


async def transferred(place: Place) -> None:
    """Another body answers it."""
    await listed(place)
    await place.does(course.transfer, "Anytown NHS Trust", "by email on 3 March", "her letter", SENTENCE)


async def closed(place: Place) -> None:
    """Answered, put right and closed."""
    await answered(place)
    await place.does(remedies.give, place.remedy)
    await place.does(remedies.give, place.remedy - 1)
    await place.does(actions.close, "answered")


async def corporate(place: Place) -> None:
    """Acknowledged under the Complaint Handling Code."""
    await listed(place, Procedure.CORPORATE)


async def data_protection(place: Place) -> None:
    """It goes by the procedure for data."""
    await routed(place, Procedure.DATA_PROTECTION)


async def compliment(place: Place) -> None:
    """It is no complaint."""
    place.reference = await a_case(place.memory, kind=Kind.COMPLIMENT, raised_by=Role.PARENT)
    place.other = await a_case(place.memory, raised_by=Role.PARENT)
    place.today = date(2025, 3, 11)


STATES: Mapping[str, Callable[[Place], Awaitable[None]]] = {
    one.__name__: one
    for one in (
        undecided, routed, listed, held, over_there, together, stopping, came_late, found, drafted, checked, signed, answered,
        stage_2, stage_2_answered, panel_asked, late_panel, final, withdrawn, late_refused, interest_refused, refused_elsewhere,
        transferred, closed, corporate, data_protection, compliment,
    )
}  # fmt: skip

A_HOLD = Hold(Ground.CRIMINAL_PROCEEDINGS, "the trial at the crown court", "our findings could influence the witnesses")
ASKING = Asking("Anytown NHS Trust", "by phone on 11 March", date(2025, 3, 20), "by email")
Command = Callable[[UnitOfWork, Place], Awaitable[object]]


def of(action: Callable[..., Awaitable[Any]], *given: Any, by: Person = OFFICER, **more: Any) -> Command:
    """A command on the case, with good reasons: only where the case stands can refuse it."""
    return lambda uow, place: action(uow, place.reference, *given, place.by(by), **more)


def weighed(accept: bool) -> dict[str, Any]:
    return {"sooner": Weighed("sooner", SENTENCE, accept), "fairly": Weighed("fairly", SENTENCE, True)}


COMMANDS: Mapping[str, Command] = {
    "assign": of(actions.assign, MANAGER.address),
    "route": of(second_look.decide_route, Procedure.CORPORATE, SENTENCE),
    "kind": of(actions.change_kind, Kind.ENQUIRY, SENTENCE),
    "acknowledge": of(actions.acknowledge, Acknowledging(("Nobody rang.",))),
    "acknowledge with its list": of(actions.acknowledge, Acknowledging(())),
    "respond": of(actions.respond, "This is what we found.", None),
    "close": of(actions.close, SENTENCE),
    "note": of(actions.note, "rang at four"),
    "hold put": of(holds.hold, [1], A_HOLD),
    "hold put on what waits": of(holds.hold, [2], A_HOLD),
    "hold none": of(holds.no_hold, SENTENCE),
    "hold ended": lambda uow, place: holds.proceedings_ended(uow, place.reference, [], place.today, place.by()),
    "hold resubmitted": of(holds.resubmit, []),
    "decide interest yes": of(discretions.decide_interest, yes=True, why=SENTENCE),
    "decide interest no": of(
        discretions.decide_interest, yes=False, why=SENTENCE, relation=SENTENCE, welfare=SENTENCE, child=SENTENCE
    ),
    "decide late yes": of(discretions.decide_late, accept=True, why=SENTENCE, **weighed(True)),
    "decide late no": of(discretions.decide_late, accept=False, why=SENTENCE, **weighed(False)),
    "decide late-panel yes": of(discretions.decide_late_panel, accept=True, why_late="", worth="", why=SENTENCE),
    "decide late-panel no": of(discretions.decide_late_panel, accept=False, why_late=SENTENCE, worth=SENTENCE, why=SENTENCE),
    "decide freeze yes": of(discretions.decide_freeze, freeze=True, why=SENTENCE, told_by="Jo Field"),
    "decide freeze no": of(discretions.decide_freeze, freeze=False, why=SENTENCE, told_by="Jo Field", against=SENTENCE),
    "decide early-referral": of(discretions.refer_early, confirmed=dict.fromkeys(EARLY_REFERRAL, SENTENCE), why=SENTENCE),
    "decide withdrawal theirs": of(course.decide_withdrawal, Choice("Ravi Shah rang them at home", True)),
    "decide withdrawal not theirs": of(course.decide_withdrawal, Choice("Ravi Shah rang them at home", False)),
    "decide reopen": of(course.reopen, SENTENCE),
    "decide overrun": of(course.agree_overrun, date(2025, 6, 20), "she agreed by phone", SENTENCE),
    "decide transfer": of(course.transfer, "Anytown NHS Trust", "by email on 3 March", "her letter", SENTENCE),
    "issue add": of(issue_list.add, "I lost my school."),
    "issue mend": of(issue_list.mend, 1, Mending(words="Nobody rang me back."), SENTENCE),
    "issue split": of(issue_list.split, 1, ["Nobody rang.", "Nobody wrote."], SENTENCE),
    "issue withdraw": of(issue_list.withdraw, 2, SENTENCE),
    "issue ask": of(issue_list.ask),
    "issue confirm": of(issue_list.confirm, "by phone"),
    "issue find": of(findings.find, 1, Outcome.NOT_UPHELD, "The log has a call."),
    "remedy decide": of(remedies.decide, 1, Deciding(Remedy.APOLOGY, "We say sorry.")),
    "remedy given": lambda uow, place: remedies.give(uow, place.reference, place.remedy, place.by()),
    "remedy taken back": lambda uow, place: remedies.take_back(uow, place.reference, place.remedy, SENTENCE, place.by()),
    "draft": draft_in,
    "check": lambda uow, place: drafts.check(uow, place.reference, place.by(), {}),
    "sign": of(drafts.sign, by=HEAD),
    "send": of(sending_drafts.send),
    "sent by post": lambda uow, place: sending_drafts.sent_by_hand(
        uow, place.reference, Way.POST, place.today, "tracked", place.by()
    ),
    "reached": lambda uow, place: sending_drafts.reached(uow, place.reference, Reached.DELIVERED, place.today, place.by()),
    "joint ask": lambda uow, place: joint.ask(
        uow, place.reference, Asking(ASKING.body, ASKING.consent, place.today, "by email"), place.by()
    ),
    "joint came": lambda uow, place: joint.came(uow, place.part, None, place.by()),
    "joint apart": lambda uow, place: joint.apart(uow, place.part, SENTENCE, place.by()),
    "link": lambda uow, place: families.link(uow, place.reference, place.other, LinkKind.FAMILY, SENTENCE, place.by()),
    "plan warn": of(behaviour.warn, "forty calls on one day"),
    "plan begin": lambda uow, place: behaviour.begin(
        uow, place.plan, "one call a week", MANAGER.address, place.by(), told_of_ombudsman_on=place.today
    ),
    "plan review": lambda uow, place: behaviour.review(uow, place.plan, SENTENCE, place.by(), ends=False),
    "learn": of(learning.learn, "Nobody tells a child before a move."),
    "actions add": of(learning.add_action, "Train the team", MANAGER.address, date(2026, 3, 2), ActionSource.LESSON),
    "actions give": lambda uow, place: learning.give_to(uow, place.action, OFFICER.address, SENTENCE, place.by()),
    "actions move": lambda uow, place: learning.move(uow, place.action, date(2026, 5, 1), SENTENCE, place.by()),
    "actions done": lambda uow, place: learning.finish(uow, place.action, "practice note 12", place.by()),
    "actions tell": lambda uow, place: learning.tell(uow, place.action, "Nobody told me.", "We call first.", place.by()),
}
"""Every command, as `heard` calls it, with all that it asks for."""
