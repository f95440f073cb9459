"""The screens of the chat: a text and its buttons, read from `templates/<language>/screens.toml`.

A table for each screen, `[start]`, with `text` (Jinja) and `buttons`, rows of ids: `[["wrong", "thank"], ["help"]]`; and one
table `[buttons]` with the label of every id: `wrong = "Something is wrong"`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jinja2 import Template

from templates.engine import read_words, text_environment
from templates.markup import blocks, plain

FILE = "screens.toml"
MOST_DATA_BYTES = 64
"""Telegram's limit for what a button carries."""


class ScreensWrong(ValueError):
    """The file of screens has a mistake: it is named in the message, and nothing starts until it is mended."""


class UnknownScreen(LookupError):
    """No screen, or no button, has this id."""


@dataclass(frozen=True)
class Button:
    """A button: what it is, what it says, what it sends back when it is tapped."""

    id: str
    label: str
    data: str


@dataclass(frozen=True)
class Screen:
    """A screen: its compiled text and the ids of its buttons, row by row."""

    text: Template
    buttons: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Screens:
    """All screens of a language, with the labels of all buttons."""

    screens: Mapping[str, Screen]
    labels: Mapping[str, str]

    def show(
        self, screen: str, facts: Mapping[str, object], nonce: str, buttons: Sequence[str | Sequence[str]] | None = None
    ) -> tuple[str, tuple[tuple[Button, ...], ...]]:
        """The words of a screen and its buttons. `buttons` takes the place of the screen's own: ids, or rows of ids."""
        if screen not in self.screens:
            raise UnknownScreen(screen)
        shown = self.screens[screen]
        rows = shown.buttons if buttons is None else tuple((row,) if isinstance(row, str) else tuple(row) for row in buttons)
        return plain(blocks(shown.text.render(facts))), tuple(tuple(self._button(name, nonce) for name in row) for row in rows)

    def _button(self, name: str, nonce: str) -> Button:
        if name not in self.labels:
            raise UnknownScreen(f"button {name}")
        data = f"{nonce}.{name}"
        if len(data.encode()) > MOST_DATA_BYTES:
            raise UnknownScreen(f"button {name} carries more than {MOST_DATA_BYTES} bytes")
        return Button(name, self.labels[name], data)


@cache
def screens(language: str) -> Screens:
    """The screens for readers of this language, else English."""
    return read_screens(read_words(FILE, language), language)


def read_screens(words: Mapping[str, Any], language: str) -> Screens:
    """Check and compile the screens. Raises ScreensWrong with every mistake at once."""
    labels: dict[str, str] = dict(words.get("buttons", {}))
    unsaid = [name for name, label in labels.items() if not isinstance(label, str) or not label.strip()]
    mistakes = [f"button {name}: the label is not text" for name in unsaid]
    found: dict[str, Screen] = {}
    for name, entry in words.items():
        if name == "buttons":
            continue
        mistakes += _mistakes(name, entry, labels)
        if not mistakes:
            rows = tuple(tuple(row) for row in entry.get("buttons", []))
            found[name] = Screen(text_environment(language).from_string(entry["text"]), rows)
    if mistakes:
        raise ScreensWrong("; ".join(mistakes))
    return Screens(found, labels)


def _mistakes(name: str, entry: Any, labels: Mapping[str, str]) -> list[str]:
    if not isinstance(entry, dict) or not isinstance(entry.get("text"), str) or not entry["text"].strip():
        return [f"screen {name}: it has no text"]
    wrong = [f"screen {name}: unknown key {key}" for key in entry.keys() - {"text", "buttons"}]
    rows = entry.get("buttons", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) and all(isinstance(one, str) for one in row) for row in rows):
        return [*wrong, f"screen {name}: buttons are not rows of ids"]
    shown = [one for row in rows for one in row]
    wrong += [f"screen {name}: unknown button {one}" for one in shown if one not in labels]
    said = [labels[one] for one in shown if one in labels]
    if len(set(said)) != len(said):
        wrong.append(f"screen {name}: two buttons say the same")  # a person who types a button's words must mean one button
    return wrong
