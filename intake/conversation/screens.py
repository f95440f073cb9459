"""Which buttons each screen offers and what they are called: the file that the engine renders, read without an engine."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

ENGLISH = "en"


@cache
def buttons_of(screen: str) -> tuple[str, ...]:
    """The screen's own buttons, row by row; KeyError for a screen that is not written."""
    return tuple(button for row in _read()[screen].get("buttons", []) for button in row)


@cache
def labels() -> Mapping[str, str]:
    """What every button says. The same ids in every language; typed words are compared with the English ones."""
    return MappingProxyType(dict(_read()["buttons"]))


@cache
def _read() -> dict[str, Any]:
    return tomllib.loads((files("templates") / ENGLISH / "screens.toml").read_text("utf-8"))
