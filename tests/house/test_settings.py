"""Settings: every mistake at once, no secret shown, and an example that holds every setting."""

import dataclasses
import json
from datetime import time
from pathlib import Path

import pytest

from bot.settings import (
    MailboxSettings,
    Settings,
    SettingsError,
    SmtpSettings,
    Start,
    TelegramSettings,
    Tls,
    database_url,
    load,
    values,
)
from bot.settings.sources import FILES
from bot.settings.table import BY_PATH, LISTS, SETTINGS
from casework.council import Contacts, Council, Person, StaffRole, Team
from tests.house.giving import LOOPBACK, mistakes, written

HERE = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without settings, so that those of the machine do not matter."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_any_settings_there_is_a_database_and_a_council() -> None:
    settings = load({})

    assert dataclasses.replace(settings, warnings=()) == Settings(database_url="sqlite+aiosqlite:///heard.db", nation="england")
    assert (settings.mailbox, settings.smtp, settings.telegram) == (None, None, None)


def test_the_environment_alone_is_enough_to_run() -> None:
    settings = load(LOOPBACK)

    assert settings.mailbox == MailboxSettings("127.0.0.1", "yoursay", "swordfish", Tls.NONE, 10143)
    assert settings.smtp == SmtpSettings("localhost", tls=Tls.NONE, port=10025)
    assert settings.telegram == TelegramSettings("123456:loopback", "http://127.0.0.1:8081")
    assert settings.council == Council(
        duty_addresses=("duty@council.example",),
        from_address="yoursay@council.example",
        contacts=Contacts(email="yoursay@council.example"),
    )


def test_five_mistakes_are_reported_at_once(elsewhere: Path) -> None:
    environ = written(
        elsewhere,
        'nation = "france"\n[council]\nopens_at = "nine"\n'
        '[mailbox]\nhots = "imap.anytown.gov.uk"\nport = 99999\ndigest_weekday = "x"\n',
    )

    told = mistakes({**LOOPBACK, **environ, "HEARD_DUTY_ADDRESS": "the duty officer", "HEARD_MAILBOX_PORT": ""})

    assert told == (
        "mailbox.hots in heard.toml: there is no such setting. Did you mean mailbox.host?",
        "mailbox.digest_weekday in heard.toml: there is no such setting. Did you mean council.digest_weekday?",
        "nation in heard.toml: found 'france'; wanted a nation that the law book knows, such as england.",
        "HEARD_DUTY_ADDRESS: found 'the duty officer'; wanted one or more email addresses, such as "
        "duty@anytown.gov.uk, rota@anytown.gov.uk.",
        "council.opens_at in heard.toml: found 'nine'; wanted a time of day, such as 09:00.",
        "mailbox.port in heard.toml: found 99999; wanted a port from 1 to 65535, such as 993.",
    )


def test_the_error_says_how_many_and_that_nothing_was_started() -> None:
    error = SettingsError(("one: wrong.", "two: wrong."))

    assert str(error) == "There are 2 mistakes in the settings. Nothing was started.\n  - one: wrong.\n  - two: wrong."


def test_the_environment_wins_over_the_file(elsewhere: Path) -> None:
    environ = written(elsewhere, '[council]\nname = "File Council"\nservice_name = "Heard"\n')

    council = load({**environ, "HEARD_COUNCIL_NAME": "Other Council"}).council

    assert (council.name, council.service_name) == ("Other Council", "Heard")


def test_a_named_file_that_is_missing_is_a_mistake() -> None:
    assert mistakes({"HEARD_SETTINGS": "nowhere.toml"}) == (
        "HEARD_SETTINGS: nowhere.toml cannot be read (No such file or directory); wanted the path of a TOML file.",
    )


@pytest.mark.parametrize("text", ["nation = ", "[mailbox", "nation = 'a'\nnation = 'b'"])
def test_a_file_that_is_not_toml_is_a_mistake(elsewhere: Path, text: str) -> None:
    (told,) = mistakes(written(elsewhere, text))

    assert told.startswith("heard.toml: this is not TOML")


def test_a_file_that_is_not_text_is_a_mistake(elsewhere: Path) -> None:
    (elsewhere / "heard.toml").write_bytes(b"\xff\xfe")

    assert mistakes({}) == ("heard.toml: the file is not UTF-8 text; save it as UTF-8.",)


