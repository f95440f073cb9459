"""What only an officer decides, by the kind of its task, and the commands that decide it (practice.md §3)."""

from collections.abc import Mapping
from types import MappingProxyType

from storage.tables import TaskKind

DECIDED_BY_AN_OFFICER: Mapping[TaskKind, tuple[str, ...]] = MappingProxyType(
    {
        TaskKind.CONFIRM_ROUTE: ("heard case route {reference}",),
        TaskKind.ROUTE_DOUBT: ("heard case route {reference}",),
        TaskKind.INTEREST: ("heard decide interest {reference}",),
        TaskKind.LATE_COMPLAINT: ("heard decide late {reference}",),
        TaskKind.LATE_PANEL: ("heard decide late-panel {reference}",),
        TaskKind.FREEZE: ("heard decide freeze {reference}",),
        TaskKind.WITHDRAWAL: ("heard decide withdrawal {reference}",),
        TaskKind.DELAY_NOTICE: ("heard case record {reference} delay_notice",),
        TaskKind.HOLD_REVIEW: ("heard hold ended {reference}",),
        TaskKind.CONFIRM_WALL: ("heard case wall confirm {reference}", "heard case wall lift {reference}"),
        TaskKind.AUTHORITY: ("heard case authority {reference}", "heard case person appoint {reference}"),
    }
)
"""A task of these kinds is ended by its command, or by an officer: where it is gone, nothing reminds of what was not decided."""


def how_it_is_decided(kind: TaskKind, reference: str) -> str:
    """The commands for a case, as a sentence has them."""
    return " or ".join(f"`{command.format(reference=reference)}`" for command in DECIDED_BY_AN_OFFICER[kind])
