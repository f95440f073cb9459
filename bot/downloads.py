"""Fetches a file that somebody sent in chat. The link that Telegram gives lives for about an hour, the `file_id` for long."""

from dataclasses import dataclass

from telegram.error import BadRequest, Forbidden, InvalidToken, RetryAfter, TelegramError

from notifications.wires import Bot, asked_to_wait

LARGEST_DOWNLOAD = 20_000_000
"""In bytes: a bot can fetch no more, whatever its settings."""


@dataclass(eq=False)
class TooBig(Exception):
    """The file is larger than may be fetched: it is to be asked for in another way."""

    size: int
    """In bytes, 0 where Telegram did not say."""


@dataclass(eq=False)
class NotDownloaded(Exception):
    """The file could not be fetched."""

    permanent: bool
    """True when Telegram does not know the file any more: ask the person to send it again."""
    after_seconds: float = 0


async def download(bot: Bot, file_id: str, max_bytes: int = LARGEST_DOWNLOAD) -> bytes:
    """The file's bytes. TooBig or NotDownloaded when it cannot be had."""
    try:
        file = await bot.get_file(file_id)
        if (file.file_size or 0) > max_bytes:
            raise TooBig(file.file_size or 0)
        if not file.file_path:  # the Bot API need not name it; the library raises a bare RuntimeError then
            raise NotDownloaded(permanent=False)
        content = bytes(await file.download_as_bytearray())
    except RetryAfter as error:
        raise NotDownloaded(permanent=False, after_seconds=asked_to_wait(error)) from None
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise TooBig(0) from None
        raise NotDownloaded(permanent=True) from None
    except Forbidden:
        raise NotDownloaded(permanent=True) from None
    except InvalidToken:
        # So the library calls a 404: the link has expired.
        raise NotDownloaded(permanent=False) from None
    except TelegramError:
        raise NotDownloaded(permanent=False) from None
    if len(content) > max_bytes:
        raise TooBig(len(content))
    return content
