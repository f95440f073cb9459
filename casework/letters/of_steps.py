"""The letters of a case: which leaves with which step, to whom, and with what facts. What they say stands in templates/.

A letter is queued in the unit of work of its step, with a key that makes it said once, to the complainant and, as a letter of its
own, to whoever an officer confirmed to speak for them (SI 2006/1738, regs. 7(2), 15(1), 17(3), 20(2)). Which step sends which
letter, what it must say and what comes next is data: procedures/letters.toml.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from casework.clockwork import events_of, rule_of
from casework.issues.numbered import issues_of, last_answered, overall, told_of
from casework.letters.days_in import dates_in, known_of
from casework.opening import task
from casework.people.on_case import OnCase, people_of
from casework.people.told import may_be_told, may_get
from casework.progress import where_it_stands
from procedures.letters import HOME, After, Item, LetterRule, Level, Next, letters
from procedures.people import REPRESENTS, CaseRole
from procedures.terms import Channel, Event, Kind, Notice, Procedure, Role
from storage import cases, people, walls
from storage import issues as stored_issues
from storage.chats import wording_of
from storage.filing import Filing, write
from storage.listened import with_open_alerts
from storage.outbox import outgoing
from storage.tables import CaseRow, TaskKind
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:  # actions send letters, and letters say who acts
    from casework.acting import Acting

_STAGE_OF = {
    **dict.fromkeys((Notice.S2_ACKNOWLEDGEMENT, Notice.S2_DELAY, Notice.S2_RESPONSE, Notice.EARLY_REFERRAL), 2),
    **dict.fromkeys((Notice.LATE_PANEL_ACCEPTED, Notice.LATE_PANEL_REFUSED, Notice.S3_ACKNOWLEDGEMENT), 3),
    **dict.fromkeys((Notice.PANEL_REPORT, Notice.S3_RESPONSE), 3),
}
_MAY_BE_LEFT_OUT: Mapping[Notice, Mapping[str, Any]] = {
    Notice.LATE_REFUSED: {"sooner": "", "fairly": ""},
    Notice.LATE_PANEL_REFUSED: {"why_late": "", "worth": ""},
    Notice.HOLD: {"goes_on": ""},
    Notice.RESUBMIT: {"ended_on": None, "resubmit_by": None},
    Notice.ADVOCATE_PENDING: {"appointed": False, "appointed_on": None, "arranging": "", "due_on": None},
    Notice.EXTENSION: {"old_due_on": None},
    Notice.TERMS: {"agreed_on": None, "actions": []},
    Notice.S2_ACKNOWLEDGEMENT: {"issues": [], "io_name": "", "ip_name": "", "due_on": None, "longest_on": None},
    Notice.S2_DELAY: {"old_due_on": None},
    Notice.S2_RESPONSE: {"issues": [], "outcome": None, "actions": []},
    Notice.S3_ACKNOWLEDGEMENT: {"panel_by": None, "choices": "", "papers_by": None},
    Notice.PANEL_REPORT: {"met_on": None, "answer_by": None},
    Notice.S3_RESPONSE: {"issues": [], "outcome": None, "actions": [], "not_accepted": ""},
    Notice.WITHDRAWAL_CONFIRMED: {"still_looking": ""},
    Notice.REROUTED: {"due_on": None},
    Notice.REOPENED: {"is_late": False, "again_by": None, "again_what": "", "answered_on": None, "due_on": None},
    Notice.CLOSURE: {"outcome": None, "left_to_do": 0, "asks_about_them": False},
}
"""Facts that a letter has words without."""
_NAMES_A_PERIOD: Mapping[Notice, str] = {
    Notice.HOLD: "resubmit_after_hold",
    Notice.RESUBMIT: "resubmit_after_hold",
    **dict.fromkeys((Notice.LATE_ACCEPTED, Notice.LATE_REFUSED), "late_limit"),
}
"""The clock whose length a letter says in words."""
_TO_THE_COMPLAINANT_ALONE = frozenset({Notice.BEHAVIOUR})
"""What is about the complainant themself: no copy to who speaks for them, and none to a child (practice.md 5.8)."""
_JUDGES_WHO_COMPLAINED = frozenset({Notice.INTEREST_ACCEPTED, Notice.INTEREST_REFUSED})
"""Whether they are close enough to the child's life: its "you" is no word to the child, who has an edition of their own."""
TO_CHILD = "to_child"
"""The fact that holds an officer's words for a child: they take the place of the reason in a letter that a child reads."""
CHILD_KNEW = "child_knew"
"""The fact that the child had a letter of what was decided before: only then this one speaks of looking again."""

