"""`heard login`: somebody signs in to the mailbox once, so that the service can open it without a password."""

import sys
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from bot.cli.common import Answer, Exit, err, out, run, safe

if TYPE_CHECKING:
    from bot.settings import Settings
    from notifications.wires import Invitation, OAuthAccess


def add_to(app: typer.Typer) -> None:
    """Put the command on the command line."""
    app.command(epilog="Example: HEARD_SETTINGS=/etc/heard/heard.toml heard login")(login)


def login() -> None:
    """Sign in to mailbox and mail server by a browser, where their auth is xoauth2, and see whether they open.

    One sign-in is for both. The tokens are kept in the file of oauth.tokens; a service that runs takes them up by itself.
    """
    from bot.settings import Auth, load

    settings = load()
    by_token = [wire for wire in (settings.mailbox, settings.smtp) if wire is not None and wire.auth is Auth.XOAUTH2]
    if not by_token:
        raise Answer("Nobody needs to sign in: neither mailbox.auth nor smtp.auth is xoauth2. Nothing was changed.")
    if not run(lambda: _login(settings)):
        raise typer.Exit(Exit.NO)


async def _login(settings: "Settings") -> bool:
    from bot.access import oauth_access
    from notifications.wires import Flow, Unreachable, WireError, in_a_sentence, sign_in

    access = oauth_access(settings)
    if access.flow is Flow.APPLICATION:
        err().print("Nobody needs to sign in: the application has a secret or key of its own (oauth.flow = application).")
    else:
        try:
            await sign_in(access, lambda: datetime.now(UTC), _show, _paste)
        except WireError as problem:
            code = Exit.TRY_LATER if isinstance(problem, Unreachable) else Exit.NO
            raise Answer(f"Not signed in: {in_a_sentence(problem)}. What was kept before is unchanged.", code) from None
        err().print(_kept(access))
    return await _opens(settings)


def _show(invitation: "Invitation") -> None:
    url = safe(invitation.url)
    if invitation.code:
        err().print(f"Open {url} in any browser, on any machine, and type this code:\n\n    {safe(invitation.code)}\n")
        err().print("Sign in there as the mailbox's own account, or one that may open it. Waiting …")
        return
    err().print(f"Open this address in any browser, on any machine, and sign in as the mailbox's own account:\n\n{url}\n")
    err().print("The browser ends at a page that does not load, which is right. Copy its whole address and paste it here:")


async def _paste() -> str:
    return sys.stdin.readline()  # nothing else is going on; a thread would not hear Ctrl-C


def _kept(access: "OAuthAccess") -> str:
    return f"Signed in. The tokens are kept in {access.file}, for its owner alone."


async def _opens(settings: "Settings") -> bool:
    """Look at what was signed in to, and say what was found."""
    from bot.access import mailbox_access, smtp_access
    from bot.settings import Auth
    from notifications.wires import WireError, look_at_mailbox, look_at_smtp

    def now() -> datetime:
        return datetime.now(UTC)

    is_well = True
    for name, wire in (("mailbox", settings.mailbox), ("mail server", settings.smtp)):
        if wire is None or wire.auth is not Auth.XOAUTH2:
            continue
        try:
            await (
                look_at_mailbox(mailbox_access(settings, now)) if name == "mailbox" else look_at_smtp(smtp_access(settings, now))
            )
        except WireError as problem:
            is_well = False
            out().print(f"{name}: {problem}")
        else:
            out().print(f"{name}: it opens")
    return is_well
