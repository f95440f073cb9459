"""What is installed is what was checked: locked by hash, from nowhere in particular, under licences that go together."""

import re
import tomllib
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
LOCKS = ("requirements.lock", "requirements-dev.lock")
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+)((?: ; [^\\]+)?) \\$")
GOES_WITH_THE_GPL = re.compile(
    r"\b(?:MIT|BSD|Apache|PSF|Python Software Foundation|LGPL|GPL-3|GPLv3|GNU (?:Lesser )?General Public|MPL|Mozilla|ISC)\b"
)


def entries(lock: str) -> dict[str, list[str]]:
    """Packages with the lines that follow each."""
    packages: dict[str, list[str]] = {}
    for line in (HERE / lock).read_text("utf-8").splitlines():
        if match := ENTRY.match(line):
            last = packages.setdefault(f"{match[1]}=={match[2]}{match[3]}", [])
        else:
            last.append(line)
    return packages


def wanted(*lists: str) -> set[str]:
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    lines = project["dependencies"] + [line for name in lists for line in project["optional-dependencies"][name]]
    return {re.split(r"[\[<>=!~ ;]", line)[0].lower().replace("_", "-") for line in lines}


@pytest.mark.parametrize("lock", LOCKS)
def test_every_package_is_locked_by_version_and_hash(lock: str) -> None:
    packages = entries(lock)

    assert packages
    for name, lines in packages.items():
        assert lines, f"{name} has no hash"
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}(?: \\)?", line) for line in lines), name


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_place_to_fetch_from(lock: str) -> None:
    text = (HERE / lock).read_text("utf-8")

    assert not re.search(r"://|--(?:index|extra-index|find-links|trusted)|@ |#|\.(?:org|com|io|net)\b", text)


@pytest.mark.parametrize(("lock", "lists"), [("requirements.lock", ("build",)), ("requirements-dev.lock", ("build", "dev"))])
def test_everything_that_the_project_asks_for_is_locked(lock: str, lists: tuple[str, ...]) -> None:
    locked = {name.partition("==")[0] for name in entries(lock)}

    assert wanted(*lists) - locked == set()


def test_both_locks_agree() -> None:
    """`make test` after `make demo` must not change what is run."""
    assert entries("requirements.lock").items() <= entries("requirements-dev.lock").items()


def test_the_makefile_names_no_place_to_fetch_from() -> None:
    for name in ("Makefile", ".ci/run"):
        assert "://" not in (HERE / name).read_text("utf-8"), name


def licence_of(package: str) -> str:
    """What a package says of its licence, wherever it says it."""
    told = distribution(package).metadata
    named = [line[:200] for key in ("License-Expression", "License") for line in told.get_all(key) or []]
    return " ".join(named + [line for line in told.get_all("Classifier") or [] if line.startswith("License")])


def test_every_package_that_ships_may_be_used_under_the_gpl() -> None:
    """aioimaplib is GPL-3.0, so the whole is; what goes into it must allow that."""
    told = {}
    for name in entries("requirements.lock"):
        try:
            told[name] = licence_of(name.partition("==")[0])
        except PackageNotFoundError:  # for another system or Python
            assert " ; " in name

    assert {name: licence for name, licence in told.items() if not GOES_WITH_THE_GPL.search(licence)} == {}


def test_the_licence_is_here_in_full() -> None:
    text = (HERE / "LICENSE").read_text("utf-8")

    assert "GNU GENERAL PUBLIC LICENSE" in text
    assert "Version 3, 29 June 2007" in text
    assert len(text.splitlines()) == 674
