"""Everything on a case in one bundle for the Ombudsman: chronology, issues, decisions, letters both ways, answers, redactions.

An index says what each file is and where it comes from. Equality answers, the forms of safety alerts and mails among staff stay
out. That a bundle was made, by whom and why, is recorded (practice.md §5.10; Local Government Act
1974, ss. 28, 29).
"""

import csv
import io
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from casework.acting import Acting, Refused, only_officers, the_case
from casework.answers import reports
from casework.answers.drafts import drafts_of
from casework.decisions.discretions import decisions_of
from casework.delivery import TO_STAFF
from casework.issues.numbered import Issue, issues_of, pounds, words_of_remedy
from casework.people.on_case import people_of
from casework.sealing import shut_by
from procedures.clocks import in_words
from procedures.steps import words_of
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage import cases, drafts
from storage.filing import Filing, write
from storage.sealing import seals_on
from storage.tables import ArrivalRow, CaseRow, DecisionRow, EventRow, LetterRow, OutboxRow, RedactionRow
from storage.unit_of_work import UnitOfWork

EMAIL = "email"
"""The wire of an arrival whose bytes are a letter that any mail program opens."""
TOO_BIG = "oversized"
"""The problem of a letter of which only the headers were fetched."""
AS_IT_CAME = {
    False: "as it came with its files",
    True: "its headers only: it was too big to fetch, and the whole of it is in the mailbox",
}
SEALED = "sealed: it goes to the police and to nobody else"
NOT_HERE = {True: "it has not been fetched yet; make the bundle again later", False: "it is packed in another file of the letter"}
"""Why the bytes of a file are not here: of one that is fetched from the chat, and of one of a letter."""
Scans = Callable[[ArrivalRow], Sequence[bytes | None]]
"""Gives the files in what came by hand or by email, in the order of their numbers; None for one that is packed in another."""
LEFT_OUT = ("answers to equality questions", "the forms of safety alerts", "mails among staff")


@dataclass(frozen=True)
class File:
    """One file of the bundle."""

    name: str
    content: bytes | None
    """None for what is not here."""
    says: str
    """What it is, for the index; of what is not here, why."""


async def bundle(uow: UnitOfWork, reference: str, why: str, acting: Acting, scans: Scans) -> list[File]:
    """The files of a case, the index first. Raises Refused without a reason: it says who asked, and by which reference.

    Nothing is written; record it with `record_bundle` before anybody gets it.
    """
    only_officers(acting, "make a bundle of a case")
    case = await the_case(uow, reference)
    if not why.strip():
        raise Refused("Say who asked for it, and their reference, with --why. Nothing was made.")
    events = (await cases.events_of(uow, [reference]))[reference]
    redacted = await drafts.redactions_of(uow, reference)
    found = [
        File("1 Chronology.csv", _chronology(events), "every event with its day, who recorded it, and what was corrected"),
        File("2 Issues.txt", _text(_of_issues(await issues_of(uow, reference))), "the numbered issues, findings and remedies"),
        File("3 Decisions.txt", _text(_of_decisions(await decisions_of(uow, reference))), "each discretion that was used"),
        File("4 People.txt", _text(await _of_people(uow, reference)), "who is on the case, and by what right"),
        *[file async for file in _came(uow, reference, scans)],
        *_left(await cases.sent_of(uow, reference)),
        *await _answers(uow, reference),
        File("8 Redactions.txt", _text(_of_redactions(redacted)), "what was taken out of extracts, by whom, who confirmed it"),
    ]
    index = File("0 Index.txt", _text(_index(case, found, redacted, why, acting)), "this list")
    return [index, *found]


def without(files: Sequence[File], held: Mapping[str, str]) -> list[File]:
    """The files without those that are held, by name; the index says which, and why."""
    if not held:
        return list(files)
    index, *rest = files
    told = _text(("", "Held back, though it came:", *(f"{name}: {why}" for name, why in held.items())))
    kept = [replace(one, content=None) if one.name in held else one for one in rest]
    return [replace(index, content=(index.content or b"") + told), *kept]


