"""`run`, `health`, `migrate`: the service begins, is well, and ends."""

import re
import shutil
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

from storage.migrating import HEAD, REVISIONS
from tests.commands.hearing import OFFICER, PATIENCE_SECONDS, PROJECT, Heard
from tests.commands.serving import QUICK, Rehearsal, pretend, running, until
from tests.servers import free_port


def test_run_is_well_between_ready_and_sigterm_and_only_then(served: Heard) -> None:
    before = served("health", "--json")

    with running(served) as service:
        service.says("ready")
        meanwhile = served("health", "--json")
        without_its_settings = Heard(served.folder, served.database)("health", "--json")
        code = service.ends()
        out = service.process.stdout.read() if service.process.stdout else ""
    after = served("health", "--json")

    assert (before.code, meanwhile.code, after.code) == (1, 0, 1)
    assert {loop["name"] for loop in before.json["loops"]} == {"mailbox", "telegram", "outbox"}
    assert (meanwhile.json["healthy"], before.json["healthy"], after.json["healthy"]) == (True, False, False)
    assert {loop["name"] for loop in without_its_settings.json["loops"]} == {"mailbox", "telegram", "outbox"}
    assert without_its_settings.code == 0
    assert (code, out) == (0, "")
    assert "stopped" in "".join(service.log)


def test_health_for_people_names_every_loop(served: Heard) -> None:
    said = served("health")

    assert (said.code, said.err) == (1, "")
    for words in ("# silent", "mailbox", "telegram", "outbox", "never", "bank holidays known until", "no open alert"):
        assert words in said.out


def test_ctrl_c_ends_it_too(served: Heard) -> None:
    with running(served) as service:
        service.says("ready")

        assert service.ends(signal.SIGINT) == 0


def test_a_letter_in_hand_that_nobody_answers_does_not_hold_the_end_up(heard_here: Heard, rehearsal: Rehearsal) -> None:
    """The mail server takes a letter and says nothing any more; after SIGTERM the service lets go of it."""
    heard_here.settings |= rehearsal.environment | QUICK

    def states() -> list[str]:
        return [row["state"] for row in heard_here("outbox", "list", "--all", "--json").json]

    with running(heard_here) as service:
        service.says("ready")
        rehearsal.post("mail_fault", fault="silent", count=1)
        heard_here.log("--email", "r.green@family.example")
        until(lambda: "sending" in states())
        code = service.ends()

    assert code == 0
    assert "sending" in states()  # on record as half-way: it is taken up when the service begins again


def test_sigterm_before_it_is_ready_ends_it_well(served: Heard) -> None:
    served.settings |= {"HEARD_MAILBOX_PORT": str(free_port())}

    def mailbox() -> Any:
        health = served("health", "--json")
        assert health.code == 1
        return next(loop for loop in health.json["loops"] if loop["name"] == "mailbox")

    with running(served) as service:
        service.says("loop hurt loop=mailbox")
        until(lambda: bool(mailbox()["trouble"]))
        code = service.ends()

    assert code == 0
    assert not any(line.endswith(" ready") for line in service.log)


def test_the_log_of_run_holds_no_secret(served: Heard, rehearsal: Rehearsal) -> None:
    served.settings["HEARD_LOG_LEVEL"] = "debug"

    with running(served) as service:
        service.says("ready")
        service.ends()

    log = "\n".join(service.log)
    for name, secret in rehearsal.environment.items():
        if name.endswith(("PASSWORD", "TOKEN")):
            assert secret not in log, name


def test_run_hides_whatever_its_secrets_are(served: Heard) -> None:
    """A password that happens to be a word of the log is hidden even there."""
    served.settings |= {"HEARD_MAILBOX_PASSWORD": "stopped", "HEARD_MAILBOX_PORT": str(free_port())}

    with running(served) as service:
        service.says("loop hurt loop=mailbox")
        service.ends()

    assert not any("stopped" in line for line in service.log)
    assert any(line.endswith("[hidden]") for line in service.log)


def test_run_without_a_door_says_so(heard_here: Heard) -> None:
    said = heard_here.alone("run")

    assert (said.code, said.out) == (1, "")
    assert "There is no door" in said.err
    assert "Nothing was started" in said.err
    assert "no settings file is read: HEARD_SETTINGS names none" in said.err


def test_run_with_mistakes_in_its_settings_tells_them_all(heard_here: Heard) -> None:
    heard_here.settings |= {"HEARD_MAILBOX_HOST": "imap.anytown.gov.uk", "HEARD_TELEGRAM_TOKEN": "no token!"}

    said = heard_here.alone("run")

    assert (said.code, said.out) == (1, "")
    for name in ("HEARD_MAILBOX_USER", "HEARD_MAILBOX_PASSWORD", "HEARD_TELEGRAM_TOKEN"):
        assert name in said.err
    assert "no token!" not in said.err


def test_run_refuses_a_newer_schema_and_says_what_mends_it(heard_here: Heard, rehearsal: Rehearsal) -> None:
    heard_here.settings |= rehearsal.environment
    pretend(heard_here, "9999")

    said = heard_here.alone("run")

    assert (said.code, said.out) == (1, "")
    assert "newer version of heard" in said.err
    assert "Install that version or a newer one" in said.err


AS_OF_A_LATER_VERSION = """
import sys
import storage.migrating as migrating
migrating.REVISIONS = (*migrating.REVISIONS, "later")
migrating.state_of.__defaults__ = (migrating.REVISIONS,)
from bot.cli import main
main()
"""
"""The next version of the program, as far as it knows that there is another revision."""


