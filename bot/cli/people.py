"""`case people`, `case person …`, `case authority`, `case wall …`, `case link`: who is on a case, and from whom it is kept."""

from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import act, carry_out
from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, JSON, as_day, err, flag, local, out, print_json, run, safe, show, table
from procedures.people import STANDINGS, Basis, CaseRole, LinkKind, Standing, WallKind

if TYPE_CHECKING:
    from casework.people.on_case import OnCase
    from storage.unit_of_work import UnitOfWork

person = typer.Typer(no_args_is_help=True, help="Put people on a case, confirm who speaks for somebody, end it.")
wall = typer.Typer(no_args_is_help=True, help="Keep a case from whom it is about; confirm or lift that.")

NUMBER = typer.Argument(min=1, help="Their number in `heard case people REFERENCE`.")
NAME = typer.Option("", "--name", help="Their name.")
WHOM = typer.Option("", "--person", help="Their name or address, as the settings have it.")
DAY: dict[str, Any] = {"metavar": "YYYY-MM-DD", "show_default": False}


def add_to(app: typer.Typer) -> None:
    """Add these to `heard case`."""
    app.command(name="people", epilog="Example: heard case people K7M-W92-RXHC --as officer@council.example")(people)
    app.add_typer(person, name="person")
    app.add_typer(wall, name="wall")
    app.command(
        name="authority",
        epilog='Example: heard case authority K7M-W92-RXHC 2 solicitor --evidence "letter of 2 March, in the file"',
    )(authority)
    app.command(name="link", epilog='Example: heard case link K7M-W92-RXHC 93R-H3C-3HR6 --why "mum and aunt of the same child"')(
        link
    )


def people(reference: str = REFERENCE, json: bool = JSON, who: str = AS) -> None:
    """Everybody on a case: who they are, whether letters go to them, and what may be told to them; walls and linked cases."""
    wanted = reference_of(reference)
    found = run(lambda: _everybody(wanted))
    if json:
        print_json(found)
        return
    rows = (
        (
            one["number"],
            _said(one["role"]) + (" (lead)" if one["lead"] else ""),
            ", ".join(part for part in (one["name"], one["relation"], one["standing"]) if part),
            _told(one),
            f"{one['authority']}: {one['evidence'] or 'evidence missing'}" if one["authority"] else "",
        )
        for one in found["people"]
    )
    show(table("No.", "Role", "Who", "Letters", "Authority", whole=["No.", "Role"]), rows)
    for one in found["walls"]:
        how = f"confirmed by {one['confirmed_by']}" if one["confirmed_by"] else "not confirmed yet"
        kept = "kept from" if one["kind"] == "staff" else "not told"
        out().print(safe(f"{kept.capitalize()}: {one['name'] or one['address']} ({one['why']}; {how}, {local(one['since'])})."))
    for one in found["linked"]:
        out().print(safe(f"Linked: {one['reference']} ({one['kind']}: {one['why']})."))


