"""A whole statutory case, from the letter that somebody writes to the final answer in their mailbox (law.md §9.4).

The person writes letters, and everything that the council does is typed on the command line, by whoever may.
"""

import re
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path

from notifications.wires import MailboxAccess, Tls
from procedures.working_days import WorkingCalendar, moment_at_the_desk
from storage.tables import DeadlineRow
from tests.casework.rooms import a_report
from tests.stories.counter import Counter
from tests.stories.letters import answer_to, mail, text_of
from tests.stories.test_drafts import edited
from tests.stories.town import HEAD, MANAGER, Town

MUM, INDEPENDENT = "r.green@family.example", "b.moss@elsewhere.example"
WORDS = "Short breaks were agreed for my disabled son and we have had none. Nobody rings me back. I want to complain."
ENGLAND = WorkingCalendar.of("england")
Row = dict[str, date]


@dataclass
class WholeCase:
    """One row of the table, played. `mornings`: the service looks at every working day, and not only at those of the table.

    `lies_ahead`: its days may lie after this machine's own. Dovecot notes no day for a letter that has not come yet; the mailbox
    of the rehearsal, on the same wire, goes by the town's clock.
    """

    counter: Counter
    row: Row
    folder: Path
    mornings: bool = False
    lies_ahead: bool = False
    reference: str = ""
    written: int = 0
    """How many letters the person has written."""
    expected: list[tuple[str, date, tuple[str, ...]]] = field(default_factory=list)
    """Every letter that they should have by now: its subject, the day it came, and what must stand in it."""

    @property
    def town(self) -> Town:
        return self.counter.town

    async def is_played(self) -> None:
        await self.asks()
        await self.is_answered_at_stage_1()
        await self.is_looked_into_at_stage_2()
        await self.is_looked_at_by_a_panel()

    # what the person does

    async def asks(self) -> None:
        """The letter, the route, the numbered list, and the acknowledgement."""
        await self.comes_to("received")
        await self.writes(mail(MUM, WORDS, subject="Our short breaks", Date=f"{self.town.clock():%a, %d %b %Y %H:%M:%S +0000}"))
        self.reference = (await self.town.case(address=MUM)).reference
        self.should_get("We got your message", self.words("s1_due"), "A person will confirm that.")
        await self.types("case show")
        await self.types("case route", "statutory", "--why", "short breaks: Children Act 1989, section 17")
        await self.types("case issue add", "The short breaks were agreed and did not happen.", "--wanted", "The two nights.")
        await self.types("case issue add", "Nobody rang back.")
        await self.types("case acknowledge", "--answered-by", "Jo Field", "--job", "team manager")
        points = ("1. The short breaks were agreed and did not happen.", "2. Nobody rang back.")
        self.should_get("What we will do about your message", *points, self.words("s1_due"), "up to three steps")
        await self.is_due(s1_response="s1_due")

    async def writes(self, letter: bytes) -> None:
        self.written += 1
        await (self.town.post.deliver(letter) if self.lies_ahead else self.town.gets(letter))
        await self.town.filed(self.written)

    async def answers(self, words: str) -> None:
        """They press Reply on the newest letter."""
        await self.writes(answer_to(self.town.letters_to(MUM)[-1], words, sender=MUM, number=self.written + 1))

    # what the council does

    async def is_answered_at_stage_1(self) -> None:
        if self.row["s1_reply_received"] > self.row["s1_due"]:
            await self.comes_to("s1_due")
            await self.types("case record", "complex_decided", "--why", "Three teams and two providers must be heard.")
            self.should_get("We need more time", self.words("s1_due"), self.words("s1_extended"), "Three teams")
            await self.is_due(s1_response="s1_extended")
        await self.comes_to("s1_reply_received")
        await self.finds(1, "upheld", "The panel agreed to them on 3 May, and nobody booked them.")
        await self.finds(2, "not_upheld", "The log has three calls to this number.")
        await self.puts_right(1, "service_put_right", "The breaks start on Saturday.")
        await self.signed_answer_leaves(1)
        self.should_get("Our answer", "The breaks start on Saturday.", "You can ask for stage 2.", "There is no time limit.")
        await self.types("case reached", "received")
        await self.is_due(s2_request_window="s2_advice")

    async def is_looked_into_at_stage_2(self) -> None:
        await self.comes_to("s2_requested")
        await self.types("case given", "1")
        await self.answers("I am not happy with this answer. The calls in your log were not to me.")
        both = self.words("s2_25"), self.words("s2_65")
        self.should_get("We got your message", "with today's date", *both)
        await self.is_due(s2_response="s2_25", s2_delay_notice="s2_25")
        await self.an_officer_has_rung_them()
        await self.types("case record", "io_appointed", "--name", "A. Bell", "--address", "a.bell@elsewhere.example")
        of_no_council = ("--independent", "--why", "B. Moss, of no council")
        await self.types("case record", "ip_appointed", "--name", "B. Moss", "--address", INDEPENDENT, *of_no_council)
        await self.types("case letter", "s2_acknowledgement", "--send")
        self.should_get("The next step", "It is called stage 2.", "A. Bell", "B. Moss", "2. Nobody rang back.", *both)
        await self.comes_to("s2_25")
        until = str(self.row["s2_65"])
        await self.types("case record", "delay_notice", "--until", until, "--why", "The log of another team is still to be read.")
        self.should_get("We need more time", *both, "The log of another team")
        await self.is_due(s2_response="s2_65")
        await self.comes_to("s2_notice_received")
        await self.finds(1, "upheld", "Nobody booked them between May and August.")
        await self.finds(2, "upheld", "The calls in the log were to another family.")
        await self.puts_right(1, "service_put_right", "Six nights are made up for.")
        await self.puts_right(2, "apology", "We say sorry for what we wrote about the calls.")
        await self.signed_answer_leaves(2)
        self.should_get("Our answer", "The calls in the log were to another family.", "You can ask for stage 3, a review panel.")
        await self.types("case reached", "received")
        await self.is_due(s3_request_window="s3_request_by")

    async def is_looked_at_by_a_panel(self) -> None:
        await self.comes_to("s3_requested")
        await self.types("case given", "2")
        await self.answers("I am still not happy and I want the panel. The report left out his school.")
        self.should_get("We got your message", "you want the next step", "with today's date")
        await self.is_due(s3_ack="s3_ack", s3_panel_meets="panel_by")
        await self.an_officer_has_rung_them()
        await self.comes_to("s3_ack")
        await self.types("case record", "s3_acknowledged")
        self.should_get("The next step", "It is called stage 3.", self.words("s3_requested"), self.words("panel_by"))
        await self.types("case record", "chair_appointed", "--name", "C. Chair", "--independent")
        for name in ("D. Drew", "E. Eden"):
            await self.types("case person add", "panel_member", "--name", name, "--independent")
        await self.types("case record", "papers_out")
        await self.comes_to("panel_by")
        await self.types("case record", "panel")
        await self.comes_on(ENGLAND.add_working_days(self.row["panel_by"], 5))
        await self.types("case record", "recommendations_received")
        answer_by = (await self.due())["s3_la_response"]
        assert answer_by == ENGLAND.add_working_days(self.counter.today, 15), "SI 2006/1738, reg. 20(3)"
        said = ("--say", "summary=They went without for a year.", "--say", "recommendations=Twelve nights, and say sorry.")
        await self.types("case record", "panel_report", *said)
        met = ("A report for you", self.words("panel_by"), "They went without for a year.", "Twelve nights, and say sorry.")
        self.should_get(*met, in_a_letter(answer_by))
        await self.comes_on(answer_by)
        await self.gives_the_final_answer()

    async def gives_the_final_answer(self) -> None:
        for number in (1, 2):
            await self.finds(number, "upheld", "The panel found it so, and we agree with every word.")
        await self.puts_right(1, "service_put_right", "Twelve nights are booked.")
        await self.puts_right(2, "apology", "The director writes to say sorry.")
        await self.signed_answer_leaves(3)
        self.should_get("Our answer", "Twelve nights are booked.", "This is the end of our own procedure.", "Ombudsman")
        await self.types("case given", "4")
        await self.types("case close", "--why", "all three stages are answered")
        await self.town.at_rest()
        self.should_get("This one is finished", "You were right.", "This was our last step.", "Ombudsman")

    async def finds(self, number: int, outcome: str, why: str) -> None:
        await self.types("case issue find", str(number), outcome, "--why", why)

    async def puts_right(self, number: int, kind: str, what: str) -> None:
        await self.types("case remedy", str(number), kind, "--what", what)

    async def signed_answer_leaves(self, stage: int) -> None:
        """One writes it in Word, a second checks it, a third signs it; an officer sends it."""
        file = self.folder / f"stage-{stage}.docx"
        await self.types("case draft", "--out", str(file), person=MANAGER.address)
        file.write_bytes(edited(file.read_bytes()))
        await self.types("case draft", "--take", str(file), person=MANAGER.address)
        for whose in ("officer", "independent") if stage == 2 else ():
            report = self.folder / f"report-{whose}.docx"
            report.write_bytes(a_report("What was found, and what follows from it."))
            await self.types("case draft", "--take", str(report), "--report", whose, person=MANAGER.address)
        await self.types("case check")
        await self.types("case sign", person=HEAD.address)
        await self.types("case send")
        await self.town.at_rest()

    async def an_officer_has_rung_them(self) -> None:
        """Whoever is not happy is spoken with (practice.md §3)."""
        waiting = (await self.counter.types("tasks list", "--json")).json
        [task] = [one["task"] for one in waiting if one["kind"] == "not_happy"]
        await self.counter.types("tasks done", str(task), "--what", "rang them; they want all of it looked at again")

    # how

    async def types(self, command: str, *words: str, person: str = "") -> None:
        """A command on this case; whatever it sends has arrived."""
        who = {"person": person} if person else {}
        await self.counter.types(command, self.reference, *words, **who)
        await self.town.at_rest()

    async def comes_to(self, name: str) -> None:
        await self.comes_on(self.row[name])

    async def comes_on(self, day: date) -> None:
        """It is ten on that day. The service has run meanwhile, or was closed and is opened again."""
        if self.mornings and self.town.service is not None:
            while (morning := ENGLAND.add_working_days(self.counter.today, 1)) < day:
                await self.town.comes_to(moment_at_the_desk(morning, time(9, 5)))
                await self.town.at_rest()
            await self.town.comes_to(moment_at_the_desk(day, time(10)))
        else:
            await self.town.closes()
            await self.town.comes_to(moment_at_the_desk(day, time(10)))
            await self.town.opens(chat=False, through=self._way_to_the_mailbox())
        await self.town.at_rest()

    def _way_to_the_mailbox(self) -> MailboxAccess | None:
        post = self.town.post
        return MailboxAccess("127.0.0.1", post.imap_port, post.user, post.password, Tls.NONE) if self.lies_ahead else None

    async def due(self) -> dict[str, date]:
        rows = await self.town.rows(DeadlineRow, case_reference=self.reference, is_superseded=False)
        return {row.clock: row.due_on for row in rows}

    async def is_due(self, **clocks: str) -> None:
        """These clocks end on those days of the table."""
        due = await self.due()
        assert {clock: due[clock] for clock in clocks} == {clock: self.row[name] for clock, name in clocks.items()}

    def words(self, name: str) -> str:
        return in_a_letter(self.row[name])

    def should_get(self, subject: str, *saying: str) -> None:
        """A letter of today."""
        self.expected.append((f"{subject} ({self.reference})", self.counter.today, saying))

    # what they have

    def has(self) -> list[tuple[str, date]]:
        """Every letter in the person's mailbox, in the order in which they came: subject and day."""
        return [(str(letter["Subject"]), letter["Date"].datetime.date()) for letter in self.town.letters_to(MUM)]

    def is_missing(self) -> list[str]:
        """What should stand in one of their letters and does not."""
        told = zip(self.expected, map(text_of, self.town.letters_to(MUM)), strict=True)
        return [f"{subject}: {words}" for (subject, _, saying), text in told for words in saying if not says(text, words)]


def in_a_letter(day: date) -> str:
    """A day as letters write it, with or without its weekday and its year."""
    return f"{day.day} {day:%B}"


def says(text: str, words: str) -> bool:
    return re.search(rf"(?<!\d){re.escape(words)}", text) is not None
