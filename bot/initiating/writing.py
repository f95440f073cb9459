"""Writing what was said: files of secrets first, for their owner alone; then the settings, all at once."""

import os
import secrets
import stat
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

from bot.initiating.example import Values
from bot.settings.sources import FILES

OWNER_ONLY = 0o600
EVERYBODY = 0o644
_SENSITIVE = {"people", "duty_address", "mailbox.user", "smtp.user", *FILES}


def write_settings(file: Path, text: str, values: Values, secret_files: Mapping[Path, str]) -> Path | None:
    """Write everything; gives where the old settings are kept, if there were any. OSError when a file cannot be written.

    The old settings stay what they are until the new ones are complete on the disk.
    """
    for place, secret in secret_files.items():
        replace_with(place, f"{secret}\n", OWNER_ONLY)
    kept = None
    mode = OWNER_ONLY if _SENSITIVE & values.keys() else EVERYBODY
    if file.exists():
        mode = stat.S_IMODE(file.stat().st_mode)
        kept = file.with_name(f"{file.name}.before")
        replace_with(kept, file.read_text("utf-8"), mode)
    replace_with(file, text, mode, like=file)
    return kept


def replace_with(file: Path, text: str, mode: int, like: Path | None = None) -> None:
    """Put a whole new file in the place of another, or none at all."""
    new = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    descriptor = os.open(new, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            os.fchmod(opened.fileno(), mode)  # whatever the umask says
            if like is not None and like.exists():
                with suppress(PermissionError):
                    os.fchown(opened.fileno(), like.stat().st_uid, like.stat().st_gid)
            opened.write(text)
            opened.flush()
            os.fsync(opened.fileno())
        new.replace(file)
    finally:
        new.unlink(missing_ok=True)
