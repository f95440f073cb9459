"""An interview: one question after another, each with its reason and a default. What was answered becomes a file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any, Protocol

from bot.initiating.example import reasons
from bot.settings.table import BY_PATH, Setting

LEAVE_OUT = "-"
YES = {"y", "yes"}
NO = {"n", "no"}


class Talk(Protocol):
    """Whoever answers. EOFError or KeyboardInterrupt when they have had enough."""

    def say(self, words: str = "") -> None:
        """Tell something."""

    def hear(self, question: str) -> str:
        """Ask, and give the answer as it was typed."""

    def hear_secret(self, question: str) -> str:
        """The same, without showing what is typed."""


@dataclass(frozen=True)
class Question:
    """What is asked for one setting."""

    path: str
    words: str
    default: str = ""
    is_optional: bool = False

    @property
    def setting(self) -> Setting:
        return BY_PATH[self.path]


@dataclass
class Interview:
    """What was said so far. Nothing of it is written before the end."""

    talk: Talk
    folder: Path
    """Where the settings file will lie; files of secrets go beside it."""
    today: date
    values: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)
    """By path, for trying things out: they never go into the settings file."""
    secret_files: dict[Path, str] = field(default_factory=dict)
    """Files of secrets to be written in the end."""
    is_resumed: bool = False
    """Whether there was a settings file to go on from."""
    _reasons: set[str] = field(default_factory=set)

    def chapter(self, title: str) -> None:
        self.talk.say()
        self.talk.say(f"== {title}")

    def why(self, path: str) -> None:
        """Say why something is asked, unless that was said already."""
        reason = reasons().get(path, "")
        if reason and reason not in self._reasons:
            self._reasons.add(reason)
            self.talk.say(f"   {reason}")

    def ask(self, question: Question) -> None:
        """Ask for one setting until the answer is one; Enter takes the default."""
        self.why(question.path)
        default = self._default(question)
        shown = f" [{default}]" if default else ""
        left_out = f" ({LEAVE_OUT} to leave it out)" if question.is_optional else ""
        while True:
            typed = self.talk.hear(f"{question.words}{shown}{left_out}: ").strip() or default
            if question.is_optional and typed in ("", LEAVE_OUT):
                self.values.pop(question.path, None)
                return
            try:
                self.values[question.path] = as_toml(question.setting, typed)
                return
            except ValueError:
                kind = question.setting.kind
                self.talk.say(f"   Wanted {kind.wanted}, such as {kind.example}.")
                if not typed:
                    self.talk.say("   It cannot be left out. Not known yet? Type a stand-in, and run `heard init` again later.")

    def ask_text(self, words: str, read: Callable[[str], Any], wanted: str, default: str = "") -> Any:
        """Ask for something that is no setting of its own; with a default of nothing, Enter gives an empty answer."""
        while True:
            typed = self.talk.hear(f"{words}{f' [{default}]' if default else ''}: ").strip() or default
            if not typed:
                return ""
            try:
                return read(typed)
            except ValueError:
                self.talk.say(f"   Wanted {wanted}.")

    def sure(self, words: str, default: bool) -> bool:
        """A question for yes or no."""
        while True:
            typed = self.talk.hear(f"{words} [{'Y/n' if default else 'y/N'}] ").strip().lower()
            if not typed:
                return default
            if typed in YES | NO:
                return typed in YES
            self.talk.say("   Wanted y or n.")

    def forget(self, section: str) -> None:
        """Drop everything that was said of a section."""
        for path in [path for path in self.values if path.startswith(f"{section}.")]:
            del self.values[path]

    def says(self, path: str, default: str = "") -> str:
        """What was said of a setting, as text."""
        return as_text(self.values[path]) if path in self.values else default

    def _default(self, question: Question) -> str:
        for text in (self.says(question.path), question.default):
            try:
                if text:
                    question.setting.kind.read(text)
                    return text
            except ValueError:
                continue  # an old file may hold what is no answer any more
        return ""


def as_toml(setting: Setting, typed: str) -> Any:
    """What was typed, as the settings file says it; ValueError when it is not wanted."""
    value = setting.kind.read(typed)
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, date | time | bool):
        return value
    if isinstance(value, int | float) and typed.replace(".", "").isdigit():
        return value
    return typed


def as_text(value: Any) -> str:
    """A value of the settings file, as it is typed."""
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return str(value)