def test_run_refuses_an_older_schema_and_names_migrate(heard_here: Heard, rehearsal: Rehearsal) -> None:
    environment = heard_here.environment | rehearsal.environment | {"PYTHONPATH": str(PROJECT)}
    command = [sys.executable, "-c", AS_OF_A_LATER_VERSION, "run"]
    done = subprocess.run(
        command, cwd=heard_here.folder, env=environment, capture_output=True, timeout=PATIENCE_SECONDS, check=False
    )

    assert (done.returncode, done.stdout) == (1, b"")
    assert b"older version of heard" in done.stderr
    assert b"heard migrate" in done.stderr


def test_migrate_makes_the_tables_and_then_has_nothing_to_do(heard_bare: Heard) -> None:
    first, second = heard_bare("migrate"), heard_bare("migrate")

    assert [(first.code, first.out), (second.code, second.out)] == [(0, ""), (0, "")]
    assert "The database is now at" in first.err
    assert "up to date. Nothing was changed." in second.err
    assert [path.name for path in heard_bare.folder.iterdir()] == ["heard.db"]


LATER_REVISION = '''"""One more table."""
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "{new}", "{head}", None, None
def upgrade() -> None:
    op.create_table("later", sa.Column("id", sa.Integer, primary_key=True))
def downgrade() -> None:
    op.drop_table("later")
'''


def test_migrate_backs_an_sqlite_file_up_before_it_changes_it(heard_here: Heard, tmp_path: Path) -> None:
    """The next version of the program: a copy of this one with one revision more."""
    next_version = tmp_path / "next"
    for room in ("bot", "casework", "intake", "notifications", "procedures", "reports", "storage", "templates"):
        (next_version / room).parent.mkdir(exist_ok=True)
        if room != "storage" and (PROJECT / room).is_dir():
            (next_version / room).symlink_to(PROJECT / room)
    head = _with_another_revision(next_version / "storage")
    reference = heard_here.log()

    said = heard_here.alone("migrate", PYTHONPATH=str(next_version))
    again = heard_here.alone("migrate", PYTHONPATH=str(next_version))

    [copy] = heard_here.folder.glob("heard.db.before-*")
    assert (said.code, said.out) == (0, "")
    assert f"The database is now at later (it was {head})." in said.err
    assert f"What it was before is kept in {copy.name}." in said.err
    assert "Nothing was changed" in again.err
    assert _one(copy, "SELECT version_num FROM alembic_version") == head
    assert _one(copy, "SELECT reference FROM cases") == reference
    assert _one(heard_here.folder / "heard.db", "SELECT version_num FROM alembic_version") == "later"
    assert _one(heard_here.folder / "heard.db", "SELECT reference FROM cases") == reference
    assert copy.stat().st_mode & 0o077 == 0


def _with_another_revision(storage: Path) -> str:
    """Copy the room of the memory and add a revision; return the one before it."""
    shutil.copytree(PROJECT / "storage", storage, ignore=shutil.ignore_patterns("__pycache__"))
    (storage / "migrations" / "versions" / "later.py").write_text(LATER_REVISION.format(new="later", head=HEAD))
    code = storage / "migrating.py"
    known = ", ".join(f'"{revision}"' for revision in (*REVISIONS, "later"))
    changed, found = re.subn(r"^REVISIONS = \([^)]*\)", f"REVISIONS = ({known})", code.read_text(), flags=re.MULTILINE)
    assert found == 1
    code.write_text(changed)
    return HEAD


def _one(file: Path, question: str) -> str:
    with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as memory:
        return str(memory.execute(question).fetchone()[0])


def test_health_is_no_when_a_loop_has_been_failing_for_long(heard_here: Heard) -> None:
    """The mornings have failed for an hour: no reminder leaves, and a monitor should know."""
    heard_here.log()
    with closing(sqlite3.connect(heard_here.folder / "heard.db")) as memory, memory:
        for loop, turned, trouble, since in (
            ("outbox", "-1 second", "", None),
            ("mornings", "-1 hour", "UnknownDates", "-59 minutes"),
            ("watch", "-10 seconds", "it stumbled", "-5 seconds"),
        ):
            memory.execute(
                "INSERT INTO heartbeat (loop, turned_at, trouble, trouble_since, waiting)"
                " VALUES (?, datetime('now', ?), ?, datetime('now', ?), 0)",
                (loop, turned, trouble, since),
            )

    said = heard_here("health", "--json")

    assert said.code == 1
    assert {loop["name"]: loop["healthy"] for loop in said.json["loops"]} == {"outbox": True, "mornings": False}


def test_the_officer_is_reached_by_the_service_that_runs(served: Heard, rehearsal: Rehearsal) -> None:
    """A letter to the mailbox becomes a case; its receipt leaves; the command line sees both beside the running service."""
    with running(served) as service:
        service.says("ready")
        rehearsal.post("letter", sender="m.brown@family.example", subject="Visits", text="I want to complain: nobody visits.")
        service.says("outbox sent notice=receipt")
        [case] = served("case", "list", "--json").json
        said = served("case", "route", case["reference"], "statutory", "--why", "a looked-after child", "--as", OFFICER)
        service.ends()

    assert said.code == 0
    receipt = next(row for row in served.show(case["reference"])["outbox"] if row["notice"] == "receipt")
    assert (receipt["state"], receipt["came_back"]) == ("sent", False)
    assert receipt["sent_at"]


def test_a_second_service_on_the_same_file_is_refused_and_the_first_stays_well(heard_here: Heard, rehearsal: Rehearsal) -> None:
    heard_here.settings |= rehearsal.environment | QUICK

    with running(heard_here) as service:
        service.says("ready")
        second = heard_here.alone("run")
        health = heard_here("health")
        service.ends()

    assert (second.code, second.out, health.code) == (1, "", 0)
