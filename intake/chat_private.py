"""What a watched phone asks of the chat: doorbells that are read and hidden again, a place that is sealed, the quick exit."""

import json
import math
from dataclasses import dataclass, replace
from typing import Any

from casework.daily.equality import answer_of_nobody
from casework.letters.doorbell import Bell, bell_in, to_cover, to_read, to_ring_again, to_sweep, to_take_away
from casework.letters.opened import note_opened, note_received
from intake.chat_desk import ChatDesk
from intake.conversation import AboutThem, CloseRoute, Conversation, HideChat, KeepPlace, Listened, Said, Step, Surroundings, Turn
from intake.conversation.hearing import PLACES_KEPT_FOR
from intake.conversation.showing import Moment
from intake.filing_letters import mark
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage.columns import Question
from storage.tables import ArrivalRow, LedgerResult, ListenedRow, OutboxRow, PlaceRow

HIDDEN = "hidden"
TWICE_SECONDS = 2
_IN_DANGER = 'sent a place on a map: two people may look at it, `heard case place {named} --why "…"`'
_SEALED = 'sent a place on a map; it is sealed, and gone after three days (`heard case place {named} --why "…"`)'
_OF_THE_TASK = ", where NUMBER is this task's"
"""A place without a case has no other name."""


def hear_bell(desk: ChatDesk, conversation: Conversation, surroundings: Surroundings) -> Turn | None:
    """A tap on a doorbell, or on what hides it again; None where it was something else. Twice at once takes effect once.

    Whose authority has ended is told that, and reads nothing of what came before either.
    """
    bell = bell_in(desk.letter.button)
    if bell is None:
        return None
    # Whoever taps has let the bot in again.
    actions = (CloseRoute(is_closed=False),) if surroundings.is_blocked else ()
    rung = desk.known.rung.get(bell.row_id)
    last = conversation.pressed_at if conversation.pressed == desk.letter.button else None
    is_twice = last is not None and abs((desk.at - last).total_seconds()) < TWICE_SECONDS
    if rung is None or rung.recipient != str(desk.letter.chat_id) or is_twice:
        mark(desk.filing, LedgerResult.ASKED, None)
        return Turn(conversation, actions)
    mark(desk.filing, LedgerResult.ASKED, rung.case_reference)
    pressed = replace(conversation, pressed=desk.letter.button, pressed_at=desk.at, last_said_at=desk.at)
    reference = rung.case_reference or ""
    if bell.is_read and rung.recipient in desk.known.ended.get(reference, ()):
        return Moment(pressed, Said(desk.at), surroundings).screen("ended", *actions, reference=reference, step=Step.IDLE)
    if not bell.is_read:
        desk.filing.add(to_cover(rung, desk.arrival_id, desk.now, desk.now, desk.office.domain))
        return Turn(pressed, actions)
    return Turn(_read(desk, bell, rung, pressed), actions)


def _read(desk: ChatDesk, bell: Bell, rung: OutboxRow, pressed: Conversation) -> Conversation:
    """Show the words, and take what they say to them as being about the case that they were about."""
    number, hides = desk.letter.message_number, pressed.bell == HIDDEN
    desk.filing.add(*to_read(rung, number, desk.arrival_id, desk.now, desk.office.domain, hides=hides))
    _note_read(desk, bell)
    is_about = rung.case_reference in desk.own and pressed.step not in (Step.TELLING, Step.THANKING)
    return replace(pressed, reference=rung.case_reference or "", step=Step.IDLE) if is_about else pressed


def _note_read(desk: ChatDesk, bell: Bell) -> None:
    """Behind the bell was an answer: that they have opened it is on record (practice.md §3)."""
    if bell.opening is None or bell.opening.reference not in desk.own:
        return
    note_opened(bell.opening, desk.letter.chat_id, desk.at, desk.filing)
    if (hearing := desk.hearing(bell.opening.reference)) is not None:
        note_received(bell.opening, hearing)


@dataclass(frozen=True)
class Place:
    """A place on a map, in degrees, and how exact it is."""

    latitude: float
    longitude: float
    within_metres: float | None = None


def place_in(update: bytes) -> Place | None:
    """The place that an update sends; None where there is none that can be on a map."""
    try:
        message = json.loads(update)["message"]
        sent = message.get("location") or message["venue"]["location"]
        latitude, longitude = float(sent["latitude"]), float(sent["longitude"])
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        return None
    if not (abs(latitude) <= 90 and abs(longitude) <= 180):
        return None
    return Place(latitude, longitude, _metres(sent.get("horizontal_accuracy")))


