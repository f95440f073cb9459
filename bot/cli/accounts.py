"""From which accounts of the machine somebody may act: `--as` is a word, and the account is what the machine vouches for."""

import os
import pwd
from collections.abc import Mapping

from casework.council import Council, Person


class NotTheirAccount(Exception):
    """Somebody says that they are a person of the settings, and is logged in as another. Nothing was changed."""


def account(environ: Mapping[str, str] | None = None) -> str:
    """Who is logged in, by the machine and not by what the environment says; behind `sudo` whoever called it.

    sudo itself sets SUDO_UID (sudo(8)); nobody can give it another one through sudo, and without sudo it is not looked at unless
    the process runs as an account that nobody of the settings has.
    """
    return _name(int(environ["SUDO_UID"])) if environ and environ.get("SUDO_UID", "").isdigit() else _name(os.getuid())


def _name(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return f"uid {number}"


def who_acts(council: Council, said: str, own: str, caller: str) -> Person | None:
    """The person on whose behalf a command runs, or nobody.

    `said` is what --as or HEARD_PERSON says, `own` the account of the process, `caller` that behind sudo. As soon as anybody in
    the settings has a login, each acts from their own, and who has none not at the command line. Raises NotTheirAccount.
    """
    person = council.person(said)
    if not any(one.login for one in council.people):
        return person
    # A process that runs as somebody's own account is theirs, whatever its environment says of sudo.
    here = own if any(one.login == own for one in council.people) else caller
    theirs = [one for one in council.people if one.login == here]
    if not said:
        return theirs[0] if len(theirs) == 1 else None
    if person is not None and person not in theirs:
        mend = (
            f"Use the account {person.login}."
            if person.login
            else f"Whoever keeps the settings adds login = {here!r} to them under [[people]], if it is theirs."
        )
        raise NotTheirAccount(
            f"{person.address} acts from an account of their own, and this is {here}. Nothing was changed. {mend}"
        )
    return person
