"""Secrets: asked for without showing them, and kept in a file of their own or in the environment, never in the settings."""

import os
from pathlib import Path

from bot.initiating.asking import Interview
from bot.settings.table import BY_PATH


def ask_secret(interview: Interview, path: str, words: str) -> None:
    """Ask for a secret, unless there is one already that is to stay."""
    file = interview.values.get(f"{path}_file")
    if file and (held := _read(Path(str(file)))) and interview.sure(f"{words}: it is in {file}. Keep it?", default=True):
        interview.secrets[path] = held
        return
    setting = BY_PATH[path]
    held = os.environ.get(setting.variable, "").strip()
    if held and interview.sure(f"{words}: it is in {setting.variable}. Keep it there?", default=True):
        interview.secrets[path] = held
        interview.values.pop(f"{path}_file", None)
        return
    while True:
        typed = interview.talk.hear_secret(f"{words} (not shown; Enter for later): ").strip("\r\n")
        if not typed:
            interview.secrets.pop(path, None)
            interview.values.pop(f"{path}_file", None)
            interview.talk.say(f"   Later, then: set {setting.variable}, or {setting.variable}_FILE to the path of a file.")
            return
        try:
            given = setting.kind.read(typed)
        except ValueError:
            interview.talk.say(f"   Wanted {setting.kind.wanted}, such as {setting.kind.example}.")
            continue
        keep_secret(interview, path, given)
        return


def keep_secret(interview: Interview, path: str, secret: str) -> None:
    """Ask where a secret is to lie; nothing is written yet."""
    setting = BY_PATH[path]
    interview.secrets[path] = secret
    place = Path(str(interview.values.get(f"{path}_file") or interview.folder / path.replace(".", "-"))).absolute()
    if interview.sure(f"Keep it in {place}, which only you can read?", default=True):
        interview.values[f"{path}_file"] = str(place)
        interview.secret_files[place] = secret
    else:
        interview.values.pop(f"{path}_file", None)
        interview.talk.say(f"   It is not kept. Set {setting.variable} in the environment of the service.")


def _read(file: Path) -> str:
    try:
        return file.read_text("utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError):
        return ""
