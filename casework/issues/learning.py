"""What the council learns and promises: a lesson, the action that follows, who does it by when, and what became of it.

An action outlives its case (law.md §6, fault 12) and is chased like a complaint until somebody shows that it is done.
"""

from datetime import date

from casework.acting import Acting, Refused, happened, only_officers, the_case
from casework.actions import to_the_person
from casework.council import StaffRole
from casework.issues.issue_list import issue_of
from casework.people.walls import is_walled
from casework.representation import fold_address, voice_of
from procedures.clocks import in_words
from procedures.terms import ActionSource, Event, Notice
from storage import issues as stored
from storage.filing import Filing, write
from storage.tables import ActionEventRow, ActionRow, LessonRow
from storage.unit_of_work import UnitOfWork

SET_BY_OTHERS = (ActionSource.OMBUDSMAN, ActionSource.PANEL)


async def learn(uow: UnitOfWork, reference: str, words: str, acting: Acting, *, number: int | None = None) -> int:
    """Keep what a case taught, and return the lesson's number. The case may be closed."""
    only_officers(acting, "record what was learned")
    await the_case(uow, reference)
    if not words.strip():
        raise Refused("A lesson needs words that a colleague of another team understands. Nothing was kept.")
    if number is not None:
        await issue_of(uow, reference, number)
    row = LessonRow(
        case_reference=reference,
        number=number,
        words=words.strip(),
        learned_on=acting.today,
        recorded_at=acting.now,
        recorded_by=acting.person.address,
    )
    uow.add(row)
    await uow.flush()
    return row.id or 0


async def add_action(
    uow: UnitOfWork,
    reference: str,
    words: str,
    owner: str,
    due: date,
    source: ActionSource,
    acting: Acting,
    *,
    number: int | None = None,
    lesson: int | None = None,
) -> int:
    """Charge a person with something until a day, and return the action's number. The case may be closed.

    `due` is what was agreed, or what the panel or the Ombudsman set: it starts no clock of a procedure.
    """
    only_officers(acting, "charge somebody with an action")
    case = await the_case(uow, reference)
    if not words.strip():
        raise Refused("An action says what will be different when it is done. Nothing was changed.")
    person = await _colleague(uow, owner, reference, acting)
    if due < acting.today:
        raise Refused(f"{in_words(due)} has passed: nobody can promise it. Nothing was changed.")
    _can_be_reminded_of(due, acting)
    if number is not None:
        await issue_of(uow, reference, number)
    if lesson is not None and lesson not in {one.id for one in await stored.lessons_of(uow, reference)}:
        raise Refused(f"{reference} has no lesson {lesson}. Nothing was changed.")
    row = ActionRow(
        case_reference=reference,
        lesson_id=lesson,
        number=number,
        source=source,
        words=words.strip(),
        owner=fold_address(person),
        team=case.team,
        due_on=due,
        first_due_on=due,
        made_at=acting.now,
        made_by=acting.person.address,
    )
    uow.add(row)
    await uow.flush()
    filing = Filing()
    filing.add(acting.event(reference, Event.NOTED, f"action {row.id} ({source.value}) for {person}, until {due}"))
    await write(uow, [filing])
    return row.id or 0


def _can_be_reminded_of(due: date, acting: Acting) -> None:
    calendar = acting.office.calendar
    if not calendar.knows(due):
        raise Refused(
            f"{in_words(due)} lies beyond the calendar of bank holidays, which ends on {in_words(calendar.known_until)}: nobody "
            "could be reminded of it (the council's own rule). Give a day before that. Nothing was changed."
        )


async def give_to(uow: UnitOfWork, action: int, owner: str, why: str, acting: Acting) -> None:
    """Somebody else does it from now on."""
    only_officers(acting, "give an action to somebody else")
    row = await _open_action(uow, action)
    person = fold_address(await _colleague(uow, owner, row.case_reference, acting))
    if person == row.owner:
        raise Refused(f"Action {action} is with {person} already. Nothing was changed.")
    await _change(uow, row, acting, f"from {row.owner} to {person}: {_because(why)}", owner=person)


