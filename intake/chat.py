"""A message in the chat: what was said gives the next turn, and the desk carries it out in the same filing."""

import secrets
from dataclasses import replace
from datetime import datetime
from typing import Any

from casework.clockwork import events_of
from casework.issues.answering import hear_about_list, hear_mending, says_yes
from casework.letters.opened import note_opened, note_received, opening_of
from casework.office import Office
from casework.opening import open_case, task
from casework.people.wishes import hear_wish
from casework.progress import State, where_it_stands
from casework.receiving import ask_for_advocate, ask_to_stop, hear_more, kept_where_uncounted, not_happy, reopen, status_facts
from casework.reference import read_reference
from intake.arrival import Letter
from intake.chat_desk import ChatDesk
from intake.chat_list import after_list, may_say_yes, no_list_is_last
from intake.chat_private import clears_of, forget_press, hear_bell, keep_equality, keep_felt, keep_place, ring_again, take_away
from intake.classification import Command
from intake.conversation import (
    AboutThem,
    Action,
    AddToCase,
    AskAdvocate,
    AskStatus,
    AskWithdrawal,
    CloseRoute,
    Conversation,
    HideChat,
    KeepPlace,
    KnownCase,
    Listened,
    MarkProblem,
    NewMatter,
    NotHappy,
    NotSafe,
    OpenCase,
    Reply,
    RingAgain,
    Said,
    SetRole,
    Step,
    Surroundings,
    Turn,
    Wishes,
    advance,
)
from intake.conversation.equality import is_about_them
from intake.filing_letters import file_letter, mark
from intake.reading import Reading
from intake.representing import ALERTS, Manner, alert_tier, represent
from procedures.terms import Channel, Kind, Notice, Procedure, Role
from procedures.working_days import date_at_the_desk
from storage.filing import Change, Filing
from storage.inbound import Known
from storage.listened import ANSWERED
from storage.outbox import outgoing
from storage.tables import ArrivalRow, CaseRow, ConversationRow, EventRow, LedgerResult, LetterRow, PartyRow, TaskKind

TIERS = {**ALERTS, "C": "worry"}
UNHAPPY = (Command.NOT_HAPPY, Command.NEXT_STEP)
ABOUT_THE_ANSWER = 400
"""Characters: a longer text that says "not happy" may be about something new, and is asked about."""
URGENT_SCREENS = ("danger", "low", "help", "threat", "not_safe", "cannot_call", "stop_made", "worry", "place", "hide")
"""What tells of help: it leaves before everything else."""
PLACES = ("location", "venue")
"""What the Bot API calls a place on a map."""


def hear_chat(reading: Reading, arrival_id: str, known: Known, office: Office, now: datetime, filing: Filing) -> None:
    """File one thing that was said in a chat: the case it opens or joins, where the conversation stands now, and the replies."""
    desk = ChatDesk(reading, arrival_id, known, office, now, filing)
    letter = reading.letter
    if not letter.is_private or not letter.chat_id:
        _keep_nothing(filing)
        return
    before = known.conversations.get(letter.chat_id)
    conversation = Conversation.from_state(letter.chat_id, before.state if before else {})
    if (tapped := hear_bell(desk, conversation, _surroundings(desk, before))) is not None:
        _answer(desk, tapped)
        return
    desk.is_mending = conversation.step is Step.MENDING
    turn = advance(conversation, after_list(desk, _after_opening(desk, said_of(reading))), _surroundings(desk, before))
    if not turn.actions and not turn.replies:
        mark(filing, LedgerResult.ASKED, None)
    if is_about_them(letter.button):
        forget_press(desk)
    _answer(desk, turn)


def _answer(desk: ChatDesk, turn: Turn) -> None:
    """Do what the turn asks for, and say what it says."""
    turn = _carry_out(desk, turn)
    for number, reply in enumerate(turn.replies):
        _reply(desk, reply, number, turn)
    if turn.replies:
        no_list_is_last(desk)
    _save(desk, turn.conversation)


def _save(desk: ChatDesk, conversation: Conversation) -> None:
    letter = desk.letter
    blocked = letter.blocked if letter.blocked is not None else False
    row = ConversationRow(chat_id=letter.chat_id, state=conversation.to_state(), updated_at=desk.now, is_blocked=blocked)
    desk.filing.add(row)
    desk.known.conversations[letter.chat_id] = row


