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
_NO_NAME = re.compile(
    r"""\b(?i:a|all|always|amazing|are|best|brilliant|cheers|day|do|every|everyone|everything|for|great|happy|have|help|her|here|him|
    home|i|it|kind|life|love|lovely|me|month|more|much|my|nice|night|no|now|of|one|our|please|really|room|school|so|soon|team|thank|
    thanks|that|the|their|them|there|they|this|time|today|tomorrow|us|very|week|well|with|work|year|yes|you|your)\b""",
    re.VERBOSE,
)
"""Words that a line may end with and that sign nothing."""
_IS_A_WORD_TOO = re.compile(
    r"""(?i:angel|april|art|august|bell|best|bill|black|bright|brown|case|chance|church|cook|cross|day|dear|faith|field|frank|good|
    grace|grant|gr[ae]y|green|hall|hand|happy|heart|hill|hope|hunt|joy|june|king|lane|law|little|long|love|mark|may|mercy|miles|
    page|park|patience|price|pride|rich|rose|rule|short|sky|small|star|stone|summer|sweet|walker|ward|way|west|white|will|winter|
    wise|wood|woods|worth|young)""",
    re.VERBOSE,
)
"""Names that are words as well: alone they are read as a name only with a capital inside a sentence, or after a title."""
_NAME = r"[^\W\d_][\w'’-]*"
_DRESS = re.compile(r"(?:[^\w\s]|\s|(?<!\w)[xX]{1,20}|(?<!\w)(?:[Aa]ged?\s{1,3})?\d{1,2})\Z")
"""What stands after a name at the end: kisses, emoji, dashes, an age."""
_CLOSED = re.compile(
    r"(?:\b(?i:regards|wishes|hugs|yours|sincerely|faithfully|signed|love)[ \t]{0,3}[,.!:~–—\n-]\W{0,9}(?i:from\s{1,3})?"
    r"|(?:^|[.!?\n,]|\b(?i:with|of|much|best|kind))\s{0,3}(?i:love|regards|wishes)\s{1,3}(?i:from\s{1,3})?"
    rf"|\b(?i:from)\W{{1,9}})(?P<name>{_NAME}(?: {_NAME}){{0,2}})\Z"
)
_SAID = re.compile(rf"\b(?:(?i:I['’]m|I am|im)\s{{1,3}}(?=[^\W\d_a-z])|(?i:my name is|my name['’]s)\s{{1,3}})(?P<name>{_NAME})")
"""How people end what they write (`Love, Keira x`, `from sam`, a name on a line of its own), and how they say who they are."""


async def pass_on(
    uow: UnitOfWork,
    reference: str,
    sharing: Sharing,
    how: str,
    acting: Acting,
    *,
    to: str = "",
    words: str = "",
    accept: str = "",
) -> None:
    """Tell those who were praised, as far as the person allowed, and record how far that is.

    `how` is how they allowed it; `to` who was praised, a colleague of the settings (who gets a mail) or a name or team (whom
    somebody told). `words` go along word for word: leave out what tells who wrote; `accept` says why what looks like it does
    not. A later word of the person takes the place of the first; what was told stays told.
    """
    only_officers(acting, "pass thanks on")
    case = await the_case(uow, reference)
    if case.kind is not Kind.COMPLIMENT:
        raise Refused(
            f"{reference} is a {case.kind.value}, no compliment. Use `heard case kind` if it is one. Nothing was changed."
        )
    before = await stored.praise_of(uow, reference)
    allowed = share_said(row.note for row in (await cases.events_of(uow, [reference]))[reference])
    colleague = acting.office.council.person(to)
    thanked = f"{to} {colleague.name}" if colleague else to
    names = [name for party in (await cases.parties_of(uow, [reference]))[reference] for name in (party.name, party.address)]
    if why_not := _why_not(before, sharing, how, to, words) or _not_their_words(allowed, words, names, thanked, accept):
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
    note += f"; the words tell nobody who wrote: {accept.strip()}" if accept.strip() else ""
    filing.add(acting.event(reference, Event.NOTED, note))
    if colleague:
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


def _not_their_words(allowed: Wish | None, words: str, names: Iterable[str], to: str, accept: str) -> str:
    """What they said in the chat binds us: a wider word of theirs is recorded before their words, or their name, go along."""
    if allowed is Wish.SHARE_TELL and words.strip():
        return "They said in the chat that whoever they thank may be told, but may not see their words: leave --words out."
    if allowed is Wish.SHARE_WORDS and not accept.strip() and (said := tells_who(words, names, to)):
        return (
            f"They said in the chat that their words may be seen, but not their name: take “{said}” out of --words, or say with "
            "--accept why it does not tell who wrote."
        )
    return ""


def tells_who(words: str, names: Iterable[str], to: str = "") -> str:
    """What of these words tells who wrote them: a part of a name, an address, or how somebody signs (not `to`, who is thanked).
    Empty: nothing was found.

    What only those who know them would recognise is for the officer to read.
    """
    thanked = {part.casefold() for part in re.findall(r"\w+", to)}
    known = {part for name in names for part in (name, *name.split()) if len(part) > 1 and part.casefold() not in _TITLES}
    for part in sorted(known, key=len, reverse=True):
        if part.casefold() not in thanked and (found := _stands(part, words)):
            return found
    signed = (_signature(words), *(said["name"] for said in _SAID.finditer(words)))
    return next((name for name in signed if name and not thanked.issuperset(re.findall(r"\w+", name.casefold()))), "")


def _stands(part: str, words: str) -> str:
    """A part of a name as it stands in the words; one that is a word as well only where it is meant as a name."""
    for found in re.finditer(rf"(?<!\w){re.escape(part)}(?!\w)", words, re.IGNORECASE):
        before = words[: found.start()].rstrip(" \t\"'“‘(")
        begins = not before or before[-1] in ".!?\n:"
        if not _IS_A_WORD_TOO.fullmatch(part) or _after_a_title(before) or (found[0][0].isupper() and not begins):
            return found[0]
    return ""


def _after_a_title(before: str) -> bool:
    return bool(re.search(r"\b(?i:mrs?|ms|miss|mx|dr|prof|sir)\.?\Z", before))


def _signature(words: str) -> str:
    """How somebody signs: after a closing word, or on a last line of one to three words (of two at most in small letters)."""
    whole = words.rstrip()[-400:]
    while (shorter := _DRESS.sub("", whole)) != whole:
        whole = shorter
    above, _, last = whole.rpartition("\n")
    line = re.fullmatch(rf"\W{{0,9}}(?P<name>{_NAME}(?: {_NAME}){{0,2}})", last) if above.strip() else None
    for found in (_CLOSED.search(whole), line):
        if found and _may_be_a_name(found["name"]):
            return found["name"]
    return ""


def _may_be_a_name(name: str) -> bool:
    return (name[0].isupper() or name.count(" ") < 2) and not _NO_NAME.search(name)


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
