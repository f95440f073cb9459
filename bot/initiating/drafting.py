"""From what was said so far to settings that can be tried: read in the same way as `heard run` reads the file."""

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path

from bot.initiating.example import Values, written
from bot.settings import Settings, load
from bot.settings.sources import FILES
from bot.settings.table import BY_PATH


def draft(values: Values, secrets: Mapping[str, str]) -> Settings:
    """The settings that a file with these values would give. SettingsError with every mistake.

    Files of secrets need not be there yet: what is in `secrets` stands for them, and for the others nothing that opens anything.
    """
    known = {path: given for path, given in values.items() if path not in FILES}
    text = written(known)
    with tempfile.TemporaryDirectory(prefix="heard-init-") as folder:
        file = Path(folder) / "heard.toml"
        descriptor = os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as opened:
            opened.write(text)
        given = {BY_PATH[path].variable: secret for path, secret in secrets.items()}
        return load({"HEARD_SETTINGS": str(file)} | given, doors=False)