async def record_bundle(uow: UnitOfWork, reference: str, files: int, why: str, acting: Acting) -> None:
    """Note on the case that a bundle of so many files was made, and for whom."""
    case, filing = await the_case(uow, reference), Filing()
    filing.add(acting.event(case.reference, Event.NOTED, f"bundle of {files} files made: {why.strip()}"))
    await write(uow, [filing])


def _index(case: CaseRow, found: Sequence[File], redacted: Sequence[RedactionRow], why: str, acting: Acting) -> Iterator[str]:
    yield f"Complaint {case.reference}, received on {in_words(case.received_on)}"
    yield f"Made on {in_words(acting.today)} by {acting.person.name}, {acting.office.council.name}: {why.strip()}"
    confirmed = sum(one.confirmed_at is not None for one in redacted)
    yield "Nothing in these files is redacted: they are what is on record."
    yield f"Redacted extracts made for others: {len(redacted)}, of which {confirmed} confirmed by a second person."
    yield f"Left out: {', '.join(LEFT_OUT)}."
    yield ""
    yield from (f"{one.name}: {one.says}" for one in found if one.content is not None)
    missing = [f"{one.name}: {one.says}" for one in found if one.content is None]
    if missing:
        yield from ("", "Not in this bundle, though it came:", *missing)


def _chronology(events: Iterable[EventRow]) -> bytes:
    """Events by day. A cell that a table program would take for a sum is quoted as words."""
    held = io.StringIO(newline="")
    table = csv.writer(held)
    table.writerow(("day", "what", "words", "recorded on", "by", "stands"))
    for one in sorted(events, key=lambda row: (row.happened_on, row.id or 0)):
        what = "note" if one.name is Event.NOTED else words_of(one.name)
        recorded = date_at_the_desk(one.recorded_at).isoformat()
        stands = "corrected" if one.is_superseded else "yes"
        row = (one.happened_on.isoformat(), what, one.note, recorded, one.recorded_by, stands)
        table.writerow(f"'{cell}" if cell[:1] in "=+-@\t\r" and cell else cell for cell in row)
    return held.getvalue().encode("utf-8-sig")


def _of_issues(found: Iterable[Issue]) -> Iterator[str]:
    for one in found:
        way = f" ({one.procedure.value.replace('_', ' ')})" if one.procedure else ""
        yield f"{one.number}. {one.words}{way}{', taken out' if one.is_withdrawn else ''}"
        if one.wanted:
            yield f"   Wanted: {one.wanted}"
        for finding in one.findings:
            outcome = finding.outcome.value.replace("_", " ")
            yield f"   Stage {finding.stage}, {in_words(finding.found_on)}: {outcome}. {finding.reason}"
        for remedy in one.remedies:
            amount = f" of {pounds(remedy.amount_pence)}" if remedy.amount_pence else ""
            given = f", given on {in_words(remedy.given_on)}" if remedy.given_on else ""
            yield f"   {words_of_remedy(remedy.kind).capitalize()}{amount}: {remedy.what}{given}"


def _of_decisions(found: Iterable[DecisionRow]) -> Iterator[str]:
    for one in found:
        matter = one.matter.value.replace("_", " ")
        yield f"{in_words(one.decided_on)}: {matter}, {'yes' if one.is_yes else 'no'}, by {one.decided_by}. {one.why}"
        for weighed in one.weighed:
            yield f"   {'; '.join(str(value) for value in weighed.values() if value not in (None, ''))}"


async def _of_people(uow: UnitOfWork, reference: str) -> list[str]:
    return [
        f"{one.number}. {one.name or 'no name'}, {one.role.value.replace('_', ' ')}"
        + (f", {one.relation}" if one.relation else "")
        + (f", until {in_words(one.ended_on)}" if one.ended_on else "")
        for one in await people_of(uow, reference)
    ]


