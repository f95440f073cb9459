"""What only an officer decides, by the kind of its task, and the commands that decide it (practice.md §3)."""

from collections.abc import Mapping
from types import MappingProxyType

from storage.tables import TaskKind

DECIDED_BY_AN_OFFICER: Mapping[TaskKind, tuple[str, ...]] = MappingProxyType(
    {
        TaskKind.CONFIRM_ROUTE: ('heard case route {reference} PROCEDURE --why "…"',),
        TaskKind.ROUTE_DOUBT: ('heard case route {reference} PROCEDURE --why "…"',),
        TaskKind.INTEREST: (
            'heard decide interest {reference} --yes --why "…"',
            'heard decide interest {reference} --no --relation "…" --welfare "…" --child "…" --why "…"',
        ),
        TaskKind.LATE_COMPLAINT: (
            'heard decide late {reference} --yes --sooner "…" --sooner-holds --fairly "…" --fairly-holds --why "…"',
            'heard decide late {reference} --no --sooner "…" --fairly "…" --why "…"',
        ),
        TaskKind.LATE_PANEL: (
            'heard decide late-panel {reference} --yes --why "…"',
            'heard decide late-panel {reference} --no --why-late "…" --worth "…" --why "…"',
        ),
        TaskKind.FREEZE: (
            'heard decide freeze {reference} --yes --why "…" --told-by "…"',
            'heard decide freeze {reference} --no --why "…" --told-by "…" --against "…"',
        ),
        TaskKind.WITHDRAWAL: (
            'heard decide withdrawal {reference} --their-choice --spoke "…"',
            'heard decide withdrawal {reference} --not-theirs --spoke "…"',
        ),
        TaskKind.DELAY_NOTICE: ('heard case record {reference} delay_notice --until DATE --why "…"',),
        TaskKind.HOLD_REVIEW: ("heard hold ended {reference} --on DATE",),
        TaskKind.CONFIRM_WALL: (
            'heard case wall confirm {reference} --person "…" --why "…"',
            'heard case wall lift {reference} --person "…" --why "…"',
        ),
        TaskKind.AUTHORITY: (
            'heard case authority {reference} NUMBER BASIS --evidence "…"',
            'heard case person appoint {reference} NUMBER --evidence "…"',
        ),
    }
)
"""A task of these kinds is ended by its command, or by an officer: where it is gone, nothing reminds of what was not decided.

Each is whole: it is typed as it stands, with a sentence for each … and a word for each in capitals. Of two the first is the yes.
"""


def how_it_is_decided(kind: TaskKind, reference: str) -> str:
    """The commands for a case, as a sentence has them."""
    return " or ".join(f"`{command.format(reference=reference)}`" for command in DECIDED_BY_AN_OFFICER[kind])


def decided_anew(kind: TaskKind, reference: str) -> str:
    """The command that takes up again what was refused: a yes, and what is known now that was not."""
    return f'`{DECIDED_BY_AN_OFFICER[kind][0].format(reference=reference)} --new "…"`'
