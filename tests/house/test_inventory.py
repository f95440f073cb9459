"""What heard is made of: an SBOM and a page of licences that say what the lock says, and nothing of where it was fetched."""

import importlib.util
import json
import re
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator

from tests.house.test_packaging import GOES_WITH_THE_GPL, entries

HERE = Path(__file__).parents[2]


def inventory() -> Any:
    """The script, which is no part of the program."""
    found = importlib.util.spec_from_file_location("inventory", HERE / "deploy/inventory.py")
    assert found is not None
    assert found.loader is not None
    module = importlib.util.module_from_spec(found)
    found.loader.exec_module(module)
    return module


INVENTORY = inventory()


def test_the_sbom_is_cyclonedx_by_its_own_schema() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(INVENTORY.sbom()) is None


def test_the_sbom_names_every_locked_package_with_its_hashes_and_is_the_same_again() -> None:
    told = json.loads(INVENTORY.sbom())

    named = {f"{part['name']}=={part['version']}": part for part in told["components"]}
    locked = {name.partition(" ;")[0]: lines for name, lines in entries("requirements.lock").items()}
    assert named.keys() == locked.keys()
    for name, lines in locked.items():
        assert len(named[name]["hashes"]) == len(lines), name
    assert told["metadata"]["component"]["name"] == "heard"
    assert INVENTORY.sbom() == INVENTORY.sbom()


def test_the_sbom_says_of_no_machine_where_it_was_made_or_fetched_from() -> None:
    hosts = set(re.findall(r"https?://([^/\"]+)", INVENTORY.sbom()))

    assert hosts == {"cyclonedx.org"}
    assert not re.search(r'"/(?:home|root|tmp)/', INVENTORY.sbom())


def test_the_page_of_licences_is_what_the_lock_and_the_packages_say() -> None:
    """After a change: make sbom."""
    assert (HERE / "docs/licences.md").read_text("utf-8") == "\n".join(INVENTORY.licences()) + "\n"


def test_every_licence_on_the_page_goes_with_the_gpl() -> None:
    rows = [line.split(" | ") for line in INVENTORY.licences() if line.startswith("| ")][1:]

    assert rows
    doubtful = [row for row in rows if not GOES_WITH_THE_GPL.search(row[2])]
    assert [row[0] for row in doubtful if "only for other systems" not in row[2]] == []