def _of_redactions(found: Iterable[RedactionRow]) -> Iterator[str]:
    for number, one in enumerate(found, start=1):
        second = f"confirmed by {one.confirmed_by}" if one.confirmed_at else "not confirmed"
        given = f", given on {in_words(date_at_the_desk(one.given_at))}" if one.given_at else ""
        yield f"{number}. For {one.for_whom}, made by {one.made_by}, {second}{given}: {len(one.removed)} passages taken out"
        yield from (f"   {passage['why']}" for passage in one.removed)


async def _came(uow: UnitOfWork, reference: str, scans: Scans) -> AsyncIterator[File]:
    """What they wrote: as it came where that is a letter, else its words; and the files that came with it, by their numbers."""
    letters = await cases.letters_of(uow, reference)
    seals = await seals_on(uow, [one.arrival_id for one in letters])
    for number, one in enumerate(letters, start=1):
        day, sealed = date_at_the_desk(one.received_at), seals.get(one.arrival_id, {})
        name, says = f"5 Letters in/{number:03} {day}", f"{one.channel.value} of {in_words(day)}"
        arrival = await cases.raw_of(uow, one.arrival_id)
        if arrival is not None and arrival.wire == EMAIL:
            if not sealed:
                yield File(f"{name}.eml", arrival.raw, f"{says}, {AS_IT_CAME[arrival.problem == TOO_BIG]}")
                continue
            yield File(f"{name}.eml", None, f"{says}, as it came: {SEALED}")
        yield File(f"{name}.txt", _text(_words(one)), says)
        beside = dict(enumerate(scans(arrival), start=1)) if arrival is not None else {}
        files = await cases.attachments_of(uow, [one.arrival_id])
        for file in files:
            if shut_by(file.number, files, sealed):
                yield File(f"{name} file {file.number}", None, f"{says}, file {file.number}: {SEALED}")
                continue
            content = beside.get(file.number) if file.content is None else file.content
            why = "" if content is not None else f": {file.problem or NOT_HERE[bool(file.file_id)]}"
            yield File(f"{name} file {file.number} {_safe(file.name)}".strip(), content, f"{says}, file {file.number}{why}")


def _words(one: LetterRow) -> list[str]:
    return [f"{one.channel.value}, {one.received_at.isoformat()}", one.subject, "", one.words]


def _left(rows: Iterable[OutboxRow]) -> Iterator[File]:
    """What we wrote to people, as it was sent."""
    sent = [row for row in rows if row.sent_at is not None and row.notice not in TO_STAFF]
    for number, row in enumerate(sent, start=1):
        assert row.sent_at is not None
        day = date_at_the_desk(row.sent_at)
        words = [f"To {row.recipient} by {row.channel.value}, {row.sent_at.isoformat()}", row.subject, "", row.body]
        notice = row.notice.replace("_", " ")
        yield File(f"6 Letters out/{number:03} {day} {notice}.txt", _text(words), f"{notice}, sent on {in_words(day)}")


async def _answers(uow: UnitOfWork, reference: str) -> list[File]:
    """The answers that were signed, in each version that was."""
    found = []
    for one in await drafts_of(uow, reference):
        if one.row.signed_at is None:
            continue
        name = f"7 Answers/stage {one.row.stage} version {one.row.version}"
        says = f"answer of stage {one.row.stage}, signed by {one.row.signed_by}"
        found.append(File(f"{name}.docx", one.row.letter, says))
        if one.row.child_letter:
            found.append(File(f"{name}, child's.docx", one.row.child_letter, f"{says}, in plain words"))
        for whose, content in reports.of(one.row).items():
            found.append(File(f"{name}, report of {reports.WHO[whose]}.docx", content, f"{says}, the report with it"))
    return found


def _text(lines: Iterable[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _safe(name: str) -> str:
    """A file's name without what could lead out of the folder it is put in."""
    return "".join(sign if sign.isalnum() or sign in " ._-()" else "_" for sign in name).strip(" .")[-80:]