@pytest.mark.parametrize("path", [setting.path for setting in SETTINGS if setting.is_secret])
def test_a_secret_in_the_file_is_refused_and_not_repeated(elsewhere: Path, path: str) -> None:
    section, _, key = path.partition(".")
    written(elsewhere, f'[{section}]\n{key} = "swordfish"\n')

    told = "\n".join(mistakes({}))

    assert f"{path} in heard.toml: a secret does not belong in this file. Wanted: {BY_PATH[path].variable}, or " in told
    assert "swordfish" not in told


def test_a_password_in_the_database_url_of_the_file_is_refused_and_not_repeated(elsewhere: Path) -> None:
    written(elsewhere, '[database]\nurl = "postgresql://heard:swordfish@db/heard"\n')

    (told,) = mistakes({})

    assert "a password does not belong in this file. Wanted: HEARD_DATABASE_URL" in told
    assert "swordfish" not in told


def test_secrets_come_from_files_of_their_own(elsewhere: Path) -> None:
    for name in ("mailbox", "url"):
        (elsewhere / name).write_text("sword fish \n" if name == "mailbox" else "postgresql://heard:swordfish@db/heard\n")
        (elsewhere / name).chmod(0o600)
    environ = {key: value for key, value in LOOPBACK.items() if key != "HEARD_MAILBOX_PASSWORD"}

    settings = load(
        {**environ, "HEARD_MAILBOX_PASSWORD_FILE": str(elsewhere / "mailbox"), "HEARD_DATABASE_URL_FILE": str(elsewhere / "url")}
    )

    assert settings.mailbox is not None
    assert settings.mailbox.password == "sword fish "
    assert settings.database_url == "postgresql+asyncpg://heard:swordfish@db/heard"
    assert not any("can be read by every user" in warning for warning in settings.warnings)


def test_a_secret_that_everybody_can_read_is_a_warning(elsewhere: Path) -> None:
    (elsewhere / "token").write_text("123456:loopback")
    (elsewhere / "token").chmod(0o644)

    settings = load({"HEARD_TELEGRAM_TOKEN_FILE": str(elsewhere / "token")})

    assert any("can be read by every user" in warning for warning in settings.warnings)


def test_a_secret_file_that_cannot_be_read_is_one_mistake_not_two() -> None:
    told = mistakes({"HEARD_TELEGRAM_TOKEN_FILE": "/nowhere/token"})

    assert told == (
        "HEARD_TELEGRAM_TOKEN_FILE: /nowhere/token cannot be read (No such file or directory); "
        "wanted a file that holds the secret in one line.",
    )


def test_a_secret_given_twice_is_a_mistake() -> None:
    told = mistakes({**LOOPBACK, "HEARD_TELEGRAM_TOKEN_FILE": "/dev/null"})

    assert "HEARD_TELEGRAM_TOKEN: found HEARD_TELEGRAM_TOKEN_FILE as well; wanted one of the two." in told


def test_no_secret_stands_in_the_repr_or_in_a_mistake() -> None:
    settings = load(
        {
            **LOOPBACK,
            "HEARD_SMTP_USER": "u",
            "HEARD_SMTP_PASSWORD": "opensesame",
            "HEARD_DATABASE_URL": "postgresql://a:sesam@b/c",
        }
    )

    assert not any(word in repr(settings) for word in ("swordfish", "opensesame", "loopback", "sesam"))
    assert set(settings.secrets) == {"swordfish", "opensesame", "123456:loopback"}
    told = "\n".join(
        mistakes({"HEARD_TELEGRAM_TOKEN": "12 sword", "HEARD_SMTP_PASSWORD": "fi\nsh", "HEARD_DATABASE_URL": "pg://a:sesam@b/c"})
    )
    assert not any(word in told for word in ("12 sword", "fi\nsh", "sesam"))


PEOPLE = [
    {"address": "c.officer@anytown.gov.uk", "name": "Chris Officer", "role": "officer"},
    {"address": "m.manager@anytown.gov.uk", "name": "Morgan Manager", "role": "manager", "team": "Fostering"},
]
TEAMS = [{"name": "Fostering", "manager": "M.Manager@anytown.gov.uk"}]


