"""Behaviour plans: limits on how somebody deals with the council, decided by an officer, told in a letter, looked at again.

A plan is a record and a date to review it. Nothing that comes in asks for it: a new matter is opened, a stage begins, an alert
rings and a person is answered by their procedure whether there is a plan or not (practice.md 5; law.md 1.13: restrictions must
not remove the right to the stages). There is none of a child, nor of an advocate, through whom a child speaks.
"""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

from casework.acting import Acting, Refused, happened, only_officers, the_case
from casework.letters.of_steps import put, readers_of
from casework.opening import task
from casework.people.on_case import OnCase, people_of
from procedures.clocks import in_words, months_later
from procedures.people import CaseRole, Standing
from procedures.terms import Event, Notice, Role
from procedures.working_days import moment_at_the_desk
from storage import cases, daily
from storage.filing import Filing, write
from storage.tables import BehaviourPlanRow, CaseRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

REVIEWED_AFTER_MONTHS = 6
YOUNG = (Role.CHILD, Role.CARE_LEAVER)
OF_THE_YOUNG = (Standing.S1, Standing.S10)
"""By which a child or a care leaver is on a case, also beside who raised it."""
NO_CHILD = "There is no behaviour plan for a child or a care leaver: what they do is answered by people (the council's own rule)."


async def warn(
    uow: UnitOfWork,
    reference: str,
    reason: str,
    acting: Acting,
    *,
    on: date | None = None,
    asks: str | None = None,
    to: Collection[int] = (),
) -> BehaviourPlanRow:
    """Warn somebody: what happened, and what will follow. A plan needs it before it.

    With `asks` (what we ask of them) the letter leaves now; without, one of another route is noted. `to`: whom it is for, by
    their numbers on the case, where several complained together; the later letters of the plan go to the same, and to nobody in
    their place.
    """
    only_officers(acting, "warn anybody")
    case = await the_case(uow, reference)
    _is_of_no_child(case)
    if not reason.strip():
        raise Refused("Say what happened, with --why: the letter says it too. Nothing was changed.")
    day = happened(on, acting, since=case.received_on, what="the case came")
    if asks is not None and (not asks.strip() or day != acting.today):
        raise Refused("A letter that leaves now is of today, and says what you ask of them: --asks. Nothing was changed.")
    for_whom = await _for_whom(uow, case, acting, to, "then give its day with --on") if asks is not None else frozenset[str]()
    made = BehaviourPlanRow(
        case_reference=reference, reason=reason.strip(), warned_on=day, made_at=acting.now, made_by=acting.person.address
    )
    uow.add(made)
    await uow.flush()
    how = f"went on {day} by another route" if asks is None else f"is queued on {day}"
    await _noted(uow, reference, f"behaviour: a warning letter {how}: {reason.strip()}", acting)
    if asks is not None:
        await _write(uow, made, {"what": "warning", "reason": reason.strip(), "asks": asks.strip()}, for_whom, acting)
    return made


async def begin(
    uow: UnitOfWork,
    number: int,
    limits: str,
    contact: str,
    acting: Acting,
    *,
    told_of_ombudsman_on: date | None,
    on: date | None = None,
    writes: bool = False,
    to: Collection[int] = (),
) -> BehaviourPlanRow:
    """Begin a plan after its warning: what is limited, the one person to deal with, and a review six months later.

    `told_of_ombudsman_on`: the day of the letter that tells them of all this and of the Ombudsman; with `writes` it leaves now.
    """
    only_officers(acting, "limit how somebody deals with the council")
    if writes and told_of_ombudsman_on is not None:
        raise Refused("Give --send or --letter-on, not both. Nothing was changed.")
    told_of_ombudsman_on = acting.today if writes else told_of_ombudsman_on
    plan = await _plan(uow, number)
    case = await the_case(uow, plan.case_reference)
    _is_of_no_child(case)
    await _is_not_of_the_young(uow, plan)
    day = on or acting.today
    if plan.begins_on is not None:
        raise Refused(f"Plan {number} began on {in_words(plan.begins_on)}. Nothing was changed.")
    if day <= plan.warned_on or day > acting.today:
        raise Refused(f"The warning of {in_words(plan.warned_on)} must have had its chance first. Nothing was changed.")
    if not limits.strip():
        raise Refused("Say what is limited, with --limits. Nothing was changed.")
    person = acting.office.council.person(contact)
    if person is None:
        raise Refused(
            f"{contact or 'Nobody'} is not one of the people in the settings: a plan names one contact. Nothing was changed."
        )
    if told_of_ombudsman_on is None or not plan.warned_on <= told_of_ombudsman_on <= acting.today:
        raise Refused(
            "They must be told in writing, and that they can go to the Ombudsman about it: have the letter sent with --send, or "
            "give the day of one that went by another route, with --letter-on. Nothing was changed."
        )
    for_whom = (
        await _for_whom(uow, case, acting, to, "then give its day with --letter-on", number) if writes else frozenset[str]()
    )
    plan.begins_on, plan.limits, plan.contact = day, limits.strip(), person.address
    plan.review_on = months_later(day, REVIEWED_AFTER_MONTHS)
    uow.add(plan)
    await uow.flush()
    letter = f"letter of {told_of_ombudsman_on} {'queued' if writes else 'by another route'}"
    await _noted(uow, plan.case_reference, f"behaviour plan {number} begins: {limits.strip()}; {letter}", acting)
    await _to_review(uow, plan, acting)
    if writes:
        dates = {"warned_on": plan.warned_on, "begins_on": day, "review_on": plan.review_on}
        facts = {name: one.isoformat() for name, one in dates.items()}
        said = {"what": "plan", "reason": plan.reason, "limits": plan.limits}
        await _write(uow, plan, {**said, **facts, "contact_person": f"{person.name} ({person.address})"}, for_whom, acting)
    return plan