ALSO_TO: Mapping[Notice, tuple[CaseRole, ...]] = {Notice.PANEL_REPORT: (CaseRole.INDEPENDENT_PERSON,)}
"""Who else gets a letter by law: the panel's report goes to the Independent Person of stage 2, too (SI 2006/1738, reg. 20(2))."""


class LetterLacks(ValueError):
    """The law wants the letter to say something that nobody gave; the message says what, by what rule, and what to do."""


@dataclass(frozen=True)
class Saying:
    """What a step says to the person."""

    on: date
    why: str = ""
    until: date | None = None
    """The date that a delay notice promises."""
    say: Mapping[str, str] = field(default_factory=dict)
    """Words for the person, by the name of the fact: `words`, `summary`, `goes_on` …"""


@dataclass(frozen=True)
class Reader:
    """Somebody who gets the letters of a case, by their own route, and the words that they get."""

    channel: Channel
    recipient: str
    voice: str
    speaks_for_another: bool = False
    """An advocate, say: who complained is to be reached all the same."""
    office: CaseRole | None = None
    """Of who gets it for an office that they hold on the case (`ALSO_TO`)."""
    is_about: bool = False
    """The child whom it is about, in a letter that judges who complained: it speaks of them, and who complained is to be reached
    all the same."""

    @property
    def is_beside(self) -> bool:
        """Whether who complained has not been reached with this one."""
        return self.speaks_for_another or self.is_about


@dataclass(frozen=True)
class Letter:
    """A letter as it would leave now, and what it lacks."""

    rule: LetterRule
    facts: Mapping[str, Any]
    lacks: tuple[Item, ...]


def voice_to(raised_by: Role) -> str:
    """Which words somebody gets: child, young (a care leaver), adult, professional, or unknown while nobody said."""
    match raised_by:
        case Role.CHILD:
            return "child"
        case Role.CARE_LEAVER:
            return "young"
        case Role.ADVOCATE | Role.PROFESSIONAL:
            return "professional"
        case Role.UNKNOWN:
            return "unknown"
        case _:
            return "adult"


def voice_wanted(voice: str, wording: str) -> str:
    """The same with the words that they asked for themselves (practice.md §4: a 17-year-old chooses).

    A young person who wants more than the easy words gets those of a care leaver: the formal ones speak about them, not to them.
    """
    if voice in ("child", "young"):
        return {"easy": "child", "plain": "young", "more": "young"}.get(wording, voice)
    return {"easy": "unknown" if voice == "professional" else voice, "more": "professional"}.get(wording, voice)


def _said_in(nation: str, voice: str) -> str:
    """The words in a nation: the formal ones quote England's law, so that elsewhere a professional gets those of an adult."""
    return "adult" if voice == "professional" and nation != HOME else voice


def _the_child(case: CaseRow, one: OnCase, notice: Notice, *, has_words: bool) -> Reader | None:
    """The child whom it is about, where they get this letter: one of an advocate's complaint does, a parent's does not.

    Whether the child hears what was decided on who complained is an officer's judgement (SI 2006/1738, reg. 12): `has_words`,
    whoever complained. Without words a child for whom an advocate wrote hears of a yes alone, since the answer comes to them.
    """
    channel, recipient = one.route
    by_an_advocate = case.raised_by is Role.ADVOCATE and bool(recipient)
    if notice not in _JUDGES_WHO_COMPLAINED:
        return Reader(channel, recipient, "child") if by_an_advocate else None
    if has_words:
        channel, recipient = (channel, recipient) if recipient else (Channel.EMAIL, "" if one.is_closed else one.address)
        return Reader(channel, recipient, "child", is_about=True) if recipient else None
    return Reader(channel, recipient, "child", is_about=True) if by_an_advocate and notice is Notice.INTEREST_ACCEPTED else None


