"""How a nation's own procedure puts a step of `steps.toml`: its rule, and where its law wants something else, its words."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

from procedures.terms import Event, Procedure

KEYS = ("authority", "says", "why")
"""What a rule file may put otherwise; `check` marks it as from general knowledge, as everywhere."""
Words = Mapping[str, str]


@lru_cache(maxsize=64)
def put_otherwise(nation: str, procedure: Procedure) -> Mapping[Event, Words]:
    """The steps that the rule files of a nation put otherwise for a procedure, and what of them; the loader refused mistakes."""
    found: dict[Event, Words] = {}
    for entry in (files("procedures") / "rules").iterdir():
        if not entry.name.endswith(".toml") or entry.name.startswith("calendar_"):
            continue
        table = tomllib.loads(entry.read_text("utf-8"))
        is_its = nation in table.get("nations", [table.get("nation")])
        if is_its and procedure in table.get("procedures", [table.get("procedure")]):
            found |= {Event(one["event"]): _words(one) for one in table.get("step", ())}
    return MappingProxyType(found)


def _words(given: Mapping[str, Any]) -> Words:
    return {key: given[key] for key in KEYS if key in given}


def wrong_steps(given: Iterable[Any]) -> list[str]:
    """What is wrong with the steps that a rule file puts otherwise, in words."""
    mistakes = []
    for number, one in enumerate(given, start=1):
        where = f"step {number}"
        if not isinstance(one, dict):
            mistakes.append(f"{where}: it must be a table.")
            continue
        mistakes += [f"{where}: unknown key {key!r}." for key in one if key not in (*KEYS, "event", "check")]
        if one.get("event") not in list(Event):
            mistakes.append(f"{where}: no event {one.get('event')!r} can happen to a case.")
        if not one.get("authority"):
            mistakes.append(f"{where}: authority is missing.")
    return mistakes
