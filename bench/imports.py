"""Letters into cases: from a folder on SQLite and PostgreSQL, and from a mailbox, beside the floor."""

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench.letters import Fate, Sample, samples
from bench.measuring import PROJECT, Figures, run, settings
from tests.servers.dovecot import program as dovecot_program
from tests.servers.dovecot import running_dovecot
from tests.servers.postgres import Postgres, running_postgres
from tests.servers.postgres import programs as postgres_programs

PATIENCE_SECONDS = 600
PYTHON = (sys.executable, "-m")


def write_out(letters: list[Sample], folder: Path) -> None:
    """A file a letter, in order of name."""
    folder.mkdir()
    for number, letter in enumerate(letters):
        (folder / f"{number:06d}.eml").write_bytes(letter.raw)


@contextlib.contextmanager
def mail_sink() -> Iterator[str]:
    """The mail server that takes everything; its port."""
    sink = subprocess.Popen([*PYTHON, "bench.mail_sink"], cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    try:
        yield sink.stdout.readline().strip()
    finally:
        sink.terminate()
        sink.wait()
        sink.stdout.close()


def measure(figures: Figures, number: int, rounds: int, work: Path) -> None:
    """From a folder: the floor, this on SQLite, this on PostgreSQL, in turns."""
    letters = samples(number)
    write_out(letters, work / "letters")
    with contextlib.ExitStack() as stack:
        port = stack.enter_context(mail_sink())
        where = postgres_programs()
        postgres = stack.enter_context(running_postgres(where)) if where else None
        for turn in range(rounds):
            _floor(figures, work, port, number, turn)
            _sqlite(figures, work, letters, turn)
            if postgres:
                _postgresql(figures, work, letters, postgres)
    figures.ratio("import over the floor", "import-mail --send, SQLite", "floor, from a folder", reach="at most 2")
    if "import-mail --send, PostgreSQL" in figures.all:
        figures.ratio("the same on PostgreSQL", "import-mail --send, PostgreSQL", "floor, from a folder", reach="beside it")


def _floor(figures: Figures, work: Path, port: str, number: int, turn: int) -> None:
    database = work / f"floor-{turn}.db"
    done = run([*PYTHON, "bench.floor", str(database), str(work / "letters"), port], settings())
    figures.note("floor, from a folder", "ms a letter", done.wall / number * 1000, note=f"CPU {done.cpu / number * 1000:.2f} ms")


def _sqlite(figures: Figures, work: Path, letters: list[Sample], turn: int) -> None:
    file = work / f"heard-{turn}.db"
    environment = settings(DATABASE_URL=f"sqlite:///{file}")
    run([*PYTHON, "bot", "migrate"], environment)
    done = run([*PYTHON, "bot", "import-mail", str(work / "letters"), "--send"], environment)
    per_letter = done.wall / len(letters) * 1000
    cpu = f"CPU {done.cpu / len(letters) * 1000:.2f} ms"
    figures.note("import-mail --send, SQLite", "ms a letter", per_letter, note=cpu)
    with contextlib.closing(sqlite3.connect(file)) as memory:
        wrong = mistakes(letters, lambda question: memory.execute(question).fetchall())
    figures.note("letters with a wrong fate, lost words or two answers", "", len(wrong), reach="none", note="; ".join(wrong[:3]))


def _postgresql(figures: Figures, work: Path, letters: list[Sample], postgres: Postgres) -> None:
    name = postgres.create()
    environment = settings(DATABASE_URL=postgres.url(name))
    run([*PYTHON, "bot", "migrate"], environment)
    done = run([*PYTHON, "bot", "import-mail", str(work / "letters"), "--send"], environment)
    per_letter, cpu = done.wall / len(letters) * 1000, f"CPU {done.cpu / len(letters) * 1000:.2f} ms of ours"
    figures.note("import-mail --send, PostgreSQL", "ms a letter", per_letter, note=cpu)
    postgres.drop(name)


def mistakes(letters: list[Sample], ask: Any) -> list[str]:
    """Everything that became of a letter and should not have: by what was sent, one sentence each."""
    words: dict[str, list[str]] = {}
    for sender, text in ask("select sender, words from letter"):
        words.setdefault(sender, []).append(" ".join(text.split()))
    cases = dict(ask("select p.address, count(distinct p.case_reference) from party p group by p.address"))
    answers = dict(ask("select recipient, count(*) from outbox where notice in ('receipt', 'thanks') group by recipient"))
    automatic = ask("select count(*) from arrival where result = 'automatic'")[0][0]
    shelved = ask("select count(*) from arrival where result = 'quarantined'")[0][0]
    wrong = [f"{shelved} letters on the shelf"] if shelved else []
    if automatic != sum(letter.fate is Fate.AUTOMATIC for letter in letters):
        wrong.append(f"{automatic} letters taken for a machine's")
    for letter in letters:
        if letter.fate is Fate.CASE:
            wrong += [f"{letter.sender}: {cases.get(letter.sender, 0)} cases"] * (cases.get(letter.sender) != 1)
            wrong += [f"{letter.sender}: {answers.get(letter.sender, 0)} receipts"] * (answers.get(letter.sender) != 1)
            is_there = any(letter.probe in text for text in words.get(letter.sender, ()))
            wrong += [f"{letter.sender}: {letter.probe!r} is not there"] * (bool(letter.probe) and not is_there)
        elif letter.fate is Fate.AUTOMATIC and letter.sender in answers:
            wrong.append(f"{letter.sender}: a machine was answered")
    stored = sum(len(texts) for texts in words.values())
    expected = sum(letter.fate in (Fate.CASE, Fate.ADDED) for letter in letters)
    return wrong + ([f"{stored} letters on cases, not {expected}"] if stored != expected else [])


def measure_mailbox(figures: Figures, number: int, rounds: int, work: Path) -> None:
    """From a mailbox on Dovecot: the floor and the running service, in turns. Neither hands answers over."""
    if dovecot_program() is None:
        return
    letters = samples(number)
    with running_dovecot() as server:
        _fill(server.folder / "mail" / "bench" / "new", letters)
        login = (str(server.port), "bench", "letmein")
        run([*PYTHON, "bench.floor", str(work / "warm.db"), ".", "0", *login], settings())  # Dovecot numbers them once
        for turn in range(rounds):
            done = run([*PYTHON, "bench.floor", str(work / f"box-floor-{turn}.db"), ".", "0", *login], settings())
            note = f"CPU {done.cpu / number * 1000:.2f} ms"
            figures.note("floor, from a mailbox", "ms a letter", done.wall / number * 1000, note=note)
            seconds = _service_reads(work / f"box-{turn}.db", login, number)
            figures.note("the service, from a mailbox", "ms a letter", seconds / number * 1000, note="from its start")
    figures.ratio("mailbox over the floor", "the service, from a mailbox", "floor, from a mailbox", reach="at most 2")


def _fill(folder: Path, letters: list[Sample]) -> None:
    """As a delivery agent would: a file of a Maildir each, in order."""
    for name in ("new", "cur", "tmp"):
        (folder.parent / name).mkdir(parents=True, exist_ok=True)
    for number, letter in enumerate(letters):
        (folder / f"{1_700_000_000 + number}.M{number:06d}.bench").write_bytes(letter.raw)
    owner = folder.parent.parent.stat()
    for path in (folder.parent, *folder.parent.rglob("*")):
        shutil.chown(path, owner.st_uid, owner.st_gid)


def _service_reads(file: Path, login: tuple[str, ...], number: int) -> float:
    """Seconds from the start of the service until the last letter is stored."""
    port, user, password = login
    environment = settings(
        DATABASE_URL=f"sqlite:///{file}",
        MAILBOX_HOST="127.0.0.1",
        MAILBOX_PORT=port,
        MAILBOX_USER=user,
        MAILBOX_PASSWORD=password,
        MAILBOX_TLS="none",
        MAILBOX_START="beginning",
        MAILBOX_POLL_SECONDS="1",
    )
    run([*PYTHON, "bot", "migrate"], environment)
    expected = number - sum(letter.fate is Fate.REPEAT for letter in samples(number))
    began = time.perf_counter()
    with (file.parent / "service.log").open("ab") as log:
        service = subprocess.Popen([*PYTHON, "bot", "run"], cwd=PROJECT, env=environment, stdout=log, stderr=log)
    try:
        with contextlib.closing(sqlite3.connect(file, timeout=30)) as memory:
            while memory.execute("select count(*) from arrival").fetchone()[0] < expected:
                if service.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                    sys.exit(f"the service stored too few letters: see {file.parent / 'service.log'}")
                time.sleep(0.02)
        return time.perf_counter() - began
    finally:
        service.send_signal(signal.SIGTERM)
        service.wait(20)
