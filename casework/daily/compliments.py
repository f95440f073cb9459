"""Thanks: told to who deserves them within five working days, as far as the person who wrote allows."""

import re
from collections.abc import Iterable

from casework.acting import Acting, Refused, only_officers, the_case
from casework.people.wishes import share_said
from casework.telling_staff import tell_staff
from procedures.clocks import in_words
from procedures.terms import Event, Kind, Notice, Sharing, Wish
from storage import cases
from storage import issues as stored
from storage.filing import Filing, write
from storage.tables import PraiseRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "the", "and", "of", "family"))
_SIGNED = re.compile(
    r"(?:\b(?i:from|love|regards|wishes|yours|sincerely|faithfully|signed)\b[\s,.!:–-]+(?i:from\s+)?|\n\s*)"
    r"(?P<name>[A-Z][\w'’-]+(?: [A-Z][\w'’-]*){0,2})[\s.!x]*\Z"
)
"""How people end what they write: `Love, Keira x`, or a name on a line of its own."""


async def pass_on(
    uow: UnitOfWork, reference: str, sharing: Sharing, how: str, acting: Acting, *, to: str = "", words: str = ""
) -> None:
    """Tell those who were praised, as far as the person allowed, and record how far that is.

    `how` is how they allowed it; `to` who was praised, a colleague of the settings (who gets a mail) or a name or team (whom
    somebody told). `words` go along word for word: leave out what tells who wrote. A later word of the person takes the place
    of the first; what was told stays told.
    """
    only_officers(acting, "pass thanks on")
    case = await the_case(uow, reference)
    if case.kind is not Kind.COMPLIMENT:
        raise Refused(
            f"{reference} is a {case.kind.value}, no compliment. Use `heard case kind` if it is one. Nothing was changed."
        )
    before = await stored.praise_of(uow, reference)
    allowed = share_said(row.note for row in (await cases.events_of(uow, [reference]))[reference])
    names = [name for party in (await cases.parties_of(uow, [reference]))[reference] for name in (party.name, party.address)]
    if why_not := _why_not(before, sharing, how, to, words) or _not_their_words(allowed, words, names, to):
        raise Refused(f"{why_not} Nothing was changed.")
    filing = Filing()
    row = PraiseRow(
        case_reference=reference,
        sharing=sharing,
        said_how=how.strip(),
        passed_to=to.strip(),
        passed_on=acting.today if to.strip() else None,
        recorded_at=acting.now,
        recorded_by=acting.person.address,
    )
    if before is None:
        filing.add(row)
    else:
        told = {"passed_to": row.passed_to, "passed_on": row.passed_on} if row.passed_on else {}
        said = {"sharing": sharing, "said_how": row.said_how, "recorded_at": acting.now, "recorded_by": row.recorded_by}
        filing.change(PraiseRow, {"case_reference": reference}, **said, **told)
    waiting = {"case_reference": reference, "kind": TaskKind.PRAISE, "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    note = f"thanks: {sharing.value}" + (f", passed on to {to.strip()}" if to.strip() else "") + f"; {how.strip()}"
    filing.add(acting.event(reference, Event.NOTED, note))
    if colleague := acting.office.council.person(to):
        _tell(filing, reference, colleague.address, colleague.name, words, acting)
    await write(uow, [filing])


def _why_not(before: PraiseRow | None, sharing: Sharing, how: str, to: str, words: str) -> str:
    if not how.strip():
        return "Say with --how the person allowed it, or that they did not answer."
    if sharing is Sharing.NOBODY:
        return "They want nobody to be told: leave --to and --words out." if to or words else ""
    if before is not None and before.passed_on is not None:
        return f"It was passed on to {before.passed_to} on {in_words(before.passed_on)}." if to or words else ""
    return "" if to.strip() else "Say with --to who was praised: a colleague's address, a name or a team."


def _not_their_words(allowed: Wish | None, words: str, names: Iterable[str], to: str) -> str:
    """What they said in the chat binds us: a wider word of theirs is recorded before their words, or their name, go along."""
    if allowed is Wish.SHARE_TELL and words.strip():
        return "They said in the chat that whoever they thank may be told, but may not see their words: leave --words out."
    if allowed is Wish.SHARE_WORDS and (said := tells_who(words, names, to)):
        return f"They said in the chat that their words may be seen, but not their name: take “{said}” out of --words."
    return ""


def tells_who(words: str, names: Iterable[str], to: str = "") -> str:
    """What of these words tells who wrote them: a part of a name, an address, or how somebody signs (not `to`, who is thanked).
    Empty: nothing was found.

    What only those who know them would recognise is for the officer to read.
    """
    parts = {part for name in names for part in (name, *name.split()) if len(part) > 1 and part.casefold() not in _TITLES}
    for part in sorted(parts, key=len, reverse=True):
        if found := re.search(rf"(?<!\w){re.escape(part)}(?!\w)", words, re.IGNORECASE):
            return found[0]
    signed = _SIGNED.search(words)
    return signed["name"].strip() if signed and signed["name"].casefold() not in to.casefold() else ""


def _tell(filing: Filing, reference: str, address: str, name: str, words: str, acting: Acting) -> None:
    tell_staff(
        filing,
        [address],
        key=f"praise:{reference}",
        notice=Notice.PRAISE,
        facts={"reference": reference, "name": name, "words": words.strip()},
        now=acting.now,
        domain=acting.office.domain,
        urgency=5,
        reference=reference,
    )