async def move(uow: UnitOfWork, action: int, due: date, why: str, acting: Acting) -> None:
    """Agree on another day. The day that was promised first stays on record, and is what a report counts by."""
    only_officers(acting, "move an action")
    row = await _open_action(uow, action)
    if due < acting.today:
        raise Refused(f"{in_words(due)} has passed. Nothing was changed.")
    _can_be_reminded_of(due, acting)
    if due == row.due_on:
        raise Refused(f"Action {action} is due on {in_words(due)} already. Nothing was changed.")
    said = _because(why)
    if row.source in SET_BY_OTHERS and due > row.due_on and "agreed" not in said.casefold():
        who = "the Ombudsman" if row.source is ActionSource.OMBUDSMAN else "the panel"
        raise Refused(
            f"Its day was set with {who}, not by us: a later one is theirs to agree to. Say in --why when and how they agreed "
            "(Local Government and Social Care Ombudsman 24 009 478: recommendations not done). Nothing was changed."
        )
    await _change(uow, row, acting, f"due {row.due_on} to {due}: {said}", due_on=due)


async def finish(uow: UnitOfWork, action: int, evidence: str, acting: Acting, *, on: date | None = None) -> None:
    """It is done, and this shows it. Its owner may say so, or an officer."""
    row = await _open_action(uow, action)
    if acting.person.role is not StaffRole.OFFICER and fold_address(acting.person.address) != row.owner:
        raise Refused(f"Action {action} is {row.owner}'s: they or an officer say that it is done. Nothing was changed.")
    if not evidence.strip():
        raise Refused("Say with --evidence what shows it: a page, a date, who was trained. Nothing was changed.")
    day = happened(on, acting)  # it may have been done already when the complaint came
    await _change(uow, row, acting, "done", done_on=day, done_by=acting.person.address, evidence=evidence.strip())


async def tell(uow: UnitOfWork, action: int, you_said: str, we_did: str, acting: Acting) -> None:
    """Tell the person what changed because of what they said. Once, when it is done, in words written for them."""
    only_officers(acting, "write to the person")
    row = await stored.action(uow, action)
    if row is None:
        raise _no_such(action)
    if row.done_on is None:
        raise Refused(
            f"Action {action} is not done: nothing has changed for them yet (the council's own rule). Nothing was sent."
        )
    if row.told_at is not None:
        raise Refused(f"They were told of action {action}. Nothing was sent again.")
    if row.case_reference is None:
        raise Refused(f"The case of action {action} is no longer kept: there is nobody to tell. Nothing was sent.")
    if not you_said.strip() or not we_did.strip():
        raise Refused("Say both, in words they would use: --you-said and --we-did. Nothing was sent.")
    case = await the_case(uow, row.case_reference)
    facts = {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "you_said": you_said.strip(),
        "we_did": we_did.strip(),
    }
    filing = Filing()
    await to_the_person(uow, case, Notice.YOU_SAID_WE_DID, f"you_said:{case.reference}:{action}", facts, acting, filing)
    await write(uow, [filing])
    await _change(uow, row, acting, "told the person what changed", told_at=acting.now)


async def _open_action(uow: UnitOfWork, action: int) -> ActionRow:
    row = await stored.action(uow, action)
    if row is None:
        raise _no_such(action)
    if row.done_on is not None:
        raise Refused(f"Action {action} was done on {in_words(row.done_on)}. Nothing was changed.")
    return row


async def _change(uow: UnitOfWork, row: ActionRow, acting: Acting, note: str, **values: object) -> None:
    filing = Filing()
    filing.change(ActionRow, {"id": row.id}, **values)
    filing.add(ActionEventRow(action_id=row.id or 0, recorded_at=acting.now, recorded_by=acting.person.address, note=note))
    if row.case_reference:
        filing.add(acting.event(row.case_reference, Event.NOTED, f"action {row.id}: {note}"))
    await write(uow, [filing])


async def _colleague(uow: UnitOfWork, address: str, reference: str | None, acting: Acting) -> str:
    """The address of a person of the settings: what nobody is reminded of is not done."""
    person = acting.office.council.person(address)
    if person is None:
        raise Refused(f"{address} is not one of the people in the settings, and could not be reminded. Nothing was changed.")
    if reference is not None and await is_walled(uow, person, reference):
        raise Refused(f"{person.address} is kept from {reference}, and from what follows from it. Nothing was changed.")
    return person.address


def _because(why: str) -> str:
    if not why.strip():
        raise Refused("Say why with --why. Nothing was changed.")
    return why.strip()


def _no_such(action: int) -> Refused:
    return Refused(f"There is no action {action} (the council's own list: `heard actions list --all`). Nothing was changed.")
