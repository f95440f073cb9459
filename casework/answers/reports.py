"""The reports that go with the answer of stage 2: the investigating officer's and the independent person's.

At stage 2 of the statutory procedure the council answers with what both of them found (SI 2006/1738, reg. 17; Getting the Best
from Complaints; `s2_notice_sent` in procedures/steps.toml). They lie in the same version as the letter, so that they are checked
and signed with it; one that does not go needs a reason, which stays with the check.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from casework.answers.checking_drafts import Found, Known, Rule, about_names
from casework.answers.word import read_letter
from procedures.steps import HOME, OWN_RULE
from procedures.terms import Procedure
from storage.tables import DraftRow
from storage.tables.drafts import Whose

STAGE = 2
WHO: Mapping[Whose, str] = {Whose.OFFICER: "the investigating officer", Whose.INDEPENDENT: "the independent person"}


def law_in(nation: str) -> str:
    """By what rule reports go with the answer of stage 2."""
    return "SI 2006/1738, reg. 17; Getting the Best from Complaints" if nation == HOME else OWN_RULE


def of(row: DraftRow) -> dict[Whose, bytes]:
    """The reports that lie in a version, as Word files."""
    lying = {Whose.OFFICER: row.officer_report, Whose.INDEPENDENT: row.independent_report}
    return {whose: content for whose, content in lying.items() if content}


def have_a_place(procedure: Procedure, stage: int) -> bool:
    """Whether the answer of this stage goes with reports at all."""
    return procedure is Procedure.STATUTORY and stage == STAGE


def missing(row: DraftRow, procedure: Procedure, nation: str) -> list[Whose]:
    """The reports that belong to this answer and do not lie in it. In England alone are any asked for."""
    if nation != HOME or not have_a_place(procedure, row.stage):
        return []
    lying = of(row)
    return [whose for whose in Whose if whose not in lying]


def check_reports(row: DraftRow, known: Known) -> Iterator[Found]:
    """What stops a version for its reports: one that is not there, and whoever is named in one that is."""
    for whose in missing(row, known.procedure, known.nation):
        words = (
            f"The report of {WHO[whose]} does not go with it. Take it in: `heard case draft {known.reference} --take FILE "
            f"--report {whose.value}`; or say with --accept why it cannot go, and how they get it."
        )
        yield Found(Rule.REPORTS, words, law_in(known.nation))
    for whose, content in of(row).items():
        for found in about_names(read_letter(content).words, known):
            yield replace(found, words=f"Report of {WHO[whose]}: {found.words}")


def why_left_out(found: list[dict[str, object]]) -> str:
    """The reason with which a check let reports stay away; empty where it gave none."""
    reasons = [str(one["accepted"]) for one in found if one["rule"] == Rule.REPORTS and one["accepted"]]
    return reasons[0] if reasons else ""


def on_record(row: DraftRow, procedure: Procedure, nation: str, why_not: str) -> str:
    """Which reports went with the answer, and why one did not: for the event of its sending. Empty where none belongs to it."""
    went = " and ".join(f"the report of {WHO[whose]}" for whose in of(row))
    left = " and ".join(f"the report of {WHO[whose]}" for whose in missing(row, procedure, nation))
    told = [f"with {went}"] if went else []
    if left:
        told.append(f"without {left}: {why_not}")
    return "; ".join(told)