async def readers_of(
    uow: UnitOfWork, case: CaseRow, notice: Notice, today: date, *, has_words_for_child: bool = False
) -> list[Reader]:
    """Who gets this letter of a case: who complained, and who speaks for them once an officer confirmed it.

    The child too, where an advocate wrote for them or an officer has words for them (`_the_child`); never otherwise the child of
    a parent's complaint, and nobody whose authority has ended or is not shown where the letter says more than what they told us
    (`casework.people.told`). Who holds an office gets what the law gives to it, at the address by which they were appointed,
    unless the case is kept from them.
    """
    found = []
    kept_from = {wall.address for wall in (await walls.walls_of(uow, [case.reference]))[case.reference]}
    rights = await people.authorities_of(uow, case.reference)
    for one in await people_of(uow, case.reference, also_ended=False):
        channel, recipient = one.route
        if one.role in ALSO_TO.get(notice, ()) and one.address and one.address not in kept_from:
            found.append(Reader(Channel.EMAIL, one.address, "professional", speaks_for_another=True, office=one.role))
            continue
        if one.role is CaseRole.CHILD:
            child = _the_child(case, one, notice, has_words=has_words_for_child)
            if child is not None and child.recipient not in kept_from and notice not in _TO_THE_COMPLAINANT_ALONE:
                found.append(child)
            continue
        if not recipient or one.waits_to_be_confirmed:
            continue
        if notice in _TO_THE_COMPLAINANT_ALONE and one.role is not CaseRole.COMPLAINANT:
            continue
        if not may_get(notice, may_be_told(rights, one, today), speaks_for_another=one.role in REPRESENTS):
            continue
        if one.role in REPRESENTS:
            found.append(Reader(channel, recipient, "professional", speaks_for_another=True))
        elif one.role is CaseRole.COMPLAINANT:
            wording = await wording_of(uow, int(recipient)) if channel is Channel.TELEGRAM else ""
            found.append(Reader(channel, recipient, voice_wanted(voice_to(case.raised_by), wording)))
    return sorted(found, key=lambda reader: reader.is_beside)


async def queue_for(
    uow: UnitOfWork, case: CaseRow, event: Event, saying: Saying, acting: "Acting", filing: Filing, *, token: str = ""
) -> Notice | None:
    """Queue the letter that this step sends, if it sends one; return which. The step itself need not be written yet.

    `token` tells the letter of a decision from an earlier one of the same day.

    Nothing for an imported case, and nothing where the step says that it was sent before today, or by another route.
    Raises LetterLacks, with the rule, where something that it must say was not given.
    """
    rule = letters().of_step(event, case.procedure, acting.office.nation)
    if rule is None or case.kind is not Kind.COMPLAINT or case.is_imported:
        return None
    if rule.is_the_step and saying.on < acting.today:
        return None
    if rule.own_words and not any(saying.say.get(item.fact) for item in rule.items):
        return None
    letter = await letter_for(uow, case, rule, saying, acting, event)
    if letter.lacks:
        item = letter.lacks[0]
        raise LetterLacks(
            f"The letter must say {item.says} ({item.authority}): add "
            f"{'--why' if item.fact == 'reason' else f'--say {item.fact}=WORDS'}. Look at it first: "
            f"`heard case letter {case.reference} {rule.notice.value}`."
        )
    key = f"{rule.notice.value}:{case.reference}:{event.value}:{saying.on}" + (f":{token}" if token else "")
    await put(uow, case, rule.notice, key, letter.facts, acting, filing)
    return rule.notice


