"""What went wrong on a wire, in a sentence for whoever mends it."""

from collections.abc import Iterator
from contextlib import contextmanager

from telegram.error import InvalidToken, NetworkError, TelegramError

from notifications.wires import meaning
from notifications.wires.errors import Refused, Unreachable, WireError
from notifications.wires.web import trouble_of

_NOT = {"grant": "there is no token", "login": "the sign-in is refused", "folder": "the folder does not open"}


class NotWell(WireError):
    """What is wrong with a wire, in a sentence: as `str` of it."""


def in_a_sentence(error: WireError | TelegramError) -> str:
    """What went wrong and what mends it. Nothing of it is the other side's own words."""
    if isinstance(error, TelegramError):
        return _of_telegram(error)
    if isinstance(error, Unreachable):
        return meaning.REASONS.get(error.reason, error.reason)
    if isinstance(error, Refused):
        numbers = "" if error.at == "grant" else " ".join(filter(None, [str(error.code or ""), error.status]))
        said = f"{_NOT.get(error.at, f'refused at {error.at}')}{f' ({numbers})' if numbers else ''}"
        look = "look at mailbox.folder" if error.at == "folder" else "the server's own log says why"
        return f"{said}: {error.words or look}"
    return str(error)


def _of_telegram(error: TelegramError) -> str:
    if isinstance(error, InvalidToken):
        return "Telegram does not know this token: ask BotFather for the right one and set telegram.token"
    if isinstance(error, NetworkError):
        return meaning.REASONS[trouble_of(error.__cause__ or error, otherwise="no connection")]
    return f"it does not answer as a Bot API does ({type(error).__name__}): look at telegram.api_url"


def why_out_of_reach(error: NetworkError) -> str:
    """What stands between us and Telegram, where that can be mended on our side; "" for trouble that passes by itself."""
    reason = trouble_of(error.__cause__ or error, otherwise="")
    return meaning.REASONS[reason] if reason in ("not trusted", "proxy wants a password", "proxy refuses") else ""


@contextmanager
def told_in_a_sentence() -> Iterator[None]:
    """Any error of a wire becomes NotWell."""
    try:
        yield
    except NotWell:
        raise
    except (WireError, TelegramError) as error:
        raise NotWell(in_a_sentence(error)) from None
