"""What the statutory procedure of a nation covers beside what every one does, as its rule files say."""

import tomllib
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from procedures.facts import Matter
from procedures.terms import Procedure


@lru_cache(maxsize=8)
def covered(nation: str) -> Mapping[Matter, str]:
    """The matters with their authority. The loader of the law book has refused what is wrong in them."""
    found: dict[Matter, str] = {}
    for entry in (files("procedures") / "rules").iterdir():
        if not entry.name.endswith(".toml") or entry.name.startswith("calendar_"):
            continue
        table = tomllib.loads(entry.read_text("utf-8"))
        if table.get("nation") == nation and table.get("procedure") == Procedure.STATUTORY:
            found |= {Matter(one["matter"]): one["authority"] for one in table.get("covers", ())}
    return MappingProxyType(found)