def _after_opening(desk: ChatDesk, said: Said) -> Said:
    """The button beneath an answer: that it was opened is kept, and they see where it stands, with what they can do next."""
    opening = opening_of(said.button)
    if opening is None or opening.reference not in desk.own:
        return said
    note_opened(opening, desk.letter.chat_id, desk.at, desk.filing)
    if (hearing := desk.hearing(opening.reference)) is not None:
        note_received(opening, hearing)
    return replace(said, button="", text="/check")


def said_of(reading: Reading) -> Said:
    """What was said, as the conversation takes it."""
    letter, shown = reading.letter, reading.shown
    return Said(
        at=letter.arrival.received_at,
        text=letter.words,
        button=letter.button,
        attachments=_kinds(letter),
        number=letter.message_number,
        album=letter.album,
        is_edit=letter.is_edit,
        is_private=letter.is_private,
        blocked=letter.blocked,
        tier=TIERS.get(shown.tier, ""),
        suggests_thanks=shown.kind is Kind.COMPLIMENT,
        not_english=shown.needs_translation,
        is_not_happy=shown.command in UNHAPPY or (shown.is_not_happy and len(letter.words) <= ABOUT_THE_ANSWER),
        says_yes=says_yes(letter.words),
        asks_about=read_reference(letter.words) or "" if len(letter.words) < 20 else "",
    )


def _kinds(letter: Letter) -> tuple[str, ...]:
    """The kinds of what came. A place that moves is sent as an edit each time: the first is kept, the others are nothing."""
    if letter.is_edit and any(one.name in PLACES for one in letter.attachments):
        return ()
    return tuple("place" if one.name in PLACES and one.kind == "unreadable" else one.kind for one in letter.attachments)


def _surroundings(desk: ChatDesk, before: ConversationRow | None) -> Surroundings:
    letter, known = desk.letter, desk.known
    return Surroundings(
        nonce=secrets.token_urlsafe(6),
        is_staffed=desk.office.council.is_staffed(desk.now, desk.office.open_days),
        cases=tuple(_known_case(desk, case) for case in known.chats_cases(letter.chat_id)),
        is_blocked=bool(before and before.is_blocked),
        edited_reference=known.message_numbers.get((letter.chat_id, letter.message_number), "") if letter.is_edit else "",
    )


def _known_case(desk: ChatDesk, case: CaseRow) -> KnownCase:
    events = events_of(desk.known.events.get(case.reference, []))
    progress = where_it_stands(case.kind, case.procedure, case.form, events, desk.office, date_at_the_desk(desk.now))
    return KnownCase(
        reference=case.reference,
        kind=case.kind,
        is_open=case.closed_on is None,
        is_answered=progress.state is State.ANSWERED,
        is_stopping=progress.state is State.STOPPING,
        has_ended=_has_ended(desk, case.reference),
        has_list=may_say_yes(desk, case.reference),
        may_ask_about_them=any(event in events for event in ANSWERED) and desk.own.isdisjoint(desk.known.alerts),
    )


def _has_ended(desk: ChatDesk, reference: str) -> bool:
    """Whether who writes spoke for somebody on this case, and their authority has ended."""
    return str(desk.letter.chat_id) in desk.known.ended.get(reference, ())


def _carry_out(desk: ChatDesk, turn: Turn) -> Turn:
    """Do what the turn asks for. A case that it opens gives its reference to the rest of the turn."""
    for action in turn.actions:
        if isinstance(action, OpenCase | NewMatter):
            turn = turn.settled(_open(desk, action, turn.conversation.role))
    for action in turn.actions:
        _do(desk, action, turn)
    if RingAgain() in turn.actions:
        turn = replace(turn, conversation=ring_again(desk, turn.conversation))
    return turn


def _open(desk: ChatDesk, action: OpenCase | NewMatter, role: Role) -> str:
    if isinstance(action, NewMatter):
        return _open_new_matter(desk, action, role)
    told = represent(desk.reading, Manner(), kind=action.kind, role=action.role)
    opened = open_case(replace(told, answer=False), desk.office, desk.now, desk.filing)
    reference = opened.case.reference
    mark(desk.filing, LedgerResult.OPENED, reference)
    desk.filing.add(*file_letter(desk.letter, desk.arrival_id, reference))
    _remember(desk, opened.case, [row for row in desk.filing.rows if isinstance(row, EventRow)])
    return reference


