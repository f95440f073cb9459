"""What must be done before the doors open to people (practice.md §2, §4); without it `heard run` does not open them."""

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlsplit

from bot.settings import Settings
from bot.settings.kinds import is_loopback
from casework.council import Contacts

LIVE_WORDS = ("live", "production", "prod")
"""What some write into council.environment although it marks a trial."""


@dataclass(frozen=True)
class Demand:
    """One thing that safety demands."""

    what: str
    is_met: bool
    words: str
    """What is there, or else what is missing and what to do."""


def is_live(settings: Settings) -> bool:
    """Whether people are really served: nothing marks a trial, and a wire leads away from this machine."""
    marked = settings.council.environment.lower()
    return marked in ("", *LIVE_WORDS) and any(not is_loopback(host) for host in _hosts(settings))


def demands(settings: Settings, today: date) -> list[Demand]:
    """Everything that safety demands of these settings, met or not."""
    council, ready = settings.council, settings.readiness
    night = council.contacts.night_phone
    found = [
        _sign_off(settings, today),
        Demand("night number", True, night)
        if night not in ("", Contacts().night_phone)
        else Demand("night number", False, "who answers at night? Set contacts.night_phone: this one is made up"),
        _on("drill", ready.drill_on, today, "no alert was ever rehearsed: do it, out of hours too, then set readiness.drill_on"),
        Demand("duty address", True, f"{len(council.duty_addresses)} of them")
        if council.duty_addresses
        else Demand("duty address", False, "a safety alert would reach nobody: set duty_address"),
    ]
    if settings.telegram is not None:
        found.append(
            Demand("DPIA", True, ready.dpia_reference)
            if ready.dpia_reference
            else Demand("DPIA", False, "the chat needs a data protection impact assessment: set readiness.dpia_reference")
        )
    return found


def unmet(settings: Settings, today: date) -> list[Demand]:
    """What keeps the doors shut: nothing in a trial."""
    return [demand for demand in demands(settings, today) if not demand.is_met] if is_live(settings) else []


def _sign_off(settings: Settings, today: date) -> Demand:
    by, on = settings.readiness.safety_signed_off_by, settings.readiness.safety_signed_off_on
    if not by:
        missing = "the safeguarding lead has not signed the safety words off: set readiness.safety_signed_off_by and _on"
        return Demand("safety words", False, missing)
    dated = _on("safety words", on, today, f"signed off by {by}, but nobody says when: set readiness.safety_signed_off_on")
    return Demand("safety words", True, f"signed off by {by} on {on}") if dated.is_met else dated


def _on(what: str, day: date | None, today: date, missing: str) -> Demand:
    if day is None:
        return Demand(what, False, missing)
    if day > today:
        return Demand(what, False, f"{day} is still to come: say when it was done")
    return Demand(what, True, f"last on {day}")


def _hosts(settings: Settings) -> list[str]:
    hosts = [wire.host for wire in (settings.mailbox, settings.smtp) if wire is not None]
    if settings.telegram is not None:
        hosts.append(urlsplit(settings.telegram.api_url).hostname or "")
    return hosts