async def put(
    uow: UnitOfWork,
    case: CaseRow,
    notice: Notice,
    key: str,
    facts: Mapping[str, Any],
    acting: "Acting",
    filing: Filing,
    *,
    only: Collection[str] = (),
) -> None:
    """Queue a letter to each reader in their own words; with no route left it is a task, never another route.

    `only`: the routes of those whom it is for, where it is not for everybody who complained.

    What comes next, the contact and the day are added: no caller can name a wrong next step.
    """
    given = {**await _everywhere(uow, case, notice, facts, acting), **_MAY_BE_LEFT_OUT.get(notice, {}), **facts}
    found = await readers_of(uow, case, notice, acting.today, has_words_for_child=bool(given.get(TO_CHILD)))
    readers = [one for one in found if not only or one.recipient in only]
    for number, reader in enumerate(readers):
        filing.add(
            outgoing(
                key=f"{key}:{reader.recipient}" if number else key,
                notice=notice,
                channel=reader.channel,
                recipient=reader.recipient,
                now=acting.now,
                domain=acting.office.domain,
                facts=_as_read_by(reader.voice, given, is_about=reader.is_about)
                | {"voice": _said_in(acting.office.nation, reader.voice)},
                case_reference=case.reference,
                urgency=3,
            )
        )
    if all(reader.is_beside for reader in readers):
        why = f"{notice.value} has no route"
        filing.add(task(f"reach:{key}", TaskKind.CANNOT_REACH, case.reference, acting.now, acting.now, why))
    for role in () if only else ALSO_TO.get(notice, ()):
        if not any(reader.office is role for reader in readers):
            why = f"{notice.value}: no address of the {role.value.replace('_', ' ')} is on the case, and it is theirs by law"
            filing.add(task(f"reach:{key}:{role.value}", TaskKind.CANNOT_REACH, case.reference, acting.now, acting.now, why))


def _as_read_by(voice: str, facts: Mapping[str, Any], *, is_about: bool = False) -> dict[str, Any]:
    """The facts of a letter for one reader. An officer's words for a child stand for the reason where a child reads, and nowhere
    else; the child whom it is about is told no reason that was written for who complained."""
    words = str(facts.get(TO_CHILD) or "").strip()
    own = {name: value for name, value in facts.items() if name not in (TO_CHILD, CHILD_KNEW)}
    if is_about:
        own = {name: value for name, value in own.items() if name != "again" or CHILD_KNEW in facts}
        return {**own, "about_you": True, "reason": words}
    return {**own, "reason": words} if words and voice in ("child", "young") else own


async def tell_of_another_way(uow: UnitOfWork, reference: str, why: str, acting: "Acting") -> None:
    """Queue the letter that says that a complaint is looked into in another way now, why, and by when. The route is written."""
    case = await cases.find(uow, reference)
    if case is None or case.is_imported:
        return
    rule = letters().of_notice(Notice.REROUTED, case.procedure)
    assert rule is not None
    letter, filing = await letter_for(uow, case, rule, Saying(acting.today, why), acting), Filing()
    key = f"{Notice.REROUTED.value}:{reference}:{case.procedure.value}:{acting.today}"
    await put(uow, case, Notice.REROUTED, key, letter.facts, acting, filing)
    await write(uow, [filing])


async def letter_for(
    uow: UnitOfWork, case: CaseRow, rule: LetterRule, saying: Saying, acting: "Acting", event: Event | None = None
) -> Letter:
    """The letter as it would leave with this step, to the complainant. Nothing is written."""
    known = await known_of(uow, case, saying, acting, event)
    facts = {**_MAY_BE_LEFT_OUT.get(rule.notice, {}), **dates_in(rule.notice, known), **await _people(uow, case, rule.notice)}
    facts |= {name: known.notes[event] for name, event in rule.notes.items() if known.notes.get(event)}
    if any(item.fact == "reason" for item in rule.items):
        facts["reason"] = saying.why.strip()
    facts |= {name: words.strip() for name, words in saying.say.items() if words.strip()}
    facts = {**await _everywhere(uow, case, rule.notice, facts, acting), **facts}
    lacks = tuple(
        item for item in rule.items_for(case.procedure) if item.level is Level.REQUIRED and item.fact and not facts.get(item.fact)
    )
    return Letter(rule, {"voice": _said_in(acting.office.nation, voice_to(case.raised_by)), **facts}, lacks)


