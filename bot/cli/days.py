"""`remind` and `digest`: what a morning sends, for any day."""

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.common import AS, JSON, Answer, as_day, err, flag, out, print_json, run, safe
from procedures.terms import Channel, Notice
from procedures.working_days import date_at_the_desk

if TYPE_CHECKING:
    from bot.cli.at_work import At


def add_to(app: typer.Typer) -> None:
    """Put these commands on the command line."""
    app.command(epilog="Example: heard remind --date 2026-06-16")(remind)
    app.command(epilog="Example: heard digest --date 2026-06-15 --json")(digest)


DAY = typer.Option("", "--date", metavar="YYYY-MM-DD", help="Of this day; today by default.", show_default=False)
SEND = flag("--send", "Put it in the outbox too.")


@dataclass(frozen=True)
class Mail:
    """A mail to a member of staff, as it would be sent."""

    to: str
    subject: str
    text: str
    facts: dict[str, Any]


def remind(on: str = DAY, send: bool = SEND, json: bool = JSON, who: str = AS) -> None:
    """Show the morning bundles of a day, rebuilt from the events up to then. Nothing is sent without --send."""
    from bot.cli.at_work import at_work
    from notifications.reminders import remind as bring_up

    wanted = as_day(on) if on else None

    async def look() -> list[Mail]:
        async with at_work() as at:
            day = _day(wanted, at, send=send)
            bundles = await bring_up(at.memory, at.office, at.now, day=day, queue=send)
            return await _mails(at, Notice.REMINDERS, [(one.person.address, one.facts) for one in bundles])

    _print(run(look), "Nobody is reminded of anything that day.", json=json, sent=send)


def digest(on: str = DAY, send: bool = SEND, json: bool = JSON, who: str = AS) -> None:
    """Show the weekly digest of a day to each who gets it, rebuilt from the events up to then. Nothing is sent without --send."""
    from bot.cli.at_work import at_work
    from notifications.digest import queue_digests

    wanted = as_day(on) if on else None

    async def look() -> list[Mail]:
        async with at_work() as at:
            day = _day(wanted, at, send=send)
            found = await queue_digests(at.memory, at.office, at.now, day=day, queue=send)
            return await _mails(at, Notice.DIGEST, [(to, one.facts) for to, one in found])

    nobody = "Nobody gets a digest: there is no manager, head of service, director or officer in the settings."
    _print(run(look), nobody, json=json, sent=send)


def _day(wanted: date | None, at: "At", *, send: bool) -> date:
    """The day that is meant. What a day to come will say is shown, but not sent: it may turn out otherwise."""
    today = date_at_the_desk(at.now)
    if send and wanted is not None and wanted > today:
        raise Answer("That day has not come. It can be shown, not sent: leave --send out. Nothing was queued.")
    at.office.calendar.is_working_day(wanted or today)  # refuses a day beyond the calendar: what would be due then is not known
    return wanted or today


async def _mails(at: "At", notice: Notice, found: "list[tuple[str, dict[str, Any]]]") -> list[Mail]:
    """The mails as they go out, without what is kept from who looks at them here."""
    from storage.walls import kept_from_reader, mentions, without

    async with at.memory.reading() as uow:
        kept = await kept_from_reader(uow) if at.memory.person else frozenset[str]()
    shown = ((to, without(facts, kept) if mentions(facts, kept) else facts) for to, facts in found)
    return [_mail(at, notice, to, facts) for to, facts in shown if facts is not None]


def _mail(at: "At", notice: Notice, to: str, facts: Any) -> Mail:
    from notifications.rendering import render

    made = render(notice, Channel.EMAIL, "en", facts, at.office.council)
    return Mail(to, made.subject, made.text, dict(facts))


def _print(mails: list[Mail], nothing: str, *, json: bool, sent: bool) -> None:
    if json:
        print_json([{"to": mail.to, **mail.facts} for mail in mails])
    elif not mails:
        err().print("Nothing new was queued: nobody is to hear, or whoever is has it already." if sent else nothing)
    for mail in () if json else mails:
        out().print(f"To: {mail.to}\nSubject: {safe(mail.subject)}\n\n{safe(mail.text)}\n")
    if sent and mails:
        err().print(f"{len(mails)} put in the outbox.")
