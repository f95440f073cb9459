"""Settings given to `load` by the environment or a file: every wire on this machine, unless a test says otherwise."""

from pathlib import Path

import pytest

from bot.settings import (
    SettingsError,
    load,
)

LOOPBACK = {
    "HEARD_MAILBOX_HOST": "127.0.0.1",
    "HEARD_MAILBOX_PORT": "10143",
    "HEARD_MAILBOX_USER": "yoursay",
    "HEARD_MAILBOX_PASSWORD": "swordfish",
    "HEARD_MAILBOX_TLS": "none",
    "HEARD_SMTP_HOST": "localhost",
    "HEARD_SMTP_PORT": "10025",
    "HEARD_SMTP_TLS": "none",
    "HEARD_DUTY_ADDRESS": "duty@council.example",
    "HEARD_FROM_ADDRESS": "yoursay@council.example",
    "HEARD_TELEGRAM_TOKEN": "123456:loopback",
    "HEARD_TELEGRAM_API_URL": "http://127.0.0.1:8081/",
}


def mistakes(environ: dict[str, str], *, doors: bool = True) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environ, doors=doors)
    return caught.value.mistakes


def written(folder: Path, text: str) -> dict[str, str]:
    (folder / "heard.toml").write_text(text, "utf-8")
    return {}