async def _everywhere(
    uow: UnitOfWork, case: CaseRow, notice: Notice, facts: Mapping[str, Any], acting: "Acting"
) -> dict[str, Any]:
    """What every letter says: the number, the day, whom to ask, and what comes next by route and stage."""
    stage = int(facts.get("stage") or _STAGE_OF.get(notice) or await _stage(uow, case, acting))
    procedure = Procedure(str(facts.get("procedure") or case.procedure.value))
    nation = acting.office.nation
    after = letters().known_after(procedure, stage, nation) or letters().after(procedure, 1, nation)
    before = letters().known_after(procedure, stage - 1, nation) if stage > 1 else None
    return {
        "reference": case.reference,
        "procedure": procedure.value,
        "stage": stage,
        "is_home": nation == HOME,
        "this_step": before.step.value if before else "",
        "steps": [one.value for one in letters().path(procedure, nation)],
        "within": _within(case, notice, acting),
        "next_step": after.step.value,
        "ask_within": after.ask_within,
        "ask_by": _ask_by(notice, after, acting),
        "contact": acting.person.name,
        "written_on": acting.today.isoformat(),
    }


def _within(case: CaseRow, notice: Notice, acting: "Acting") -> str:
    """The period that this letter names, as the law of the nation has it: `1 year`; empty where it names none."""
    rule = rule_of(case, acting.office, _NAMES_A_PERIOD[notice]) if notice in _NAMES_A_PERIOD else None
    return rule.length if rule else ""


def _ask_by(notice: Notice, after: Next, acting: "Acting") -> str | None:
    """The last day that we ask for, where this letter is the answer and reaches them today: working days, and of a panel that is
    asked for in writing days of every kind (`procedures.letters.Next`). Asked for later, it is taken all the same."""
    if notice not in (Notice.RESPONSE, Notice.S2_RESPONSE) or not after.ask_within:
        return None
    if after.step is After.PANEL_IN_WRITING:
        return (acting.today + timedelta(days=after.ask_within)).isoformat()
    return acting.office.calendar.add_working_days(acting.today, after.ask_within).isoformat()


async def _stage(uow: UnitOfWork, case: CaseRow, acting: "Acting") -> int:
    events = events_of((await cases.events_of(uow, [case.reference]))[case.reference])
    return max(1, where_it_stands(case.kind, case.procedure, case.form, events, acting.office, acting.today).stage)


async def _people(uow: UnitOfWork, case: CaseRow, notice: Notice) -> dict[str, Any]:
    """Points, findings, names and what is left to do, where the letter speaks of them."""
    match notice:
        case Notice.S2_ACKNOWLEDGEMENT:
            names = {one.role: one.name for one in await people_of(uow, case.reference, also_ended=False)}
            io, ip = names.get(CaseRole.INVESTIGATING_OFFICER, ""), names.get(CaseRole.INDEPENDENT_PERSON, "")
            return {"issues": await points_of(uow, case.reference), "io_name": io, "ip_name": ip}
        case Notice.S2_RESPONSE | Notice.S3_RESPONSE:
            return {"issues": told_of(await issues_of(uow, case.reference, withdrawn_too=False), _STAGE_OF[notice])}
        case Notice.CLOSURE:
            left = await stored_issues.actions(uow, reference=case.reference, open_only=True)
            is_safe = not await with_open_alerts(uow, [case.reference])
            return {"outcome": await _found_at_last(uow, case), "left_to_do": len(left), "asks_about_them": is_safe}
        case _:
            return {}


async def _found_at_last(uow: UnitOfWork, case: CaseRow) -> str | None:
    """What the last answer found on the whole: the case keeps what stage 1 did, and a later stage may have found otherwise."""
    stage = last_answered(events_of((await cases.events_of(uow, [case.reference]))[case.reference]))
    found = overall(await issues_of(uow, case.reference, withdrawn_too=False), stage) or (case.outcome if stage == 1 else None)
    return found.value if found else None


async def points_of(uow: UnitOfWork, reference: str) -> list[str]:
    """What we understood, point by point: the numbered issues, or what the acknowledgement said."""
    if found := await issues_of(uow, reference, withdrawn_too=False):
        return [issue.words for issue in found]
    told = [row.facts.get("issues", ()) for row in await cases.sent_of(uow, reference) if row.notice == Notice.ACKNOWLEDGEMENT]
    return [str(words) for words in told[-1]] if told else []
