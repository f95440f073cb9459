"""The Ombudsman of each nation. Nobody is sent to another nation's: that one may not look at their complaint."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Ombudsman:
    """Who looks at what a council decided."""

    name: str
    phone: str
    authority: str
    check: bool = False
    """From general knowledge: to be looked up before anyone relies on it."""


@lru_cache(maxsize=1)
def ombudsmen() -> Mapping[str, Ombudsman]:
    """Every nation's, from the file that ships with heard."""
    table = tomllib.loads((files("procedures") / "ombudsmen.toml").read_text("utf-8"))
    return {nation: Ombudsman(**given) for nation, given in table.items()}


def whose(phone: str, name: str = "") -> str | None:
    """The nation whose Ombudsman has this number, or else this name; none if nobody's we know has."""
    digits = re.sub(r"\D", "", phone)
    for nation, one in ombudsmen().items():
        if (digits and re.sub(r"\D", "", one.phone) == digits) or (name and one.name.casefold() == name.strip().casefold()):
            return nation
    return None
