"""`check`: everything that must be right before the doors open."""

import pytest

from tests.commands.hearing import Heard
from tests.commands.serving import pretend
from tests.servers import free_port


def findings(heard: Heard) -> dict[str, tuple[str, str]]:
    said = heard("check", "--json")
    assert said.err == ""
    assert all(set(one) == {"what", "result", "words"} for one in said.json)
    assert said.code == (1 if any(one["result"] == "failed" for one in said.json) else 0)
    return {one["what"]: (one["result"], one["words"]) for one in said.json}


def test_check_looks_at_every_wire_for_real(served: Heard) -> None:
    found = findings(served)

    assert {found[what][0] for what in ("database", "law book", "calendar", "mailbox", "mail server", "Telegram", "people")} == {
        "ok"
    }
    assert {found[what][0] for what in ("safety words", "drill", "DPIA", "numbers", "night number")} == {"warning"}
    assert served("check").code == 0
    assert "+ ok" in served("check").out


def test_check_names_what_practice_wants_done_before_the_doors_open(served: Heard) -> None:
    served.settings |= {
        "HEARD_READINESS_SAFETY_SIGNED_OFF_BY": "A. Person, designated safeguarding lead",
        "HEARD_READINESS_DRILL_ON": "2026-01-12",
        "HEARD_READINESS_DPIA_REFERENCE": "DPIA-2026-014",
        "HEARD_CONTACTS_NIGHT_PHONE": "01632 960 111",
    }

    found = findings(served)

    assert {found[what][0] for what in ("safety words", "drill", "DPIA", "night number")} == {"ok"}


def test_check_with_a_broken_wire_looks_at_the_others_too(served: Heard) -> None:
    served.settings |= {"HEARD_MAILBOX_PORT": str(free_port())}

    found = findings(served)

    assert found["mailbox"][0] == "failed"
    assert (found["mail server"][0], found["Telegram"][0]) == ("ok", "ok")


def test_check_with_a_refused_password_does_not_show_it(served: Heard) -> None:
    served.settings |= {"HEARD_MAILBOX_PASSWORD": "not-the-password", "HEARD_TELEGRAM_TOKEN": "123456:not-the-token"}

    said = served("check")

    assert said.code == 1
    assert said.out.count("# no") == 2
    assert "not-the-" not in said.out + said.err


def test_check_names_missing_secrets_and_looks_at_the_rest(heard_here: Heard) -> None:
    heard_here.settings |= {"HEARD_MAILBOX_HOST": "127.0.0.1", "HEARD_MAILBOX_USER": "office", "HEARD_MAILBOX_TLS": "none"}

    said = heard_here("check", "--json")

    assert said.code == 1
    mistakes = [one["words"] for one in said.json if (one["what"], one["result"]) == ("settings", "failed")]
    assert len(mistakes) == 1
    assert "HEARD_MAILBOX_PASSWORD" in mistakes[0]
    assert {"database", "calendar", "people"} <= {one["what"] for one in said.json}


def test_check_tells_each_mistake_in_the_settings_as_a_finding(heard_here: Heard) -> None:
    heard_here.settings |= {"HEARD_NATION": "atlantis", "HEARD_LOG_LEVEL": "loud"}

    said = heard_here("check", "--json")

    assert (said.code, said.err) == (1, "")
    assert [one["result"] for one in said.json] == ["failed", "failed"]


def test_check_makes_and_changes_nothing(heard_bare: Heard) -> None:
    found = findings(heard_bare)

    assert found["database"] == ("ok", "it is made on first use")
    assert found["doors"][0] == found["people"][0] == found["duty address"][0] == "failed"
    assert list(heard_bare.folder.iterdir()) == []


@pytest.mark.parametrize("url", ["sqlite:///nowhere/heard.db", "postgresql://heard@127.0.0.1:1/heard", "sqlite:///no.db"])
def test_check_with_a_database_that_cannot_be_used_looks_at_the_rest(heard_here: Heard, url: str) -> None:
    (heard_here.folder / "no.db").write_text("this is no database")
    heard_here.settings["HEARD_DATABASE_URL"] = url

    found = findings(heard_here)

    assert found["database"][0] == "failed"
    assert found["calendar"][0] == "ok"


@pytest.mark.parametrize("revision", ["9999"])
def test_check_with_another_schema_says_what_mends_it(heard_here: Heard, revision: str) -> None:
    pretend(heard_here, revision)

    result, words = findings(heard_here)["database"]

    assert result == "failed"
    assert "newer version of heard" in words