async def review(
    uow: UnitOfWork, number: int, why: str, acting: Acting, *, ends: bool, writes: bool = False, to: Collection[int] = ()
) -> BehaviourPlanRow:
    """Look at a plan again: it ends, or goes on for six months at most, with the reason; `writes` tells them.

    Who turned out to be a child is never told that it goes on: theirs can only end.
    """
    only_officers(acting, "review a behaviour plan")
    plan = await _plan(uow, number)
    if plan.ended_on is not None or plan.begins_on is None:
        raise Refused(
            f"Plan {number} is not in force, and none is reviewed that is not (the council's own rule). Nothing was changed."
        )
    if not why.strip():
        raise Refused("Say why, with --why. Nothing was changed.")
    case = await the_case(uow, plan.case_reference)
    if not ends:
        _is_of_no_child(case, "End this one, with --end. ")
        await _is_not_of_the_young(uow, plan, "End this one, with --end. ")
    without = "and leave --send out"
    for_whom = await _for_whom(uow, case, acting, to, without, number, ends=ends) if writes else frozenset[str]()
    filing = Filing()
    waiting = {"case_reference": plan.case_reference, "kind": TaskKind.PLAN_REVIEW, "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)
    await write(uow, [filing])
    if ends:
        plan.ended_on, plan.ended_why = acting.today, why.strip()[:1000]
    else:
        plan.review_on = months_later(acting.today, REVIEWED_AFTER_MONTHS)
    uow.add(plan)
    await uow.flush()
    what = "ends" if ends else f"goes on until it is reviewed on {plan.review_on}"
    await _noted(uow, plan.case_reference, f"behaviour plan {number} {what}: {why.strip()}", acting)
    if not ends:
        await _to_review(uow, plan, acting)
    if writes:
        until = {} if ends or plan.review_on is None else {"review_on": plan.review_on.isoformat()}
        await _write(uow, plan, {"what": "ends" if ends else "goes_on", "reason": why.strip(), **until}, for_whom, acting)
    return plan


def in_force(plans: Iterable[BehaviourPlanRow], from_on: date, until_on: date) -> list[BehaviourPlanRow]:
    """The plans that were in force on at least one of these days, both included. A warning alone is none (Wolverhampton: two)."""
    return [
        plan
        for plan in plans
        if plan.begins_on is not None and plan.begins_on <= until_on and (plan.ended_on is None or plan.ended_on >= from_on)
    ]


async def _plan(uow: UnitOfWork, number: int) -> BehaviourPlanRow:
    plan = await daily.plan(uow, number)
    if plan is None:
        raise Refused(f"There is no behaviour plan {number} (the council's own list: `heard plan list`). Nothing was changed.")
    return plan


def _is_of_no_child(case: CaseRow, instead: str = "") -> None:
    """Refuse where the person is young, where nobody knows whether they are, and where an advocate wrote for somebody."""
    if case.raised_by in YOUNG:
        raise Refused(f"{NO_CHILD} {instead}Nothing was changed.")
    if case.raised_by is Role.UNKNOWN:
        raise Refused(f"Nobody has said who wrote {case.reference}: it may be a child. {NO_CHILD} {instead}Nothing was changed.")
    if case.raised_by is Role.ADVOCATE:
        raise Refused(
            f"An advocate wrote {case.reference} for somebody: what limits them limits whom they speak for. {NO_CHILD} "
            f"{instead or 'Talk to the service that they work for. '}Nothing was changed."
        )


async def reaches(uow: UnitOfWork, plan: BehaviourPlanRow, acting: Acting) -> int:
    """How many readers its last letter has today: those whom it went to, by each route that is open."""
    case = await the_case(uow, plan.case_reference)
    open_today = {reader.recipient for reader in await readers_of(uow, case, Notice.BEHAVIOUR, acting.today)}
    return len(open_today & await _last_went_to(uow, case.reference, plan.id))


async def _for_whom(
    uow: UnitOfWork,
    case: CaseRow,
    acting: Acting,
    to: Collection[int],
    instead: str,
    plan: int | None = None,
    *,
    ends: bool = False,
) -> frozenset[str]:
    """The routes of those whom a letter is for: who behaved so, and nobody who only complained together with them.

    Without `to` it is for whom the last letter of the plan went to, if that was one; where there was none yet, for who complained
    alone. That one route is left says nothing about whose it is. Refuses a letter that would reach nobody: nobody's contact is
    limited who was not told (practice.md 5.8); and one to a child, but that it `ends`.
    """
    routes = {reader.recipient for reader in await readers_of(uow, case, Notice.BEHAVIOUR, acting.today)}
    if not routes:
        raise Refused(
            f"Nobody who complained in {case.reference} can be written to: every route is closed. "
            f"Write by another route, {instead}. Nothing was changed."
        )
    complained = await _who_complained(uow, case.reference)
    open_to = {one.number: one.route[1] for one in complained if one.is_on_it and one.route[1] in routes}
    if any(number not in open_to for number in to):
        known = _named(one for one in complained if one.number in open_to)
        raise Refused(f"--to names who complained and can be written to, by their number: {known}. Nothing was changed.")
    before = await _last_went_to(uow, case.reference, plan)
    if before and not before & routes:
        whom = _named(one for one in complained if _route_known(one) in before) or "somebody who is not on the case"
        raise Refused(
            f"The last letter of plan {plan} went to {whom}, who cannot be written to now, and nobody else gets the next. "
            f"Write by another route, {instead}. Nothing was changed."
        )
    if to:
        named = frozenset(open_to[number] for number in to)
    else:
        named = before if len(before) == 1 else frozenset(routes) if not before and len(complained) == 1 else frozenset()
    if not named:
        known = _named(one for one in complained if one.number in open_to)
        raise Refused(
            f"Several complained together in {case.reference}, and a letter about behaviour is for who behaved so alone "
            f"(the council's own rule). Say with --to whom it is for: {known}. Write to whoever is not among them by another "
            f"route, {instead}. Nothing was changed."
        )
    if before and not named <= before:
        raise Refused(
            f"The letters of plan {plan} went to somebody else. Whoever else is meant is warned first. Nothing was changed."
        )
    young = [one for one in complained if one.number in open_to and one.route[1] in named and one.standing in OF_THE_YOUNG]
    if young and not ends:
        raise Refused(f"{_named(young)}: {NO_CHILD} Nothing was changed.")
    return named


async def _who_complained(uow: UnitOfWork, reference: str) -> list[OnCase]:
    """Everybody who complained, also who has left the case."""
    return [one for one in await people_of(uow, reference) if one.role is CaseRole.COMPLAINANT]


async def _last_went_to(uow: UnitOfWork, reference: str, plan: int | None) -> frozenset[str]:
    """The routes that the last letter of a plan went by; none before its first, or where all went by another route."""
    sent = [row for row in await cases.sent_of(uow, reference) if plan is not None and row.key.startswith(f"behaviour:{plan}:")]
    last = max((row.queued_at for row in sent), default=None)
    return frozenset(row.recipient for row in sent if row.queued_at == last)


async def _is_not_of_the_young(uow: UnitOfWork, plan: BehaviourPlanRow, instead: str = "") -> None:
    """Refuse where everybody whom its last letter went to turned out to be a child: beside a parent's complaint, say."""
    before = await _last_went_to(uow, plan.case_reference, plan.id)
    whom = [one for one in await _who_complained(uow, plan.case_reference) if _route_known(one) in before]
    if whom and all(one.standing in OF_THE_YOUNG for one in whom):
        raise Refused(f"{_named(whom)}: {NO_CHILD} {instead}Nothing was changed.")


def _route_known(one: OnCase) -> str:
    """Where letters went to them, also when none goes there any more."""
    return str(one.chat_id) if one.chat_id else one.address


def _named(people: Iterable[OnCase]) -> str:
    return ", ".join(f"{one.number} {one.name or _route_known(one)}" for one in people)


async def _noted(uow: UnitOfWork, reference: str, words: str, acting: Acting) -> None:
    filing = Filing()
    filing.add(acting.event(reference, Event.NOTED, words))
    await write(uow, [filing])


async def _write(
    uow: UnitOfWork, plan: BehaviourPlanRow, facts: Mapping[str, str], for_whom: Collection[str], acting: Acting
) -> None:
    """Queue the letter, to whom it is for alone. One that puts another of the same day right goes too."""
    filing = Filing()
    case = await the_case(uow, plan.case_reference)
    key = f"behaviour:{plan.id}:{facts['what']}:{acting.today}"
    before = [row for row in await cases.sent_of(uow, case.reference) if row.key == key or row.key.startswith(f"{key}:")]
    if any(all(row.facts.get(name) == said for name, said in facts.items()) for row in before):
        raise Refused("A letter of today says so already. Nothing was changed.")
    await put(uow, case, Notice.BEHAVIOUR, f"{key}:{len(before) + 1}" if before else key, facts, acting, filing, only=for_whom)
    await write(uow, [filing])


async def _to_review(uow: UnitOfWork, plan: BehaviourPlanRow, acting: Acting) -> None:
    assert plan.review_on is not None
    due = moment_at_the_desk(plan.review_on, acting.office.council.closes_at)
    key = f"plan_review:{plan.id}:{plan.review_on}"
    filing = Filing()
    filing.add(task(key, TaskKind.PLAN_REVIEW, plan.case_reference, due, acting.now, f"behaviour plan {plan.id}"))
    await write(uow, [filing])