def test_people_and_teams_come_from_the_file_or_the_environment(elsewhere: Path) -> None:
    people = (
        Person("c.officer@anytown.gov.uk", "Chris Officer", StaffRole.OFFICER),
        Person("m.manager@anytown.gov.uk", "Morgan Manager", StaffRole.MANAGER, "Fostering"),
    )
    council = load({"HEARD_PEOPLE": json.dumps(PEOPLE), "HEARD_TEAMS": json.dumps(TEAMS)}).council
    assert (council.people, council.teams) == (people, (Team("Fostering", "M.Manager@anytown.gov.uk"),))

    tables = "".join("[[people]]\n" + "".join(f'{key} = "{value}"\n' for key, value in row.items()) for row in PEOPLE)
    council = load(written(elsewhere, tables + '[[teams]]\nname = "Fostering"\nmanager = "M.Manager@anytown.gov.uk"\n')).council
    assert (council.people, council.teams) == (people, (Team("Fostering", "M.Manager@anytown.gov.uk"),))


@pytest.mark.parametrize(
    ("people", "teams", "told"),
    [
        (
            [{**PEOPLE[0], "role": "offcer"}],
            [],
            "wanted a role: officer, manager, head_of_service, director; found role = 'offcer'. Did",
        ),
        (
            [{**PEOPLE[0], "team": "Adoption"}],
            TEAMS[:0],
            "c.officer@anytown.gov.uk is in the team 'Adoption', not among [[teams]]",
        ),
        (PEOPLE, [{"name": "Fostering", "manager": "nobody@anytown.gov.uk"}], "nobody@anytown.gov.uk, is not among [[people]]"),
        ([PEOPLE[0], {**PEOPLE[0], "address": "C.Officer@anytown.gov.uk"}], [], "c.officer@anytown.gov.uk is there twice"),
        (
            [{"address": "x", "name": "A", "role": "officer"}],
            [],
            "wanted an address, such as a.person@anytown.gov.uk; found address = 'x'",
        ),
        ([{**PEOPLE[0], "phone": "1"}], [], "there is no such thing as 'phone' here"),
        ({"address": "x"}, [], "wanted tables, each of which begins with a line [[people]]"),
        ([], [{"manager": "c@anytown.gov.uk"}], "wanted the team's name, such as Fostering; no name was found"),
    ],
)
def test_people_who_do_not_fit_are_mistakes(people: object, teams: object, told: str) -> None:
    found = mistakes({"HEARD_PEOPLE": json.dumps(people), "HEARD_TEAMS": json.dumps(teams)})

    assert any(told in line for line in found), found


def test_a_setting_of_the_environment_that_nobody_knows_is_a_mistake_if_it_looks_like_ours() -> None:
    environ = {
        "HEARD_MAILBOX_HSOT": "x",
        "HEARD_DUTY_ADRESS": "x",
        "HEARD_PERSON": "a@b.gov.uk",
        "HEARD_ALL_SERVERS": "1",
        "HEARD_X": "y",
    }

    assert mistakes(environ) == (
        "HEARD_DUTY_ADRESS: there is no such setting. Did you mean HEARD_DUTY_ADDRESS?",
        "HEARD_MAILBOX_HSOT: there is no such setting. Did you mean HEARD_MAILBOX_HOST?",
    )


@pytest.mark.parametrize(
    ("given", "url"),
    [
        ("sqlite:///heard.db", "sqlite+aiosqlite:///heard.db"),
        ("sqlite:////var/lib/heard/heard.db", "sqlite+aiosqlite:////var/lib/heard/heard.db"),
        ("sqlite+aiosqlite:///heard.db", "sqlite+aiosqlite:///heard.db"),
        ("postgresql://u:p%40ss@db:5433/heard", "postgresql+asyncpg://u:p%40ss@db:5433/heard"),
        ("postgresql+asyncpg://db/heard?ssl=require", "postgresql+asyncpg://db/heard?ssl=require"),
    ],
)
def test_a_database_url_is_given_its_async_driver(given: str, url: str) -> None:
    assert database_url(given) == url


