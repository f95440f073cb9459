"""`heard run` with a wrong token, password or folder: a clear sentence in `heard health`, and nothing sent to anybody."""

import json
import urllib.request

import pytest

from tests.commands.hearing import PATIENCE_SECONDS, PEOPLE, Heard
from tests.commands.serving import QUICK, Rehearsal, running

WRONG: list[tuple[dict[str, str], dict[str, str]]] = [
    (
        {"HEARD_TELEGRAM_TOKEN": "700000001:not-the-token", "HEARD_MAILBOX_FOLDER": "Nowhere"},
        {"telegram": "telegram.token", "mailbox": "look at mailbox.folder"},
    ),
    (
        {"HEARD_MAILBOX_PASSWORD": "not-the-password", "HEARD_TELEGRAM_API_URL": "http://127.0.0.1:1"},
        {"telegram": "unreachable", "mailbox": "user or password is wrong"},
    ),
]


@pytest.mark.parametrize(("wrong", "told"), WRONG)
def test_what_is_wrong_is_said_and_nothing_is_sent(
    wrong: dict[str, str], told: dict[str, str], heard_here: Heard, own_rehearsal: Rehearsal
) -> None:
    heard_here.settings |= own_rehearsal.environment | QUICK | {"HEARD_MAILBOX_START": "beginning"} | wrong
    own_rehearsal.post("letter", sender="m.brown@family.example", subject="Visits", text="I want to complain.")
    own_rehearsal.post("says", chat=9, text="nobody listens to me")

    with running(heard_here) as service:
        for loop in told:
            service.says(f"loop hurt loop={loop}")
        service.says("loop hurt loop=telegram failures=2")
        health = heard_here("health", "--json")
        code = service.ends()

    trouble = {one["name"]: one["trouble"] for one in health.json["loops"]}
    assert (health.code, code) == (1, 0)
    for loop, words in told.items():
        assert words in trouble[loop], trouble
    staff = {person["address"] for person in PEOPLE}  # on a Monday they get their digest, whatever door is shut
    assert [letter for letter in asked(own_rehearsal, "letters") if letter["recipient"] not in staff] == []
    assert asked(own_rehearsal, "sent") == []
    assert heard_here("case", "list", "--json").json == []
    assert "not-the-" not in "".join(service.log) + health.out


def asked(rehearsal: Rehearsal, name: str) -> list[dict[str, object]]:
    with urllib.request.urlopen(f"{rehearsal.control}/{name}", timeout=PATIENCE_SECONDS) as answer:
        found: list[dict[str, object]] = json.load(answer)
    return found
