"""What can go wrong on a wire. None of these carries an address, a name, a word or a token: they may be logged."""

from dataclasses import dataclass


class WireError(Exception):
    """Something went wrong on a wire."""


@dataclass(eq=False)
class Unreachable(WireError):
    """Nothing was handed over: there is no connection, or it broke before it mattered. Try later."""

    reason: str
    """One of the keys of `notifications.wires.meaning.REASONS`, as `no connection` or `not trusted`."""

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class Refused(WireError):
    """The server said no, in so many words."""

    code: int
    """SMTP's or HTTP's number; 0 where the wire has none (IMAP)."""
    permanent: bool
    """Whether the same again would be refused again. A refused login is not permanent: it waits for an operator."""
    at: str
    """What was refused: `connection`, `grant`, `login`, `folder`, `search`, `sender`, `recipient` or `letter`."""
    status: str = ""
    """The enhanced status code (RFC 3463), as `5.1.1`, where the server gave one."""
    words: str = ""
    """What that means and what mends it, in words of ours; empty where we do not know. Never the server's own."""

    def __str__(self) -> str:
        return " ".join(filter(None, [self.at, str(self.code or ""), self.status]))


@dataclass(eq=False)
class Ambiguous(WireError):
    """The letter was handed over and no answer came: it may have been sent, or not."""

    reason: str
    """`closed` or `silent`."""

    def __str__(self) -> str:
        return self.reason
