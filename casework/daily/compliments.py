"""Thanks: told to who deserves them within five working days, as far as the person who wrote allows."""

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
    if why_not := _why_not(before, sharing, how, to, words) or _not_their_words(allowed, words):
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


def _not_their_words(allowed: Wish | None, words: str) -> str:
    """What they said in the chat binds us: a wider word of theirs is recorded before their words go along."""
    if allowed is not Wish.SHARE_TELL or not words.strip():
        return ""
    return "They said in the chat that whoever they thank may be told, but may not see their words: leave --words out."


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