@pytest.mark.parametrize(
    "given",
    [
        "",
        "heard.db",
        "sqlite://",
        "sqlite:///:memory:",
        "sqlite://heard.db",
        "postgres://db/heard",
        "postgresql://db",
        "mysql://db/h",
    ],
)
def test_another_database_url_is_refused(given: str) -> None:
    with pytest.raises(ValueError, match=r"database"):
        database_url(given)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARD_FROM_ADDRESS", "Your Say <yoursay@anytown.gov.uk>"),
        ("HEARD_FROM_ADDRESS", "a@b.gov.uk, c@d.gov.uk"),
        ("HEARD_COUNCIL_NAME", "Anytown\r\nBcc: x@y.example"),
        ("HEARD_COUNCIL_OPENS_AT", "25:00"),
        ("HEARD_COUNCIL_OPENS_AT", "18:00"),
        ("HEARD_COUNCIL_DIGEST_WEEKDAY", "mon"),
        ("HEARD_CONTACTS_CHECKED_ON", "2026-02-30"),
        ("HEARD_MAILBOX_HOST", "imap.anytown.gov.uk:993"),
        ("HEARD_MAILBOX_POLL_SECONDS", "nan"),
        ("HEARD_MAILBOX_START", "yesterday"),
        ("HEARD_TELEGRAM_API_URL", "http://api.anytown.gov.uk"),
        ("HEARD_TELEGRAM_API_URL", "ftp://localhost"),
        ("HEARD_LOG_LEVEL", "loud"),
    ],
)
def test_a_value_that_cannot_be_right_is_refused(name: str, value: str) -> None:
    (told,) = mistakes({**LOOPBACK, name: value})

    assert "found" in told
    assert "wanted" in told


def test_times_and_days_are_read_in_toml_too(elsewhere: Path) -> None:
    settings = load(
        written(elsewhere, "[council]\nopens_at = 08:30:00\ncloses_at = '16:30'\n[contacts]\nchecked_on = 2026-01-05\n")
    )

    assert (settings.council.opens_at, settings.council.closes_at) == (time(8, 30), time(16, 30))
    assert settings.council.contacts.checked_on is not None


def test_every_field_can_be_set() -> None:
    """A field of the council or of a wire that no setting reaches would be a promise that nobody can keep."""
    council = {field.name for field in dataclasses.fields(Council)} - {
        "contacts",
        "people",
        "teams",
        "duty_addresses",
        "from_address",
        "alarm_routes",
    }
    expected = {f"council.{name}" for name in council} | {f"contacts.{field.name}" for field in dataclasses.fields(Contacts)}
    for section, cls in (
        ("mailbox", values.MailboxSettings),
        ("smtp", values.SmtpSettings),
        ("telegram", values.TelegramSettings),
        ("oauth", values.OAuthSettings),
        ("network", values.NetworkSettings),
        ("outbox", values.OutboxSettings),
        ("alarms", values.AlarmSettings),
        ("files", values.FilesSettings),
        ("log", values.LogSettings),
        ("readiness", values.ReadinessSettings),
    ):
        expected |= {f"{section}.{field.name}" for field in dataclasses.fields(cls)}

    assert {path for path in BY_PATH if "." in path} == expected | {
        "database.url",
        "database.erasure_key",
        "database.keep_loose_days",
    }


def test_the_example_loads(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = load({"HEARD_SETTINGS": str(HERE / "heard.example.toml")}, doors=False)

    assert settings.mailbox is not None
    assert settings.mailbox.start == Start.NOW
    assert settings.council.digest_weekday == 0
    assert settings.council.person("M.Fostering@anytown.gov.uk") is not None


def test_the_example_shows_every_setting_and_secrets_as_files() -> None:
    text = (HERE / "heard.example.toml").read_text("utf-8")
    shown: set[str] = set()
    section = ""
    for line in text.splitlines():
        if line.startswith("["):
            section = line.strip("[]")
        elif " = " in line:
            shown.add(f"{section}.{line.removeprefix('# ').partition(' = ')[0]}".removeprefix("."))

    wanted = {setting.path if not setting.is_secret else f"{setting.path}_file" for setting in SETTINGS} | {"database.url_file"}
    assert wanted - shown == set()
    assert set(FILES) <= shown
    assert all(f"[[{name}]]" in text for name in LISTS)
