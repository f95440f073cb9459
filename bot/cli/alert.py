"""`alert …`: safety alerts, taken up by name, closed with what was done."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import acting
from bot.cli.common import AS, JSON, TRAINING, err, flag, local, print_json, read_day, run, show, shown_by_our_clocks, table

if TYPE_CHECKING:
    from casework.alerts import Alert

app = typer.Typer(no_args_is_help=True, help="Safety alerts: who has them, and what was done. An alert is not a referral.")
WHICH = typer.Argument(help="The case's reference, or the alert's number in `heard alert list`.")
HARM_BY = typer.Option("unknown", "--harm-by", help="Whose harm it is about: staff, carer, somebody_else, nobody or unknown.")


@app.command(name="list", epilog="Example: heard alert list")
def list_alerts(
    json: bool = JSON, everything: bool = flag("--all", "Closed ones as well."), training: bool = TRAINING, who: str = AS
) -> None:
    """Safety alerts that are open, and who took each up."""
    from bot.cli.at_work import at_work
    from casework import alerts

    async def look() -> "list[Alert]":
        async with at_work() as at, at.memory.reading() as uow:
            return await alerts.alerts(uow, open_only=not everything, training=training)

    found = run(look)
    if json:
        print_json([_as_json(alert) for alert in found])
        return
    rows = (
        (_how(one), one.number, one.task.case_reference or "", local(one.task.made_at), _by_whom(one), one.task.detail)
        for one in found
    )
    show(table("How", "Alert", "Reference", "Came", "Taken up by", "What", whole=["How", "Alert", "Reference"]), rows)


@app.command(epilog="Example: heard alert take YS-7K2M-9RXH4 --as c.officer@anytown.gov.uk")
def take(which: str = WHICH, who: str = AS) -> None:
    """Say that you have it, by name. Until somebody does, nobody has it, and it is told again."""
    from bot.cli.at_work import at_work
    from casework import alerts

    async def doing() -> "list[Alert]":
        async with at_work() as at, at.memory.unit_of_work() as uow:
            return await alerts.take_up(uow, which.strip(), acting(at, who))

    taken = run(doing)
    err().print(f"You have {_named(taken)}. In danger now? Call 999 first.")
    err().print("It stays open until what was done is on record: heard alert close --help")


@app.command(
    epilog='Example: heard alert close YS-7K2M-9RXH4 --harm-by somebody_else --referred-to "Anytown MASH" '
    '--at "2026-03-02 23:40" --their-reference 5531 --told "That we had to tell the duty social worker, and why"'
)
def close(
    which: str = WHICH,
    harm_by: str = HARM_BY,
    referred_to: str = typer.Option("", "--referred-to", help="To whom it was referred."),
    at: str = typer.Option("", "--at", metavar="YYYY-MM-DD HH:MM", help="When it was referred, as the clock here shows."),
    their_reference: str = typer.Option("", "--their-reference", help="Their reference."),
    told: str = typer.Option("", "--told", help="What the child was told."),
    lado: str = typer.Option("", "--lado", help="The designated officer who was told: harm by staff or carers goes to them."),
    no_referral_by: str = typer.Option("", "--no-referral-by", help="Name and job of the qualified person who decided on none."),
    why: str = typer.Option("", "--why", help="Why none is needed."),
    who: str = AS,
) -> None:
    """Record the referral, or a qualified person's reasoned no. Nothing else closes an alert; its case stays open."""
    from bot.cli.at_work import at_work
    from casework import alerts
    from storage.tables import HarmBy

    if harm_by not in set(HarmBy):
        raise typer.BadParameter(f"--harm-by is one of {', '.join(HarmBy)}.")
    end = alerts.Closing(
        HarmBy(harm_by), referred_to, _moment(at), their_reference, told, lado, decided_by=no_referral_by, why=why
    )

    async def doing() -> "list[Alert]":
        async with at_work() as here, here.memory.unit_of_work() as uow:
            return await alerts.close(uow, which.strip(), end, acting(here, who))

    err().print(f"Closed {_named(run(doing))}. It is on record.")


def _moment(text: str) -> datetime | None:
    if not text:
        return None
    try:
        read_day(text.strip()[:10])
        at = datetime.strptime(text.strip(), "%Y-%m-%d %H:%M")  # noqa: DTZ007  # as clocks here show it: the next line says which
        return shown_by_our_clocks(at).astimezone(UTC)
    except (ValueError, OverflowError):
        raise typer.BadParameter(f"{text[:40]!r} is not a moment of the form YYYY-MM-DD HH:MM, like 2026-03-02 23:40.") from None


def _named(found: "list[Alert]") -> str:
    numbers = ", ".join(str(alert.number) for alert in found)
    reference = found[0].task.case_reference
    return f"alert {numbers}" + (f" of {reference}" if reference else "")


def _how(alert: "Alert") -> str:
    if alert.task.done_at is not None:
        return "+ closed"
    return "^ taken up" if alert.is_taken_up else "# nobody has it"


def _by_whom(alert: "Alert") -> str:
    return f"{alert.taken.taken_by}, {local(alert.taken.taken_at)}" if alert.taken else ""


def _as_json(alert: "Alert") -> dict[str, Any]:
    taken = alert.taken
    return {
        "alert": alert.number,
        "reference": alert.task.case_reference,
        "what": alert.task.detail,
        "made_at": alert.task.made_at,
        "taken_at": taken.taken_at if taken else None,
        "taken_by": taken.taken_by if taken else None,
        "closed_at": alert.task.done_at,
        "closed_by": alert.task.done_by or None,
        "harm_by": taken.harm_by.value if taken and taken.closed_at else None,
        "referred_to": taken.referred_to or None if taken else None,
        "referred_at": taken.referred_at if taken else None,
        "their_reference": taken.their_reference or None if taken else None,
        "designated_officer": taken.designated_officer or None if taken else None,
        "child_told": taken.child_told or None if taken else None,
        "decided_by": taken.decided_by or None if taken else None,
        "why": taken.why or None if taken else None,
    }
