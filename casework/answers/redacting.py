"""What leaves redacted: a person marks what is to be taken out and why, a second one looks, and only then it may leave.

For the person complained about, who gets an extract to answer (practice.md §3), and for whoever else may have some of it.
The words that are not marked are exactly those of the case: nothing can be added or smoothed on the way.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from casework.acting import Acting, Refused, the_case
from casework.answers.drafts import not_walled
from casework.people.on_case import people_of
from procedures.clocks import in_words
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage import cases, drafts
from storage.filing import Filing, write
from storage.tables import RedactionRow
from storage.unit_of_work import UnitOfWork

IN_ITS_PLACE = "[taken out]"
_MARK = re.compile(r"\[\[(?P<words>.+?)\|(?P<why>[^|\[\]]*?)\]\]", re.DOTALL)
_HALF_A_MARK = re.compile(r"\[\[|\]\]")
_RULE = "UK GDPR, art. 5(1)(c), (f)"


@dataclass(frozen=True)
class Marked:
    """A marked text, taken apart."""

    source: str
    removed: tuple[dict[str, object], ...]
    extract: str


def take_apart(text: str) -> Marked:
    """The words before, what is to be taken out with its reason, and the words after. Raises ValueError with a sentence."""
    source, extract, removed, end = "", "", list[dict[str, object]](), 0
    for mark in _MARK.finditer(text):
        between, words, why = text[end : mark.start()], mark["words"], " ".join(mark["why"].split())
        if not why:
            raise ValueError(f"“{_short(words)}” is marked without a reason: write [[words|why]].")
        source, extract = source + between, extract + between
        removed.append({"start": len(source), "end": len(source) + len(words), "why": why})
        source, extract, end = source + words, extract + IN_ITS_PLACE, mark.end()
    source, extract = source + text[end:], extract + text[end:]
    if _HALF_A_MARK.search(source):
        raise ValueError("A mark is not complete. It is [[words|why]]: two brackets, the words, a bar, the reason, two brackets.")
    return Marked(source, tuple(removed), extract)


async def words_to_mark(uow: UnitOfWork, reference: str, acting: Acting) -> str:
    """What was written on a case, message by message, for a person to mark what is to be taken out."""
    await not_walled(uow, reference, acting)
    await the_case(uow, reference)
    told = []
    for number, letter in enumerate(await cases.letters_of(uow, reference), start=1):
        on = in_words(date_at_the_desk(letter.received_at))
        subject = f"{letter.subject.strip()}\n\n" if letter.subject.strip() else ""
        told.append(f"Message {number}, {on}\n\n{subject}{letter.words.strip()}\n")
    if not told:
        raise Refused(f"Nothing is written on {reference} that could leave. Nothing was written.")
    # Brackets of the writer's own are kept apart, so that only a person's marks are marks.
    return "\n".join(told).replace("[[", "[ [").replace("]]", "] ]").replace("\r\n", "\n")


async def take(uow: UnitOfWork, reference: str, text: str, for_whom: str, acting: Acting) -> tuple[RedactionRow, list[str]]:
    """Keep a marked text as a redaction that waits for a second person; with it the names that are still in it.

    Refused where its words are not the case's, where nothing is marked, and where an address or a number is left.
    """
    source = await words_to_mark(uow, reference, acting)
    if not for_whom.strip():
        raise Refused("Say for whom it is, with --for. Nothing was kept.")
    try:
        marked = take_apart(text.replace("\r\n", "\n"))
    except ValueError as problem:
        raise Refused(f"{problem} Nothing was kept.") from None
    if line := _first_difference(source, marked.source):
        raise Refused(
            f"Line {line} is not what was written on the case. Mark what is to be taken out, and change nothing else: write "
            f"the words anew with `heard redact words {reference}`. Nothing was kept."
        )
    if not marked.removed:
        raise Refused("Nothing in it is marked. Mark each passage as [[words|why]]. Nothing was kept.")
    if left := await _left(uow, reference, marked.extract, contact_details=True):
        raise Refused(f"It still says how to reach somebody: {', '.join(left)}. Mark it ({_RULE}). Nothing was kept.")
    row = RedactionRow(
        case_reference=reference,
        for_whom=for_whom.strip()[:300],
        made_at=acting.now,
        made_by=acting.person.address,
        source=marked.source,
        removed=list(marked.removed),
        extract=marked.extract,
    )
    filing = Filing()
    filing.add(row, acting.event(reference, Event.NOTED, f"redacted, {len(marked.removed)} passages taken out"))
    await write(uow, [filing])
    kept = (await drafts.redactions_of(uow, reference))[-1]
    return kept, await _left(uow, reference, marked.extract, contact_details=False)


async def one_of(uow: UnitOfWork, reference: str, number: int, acting: Acting) -> RedactionRow:
    """A redaction of a case by its number there, counted from 1."""
    await not_walled(uow, reference, acting)
    rows = await drafts.redactions_of(uow, reference)
    if not 1 <= number <= len(rows):
        raise Refused(f"There is no redaction {number} of {reference}. See them with `heard redact list {reference}`.")
    return rows[number - 1]


async def confirm(uow: UnitOfWork, reference: str, number: int, acting: Acting) -> RedactionRow:
    """A second person has read it and agrees: now it may leave."""
    row = await one_of(uow, reference, number, acting)
    me = acting.person.address.lower()
    if row.confirmed_at is not None:
        raise Refused(f"Redaction {number} was confirmed by {row.confirmed_by}. Nothing was changed.")
    if me == row.made_by.lower():
        raise Refused(
            f"{acting.person.address} made it: a second person reads it before it leaves ({_RULE}). Nothing was changed."
        )
    if me == row.for_whom.lower():
        raise Refused("It is for you: somebody else reads it before it leaves. Nothing was changed.")
    filing = Filing()
    filing.change(RedactionRow, {"id": row.id}, confirmed_at=acting.now, confirmed_by=acting.person.address)
    filing.add(acting.event(reference, Event.NOTED, f"redaction {number} read by a second person, and confirmed"))
    await write(uow, [filing])
    return row


async def export(uow: UnitOfWork, reference: str, number: int, acting: Acting) -> str:
    """The extract, once a second person has confirmed it. That it left, and with whom, is recorded."""
    row = await one_of(uow, reference, number, acting)
    if row.confirmed_at is None:
        raise Refused(
            f"Nobody has confirmed redaction {number}. A second person reads it first: `heard redact show {reference} {number}`, "
            f"then `heard redact confirm {reference} {number}`. Nothing left."
        )
    filing = Filing()
    filing.change(RedactionRow, {"id": row.id}, given_at=acting.now, given_by=acting.person.address)
    filing.add(acting.event(reference, Event.NOTED, f"redaction {number} given out"))
    await write(uow, [filing])
    return row.extract


async def _left(uow: UnitOfWork, reference: str, extract: str, *, contact_details: bool) -> list[str]:
    """Addresses and numbers, or names, of people on the case that the extract still holds."""
    people = await people_of(uow, reference)
    words = [one.name for one in people] if not contact_details else [word for one in people for word in (one.address, one.phone)]
    folded = extract.casefold()
    return [word for word in dict.fromkeys(words) if len(word) > 2 and word.casefold() in folded]


def _first_difference(source: str, given: str) -> int:
    """The number of the first line that differs; 0 if none does. Blanks at the end of a line, or of the text, are no words."""
    one, other = _lines(source), _lines(given)
    for number, (is_there, was_given) in enumerate(zip(one, other, strict=False), start=1):
        if is_there != was_given:
            return number
    return 0 if len(one) == len(other) else min(len(one), len(other)) + 1


def _lines(text: str) -> Sequence[str]:
    return [line.rstrip() for line in text.strip().split("\n")]


def _short(text: str, longest: int = 40) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0] + " …"
