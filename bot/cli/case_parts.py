"""Parts of a case as it is shown: its issues, its people, what happened. Stable names: programs read them."""

from collections.abc import Sequence
from typing import Any

from bot.cli.at_work import At
from casework.daily.calls import OUTCOMES
from casework.issues.numbered import Issue, words_of_remedy
from casework.people.needs import NeedOnCase, in_words
from casework.people.on_case import OnCase
from procedures.people import CaseRole
from procedures.steps import words_of
from procedures.terms import Event, Notice
from procedures.working_days import date_at_the_desk
from storage.columns import Means, Member
from storage.tables import CallRow, CaseRow, EventRow, MemberEnquiryRow, OutboxRow, WallRow

Shown = dict[str, Any]


def who(address: str, at: At) -> str:
    """A person by name, where the settings know them."""
    person = at.settings.council.person(address)
    return person.name if person else {"complainant": "the person", "service": "the service"}.get(address, address)


def issues(found: Sequence[Issue], sent: Sequence[OutboxRow]) -> list[Shown]:
    """The numbered issues; where nobody listed them, what the acknowledgement said that we understood."""
    if found:
        return [_issue(one) for one in found if not one.is_withdrawn]
    letters = [one.facts.get("issues", []) for one in sent if one.notice == Notice.ACKNOWLEDGEMENT]
    return [{"number": number, "words": words} for points in letters[:1] for number, words in enumerate(points, start=1)]


def _issue(one: Issue) -> Shown:
    found = one.latest
    return {
        "number": one.number,
        "words": one.words,
        "theme": one.theme.value,
        "procedure": one.procedure.value if one.procedure else None,
        "wanted": one.wanted or None,
        "confirmed_on": one.confirmed_on,
        "finding": found.outcome.value if found else None,
        "finding_stage": found.stage if found else None,
        "remedy": ", ".join(words_of_remedy(remedy.kind) for remedy in one.remedies) or None,
    }


def wanted(found: Sequence[Issue], sent: Sequence[OutboxRow]) -> str | None:
    """What they would like to happen: by the issues, or as the acknowledgement repeated it."""
    by_issues = "; ".join(dict.fromkeys(one.wanted for one in found if one.wanted and not one.is_withdrawn))
    letters = (one.facts.get("wanted") or None for one in sent if one.notice == Notice.ACKNOWLEDGEMENT)
    return by_issues or next(letters, None)


def somebody(one: OnCase) -> Shown:
    """Who somebody on a case is, and where they are written to."""
    return {
        "number": one.number,
        "role": one.role.value,
        "name": one.name or None,
        "address": one.address or None,
        "chat": one.chat_id,
        "phone": one.phone or None,
        "relation": one.relation or None,
        "standing": one.standing.value if one.standing else None,
    }


def people(found: Sequence[OnCase]) -> list[Shown]:
    """Everybody on the case, with how we may write to them."""
    return [
        {
            **somebody(one),
            "is_lead": one.is_lead,
            "is_told": one.is_told,
            "route_closed": one.is_closed,
            "appointed_on": one.appointed_on,
            "ended_on": one.ended_on,
            "to_confirm": one.waits_to_be_confirmed,
        }
        for one in found
    ]


def staff(row: CaseRow, at: At) -> list[Shown]:
    """Who at the council has it in hand."""
    return [{"role": "owner", "name": who(row.owner, at), "address": row.owner}] if row.owner else []


def kept_from(walls: Sequence[WallRow], at: At) -> list[Shown]:
    """Who must not see, handle or hear of it."""
    return [
        {
            "name": wall.name or who(wall.address, at),
            "address": wall.address or None,
            "why": wall.why or None,
            "is_confirmed": wall.confirmed_at is not None,
        }
        for wall in walls
    ]


def needs(found: Sequence[NeedOnCase]) -> list[Shown]:
    """What they need to read, hear, talk or come."""
    return [
        {
            "number": one.number,
            "need": one.row.need.value,
            "words": one.row.words or None,
            "who": one.row.who or None,
            "in_words": in_words(one.row),
            "since": one.row.recorded_at,
            "recorded_by": one.row.recorded_by,
            "ended_at": one.row.ended_at,
            "ended_why": one.row.ended_why or None,
        }
        for one in found
    ]


def flags(
    row: CaseRow, asks: MemberEnquiryRow | None, found: Sequence[OnCase], walls: Sequence[Shown], needed: Sequence[Shown]
) -> list[str]:
    """What an officer must know before anything else."""
    told = []
    if row.is_training:
        told.append("A case to learn on: nothing of it leaves, and no reminder, digest, report or register knows of it.")
    if needed:
        told.append(f"They need: {'; '.join(one['in_words'] for one in needed)}.")
    if asks is not None:
        title = "MP" if asks.member is Member.MP else "Councillor"
        consent = "consent was seen" if asks.has_consent else "no consent was seen: tell the member nothing about anybody"
        told.append(f"{title} {asks.name} asks" + (f" for {asks.constituent}" if asks.constituent else "") + f"; {consent}.")
    if walls:
        told.append(f"Kept from: {', '.join(wall['name'] for wall in walls)}.")
    told += [
        f"{one.name or 'Somebody'} is said to speak for the person ({one.role.value.replace('_', ' ')}); nobody confirmed it."
        for one in found
        if one.waits_to_be_confirmed and one.role is not CaseRole.MP
    ]
    return told


def enquiry(asks: MemberEnquiryRow | None) -> Shown | None:
    """For whom a member of parliament or a councillor asks."""
    if asks is None:
        return None
    return {
        "member": asks.member.value,
        "name": asks.name,
        "constituent": asks.constituent or None,
        "has_consent": asks.has_consent,
    }


def calls(found: Sequence[CallRow], at: At) -> list[Shown]:
    """Every call that was made or tried."""
    return [
        {
            "called_at": one.called_at,
            "by": one.called_by,
            "who": who(one.called_by, at),
            "means": one.means.value,
            "outcome": one.outcome.value,
            "spoke_with": one.spoke_with or None,
            "agreed": one.agreed or None,
        }
        for one in found
    ]


def history(events: Sequence[EventRow], called: Sequence[CallRow], at: At) -> list[Shown]:
    """What happened, by the day on which it did: who, what, and what it changed. What was corrected is still there, marked."""
    found = [*_happened(events, at), *(_call(one, at) for one in called)]
    return sorted(found, key=lambda one: (one["on"], one["recorded_on"]))


def _call(call: CallRow, at: At) -> Shown:
    said = "; ".join(part for part in (OUTCOMES[call.outcome], call.spoke_with, call.agreed) if part)
    return {
        "on": date_at_the_desk(call.called_at),
        "recorded_on": date_at_the_desk(call.recorded_at),
        "what": "Visit" if call.means is Means.VISIT else f"{call.means.value.capitalize()} call",
        "words": said,
        "who": who(call.called_by, at),
        "stands": True,
    }


def _happened(events: Sequence[EventRow], at: At) -> list[Shown]:
    return [
        {
            "on": one.happened_on,
            "recorded_on": date_at_the_desk(one.recorded_at),
            "what": "Note" if one.name is Event.NOTED else words_of(one.name).capitalize(),
            "words": one.note or None,
            "who": who(one.recorded_by, at),
            "stands": not one.is_superseded,
        }
        for one in sorted(events, key=lambda one: (one.happened_on, one.id or 0))
    ]
