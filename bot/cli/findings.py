"""How `heard check` and `heard init` show what was found."""

from collections.abc import Iterable
from itertools import groupby
from typing import TYPE_CHECKING

from bot.cli.common import out, show, table

if TYPE_CHECKING:
    from bot.checking import Finding

MARKS = {"ok": "+ ok", "warning": "^ look", "failed": "# no"}


def print_findings(findings: "Iterable[Finding]") -> None:
    """A table a group, and in the end what it comes to."""
    found = list(findings)
    for group, some in groupby(found, lambda one: one.group):
        rows = [(MARKS[one.result], one.what, one.words) for one in some]
        show(table("How", "What", "Words", whole=["How"], title=group.capitalize()), rows)
        out().print()
    out().print(summary(found))


def summary(findings: "Iterable[Finding]") -> str:
    """What all of it comes to, in a sentence."""
    results = [one.result for one in findings]
    failed, warned = results.count("failed"), results.count("warning")
    if failed:
        return f"Not ready: {failed} to mend first, {warned} to look at."
    return f"The doors may open. {warned} to look at." if warned else "The doors may open. Nothing is missing."
