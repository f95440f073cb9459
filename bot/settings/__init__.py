"""Settings: one TOML file, the environment, and secrets in files of their own. All mistakes are told at once."""

from bot.settings.kinds import database_url
from bot.settings.reading import load
from bot.settings.values import (
    AlarmSettings,
    Auth,
    FilesSettings,
    Flow,
    LogFormat,
    LogSettings,
    LogTo,
    MailboxSettings,
    NetworkSettings,
    OAuthSettings,
    OutboxSettings,
    Provider,
    ReadinessSettings,
    Settings,
    SettingsError,
    SmtpSettings,
    Start,
    TelegramSettings,
    Tls,
)

__all__ = [
    "AlarmSettings",
    "Auth",
    "FilesSettings",
    "Flow",
    "LogFormat",
    "LogSettings",
    "LogTo",
    "MailboxSettings",
    "NetworkSettings",
    "OAuthSettings",
    "OutboxSettings",
    "Provider",
    "ReadinessSettings",
    "Settings",
    "SettingsError",
    "SmtpSettings",
    "Start",
    "TelegramSettings",
    "Tls",
    "database_url",
    "load",
]