def _metres(said: Any) -> float | None:
    return float(said) if isinstance(said, int | float) and math.isfinite(said) and said >= 0 else None


def keep_place(desk: ChatDesk, action: KeepPlace) -> None:
    """Seal it for three days, and have a person decide whether it is looked at: now, of who said that they are not safe; else
    within two working hours (practice.md §2). What has no case yet goes by the number of its task."""
    reference = action.reference or _newest(desk)
    mark(desk.filing, LedgerResult.ASKED, reference or None)
    place = place_in(desk.letter.arrival.raw)
    if place is None:
        return
    desk.filing.add(
        PlaceRow(
            arrival_id=desk.arrival_id,
            case_reference=reference or None,
            chat_id=desk.letter.chat_id,
            sent_at=desk.at,
            gone_at=desk.at + PLACES_KEPT_FOR,
            latitude=place.latitude,
            longitude=place.longitude,
            within_metres=place.within_metres,
        )
    )
    said = (_IN_DANGER if action.is_in_danger else _SEALED).format(named=reference or "NUMBER")
    desk.alert(reference, "harm" if action.is_in_danger else "look", said if reference else said + _OF_THE_TASK)
    if (hearing := desk.hearing(reference)) is not None:
        hearing.happened(Event.NOTED, _SEALED.format(named=reference))


def _newest(desk: ChatDesk) -> str:
    """The newest case of this chat, finished or not; empty where it has none."""
    return next((case.reference for case in desk.known.chats_cases(desk.letter.chat_id)), "")


def keep_felt(desk: ChatDesk, action: Listened) -> None:
    """Their last word on it stands, and is on the case for the staff to see."""
    mark(desk.filing, LedgerResult.ASKED, action.reference)
    chat, on = desk.letter.chat_id, date_at_the_desk(desk.at)
    desk.filing.add(ListenedRow(case_reference=action.reference, chat_id=chat, felt=action.felt, said_on=on))
    whose = {"case_reference": action.reference, "chat_id": chat}
    desk.filing.change(ListenedRow, whose, felt=action.felt, said_on=on)
    if (hearing := desk.hearing(action.reference)) is not None:
        hearing.happened(Event.NOTED, f"asked whether they felt listened to: {action.felt.value.replace('_', ' ')}")


def keep_equality(desk: ChatDesk, action: AboutThem) -> None:
    """Keep what they answered as nobody's. A typed number is a press as well."""
    forget_press(desk)
    if action.answer:
        desk.filing.add(answer_of_nobody(Question(action.question), action.answer, date_at_the_desk(desk.at)))


def forget_press(desk: ChatDesk) -> None:
    """Of a press at these questions keep only that something came: not which button, also of one that was old or came twice."""
    mark(desk.filing, LedgerResult.ASKED, None)
    for row in desk.filing.rows:
        if isinstance(row, ArrivalRow):
            row.raw = b""


def clears_of(action: HideChat) -> dict[str, Any]:
    """What the reply to the quick exit takes with it."""
    return {"clears": list(action.theirs)}


def ring_again(desk: ChatDesk, conversation: Conversation) -> Conversation:
    """What lay unread in a chat that was emptied lies in it again. Of a case on which they speak for nobody any more, nothing.

    Where the chat was emptied in this very group of arrivals nothing was looked up: the next time they ask, it is.
    """
    chat = desk.letter.chat_id
    if chat not in desk.known.bells:
        return conversation
    for rung in desk.known.bells.pop(chat):
        reference = rung.case_reference or ""
        if reference in desk.own and str(chat) not in desk.known.ended.get(reference, ()):
            desk.filing.add(to_ring_again(rung, desk.arrival_id, desk.now, desk.office.domain))
    return replace(conversation, emptied=False)


def take_away(desk: ChatDesk, key: str, action: HideChat) -> None:
    """That it was hidden is itself gone after a minute; what is more than one call can delete goes meanwhile."""
    chat, domain = desk.letter.chat_id, desk.office.domain
    desk.filing.add(to_take_away(key, chat, desk.now, domain), to_sweep(key, chat, action.theirs, desk.now, domain))
