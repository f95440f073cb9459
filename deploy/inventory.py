"""What heard is made of, from the hash lock: `python deploy/inventory.py sbom` and `python deploy/inventory.py licences`.

Run in the environment that `make` has built: the licences are what the installed packages say of themselves. A package that is
locked for another system or Python only is listed with what the lock knows.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution
from pathlib import Path
from uuid import NAMESPACE_URL, uuid5

from cyclonedx.contrib.license.factories import LicenseFactory
from cyclonedx.model import HashAlgorithm, HashType
from cyclonedx.model.bom import Bom
from cyclonedx.model.component import Component, ComponentType
from cyclonedx.output.json import JsonV1Dot6
from packageurl import PackageURL

HERE = Path(__file__).parents[1]
ENTRY = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+?)(?: ; ([^\\]+?))? \\$")
NEEDS = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)")
NOT_HERE = "not installed here"
OF_CLASSIFIERS = {
    "MIT License": "MIT",
    "BSD License": "BSD",
    "Apache Software License": "Apache-2.0",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Python Software Foundation License": "PSF-2.0",
    "ISC License (ISCL)": "ISC",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}


@dataclass(frozen=True)
class Locked:
    """One package of the lock."""

    name: str
    version: str
    only_where: str
    """For which systems it is locked; empty for all."""
    hashes: tuple[str, ...]
    licence: str
    needs: tuple[str, ...]


def locked(lock: str = "requirements.lock") -> list[Locked]:
    """Every package of the lock, by name."""
    found: list[tuple[re.Match[str], list[str]]] = []
    for line in (HERE / lock).read_text("utf-8").splitlines():
        if match := ENTRY.match(line):
            found.append((match, []))
        elif "--hash=sha256:" in line:
            found[-1][1].append(line.partition("sha256:")[2].split()[0])
    return [_locked(match[1], match[2], match[3] or "", tuple(hashes)) for match, hashes in found]


def _locked(name: str, version: str, only_where: str, hashes: tuple[str, ...]) -> Locked:
    try:
        told = distribution(name)
    except PackageNotFoundError:
        return Locked(name, version, only_where, hashes, NOT_HERE, ())
    needs = {_plain(match[1]) for line in told.requires or [] if "extra ==" not in line and (match := NEEDS.match(line))}
    return Locked(name, version, only_where, hashes, licence_of(told.metadata), tuple(sorted(needs)))


def licence_of(told: PackageMetadata) -> str:
    """What a package says of its licence: an expression, else what it is classified as, else its first words."""
    if expression := told.get_all("License-Expression"):
        return str(expression[0])
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier") or [] if line.startswith("License ::")]
    known = [OF_CLASSIFIERS.get(name, name) for name in classified if name != "OSI Approved"]
    said = "".join(told.get_all("License") or []).strip().splitlines()
    return " AND ".join(known) or (said[0][:60] if said else "not said")


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def sbom() -> str:
    """CycloneDX 1.6 as JSON: heard and every package of the lock, with hashes and licences. The same lock gives the same text."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    make = LicenseFactory().make_from_string
    heard = Component(name="heard", version=project["version"], type=ComponentType.APPLICATION, bom_ref="heard")
    heard.licenses.add(make(project["license"]))
    bom = Bom(serial_number=uuid5(NAMESPACE_URL, (HERE / "requirements.lock").read_text("utf-8")))
    # Allowed below: the library takes None, its types do not
    bom.metadata.component, bom.metadata.timestamp = heard, None  # type: ignore[assignment]
    packages = locked()
    parts = {one.name: _part(one) for one in packages}
    bom.components.update(parts.values())
    for one in packages:
        bom.register_dependency(parts[one.name], [parts[name] for name in one.needs if name in parts])
    asked = [_plain(match[1]) for line in project["dependencies"] if (match := NEEDS.match(line))]
    bom.register_dependency(heard, [parts[name] for name in asked])
    return JsonV1Dot6(bom).output_as_string(indent=2) + "\n"


def _part(one: Locked) -> Component:
    purl = PackageURL("pypi", name=one.name, version=one.version)
    part = Component(name=one.name, version=one.version, type=ComponentType.LIBRARY, bom_ref=str(purl), purl=purl)
    part.hashes.update(HashType(alg=HashAlgorithm.SHA_256, content=value) for value in one.hashes)
    if one.licence != NOT_HERE:
        part.licenses.add(LicenseFactory().make_from_string(one.licence))
    return part


def licences() -> Iterator[str]:
    """docs/licences.md, a line at a time."""
    yield "# Licences of what heard is made of\n"
    yield "heard is under the GNU General Public License, version 3 or later (`LICENSE`): aioimaplib is under version 3, so the"
    yield "whole must be. Every package below may be used under it. Made from `requirements.lock` by `make sbom`, which also"
    yield "writes the same as CycloneDX, with hashes; a test compares.\n"
    yield "| package | version | licence |"
    yield "|---|---|---|"
    for one in locked():
        yield f"| {one.name} | {one.version} | {'only for other systems' if one.licence == NOT_HERE else one.licence} |"


if __name__ == "__main__":
    match sys.argv[1:]:
        case ["sbom"]:
            sys.stdout.write(sbom())
        case ["licences"]:
            sys.stdout.write("\n".join(licences()) + "\n")
        case _:
            sys.exit("python deploy/inventory.py sbom|licences")
