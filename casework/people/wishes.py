"""How a person wants to be treated, as they answer it in the chat: kept on their case for an officer (practice.md §4).

Whom they do not want told is never named in a task, a mail or a digest: their words lie in the case and nowhere else.
"""

from collections.abc import Iterable, Mapping
from datetime import timedelta

from casework.clockwork import events_of
from casework.decisions.by_an_officer import how_it_is_decided
from casework.opening import FREEZE, task
from casework.receiving import Hearing
from casework.representation import fold_address
from casework.telling_staff import NOT_TOLD, tell_staff
from procedures.clocks import in_words
from procedures.people import Need
from procedures.terms import Event, Notice, Wish
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage.outbox import short_key
from storage.tables import AccessNeedRow, OutboxRow, OutboxState, TaskKind

SAYS_WHO_WITHIN = timedelta(minutes=15)
"""So long officers are not mailed that there is somebody, while nobody said who."""
_SAYS: Mapping[Wish, str] = {
    Wish.CHANGES_THIS_WEEK: "says that something changes for them this week",
    Wish.CHANGES_LATER: "says that something changes for them later",
    Wish.MAY_CHANGE: "says in their own words whether something is about to change: their message of that moment",
    Wish.NOTHING_CHANGES: "says that nothing is about to change for them",
    Wish.SOMEBODY_NOT_TOLD: "says that there is somebody who should not be told that they wrote",
    Wish.NOT_TELL: "says who should not be told that they wrote: their message of that moment",
    Wish.TELL_ANYONE: "says that there is nobody who should not be told",
    Wish.ANYONE_TALKS: "says that anybody may talk to them about it",
    Wish.CHOSEN_TO_TALK: "says who should talk to them about it: their message of that moment",
    Wish.WRITE_HERE: "would like to be written to in the chat",
    Wish.CALL: "would like to be called",
    Wish.CALL_ON: "says on which number, and when it is safe: their message of that moment",
    Wish.MEET: "would like to meet somebody",
    Wish.HELP_TO_TALK: "says what helps them to read, hear or talk: their message of that moment",
    Wish.NO_HELP_TO_TALK: "needs nothing to read, hear or talk",
    Wish.EASY_WORDS: "would like easy words",
    Wish.PLAIN_WORDS: "would like plain words, not the easy ones",
    Wish.MORE_DETAIL: "would like more detail, with the law",
    Wish.CHILD_KNOWS: "says that the young person knows that they wrote",
    Wish.CHILD_KNOWS_NOT: "says that the young person does not know that they wrote",
    Wish.CHILD_TOO_YOUNG: "says that the young person is too young to know that they wrote",
    Wish.SHARE_NAMED: "says that whoever they thank may see their words and their name",
    Wish.SHARE_WORDS: "says that whoever they thank may see their words, but not their name",
    Wish.SHARE_TELL: "says that whoever they thank may be told of it, but may not see their words",
}
_NOT_TOLD = (
    "they ask that somebody is not told that they wrote: read their messages, ask them safely if it does not say who, and put up "
    'the wall: `heard case wall up {reference} --person "…" --why "…"`, with --family for somebody of their family'
)


def share_said(notes: Iterable[str]) -> Wish | None:
    """How far somebody last said that their thanks may be shown, by the notes of their case, oldest first; None: not said."""
    sharing = {_SAYS[wish]: wish for wish in (Wish.SHARE_NAMED, Wish.SHARE_WORDS, Wish.SHARE_TELL)}
    said = [sharing[note] for note in notes if note in sharing]
    return said[-1] if said else None


def hear_wish(hearing: Hearing, wish: Wish) -> None:
    """Keep what they answered; what somebody must act on is a task for an officer."""
    hearing.happened(Event.NOTED, _SAYS[wish])
    match wish:
        case Wish.CHANGES_THIS_WEEK:
            _freeze(hearing, "they say that it is this week")
        case Wish.MAY_CHANGE:
            _freeze(hearing, "their words may say that it is soon: a person reads them")
        case Wish.SOMEBODY_NOT_TOLD | Wish.NOT_TELL:
            reference = hearing.case.reference
            # A key of its own for each message: whom they name later is a task too, even where the first is done.
            key = f"not_told:{reference}:{hearing.token}"
            hearing.filing.add(
                task(key, TaskKind.CONFIRM_WALL, reference, hearing.now, hearing.now, _NOT_TOLD.format(reference=reference))
            )
            _tell_officers(hearing, says_who=wish is Wish.NOT_TELL)
        case Wish.CALL:
            hearing.ask_staff(TaskKind.CALL_BACK, "asked for in the chat: ring only when they said that it is safe")
        case Wish.HELP_TO_TALK:
            _need(hearing)
        case _:
            pass


def _tell_officers(hearing: Hearing, *, says_who: bool) -> None:
    """Once their words are there: whom they name in full is walled by then, and who stands in is mailed instead.

    While they only said that there is somebody it waits: the officer who hears of it may be the one. What waits does not leave
    beside what they then say. The mail says neither whom nor why.
    """
    council, reference = hearing.office.council, hearing.case.reference
    officers = [person.address for person in council.officers_for(())]
    waits = f"not_told:{reference}"
    if says_who:
        for address in officers:
            key = short_key(f"{waits}:{fold_address(address)}")
            hearing.filing.change(OutboxRow, {"key": key, "state": OutboxState.QUEUED}, state=OutboxState.CANCELLED)
    tell_staff(
        hearing.filing,
        officers,
        key=f"{waits}:{hearing.token}" if says_who else waits,
        notice=Notice.TROUBLE,
        facts={"what": NOT_TOLD, "detail": reference, "since": None, "do": ""},
        now=hearing.now,
        domain=hearing.office.domain,
        urgency=2,
        reference=reference,
        due_at=None if says_who else hearing.now + SAYS_WHO_WITHIN,
    )


def _freeze(hearing: Hearing, why: str) -> None:
    """Whether it waits is decided on the next working day: the decision is opened the day they say so."""
    if Event.FREEZE_ASKED not in events_of(hearing.events):
        hearing.happened(Event.FREEZE_ASKED, why)
    by = hearing.office.calendar.add_working_days(date_at_the_desk(hearing.now), 1)
    due = moment_at_the_desk(by, hearing.office.council.closes_at)
    reference = hearing.case.reference
    how = f"{FREEZE}: {how_it_is_decided(TaskKind.FREEZE, reference)}"
    hearing.filing.add(task(f"freeze:{reference}", TaskKind.FREEZE, reference, due, hearing.now, how))


def _need(hearing: Hearing) -> None:
    """It stands on the case before a person has read which it is; whoever did says so (`heard case need`)."""
    hearing.filing.add(
        AccessNeedRow(
            case_reference=hearing.case.reference,
            need=Need.OTHER,
            words=f"in their own words, in their message of {in_words(hearing.today)}",
            recorded_at=hearing.now,
            recorded_by="complainant",
        )
    )
