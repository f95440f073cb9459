"""Turns a template and its facts into words. Knows languages, dates and what a stranger's text may not do; knows no notice.

Templates lie in `templates/<language>/`, and what a language lacks is taken from English, file by file (`templates.words`). They
are compiled once.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import BaseLoader, Environment, StrictUndefined, Template, TemplateNotFound, Undefined
from jinja2.meta import find_referenced_templates
from markupsafe import Markup

from templates.markup import BREAK, COMMAND, COMMAND_END, STRONG, STRONG_END, TEL, TEL_END, cleaned, guarded
from templates.words import ENGLISH, file_in, file_language, known_language, languages, read_words

__all__ = ["ENGLISH", "file_language", "known_language", "languages", "read_words"]
"""What whoever fills templates reads beside them."""

LONDON = ZoneInfo("Europe/London")


class Ours(str):
    """Text made by a filter here: it may hold the marks of `templates.markup`, which a fact may not."""

    __slots__ = ()


class MissingFact(ValueError):
    """A template asks for a fact that was given as nothing: it would be printed as a word to a person."""


class UnknownWord(ValueError):
    """A template has no words for this value: an unknown value is an error, never a default."""


class _Folder(BaseLoader):
    """Finds a template in one language, else in English."""

    def __init__(self, language: str) -> None:
        self.language = language

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        found = file_language(template, self.language)
        if found is None:
            raise TemplateNotFound(template)
        return file_in(found, template).read_text(encoding="utf-8"), None, lambda: True


@cache
def text_environment(language: str) -> Environment:
    """For `.txt`, and for the texts of chat screens. Facts go in guarded: see `templates.markup`."""
    return _equipped(Environment(**_options(language), autoescape=False, finalize=_fact_in_text), language)  # noqa: S701 - plain text


@cache
def html_environment(language: str) -> Environment:
    """For `.html`: every fact is escaped."""
    return _equipped(Environment(**_options(language), autoescape=True, finalize=_fact_in_html), language)


def _options(language: str) -> dict[str, Any]:
    return {
        "loader": _Folder(language),
        "undefined": StrictUndefined,
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
        "auto_reload": False,
        "cache_size": -1,
    }


def _equipped(environment: Environment, language: str) -> Environment:
    dates, clocks = read_words("dates.toml", language), read_words("clocks.toml", language)
    environment.filters |= {
        "isolate": isolate,
        "strong": _strong,
        "phone": _phone,
        "command": _command,
        "plural": plural,
        "words": _words,
        "clock": lambda name: clocks.get(str(name)) or _words(name),
        "refuse": _refuse,
        **{name: _date_filter(dates, name) for name in ("day", "day_short", "day_year", "moment")},
        "hour": _hour,
    }
    environment.globals |= {"direction": dates["direction"], "line_break": Ours(BREAK)}
    return environment


def _fact_in_text(value: object) -> object:
    if isinstance(value, Ours):
        return value
    return guarded(str(_given(value)))


def _fact_in_html(value: object) -> object:
    if isinstance(value, Markup):
        return value
    return cleaned(str(_given(value)))


@cache
def template(path: str, language: str) -> Template:
    """The compiled template for readers of this language; `.html` escapes, everything else does not."""
    environment = html_environment if path.endswith(".html") else text_environment
    return environment(known_language(language)).get_template(path)


def has_template(path: str, language: str = ENGLISH) -> bool:
    """Whether the file exists for readers of this language."""
    return file_language(path, language) is not None


def sources(path: str, language: str) -> list[str]:
    """The text of a file and of all that it takes in, as it lies on the disk."""
    environment = text_environment(known_language(language))
    found, left = dict[str, str](), [path]
    while left:
        if (name := left.pop()) not in found:
            found[name] = _Folder(known_language(language)).get_source(environment, name)[0]
            left += [taken for taken in find_referenced_templates(environment.parse(found[name])) if taken]
    return list(found.values())


def render(path: str, language: str, facts: Mapping[str, object]) -> str:
    """The words of one file. A fact that is missing is an error, never an empty place."""
    return template(path, language).render(facts)


# Filters


def _given(value: object) -> object:
    """The value of a fact that is there."""
    if value is None:
        raise MissingFact("a fact that the template prints is missing")
    if isinstance(value, Undefined):
        str(value)  # StrictUndefined says its own name, as an error
    return value


def isolate(reference: object) -> Ours:
    """The reference between direction isolates, so that right-to-left words beside it leave its order alone."""
    return Ours(f"\u2066{cleaned(str(_given(reference)))}\u2069")


def plural(count: int, one: str, many: str) -> Ours:
    """`1 day`, `3 days`."""
    return Ours(f"{count} {one if count == 1 else many}")


def _words(name: object) -> str:
    """An id as words: `public_health` is `public health`."""
    return str(name).replace("_", " ").replace("-", " ")


def _refuse(value: object) -> Ours:
    raise UnknownWord(str(value)[:60])


def _strong(value: object) -> Ours:
    text = value if isinstance(value, Ours) else guarded(str(_given(value)))
    return Ours(f"{STRONG}{text}{STRONG_END}")


def _phone(number: object) -> Ours:
    return Ours(f"{TEL}{guarded(str(_given(number)))}{TEL_END}")


def _command(words: object) -> Ours:
    """What an officer types, set apart from the sentence around it."""
    text = words if isinstance(words, Ours) else guarded(str(_given(words)))
    return Ours(f"{COMMAND}{text}{COMMAND_END}")


def day_of(value: object) -> date:
    """The day at the desk of a date, a moment or the ISO text of either."""
    if isinstance(value, str) and "T" not in value:
        return date.fromisoformat(value)
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    return moment_of(value).date()


def moment_of(value: object) -> datetime:
    """The moment in London of an aware datetime or its ISO text; a date alone is not a moment."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("a moment needs a time and a time zone")
    return moment.astimezone(LONDON)


def _date_filter(dates: Mapping[str, Any], name: str) -> Callable[[object], Ours]:
    """A filter that writes a date in the manner that `dates.toml` gives under this name."""
    pattern: str = dates[name]

    def written(value: object) -> Ours:
        value = _given(value)
        moment = moment_of(value) if name == "moment" else None
        day = moment.date() if moment else day_of(value)
        return Ours(
            pattern.format(
                weekday=dates["weekdays"][day.weekday()],
                weekday_short=dates["weekdays_short"][day.weekday()],
                day=day.day,
                month=dates["months"][day.month - 1],
                month_short=dates["months_short"][day.month - 1],
                year=day.year,
                hour=moment.hour if moment else 0,
                minute=moment.minute if moment else 0,
            )
        )

    return written


def _hour(value: object) -> Ours:
    """`9am`, `8:30am`, `5pm`: the time of day of a moment, as people say it."""
    moment = moment_of(_given(value))
    minutes = f":{moment.minute:02}" if moment.minute else ""
    return Ours(f"{moment.hour % 12 or 12}{minutes}{'am' if moment.hour < 12 else 'pm'}")
