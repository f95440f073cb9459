"""The desk: the story of an inbound letter, from top to bottom. Pure: it makes the rows, reception writes them.

What a machine sent is kept and never answered. What belongs to a case is added. What asks, is told if it may be told.
Everything else opens a case: when in doubt it is a complaint (Complaint Handling Code, 1.4 and 1.5).
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import TypeGuard

from sqlmodel import SQLModel

from casework.delivery import came_back
from casework.issues.answering import hear_about_list
from casework.office import Office
from casework.opening import Alert, alert_duty, open_case, task
from casework.receiving import (
    Hearing,
    ask_for_advocate,
    ask_to_stop,
    call_back,
    hear_more,
    kept_where_uncounted,
    next_stage,
    not_happy,
    tell_status,
)
from casework.representation import Writer, fold_address
from intake.arrival import Letter, Wire
from intake.chat import hear_chat
from intake.classification import Command
from intake.filing_letters import file_letter, ledger_row, mark
from intake.letters import MAY_BE_A_PERSON
from intake.letters.locked import is_notice_of_a_portal
from intake.matching import Belonging, Trust, belongs, is_forged, is_verified, returned_ids
from intake.reading import NotRead, Reading
from intake.representing import Manner, alert_tier, represent, thread
from procedures.terms import Channel, Kind, Notice
from procedures.working_days import UnknownDates, date_at_the_desk, moment_at_the_desk
from storage.filing import Filing
from storage.inbound import AUTOMATIC_NOTICES, Known
from storage.outbox import outgoing
from storage.tables import ArrivalRow, CaseRow, EventRow, LedgerResult, OutboxRow, TaskKind

ADDED_AT_MOST_EVERY = timedelta(hours=1)
STATUS_AT_MOST = 3
"""Cases of one person that one question is answered about."""
UNSHOWN = "nothing shows that the person on file wrote this, so nobody was answered: find out, and answer"
MAY_ASK_IN_QUOTE = "it may say more between the lines of the letter that it quotes: read it whole"

_COMMANDS = {
    Command.STOP: ask_to_stop,
    Command.NEXT_STEP: not_happy,
    Command.NOT_HAPPY: not_happy,
    Command.ADVOCATE: ask_for_advocate,
    Command.CALL: call_back,
}


def may_be_a_person(reading: Reading) -> bool:
    """Whether somebody may have written what only looks like a machine's letter, by its words and by how it was sent."""
    letter = reading.letter
    names = [file.name for file in letter.attachments]
    if letter.automatic_reason == "auto-submitted" and is_notice_of_a_portal(letter.words, names, letter.sender_name):
        return True  # a machine tells of it, and behind the sign-in stand a person's words
    return letter.automatic_reason in MAY_BE_A_PERSON and not reading.shown.is_automatic_or_spam


def _not_answered(letter: Letter) -> str:
    why = f"came as {letter.automatic_reason}" if letter.sender else "names no single sender"
    return f"the letter {why}: nobody was answered"


def _row(letter: Letter, arrival_id: str, now: datetime) -> ArrivalRow:
    told = {"message_id": letter.message_id, "problem": letter.arrival.problem}
    return ledger_row(letter.arrival, arrival_id, now, LedgerResult.ASKED, **told)


def _is_a_new_problem(reading: Reading, case: CaseRow) -> bool:
    """A problem added to a thank-you would have no clock and no answer: in doubt it is one."""
    return case.kind is Kind.COMPLIMENT and (reading.shown.kind is not Kind.COMPLIMENT or bool(alert_tier(reading)))


def _is_automatic_mail(row: SQLModel) -> TypeGuard[OutboxRow]:
    return isinstance(row, OutboxRow) and row.channel is Channel.EMAIL and row.notice in AUTOMATIC_NOTICES


