"""The chat's screens: what each says and which buttons it offers, read from `<language>/screens.toml`.

The texts are Jinja sources; the engine renders them. Only the standard library is used here, so the pure rooms may ask too.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType

DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True)
class Screen:
    """One turn of the chat as it is written down. `buttons` are rows of ids; `labels` says each of them in words."""

    id: str
    text: str
    buttons: tuple[tuple[str, ...], ...]
    labels: Mapping[str, str]


@cache
def screens(language: str = DEFAULT_LANGUAGE) -> Mapping[str, Screen]:
    """Every screen by its id, in the language asked for; one that it lacks is taken whole from English, never in part."""
    own, fallback = _read(language), _read(DEFAULT_LANGUAGE)
    chosen = {**fallback.get("screens", {}), **own.get("screens", {})}
    words = labels(language)
    return MappingProxyType({name: _screen(name, written, words) for name, written in chosen.items()})


@cache
def labels(language: str = DEFAULT_LANGUAGE) -> Mapping[str, str]:
    """Every button's words by its id: a screen may be shown with other buttons than its own."""
    return MappingProxyType({**_read(DEFAULT_LANGUAGE).get("buttons", {}), **_read(language).get("buttons", {})})


def _screen(name: str, written: Mapping[str, object], words: Mapping[str, str]) -> Screen:
    text, rows = written["text"], written.get("buttons", [])
    assert isinstance(text, str)
    assert isinstance(rows, list)
    buttons = tuple(tuple(str(button) for button in row) for row in rows)
    return Screen(name, text.strip("\n"), buttons, MappingProxyType({button: words[button] for row in buttons for button in row}))


@cache
def _read(language: str) -> Mapping[str, dict[str, object]]:
    file = files("templates") / language / "screens.toml"
    return tomllib.loads(file.read_text("utf-8")) if file.is_file() else {}
