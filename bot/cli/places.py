"""`case place`: a place that somebody sent in the chat, opened by two people."""

from typing import TYPE_CHECKING, Any

import typer

from bot.cli.acting import carry_out
from bot.cli.case import REFERENCE, reference_of
from bot.cli.common import AS, JSON, err, local, print_json, show, table

if TYPE_CHECKING:
    from casework.places import Sealed
    from storage.tables import PlaceRow


def add_to(app: typer.Typer) -> None:
    """Put this among the commands of a case."""
    app.command(epilog='Example: heard case place K7M-W92-RXHC --why "said that she is not safe, and sent where she is"')(place)


def place(
    reference: str = REFERENCE,
    why: str = typer.Option(..., "--why", help="Why somebody must know. It is on the record of the case."),
    json: bool = JSON,
    who: str = AS,
) -> None:
    """Ask to look at a place that was sent in the chat; a second person who gives the same command opens it for both.

    It is sealed from everybody else, and gone three days after it was sent. One without a case goes by the number of its task
    (`heard tasks list`). In danger now? Call 999 first.
    """
    from casework.places import look_at_places

    wanted = reference if reference.isdecimal() else reference_of(reference)
    found = carry_out(who, lambda uow, acting: look_at_places(uow, wanted, why, acting))
    if json:
        print_json(_as_json(found))
        return
    if not found.places:
        err().print("You have asked, and it is on record. Nothing is shown until a colleague gives the same command.")
        err().print(f"It is gone on {local(found.gone_at)}. In danger now? Call 999 first.")
        return
    rows = ((local(one.sent_at), _degrees(one), _within(one), local(one.gone_at)) for one in found.places)
    show(table("Sent", "Latitude, longitude", "Exact to", "Gone on", whole=["Latitude, longitude"]), rows)
    err().print("Give it to who can help, and to nobody else. That you looked is on record.")


def _degrees(one: "PlaceRow") -> str:
    return f"{one.latitude:.6f}, {one.longitude:.6f}"


def _within(one: "PlaceRow") -> str:
    return f"{one.within_metres:.0f} m" if one.within_metres is not None else ""


def _as_json(found: "Sealed") -> dict[str, Any]:
    return {
        "asked_by": found.asked_by,
        "gone_at": found.gone_at.isoformat(),
        "places": [
            {
                "sent_at": one.sent_at.isoformat(),
                "latitude": one.latitude,
                "longitude": one.longitude,
                "within_metres": one.within_metres,
                "gone_at": one.gone_at.isoformat(),
            }
            for one in found.places
        ],
    }