@person.command(
    name="add", epilog='Example: heard case person add K7M-W92-RXHC advocate --name "Ada Poole" --address ada@advocates.example'
)
def add(
    reference: str = REFERENCE,
    role: CaseRole = typer.Argument(help="What they are on the case."),
    name: str = NAME,
    address: str = typer.Option("", "--address", help="Where they are written to; of staff, who they are."),
    phone: str = typer.Option("", "--phone", help="Their telephone number."),
    relation: str = typer.Option("", "--relation", help="To the child, as the family says: mum, aunt."),
    standing: Standing | None = typer.Option(None, "--standing", help="Why a complainant may use the statutory procedure."),
    lead: bool = flag("--lead", "Of several who complain together, the one with whom the words are agreed."),
    independent: bool = flag("--independent", "They are no member or employee of the council, nor married to one: you asked."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Put somebody on a case. Whoever is complained about is walled from it; an advocate is told nothing until appointed."""
    from casework.people import appointing

    wanted = reference_of(reference)
    comer = appointing.Newcomer(role, name, address, phone, relation, standing, lead, independent, why)
    made = carry_out(who, lambda uow, by: appointing.add(uow, wanted, comer, by))
    err().print(safe(f"Number {made.number} on {wanted}: {_said(role.value)}, {made.name or made.address}."))
    if made.waits_to_be_confirmed:
        err().print(f"Nothing goes to them before: heard case person appoint {wanted} {made.number}")


@person.command(name="appoint", epilog="Example: heard case person appoint K7M-W92-RXHC 2 --as officer@council.example")
def appoint(
    reference: str = REFERENCE,
    number: int = NUMBER,
    on: str = typer.Option("", "--on", help="The day; today by default.", **DAY),
    evidence: str = typer.Option("", "--evidence", help="What shows that they may act, and where it is kept."),
    who: str = AS,
) -> None:
    """Confirm who speaks for them: from then on every letter goes to that person too, separately."""
    from casework.people import appointing

    wanted, day = reference_of(reference), as_day(on) if on else None
    carry_out(who, lambda uow, by: appointing.appoint(uow, wanted, number, by, on=day, evidence=evidence))
    err().print(f"Number {number} is confirmed: every letter of {wanted} goes to them too from now on.")


@person.command(name="end", epilog='Example: heard case person end K7M-W92-RXHC 2 --why "a new advocate took over"')
def end(reference: str = REFERENCE, number: int = NUMBER, why: str = WHY, who: str = AS) -> None:
    """Somebody is on the case no more: nothing goes to them from now on."""
    from casework.people import appointing

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: appointing.end(uow, wanted, number, why, by))
    err().print(f"Number {number} is on {wanted} no more.")


@person.command(name="standing", epilog="Example: heard case person standing K7M-W92-RXHC 1 S2 --relation mum")
def standing(
    reference: str = REFERENCE,
    number: int = NUMBER,
    code: Standing = typer.Argument(help="; ".join(f"{one.value} {rule.who}" for one, rule in STANDINGS.items())),
    relation: str = typer.Option("", "--relation", help="To the child, as the family says: mum, aunt."),
    who: str = AS,
) -> None:
    """Say why a complainant may use the statutory procedure."""
    from casework.people import appointing

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: appointing.set_standing(uow, wanted, number, code, by, relation=relation))
    err().print(f"Number {number} of {wanted}: {code.value}, {STANDINGS[code].who} ({STANDINGS[code].authority}).")


def authority(
    reference: str = REFERENCE,
    number: int = NUMBER,
    basis: Basis = typer.Argument(help="By what right they speak."),
    evidence: str = typer.Option("", "--evidence", help="What shows it, and where it is kept; leave it out while it is missing."),
    scope: str = typer.Option("", "--scope", help="What it covers, if not all of the case."),
    child_says: str = typer.Option("", "--child-says", help="What the child thinks of it, where somebody complains for them."),
    asked_by: str = typer.Option("", "--asked-by", help="Who asked the child."),
    asked_on: str = typer.Option("", "--asked-on", help="When the child was asked.", **DAY),
    until: str = typer.Option("", "--until", help="The last day on which it holds.", **DAY),
    who: str = AS,
) -> None:
    """Record by what right somebody speaks. What is missing limits what they are told, never the complaint or its clock."""
    from casework.people import authority as rights

    wanted = reference_of(reference)
    asked, last = as_day(asked_on) if asked_on else None, as_day(until) if until else None
    given = rights.Authority(basis, evidence, scope, child_says, asked_by, asked, last)
    carry_out(who, lambda uow, by: rights.record_authority(uow, wanted, number, given, by))
    err().print(f"The authority of number {number} on {wanted} is recorded.")


def link(
    reference: str = REFERENCE,
    other: str = typer.Argument(metavar="OTHER", help="The other case."),
    kind: LinkKind = typer.Option(LinkKind.FAMILY, "--kind", help="How they belong together."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Say that two cases belong together. Nothing of the one is told to the people of the other; duplicates are not fused."""
    from casework.people import families

    one, two = reference_of(reference), reference_of(other)
    act(who, lambda uow, by: families.link(uow, one, two, kind, why, by), f"{one} and {two} are linked.")


@wall.command(name="up", epilog='Example: heard case wall up K7M-W92-RXHC --person "Jo Field" --why "it is about them"')
def wall_up(
    reference: str = REFERENCE,
    whom: str = WHOM,
    family: bool = flag("--family", "Somebody of the family, who is not to be told that this person wrote."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Keep a case from somebody at once: they see no list, letter, reminder or digest line of it, and own none of it."""
    from casework.people import walls

    wanted = reference_of(reference)
    kind = WallKind.FAMILY if family else WallKind.STAFF
    whom_it_is = walls.Whom("" if "@" in whom else whom, whom if "@" in whom else "", None, kind)
    carry_out(who, lambda uow, by: walls.put_up(uow, wanted, whom_it_is, why, by))
    err().print(safe(f"{wanted} is kept from {whom}."))


@wall.command(name="confirm", epilog='Example: heard case wall confirm K7M-W92-RXHC --person "Jo Field" --why "issue 2"')
def wall_confirm(reference: str = REFERENCE, whom: str = WHOM, why: str = WHY, who: str = AS) -> None:
    """Confirm a wall that the words of a complaint put up, with the reason."""
    from casework.people import walls

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: walls.confirm(uow, wanted, whom, why, by))
    err().print(safe(f"{wanted} stays kept from {whom}."))


@wall.command(name="lift", epilog='Example: heard case wall lift K7M-W92-RXHC --person "Jo Field" --why "named in thanks only"')
def wall_lift(reference: str = REFERENCE, whom: str = WHOM, why: str = WHY, who: str = AS) -> None:
    """Lift a wall, with the reason. What was taken away does not come back by itself."""
    from casework.people import walls

    wanted = reference_of(reference)
    carry_out(who, lambda uow, by: walls.lift(uow, wanted, whom, why, by))
    err().print(safe(f"{wanted} is not kept from {whom} any more."))


async def _everybody(reference: str) -> dict[str, Any]:
    from bot.cli.at_work import at_work
    from casework.acting import the_case
    from casework.people.authority import standing_one, told_what
    from casework.people.families import linked_with
    from casework.people.on_case import people_of
    from casework.people.walls import walls_around
    from procedures.working_days import date_at_the_desk
    from storage import people as rows

    async def look(uow: "UnitOfWork") -> dict[str, Any]:
        await the_case(uow, reference)
        today = date_at_the_desk(at.now)
        there, rights = await people_of(uow, reference), await rows.authorities_of(uow, reference)
        told = await told_what(uow, reference, there, today)
        return {
            "reference": reference,
            "people": [
                _plain(one) | _right(standing_one(rights, one, today)) | {"may_be_told": told[one.number].value} for one in there
            ],
            "walls": [
                {
                    "kind": one.kind.value,
                    "name": one.name or None,
                    "address": one.address or None,
                    "why": one.why,
                    "since": one.made_at,
                    "put_up_by": one.made_by,
                    "confirmed_by": one.confirmed_by or None,
                }
                for one in await walls_around(uow, reference)
            ],
            "linked": [
                {"reference": one.reference, "kind": one.kind.value, "why": one.why} for one in await linked_with(uow, reference)
            ],
        }

    async with at_work() as at, at.memory.reading() as uow:
        return await look(uow)


def _plain(one: "OnCase") -> dict[str, Any]:
    from bot.cli.case_parts import somebody

    return {
        **somebody(one),
        "lead": one.is_lead,
        "told": one.is_told,
        "confirmed_on": one.appointed_on,
        "waits_to_be_confirmed": one.waits_to_be_confirmed,
        "ended_on": one.ended_on,
    }


def _right(row: Any) -> dict[str, Any]:
    if row is None:
        return {"authority": None, "evidence": None, "child_view": None, "authority_until": None}
    return {
        "authority": row.basis.value,
        "evidence": row.evidence or None,
        "child_view": row.child_view or None,
        "authority_until": row.ends_on,
    }


def _told(one: dict[str, Any]) -> str:
    if one["ended_on"]:
        return f"ended {one['ended_on']}"
    if one["waits_to_be_confirmed"]:
        return "none yet: not confirmed"
    return {"everything": "yes", "their_own": "their own words only", "nothing": "none"}[one["may_be_told"]]


def _said(role: str) -> str:
    return role.replace("_", " ")
