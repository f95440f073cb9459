"""What a person answers to the numbered list of their issues: their own "yes" is theirs on record, and everything else is read
by an officer, who alone changes the list (practice.md §3)."""

import re
from dataclasses import dataclass

from casework.opening import task
from casework.receiving import Hearing
from procedures.terms import Event
from procedures.working_days import date_at_the_desk, moment_at_the_desk
from storage.issues import SentList
from storage.tables import IssueRow, TaskKind

_SAYS_IT = frozenset(("yes", "yep", "yeah", "right", "correct", "true"))
_MAY_STAND_BESIDE_IT = frozenset(("it", "its", "that", "thats", "this", "is", "all", "fine", "please", "thanks", "thank", "you"))
_LIST = re.compile(r"list\.([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4})\.([0-9a-f]{16})\.(yes|no)")
_CLOSING = re.compile(
    r"\b(?:(?:many |kind |best |warm )?(?:thanks|thank you|regards|wishes)|yours (?:sincerely|faithfully|truly)|cheers|love|from|"
    r"sent from my \w+|best)\b"
)
_OBJECTS = frozenset(["but", "not", "no", "also", "except", "and", "only", "without", "missing", "wrong", "left"])
A_NAME = 3
"""Words that a name may have, below a yes and its thanks; what is longer, or objects, may mend the list."""
_MENDS = (
    'after the list of issues was sent: it may mend it. Read it, `heard case issue mend {reference} NUMBER --words "…" '
    '--why "…"` or `heard case issue add {reference} "…"`, and send the list again: `heard case issue ask {reference}`'
)
_WRONG = "they pressed that something is wrong with the list of issues: read what they write, ask them where they write nothing"
_OTHERS_YES = "says yes to the list, and is not whose list it is: nothing was confirmed. Ask who complains (of several, the lead)"
_OLD_YES = "says yes to a list that has changed since: send them the list as it stands, `heard case issue ask {reference}`"


@dataclass(frozen=True)
class ListPress:
    """A button beneath the list: which list they had before them, and whether it is right."""

    reference: str
    name: str
    is_right: bool


def list_press(data: str) -> ListPress | None:
    """What a pressed button says of a list; None for every other button."""
    found = _LIST.fullmatch(data)
    return ListPress(found[1], found[2], found[3] == "yes") if found else None


def says_yes(words: str) -> bool:
    """Whether the first line is a yes and nothing else."""
    return _split(words)[0]


def hear_about_list(hearing: Hearing, words: str, sent: SentList) -> bool:
    """Words of a party to a case whose list waits: a yes in the first line confirms it; the rest is an officer's to read.

    A yes is one to the list only where it answers the mail that brought it, or where the chat showed nothing after it.
    Returns whether the list is confirmed.
    """
    is_yes, has_more = _split(words)
    if is_yes and _answered(hearing) in sent.older:
        _ask(hearing, _OLD_YES)
        return False
    if is_yes := is_yes and answers_list(hearing, sent):
        is_yes = confirm(hearing, sent, "their yes" if hearing.writer.address else "their yes in the chat", sent.name)
        if not has_more:
            return is_yes
    _ask(hearing, _MENDS)
    return is_yes


def answers_list(hearing: Hearing, sent: SentList) -> bool:
    """Whether what was written is said to the list as it stands, and not to something else of ours."""
    if hearing.writer.chat_id:
        return hearing.writer.recipient in sent.last_shown_to
    return _answered(hearing) in sent.answered_by


def _answered(hearing: Hearing) -> str:
    """The mail that this one answers: the last of its thread but itself (RFC 5322, 3.6.4). Empty: none."""
    return next((one for one in reversed(hearing.references) if one != hearing.in_reply_to), "")


def hear_wrong(hearing: Hearing) -> None:
    """They pressed that something is wrong: a person puts it right, whether or not words follow."""
    _ask(hearing, _WRONG)


def hear_mending(hearing: Hearing) -> None:
    """What they write after that is about the list, a yes too."""
    _ask(hearing, _MENDS)


def confirm(hearing: Hearing, sent: SentList, how: str, name: str) -> bool:
    """Record the complainant's yes as theirs. To an older list (`name`: which they had) it is no yes to this one: an officer asks
    again. Nobody else's yes is theirs."""
    if name != sent.name:
        _ask(hearing, _OLD_YES)
        return False
    if hearing.writer.recipient not in sent.may_confirm:
        _ask(hearing, _OTHERS_YES)
        return False
    for number, version in sent.waiting:
        key = {"case_reference": hearing.case.reference, "number": number, "version": version}
        hearing.filing.change(IssueRow, key, confirmed_on=hearing.today, confirmed_how=how)
    listed = ", ".join(str(number) for number, _ in sent.waiting)
    hearing.happened(Event.NOTED, f"the complainant confirmed issue {listed}: {how}")
    return True


def _ask(hearing: Hearing, what: str) -> None:
    by = hearing.office.open_days.add_working_days(date_at_the_desk(hearing.now), 1)
    due = moment_at_the_desk(by, hearing.office.council.closes_at)
    reference = hearing.case.reference
    detail = what.format(reference=reference)
    hearing.filing.add(task(f"list:{reference}:{hearing.token}", TaskKind.PLACE_LETTER, reference, due, hearing.now, detail))


def _split(words: str) -> tuple[bool, bool]:
    """Whether the first line that says something is a yes, and whether more follows than a greeting."""
    lines = [line for line in words.splitlines() if any(symbol.isalnum() for symbol in line)]
    plain = " ".join(re.sub(r"[^a-z ]", " ", lines[0].casefold().replace("'", "").replace("\u2019", "")).split()) if lines else ""
    said = plain.split()
    is_question = said[:1] == ["is"]
    is_yes = not is_question and (_SAYS_IT | _MAY_STAND_BESIDE_IT).issuperset(said) and not _SAYS_IT.isdisjoint(said)
    rest = _CLOSING.sub(" ", " ".join(lines[1:]).casefold())
    words_left = re.findall(r"\w+", rest)
    return is_yes, len(words_left) > A_NAME or any(one in _OBJECTS or one.isdigit() for one in words_left)
