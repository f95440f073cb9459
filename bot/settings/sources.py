"""Where settings come from: one TOML file and the environment, which wins. What is found is not read yet."""

import difflib
import json
import stat
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.settings.table import BY_PATH, LISTS, SECTIONS, SETTINGS, Setting

DEFAULT_FILE = "heard.toml"
NO_FILE = (
    f"no settings file is read: HEARD_SETTINGS names none, and no {DEFAULT_FILE} lies in the current folder. "
    "`heard init` makes one"
)
NOT_SETTINGS = ("HEARD_SETTINGS", "HEARD_PERSON", "HEARD_ALL_SERVERS")
"""Which file to read, who acts, and what the tests demand."""
FILES = {f"{setting.path}_file": setting for setting in SETTINGS if setting.is_secret or setting.path == "database.url"}
VARIABLES = {
    **{setting.variable: setting.path for setting in SETTINGS},
    **{setting.variable + "_FILE": path for path, setting in FILES.items()},
    **{f"HEARD_{name.upper()}": name for name in LISTS},
}


@dataclass(frozen=True)
class Found:
    """What was given for a setting, and where."""

    given: Any
    where: str


@dataclass
class Sources:
    """All that was found, by path, and the mistakes made on the way."""

    found: dict[str, Found] = field(default_factory=dict)
    mistakes: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    spoiled: set[str] = field(default_factory=set)
    """Paths that were given but are of no use, and whose mistake is noted already."""
    unread: set[str] = field(default_factory=set)
    """Secrets that are there, but not for whoever runs this command."""


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A question with the nearest name, or nothing when none is near."""
    near = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return f" Did you mean {near[0]}?" if near else ""


def gather(environ: Mapping[str, str], doors: bool) -> Sources:
    """Everything that the file and the environment say. Without `doors` a secret of theirs that cannot be read is no mistake."""
    sources = Sources()
    if file := settings_file(environ):
        read_toml(file, sources)
    read_environment(environ, sources)
    read_secret_files(sources, doors)
    return sources


def settings_file(environ: Mapping[str, str]) -> Path | None:
    """The file that settings are read from; None when none is named and none lies in the current folder."""
    named = environ.get("HEARD_SETTINGS", "").strip()
    path = Path(named or DEFAULT_FILE)
    return path if named or path.is_file() else None


def read_toml(path: Path, sources: Sources) -> None:
    """What the settings file says."""
    try:
        table = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        sources.mistakes.append(f"HEARD_SETTINGS: {path} cannot be read ({error.strerror}); wanted the path of a TOML file.")
    except UnicodeDecodeError:
        sources.mistakes.append(f"{path}: the file is not UTF-8 text; save it as UTF-8.")
    except tomllib.TOMLDecodeError as error:
        sources.mistakes.append(f"{path}: this is not TOML: {error}.")
    else:
        for key, value in flattened(table):
            take_from_file(key, value, str(path), sources)


def flattened(table: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Paths and values; sections one level deep."""
    for key, value in table.items():
        if isinstance(value, dict) and key in SECTIONS:
            yield from ((f"{key}.{inner}", given) for inner, given in value.items())
        else:
            yield key, value


def take_from_file(path: str, value: Any, file: str, sources: Sources) -> None:
    """Note one value of the file, unless it does not belong there."""
    where = f"{path} in {file}"
    setting = BY_PATH.get(path)
    if setting and setting.is_secret:
        sources.spoiled.add(path)
        sources.mistakes.append(f"{where}: a secret does not belong in this file. {how_to_give(setting)}")
    elif setting or path in FILES or path in LISTS:
        sources.found[path] = Found(value, where)
    elif path in SECTIONS:
        sources.mistakes.append(f"{where}: found {value!r}; wanted a table, which begins with a line [{path}].")
    else:
        sources.mistakes.append(f"{where}: there is no such setting.{did_you_mean(path, [*BY_PATH, *FILES, *SECTIONS, *LISTS])}")


def how_to_give(setting: Setting) -> str:
    """How a secret is given."""
    name = setting.variable
    return f"Wanted: {name}, or {name}_FILE with the path of a file that holds it, such as {name}_FILE=/run/credentials/heard."


def read_environment(environ: Mapping[str, str], sources: Sources) -> None:
    """What the environment says: it wins over the file. An empty variable says nothing."""
    for name, value in sorted(environ.items()):
        if not name.startswith("HEARD_") or not value.strip() or name in NOT_SETTINGS:
            continue
        if path := VARIABLES.get(name):
            sources.found.pop(path.removesuffix("_file") if path in FILES else f"{path}_file", None)
            sources.found[path] = Found(value, name)
        elif name.partition("_")[2].partition("_")[0].lower() in SECTIONS or difflib.get_close_matches(name, VARIABLES, 1, 0.9):
            sources.mistakes.append(f"{name}: there is no such setting.{did_you_mean(name, VARIABLES)}")
    for setting in FILES.values():
        if environ.get(setting.variable, "").strip() and environ.get(f"{setting.variable}_FILE", "").strip():
            sources.mistakes.append(f"{setting.variable}: found {setting.variable}_FILE as well; wanted one of the two.")
    for name in LISTS:
        if name in sources.found and isinstance(sources.found[name].given, str):
            read_json(name, sources)


def read_json(name: str, sources: Sources) -> None:
    """People or teams from a variable."""
    found = sources.found.pop(name)
    try:
        sources.found[name] = Found(json.loads(found.given), found.where)
    except json.JSONDecodeError as error:
        sources.spoiled.add(name)
        example = '[{"name": "Fostering"}]' if name == "teams" else '[{"address": "a@b.gov.uk", "name": "A", "role": "officer"}]'
        sources.mistakes.append(f"{found.where}: this is not JSON ({error}); wanted a list such as {example}.")


def by_every_user(file: Path) -> str:
    """A word of warning where every user of the machine may read a secret, else nothing; OSError where there is no file."""
    if not stat.S_IMODE(file.stat().st_mode) & stat.S_IROTH:
        return ""
    return f"{file} can be read by every user of this machine; chmod 600 is enough."


def read_secret_files(sources: Sources, doors: bool) -> None:
    """Put what the named files hold in the place of their names. One line is read; its end is cut."""
    for path, setting in FILES.items():
        found = sources.found.pop(path, None)
        if found is None:
            continue
        file = Path(str(found.given).strip())
        try:
            held = file.read_text("utf-8")
            if readable := by_every_user(file):
                sources.warnings.append(f"{found.where}: {readable}")
        except (OSError, UnicodeDecodeError) as error:
            if setting.is_secret and not doors:
                sources.unread.add(setting.path)
                continue
            why = error.strerror if isinstance(error, OSError) else "not UTF-8 text"
            sources.spoiled.add(setting.path)
            sources.mistakes.append(
                f"{found.where}: {file} cannot be read ({why}); wanted a file that holds the secret in one line."
            )
        else:
            sources.found[setting.path] = Found(held, f"{found.where} ({file})")