def _open_new_matter(desk: ChatDesk, action: NewMatter, role: Role) -> str:
    """The person says that what they have added since then is something new: it opens its own case, received then.

    A button has no words to read, so nothing is suggested: a person decides.
    """
    told = represent(desk.reading, Manner(), kind=Kind.COMPLAINT, role=role, may_belong_to=[action.reference])
    told = replace(told, received_at=action.since, answer=False, reasons=(), suggested=Procedure.UNDECIDED)
    opened = open_case(told, desk.office, desk.now, desk.filing)
    mark(desk.filing, LedgerResult.OPENED, opened.case.reference)
    of_this_chat = {"case_reference": action.reference, "chat_id": desk.letter.chat_id}
    moved = Change(LetterRow, of_this_chat, {"case_reference": opened.case.reference}, since={"received_at": action.since})
    desk.filing.changes.append(moved)
    _remember(desk, opened.case, [row for row in desk.filing.rows if isinstance(row, EventRow)])
    return opened.case.reference


def _do(desk: ChatDesk, action: Action, turn: Turn) -> None:  # noqa: PLR0912  # one line for each thing that a turn can ask for
    match action:
        case AddToCase(reference=reference):
            mark(desk.filing, LedgerResult.ADDED, reference)
            desk.filing.add(*file_letter(desk.letter, desk.arrival_id, reference))
            desk.known.message_numbers[desk.letter.chat_id, desk.letter.message_number] = reference
            if tier := alert_tier(desk.reading):
                desk.alert(reference, tier)
            _hear_more(desk, turn, reference)
        case SetRole(reference=reference, role=role):
            desk.filing.change(CaseRow, {"reference": reference}, raised_by=role)
            if (case := desk.known.cases.get(reference)) is not None:
                case.raised_by = role
        case Wishes(reference=reference, wish=wish):
            desk.hears(reference, lambda hearing: hear_wish(hearing, wish))
        case AskStatus(reference=reference) if reference and reference not in desk.own:
            detail = "asked by a chat that is not on the case"
            known = reference if reference in desk.known.cases else None
            desk.filing.add(task(f"asked:{desk.arrival_id}", TaskKind.ASKED_BY_STRANGER, known, desk.now, desk.now, detail))
        case AskAdvocate(reference=reference):
            desk.hears(reference, ask_for_advocate)
        case AskWithdrawal(reference=reference, is_pressed=True):
            desk.alert(reference, "harm", "says that someone is making them stop")
        case AskWithdrawal(reference=reference):
            desk.hears(reference, ask_to_stop)
        case NotHappy(reference=reference):
            desk.hears(reference, not_happy)
        case NotSafe(reference=reference, cannot_call=cannot_call):
            desk.alert(reference, "harm", "says: not safe, and cannot call" if cannot_call else "says: not safe")
        case MarkProblem(reference=reference):
            _now_a_complaint(desk, reference)
        case KeepPlace():
            keep_place(desk, action)
        case Listened():
            keep_felt(desk, action)
        case AboutThem():
            keep_equality(desk, action)
        case CloseRoute(is_closed=is_closed):
            desk.filing.change(PartyRow, {"chat_id": desk.letter.chat_id}, is_closed=is_closed)
            _tell_of_closed_route(desk, is_closed=is_closed)
        case _:
            pass


def _hear_more(desk: ChatDesk, turn: Turn, reference: str) -> None:
    """What was added may say that it is not right yet; where the turn itself asks for the next step, that is all."""
    hearing = desk.hearing(reference)
    if hearing is None or any(isinstance(action, NotHappy) for action in turn.actions):
        return
    if _has_ended(desk, reference):  # kept, and asks for nothing by itself
        hear_more(hearing)
        return
    if desk.is_mending:
        hear_mending(hearing)
    elif (sent := desk.known.lists.get(reference)) and hear_about_list(hearing, desk.letter.words, sent):
        del desk.known.lists[reference]
    with kept_where_uncounted(hearing):
        if desk.reading.shown.command in UNHAPPY:
            not_happy(hearing)
        else:
            hear_more(hearing, is_not_happy=desk.reading.shown.is_not_happy)


