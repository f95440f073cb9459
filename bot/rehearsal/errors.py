"""What can go wrong at the Bot API, by its own rules or because a rehearsal asks for it."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


@dataclass(eq=False)
class ApiError(Exception):
    """An answer of the Bot API that is not ok."""

    code: int
    description: str
    parameters: dict[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        answer: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return answer | ({"parameters": self.parameters} if self.parameters else {})


class Trick(StrEnum):
    """What the wire does in place of a plain answer."""

    ANSWER = "answer"
    DROP = "drop"
    """The connection is cut without an answer."""
    HANG = "hang"
    """No answer ever comes."""


@dataclass(frozen=True)
class Fault:
    """How the next call goes wrong. `accepted`: the call is carried out all the same before the wire fails."""

    trick: Trick = Trick.ANSWER
    error: ApiError | None = None
    accepted: bool = False


def too_many_requests(retry_after_seconds: int) -> Fault:
    description = f"Too Many Requests: retry after {retry_after_seconds}"
    return Fault(error=ApiError(429, description, {"retry_after": retry_after_seconds}))


def forbidden() -> Fault:
    return Fault(error=ApiError(403, "Forbidden: bot was blocked by the user"))


def bad_request(description: str = "Bad Request: chat not found") -> Fault:
    return Fault(error=ApiError(400, description))


def server_error() -> Fault:
    return Fault(error=ApiError(500, "Internal Server Error"))


def dropped_after_accepting() -> Fault:
    return Fault(trick=Trick.DROP, accepted=True)


def dropped() -> Fault:
    return Fault(trick=Trick.DROP)


def silence() -> Fault:
    return Fault(trick=Trick.HANG)


def silence_after_accepting() -> Fault:
    return Fault(trick=Trick.HANG, accepted=True)
