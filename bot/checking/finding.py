"""What `heard check` says of one thing."""

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Finding:
    """One thing that was looked at: ok, warning or failed, and in words what to do."""

    what: str
    result: str
    words: str
    group: str = ""


def ok(what: str, words: str) -> Finding:
    return Finding(what, "ok", words)


def warning(what: str, words: str) -> Finding:
    return Finding(what, "warning", words)


def failed(what: str, words: str) -> Finding:
    return Finding(what, "failed", words)


def grouped(group: str, findings: Sequence[Finding]) -> list[Finding]:
    """The same, under one heading."""
    return [replace(finding, group=group) for finding in findings]