def _now_a_complaint(desk: ChatDesk, reference: str) -> None:
    """What was read as a thank-you says that something is wrong: it is a complaint from the day it came."""
    case = desk.known.cases.get(reference)
    if case is None or case.kind is Kind.COMPLAINT:
        return
    desk.filing.change(CaseRow, {"reference": reference}, kind=Kind.COMPLAINT)
    case.kind = Kind.COMPLAINT
    if (hearing := desk.hearing(reference)) is None:
        return
    with kept_where_uncounted(hearing):
        reopen(hearing)
        hearing.ask_staff(TaskKind.CONFIRM_ROUTE, "the person says that their thank-you is a complaint")
        hearing.start_clocks()


def _tell_of_closed_route(desk: ChatDesk, *, is_closed: bool) -> None:
    """A block is not a withdrawal: the clocks run on, and an officer is told. No other route is chosen by itself."""
    if not is_closed:
        return
    for case in desk.known.open_cases(desk.known.chats_cases(desk.letter.chat_id)):
        key = f"blocked:{case.reference}:{desk.arrival_id}"
        detail = "the chat was closed by the person; agree a safe route before writing another way"
        desk.filing.add(task(key, TaskKind.CANNOT_REACH, case.reference, desk.now, desk.now, detail))


def _reply(desk: ChatDesk, reply: Reply, number: int, turn: Turn) -> None:
    """Put a screen in the outbox. One of them is the receipt of the case that was just opened."""
    is_receipt = reply.is_receipt
    notice = (Notice.THANKS if reply.screen == "sent_thanks" else Notice.RECEIPT) if is_receipt else Notice.SCREEN
    urgent = 1 if reply.screen.startswith(URGENT_SCREENS) else 3
    key = f"receipt:{reply.reference}" if is_receipt else f"screen:{desk.arrival_id}:{number}"
    hidden = next((action for action in turn.actions if isinstance(action, HideChat)), None)
    if hidden is not None:
        take_away(desk, key, hidden)
    desk.filing.add(
        outgoing(
            key=key,
            notice=notice,
            channel=Channel.TELEGRAM,
            recipient=str(desk.letter.chat_id),
            now=desk.now,
            domain=desk.office.domain,
            facts=_facts(desk, reply) | (clears_of(hidden) if hidden is not None else {}),
            case_reference=reply.reference if reply.reference in desk.known.cases else None,
            urgency=urgent,
        )
    )


def _facts(desk: ChatDesk, reply: Reply) -> dict[str, Any]:
    """What a screen may say: the screen, its buttons and, about the case in hand, its next dates."""
    facts: dict[str, Any] = {
        "screen": reply.screen,
        "nonce": reply.nonce,
        "buttons": list(reply.buttons) if reply.buttons is not None else None,
        "voice": reply.voice,
        "is_night": reply.is_night,
        "seen_from": desk.office.council.next_staffed(desk.now, desk.office.open_days).isoformat(),
        "reference": reply.reference,
        "read_by": None,
        "due_on": None,
        "state": "",
        "reason": None,
        "parts": [],
    }
    case = desk.known.cases.get(reply.reference)
    if case is not None and reply.screen != "ended":
        events, parts = desk.known.events.get(case.reference, []), desk.known.parts.get(case.reference, ())
        about = status_facts(case, events, desk.office, date_at_the_desk(desk.now), parts)
        facts |= {name: about[name] for name in ("read_by", "due_on", "state", "reason", "parts")}
    return facts


def _remember(desk: ChatDesk, case: CaseRow, events: list[EventRow]) -> None:
    desk.known.cases[case.reference] = case
    desk.known.by_chat.setdefault(desk.letter.chat_id, set()).add(case.reference)
    desk.known.events[case.reference] = [event for event in events if event.case_reference == case.reference]
    desk.known.message_numbers[desk.letter.chat_id, desk.letter.message_number] = case.reference


def _keep_nothing(filing: Filing) -> None:
    """Not a private chat: what was said there is not kept, only that something came."""
    for row in filing.rows:
        if isinstance(row, ArrivalRow):
            row.raw = b""