@dataclass
class Desk:
    """One group of letters being filed. `known` grows with each, so that the next one finds it."""

    known: Known
    office: Office
    now: datetime
    manner: Manner = field(default_factory=Manner)

    def file_away(self, reading: Reading | NotRead, arrival_id: str) -> Filing:
        """The rows that one arrival leaves behind: always at least its row in the ledger."""
        filing = Filing()
        if isinstance(reading, NotRead):
            filing.add(ledger_row(reading.arrival, arrival_id, self.now, LedgerResult.QUARANTINED, problem=reading.problem))
            return filing
        letter = reading.letter
        filing.add(_row(letter, arrival_id, self.now))
        if letter.arrival.wire is Wire.TELEGRAM:
            hear_chat(reading, arrival_id, self.known, self.office, self.now, filing)
        elif letter.arrival.wire is Wire.HAND:
            self._open(reading, arrival_id, Belonging(None, Trust.NONE), filing)
        elif letter.is_automatic and not may_be_a_person(reading):
            self._hear_machine(letter, filing)
        elif letter.is_automatic:
            # Web forms and shared mailboxes send so: it is filed like anybody's letter, and no machine answers it.
            replace(self, manner=replace(self.manner, answer=False))._hear_letter(reading, arrival_id, filing)
        else:
            self._hear_letter(reading, arrival_id, filing)
        if letter.piece and not self.manner.is_imported:
            self._tell_of_piece(letter, arrival_id, filing)
        self._remember_answers(filing)
        return filing

    def _tell_of_piece(self, letter: Letter, arrival_id: str, filing: Filing) -> None:
        """A letter that came in pieces is read by a person, as one: words and files may be cut through."""
        reference = next((row.case_reference for row in filing.rows if isinstance(row, ArrivalRow)), None)
        due = moment_at_the_desk(self.office.open_days.add_working_days(self._today, 1), self.office.council.closes_at)
        command = f"heard case original {reference or 'REFERENCE'} MESSAGE --whole"
        detail = f"{letter.piece} of a letter that was sent in several: read it whole (`{command}`)"
        filing.add(task(f"piece:{arrival_id}", TaskKind.PLACE_LETTER, reference, due, self.now, detail))

    def _hear_machine(self, letter: Letter, filing: Filing) -> None:
        """A machine's letter is kept and labelled; it moves no state and no clock. A bounce finds the letter that failed."""
        came = [one for one in returned_ids(letter, self.office.domain) if one in self.known.sent]
        failed = self.known.sent[came[0]] if came else None
        belonging = belongs(letter, self.known, self.office.domain)
        reference = (failed.case_reference if failed else None) or (belonging.case.reference if belonging.case else None)
        mark(filing, LedgerResult.AUTOMATIC, reference)
        if failed and not letter.is_still_tried:  # what fails in the end is told of again
            problem = ": the address does not exist" if letter.failure_is_permanent else ""
            council, domain = self.office.council, self.office.domain
            came_back(filing, failed, came[0], problem, self.now, council, domain=domain)

    def _hear_letter(self, reading: Reading, arrival_id: str, filing: Filing) -> None:
        letter, command = reading.letter, reading.shown.command
        belonging = belongs(letter, self.known, self.office.domain)
        if command is Command.STATUS:
            self._asked_for_status(reading, arrival_id, belonging, filing)
        elif belonging.case is not None and command is None and _is_a_new_problem(reading, belonging.case):
            self._open(reading, arrival_id, Belonging(None, Trust.NONE, (belonging.case.reference,)), filing)
        elif belonging.case is not None:
            self._add(reading, arrival_id, belonging.case, filing, is_sure=belonging.trust is Trust.KEY)
        elif command in _COMMANDS and (meant := self._case_meant(letter, command)):
            self._add(reading, arrival_id, meant, filing, is_sure=is_verified(letter))
        elif command in _COMMANDS:
            self._say_nothing(letter, arrival_id, belonging, filing)
        else:
            self._open(reading, arrival_id, belonging, filing)

    def _asked_for_status(self, reading: Reading, arrival_id: str, belonging: Belonging, filing: Filing) -> None:
        """Where does my case stand? Only the address on file is told, and only when it is the one that asks."""
        letter = reading.letter
        own = [belonging.case] if belonging.case else self._own_open_cases(letter)[:STATUS_AT_MOST] or self._own_cases(letter)[:1]
        # Who spoke for somebody until their authority ended is told nothing more (practice.md §5.4).
        own = [case for case in own if fold_address(letter.sender) not in self.known.ended.get(case.reference, ())]
        if not own or not (belonging.trust is Trust.KEY or is_verified(letter)):
            self._say_nothing(letter, arrival_id, belonging, filing)
            return
        mark(filing, LedgerResult.ADDED, own[0].reference)
        filing.add(*file_letter(letter, arrival_id, own[0].reference))
        self._look_for_harm(reading, arrival_id, own[0].reference, filing)
        for number, case in enumerate(own):
            tell_status(self._hearing(letter, f"{arrival_id}:{number}", case, filing))

    def _add(self, reading: Reading, arrival_id: str, case: CaseRow, filing: Filing, *, is_sure: bool) -> None:
        """Add a letter to its case. Where nothing shows who wrote it, it is marked, and nothing is said back.

        What it asks for is dated and done all the same: the next stage runs from the day that it was asked for, and a person
        looks. Nobody on file hears of it, so nobody's phone rings because of a letter in their name.
        """
        letter, command = reading.letter, reading.shown.command
        mark(filing, LedgerResult.ADDED, case.reference)
        filing.add(*file_letter(letter, arrival_id, case.reference, is_unverified=not is_sure))
        self._remember(letter, case)
        self._look_for_harm(reading, arrival_id, case.reference, filing)
        hearing = self._hearing(letter, arrival_id, case, filing, answer=is_sure)
        if not is_sure:
            hearing.ask_staff(TaskKind.PLACE_LETTER, UNSHOWN)
        elif letter.is_automatic:
            hearing.ask_staff(TaskKind.PLACE_LETTER, _not_answered(letter))
        if reading.may_ask_in_quote:
            hearing.ask_staff(TaskKind.PLACE_LETTER, MAY_ASK_IN_QUOTE)
        told = False
        with kept_where_uncounted(hearing):
            if command in _COMMANDS:
                _COMMANDS[command](hearing)
                return
            if is_sure and (sent := self.known.lists.get(case.reference)) and hear_about_list(hearing, letter.acted_on, sent):
                del self.known.lists[case.reference]
            told = hear_more(hearing, is_not_happy=reading.shown.is_not_happy)
        if is_sure and not told and not self._answered_lately(letter.sender):
            hearing.say(Notice.ADDED, {})

    def _open(self, reading: Reading, arrival_id: str, belonging: Belonging, filing: Filing) -> None:
        """Open a case. An address over its brake is answered by a person, not by the machine."""
        letter = reading.letter
        others = [case.reference for case in self._own_open_cases(letter)[:5]]
        told = represent(reading, self.manner, may_belong_to=[*belonging.claims, *others])
        told = replace(told, tier=self._tier(reading))
        if told.answer and not self._may_answer(told.writer.address, filing):
            told = replace(told, answer=False)
        opened = open_case(told, self.office, self.now, filing)
        mark(filing, LedgerResult.OPENED, opened.case.reference)
        self._tell_who_was_not_answered(letter, opened.case, filing)
        filing.add(*file_letter(letter, arrival_id, opened.case.reference))
        self._remember(letter, opened.case)
        self.known.events[opened.case.reference] = [row for row in filing.rows if isinstance(row, EventRow)]

    def _tell_who_was_not_answered(self, letter: Letter, case: CaseRow, filing: Filing) -> None:
        """A letter from nobody, from two, or by a list or form has no receipt: a person finds out how to answer it."""
        if letter.arrival.wire is not Wire.EMAIL or self.manner.is_imported or (letter.sender and not letter.is_automatic):
            return
        key = f"unanswered:{case.reference}"
        filing.add(task(key, TaskKind.CANNOT_REACH, case.reference, self.now, self.now, _not_answered(letter)))

    def _say_nothing(self, letter: Letter, arrival_id: str, belonging: Belonging, filing: Filing) -> None:
        """The same words for everyone whom we cannot know, after the same delay, whether a case exists or not. Staff see it."""
        address = fold_address(letter.sender)
        on_file = [case.reference for case in self.known.parties_cases(address)]
        in_their_name = bool(on_file) and not is_verified(letter)
        reference = next(iter((*belonging.claims, *on_file)), None)
        due = moment_at_the_desk(self.office.calendar.add_working_days(self._today, 1), self.office.council.closes_at)
        detail = UNSHOWN if in_their_name else "asked by somebody who is not on the case"
        filing.add(task(f"asked:{arrival_id}", TaskKind.ASKED_BY_STRANGER, reference, due, self.now, detail))
        if in_their_name:
            return  # a child's phone would ring because somebody wrote in their name (practice.md §3)
        if not address or not self.manner.answer or not self._may_answer(address, filing):
            return
        filing.add(
            outgoing(
                key=f"nothing:{arrival_id}",
                notice=Notice.NOTHING,
                channel=Channel.EMAIL,
                recipient=address,
                now=self.now,
                due_at=self.now + self.manner.nothing_after,
                domain=self.office.domain,
                facts={},
                in_reply_to=letter.message_id,
                references=thread(letter),
            )
        )

    def _hearing(self, letter: Letter, token: str, case: CaseRow, filing: Filing, *, answer: bool = True) -> Hearing:
        address = fold_address(letter.sender)
        return Hearing(
            case=case,
            events=self.known.events.setdefault(case.reference, []),
            writer=Writer(address=address),
            token=token,
            received_at=letter.arrival.received_at,
            office=self.office,
            now=self.now,
            filing=filing,
            in_reply_to=letter.message_id,
            references=thread(letter),
            answer=answer and self.manner.answer and self._may_answer(address, filing),
            parts=self.known.parts.get(case.reference, ()),
        )

    @property
    def _today(self) -> date:
        return date_at_the_desk(self.now)

    def _case_meant(self, letter: Letter, command: Command) -> CaseRow | None:
        """The case that a word without a thread is about: the newest open one. Who is not happy means one that was answered."""
        if command in (Command.NOT_HAPPY, Command.NEXT_STEP):
            for case in self._own_cases(letter):
                if self._may_go_on(case, letter):
                    return case
        return next(iter(self._own_open_cases(letter)), None)

    def _may_go_on(self, case: CaseRow, letter: Letter) -> bool:
        """Whether the next stage can be asked for now; of one whose dates nobody can count, too: a person reads it."""
        try:
            events = self.known.events.get(case.reference, [])
            return bool(next_stage(case, events, self.office, letter.arrival.received_at, self.now))
        except UnknownDates:
            return True

    def _own_cases(self, letter: Letter) -> list[CaseRow]:
        """The cases of the address that wrote, newest first; of nobody if somebody else wrote in its name."""
        return [] if is_forged(letter) else self.known.parties_cases(fold_address(letter.sender))

    def _own_open_cases(self, letter: Letter) -> list[CaseRow]:
        return self.known.open_cases(self._own_cases(letter))

    def _answered_lately(self, sender: str) -> bool:
        return any(at > self.now - ADDED_AT_MOST_EVERY for at in self.known.answers.get(fold_address(sender), ()))

    def _may_answer(self, address: str, filing: Filing) -> bool:
        """At most 2 automatic answers an hour and 10 a day to one address, all kinds counted (practice.md §7); then a task."""
        now = [row.queued_at for row in filing.rows if _is_automatic_mail(row) and row.recipient == address]
        times = [*self.known.answers.get(address, []), *now]
        lately = sum(1 for at in times if at > self.now - timedelta(hours=1))
        council = self.office.council
        if lately < council.automatic_answers_an_hour and len(times) < council.automatic_answers_a_day:
            return True
        detail = "many letters from one address: answer by hand"
        reference = next((case.reference for case in self.known.parties_cases(address)), None)
        filing.add(task(f"many:{address}:{self._today}", TaskKind.MANY_LETTERS, reference, self.now, self.now, detail))
        return False

    def _tier(self, reading: Reading) -> str:
        """What is told to the duty address. Danger in quoted words that nobody here has seen yet is for a person to look at."""
        seen = any(one in self.known.sent or one in self.known.written for one in reading.letter.references)
        return alert_tier(reading) or ("look" if reading.is_danger_quoted and not seen else "")

    def _look_for_harm(self, reading: Reading, arrival_id: str, reference: str, filing: Filing) -> None:
        tier = self._tier(reading)
        if tier and not self.manner.is_imported:
            at = reading.letter.arrival.received_at
            alert_duty(Alert(reference, tier, Channel.EMAIL, at, arrival_id), self.office, self.now, filing)

    def _remember(self, letter: Letter, case: CaseRow) -> None:
        self.known.cases[case.reference] = case
        if letter.message_id:
            self.known.written[letter.message_id] = case.reference
        if address := fold_address(letter.sender):
            self.known.by_address.setdefault(address, set()).add(case.reference)

    def _remember_answers(self, filing: Filing) -> None:
        for row in filing.rows:
            if _is_automatic_mail(row):
                self.known.answers.setdefault(row.recipient, []).append(self.now)
