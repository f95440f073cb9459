"""The folder in which every mail of a rehearsal is left, as .eml and .html, to be opened afterwards."""

import re
from dataclasses import dataclass
from pathlib import Path

from bot.rehearsal.post_office import PostedLetter

NUMBERED = "[0-9][0-9][0-9]-*"


@dataclass(frozen=True)
class KeptLetter:
    """A mail, and where it lies."""

    number: int
    letter: PostedLetter
    raw: Path
    html: Path | None
    """None for a mail that has plain text only."""

    @property
    def subject(self) -> str:
        return str(self.letter.message["Subject"] or "no subject")

    @property
    def text(self) -> str:
        body = self.letter.message.get_body(("plain",))
        return str(body.get_content()).strip() if body is not None else ""


class MailFolder:
    """Numbers the mails from 1. An earlier run's mails are removed, and nothing else."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.letters: list[KeptLetter] = []
        folder.mkdir(parents=True, exist_ok=True)
        for ending in ("eml", "html"):
            for old in folder.glob(f"{NUMBERED}.{ending}"):
                old.unlink()

    def keep(self, letter: PostedLetter) -> KeptLetter:
        """Leave a mail in the folder."""
        number = len(self.letters) + 1
        message = letter.message
        subject = re.sub(r"[^A-Za-z0-9]+", "-", str(message["Subject"] or "no-subject")).strip("-")[:60]
        to = re.sub(r"[^A-Za-z0-9.+]+", "-", letter.recipient.partition("@")[0])
        raw = self.folder / f"{number:03d}-{to}-{subject}.eml"
        raw.write_bytes(letter.raw)
        body = message.get_body(("html",))
        html = raw.with_suffix(".html") if body is not None else None
        if html is not None and body is not None:
            html.write_text(body.get_content(), encoding="utf-8")
        self.letters.append(KeptLetter(number, letter, raw, html))
        return self.letters[-1]
