"""An alarm in the form that a chat of the staff takes at its web address. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from procedures.terms import AlarmForm
from templates import engine

CARD = "application/vnd.microsoft.card.adaptive"


def body(form: AlarmForm, event: bytes, chat: str) -> bytes:
    """What is posted. `event` is the alarm as JSON; `chat` is the group's number, for Telegram only.

    The forms are those of the makers' own pages: incoming webhooks (api.slack.com, developers.mattermost.com,
    learn.microsoft.com) and `sendMessage` (core.telegram.org/bots/api).
    """
    if form is AlarmForm.EVENT:
        return event
    text = engine.render("_alarm/chat.txt", engine.ENGLISH, json.loads(event)).strip()
    said: Mapping[str, Any]
    if form is AlarmForm.TELEGRAM:
        said = {"chat_id": chat, "text": text, "link_preview_options": {"is_disabled": True}}
    elif form is AlarmForm.TEAMS:
        said = {"type": "message", "attachments": [{"contentType": CARD, "contentUrl": None, "content": _card(text)}]}
    else:
        said = {"text": text}
    return json.dumps(said).encode()


def _card(text: str) -> dict[str, Any]:
    lines = [line for line in text.splitlines() if line]
    return {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.2",
        "body": [
            {"type": "TextBlock", "text": line, "wrap": True, "weight": "Default" if number else "Bolder"}
            for number, line in enumerate(lines)
        ],
    }
