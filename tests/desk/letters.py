"""The letters of tests/letters, and what must become of each: tests/letters.toml."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from intake.arrival import Arrival, Wire
from tests.casework.rooms import MONDAY

FOLDER = Path(__file__).parents[1] / "letters"
NAMES = sorted(file.stem for file in FOLDER.glob("*.eml"))
OURS = ("yoursay@anytown.example",)
BOUNDARY = "mx.anytown.example"
DOOR = "mailbox:yoursay@mail.anytown.example/INBOX"


@cache
def expected() -> dict[str, dict[str, Any]]:
    return tomllib.loads((FOLDER.with_suffix(".toml")).read_text())


def arrivals(door: str = DOOR, validity: str = "1") -> list[Arrival]:
    """All of them, as a mailbox hands them over."""
    raws = ((FOLDER / f"{name}.eml").read_bytes() for name in NAMES)
    return [Arrival(door, Wire.EMAIL, raw, MONDAY, uid, validity) for uid, raw in enumerate(raws, start=1)]
