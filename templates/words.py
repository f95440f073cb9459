"""Files of words as they lie there, by language: what a language lacks is taken from English, file by file. Fills nothing in.

Apart from `templates.engine`, so that who only reads words does not load what fills templates.
"""

import re
import tomllib
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

ENGLISH = "en"
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z]+)?")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*\.[a-z]+")


@cache
def languages() -> frozenset[str]:
    """The languages that there is a folder for."""
    folders = (folder.name for folder in files("templates").iterdir() if folder.is_dir())
    return frozenset(name for name in folders if _LANGUAGE.fullmatch(name))


def known_language(language: str) -> str:
    """The language itself if it has a folder, else English."""
    return language if language in languages() else ENGLISH


@cache
def file_language(path: str, language: str) -> str | None:
    """In which language this file exists for readers of `language`: that one, English, or none."""
    if not _PLAIN_NAME.fullmatch(path):
        return None
    for candidate in (known_language(language), ENGLISH):
        if file_in(candidate, path).is_file():
            return candidate
    return None


def read_words(path: str, language: str) -> dict[str, Any]:
    """A TOML file of words in this language, or in English. Raises FileNotFoundError."""
    return tomllib.loads(read_text(path, language))


def read_text(path: str, language: str) -> str:
    """A file as it lies there, in this language or in English. Raises FileNotFoundError."""
    found = file_language(path, language)
    if found is None:
        raise FileNotFoundError(path)
    return file_in(found, path).read_text(encoding="utf-8")


def file_in(language: str, path: str) -> Traversable:
    """Where a file of this language lies, or would."""
    place: Traversable = files("templates") / language
    for step in path.split("/"):
        place = place / step
    return place
