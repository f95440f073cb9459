"""What an officer confirms to the person in the acknowledgement, and which list of issues stands in it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from casework.issues.numbered import Issue
from casework.progress import Progress
from casework.representation import voice_of
from storage.tables import CaseRow


@dataclass(frozen=True)
class Acknowledging:
    """What an officer confirms to the person (practice.md §1)."""

    issues: Sequence[str]
    """Our understanding, point by point, in words the person would use; empty where the case has its numbered list."""
    numbers: Sequence[int] = ()
    """Their numbers on the case; counted from 1 if empty."""
    wanted: str = ""
    answerer_name: str = ""
    answerer_job: str = "manager"
    why: str = ""
    not_ours: str = ""
    """What we are not responsible for, and who is (Code, 6.2)."""


def why_not_listed(found: Sequence[Issue], letter: Acknowledging) -> str:
    """Why the letter cannot tell what was understood; empty if it can. Two lists would leave the person to guess which counts."""
    given = any(issue.strip() for issue in letter.issues)
    if found and given:
        return (
            "The case has its numbered list of issues, and one list counts (the council's own rule): leave "
            "--issue out, and mend the list with `heard case issue`."
        )
    if not found and not given:
        return (
            "Say what we understood (the council's own rule), one --issue for each point, in words the person "
            "would use; or list the issues first, with `heard case issue add`."
        )
    return ""


def with_issues(letter: Acknowledging, found: Sequence[Issue]) -> Acknowledging:
    """The letter with the case's own numbered list, if it has one."""
    given = [issue.strip() for issue in letter.issues if issue.strip()]
    wanted = letter.wanted or " ".join(dict.fromkeys(issue.wanted for issue in found if issue.wanted))
    words, numbers = [issue.words for issue in found] or given, [issue.number for issue in found]
    return replace(letter, issues=words, numbers=numbers, wanted=wanted)


def acknowledgement_facts(case: CaseRow, letter: Acknowledging, progress: Progress) -> dict[str, Any]:
    """What the letter is made of."""
    answer = progress.answer
    return {
        "reference": case.reference,
        "voice": voice_of(case.raised_by),
        "issues": list(letter.issues),
        "numbers": list(letter.numbers),
        "wanted": letter.wanted,
        "procedure": case.procedure.value,
        "why": letter.why,
        "not_ours": letter.not_ours,
        "answerer_name": letter.answerer_name,
        "answerer_job": letter.answerer_job,
        "received_on": case.received_on.isoformat(),
        "start_on": answer.deadline.base_on.isoformat() if answer else None,
        "due_on": answer.deadline.due_on.isoformat() if answer else None,
        "counted": answer.deadline.explanation if answer else "",
    }
