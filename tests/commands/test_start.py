"""What a start loads, and leaves out: a service is ready soon, and light while nothing happens."""

import signal
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.cli import ALONE, bare
from bot.cli.every import app
from bot.service import LATER
from tests.commands.hearing import PATIENCE_SECONDS, PROJECT, Heard
from tests.commands.serving import Rehearsal, until

RUN_AND_TELL = """
import atexit, gc, logging, sys
from pathlib import Path

told = Path(sys.argv.pop(1))
put_off, by_then = [], []
logging.getLogger("bot.service").addFilter(lambda said: by_then.extend(sys.modules) is None if said.msg == "ready" else True)
gc.callbacks.append(lambda phase, _: put_off.append("bot.service" in sys.modules))
atexit.register(lambda: told.write_text("\\n".join([str(all(put_off)), " ".join(by_then), *sys.modules])))

from bot.__main__ import main
main()
"""
"""`heard run` that says, when it ends, whether garbage was looked for only once everything was made, and what it had loaded:
when it was ready, and at its end."""

LEFT_OUT = {
    "alembic": "migrations are for `heard migrate`",
    "asyncpg": "there is no PostgreSQL",
    "sqlalchemy.dialects.postgresql": "there is no PostgreSQL",
    "aiohttp_socks": "there is no such proxy",
    "python_socks": "there is no such proxy",
    "aiohttp.web": "nobody posts to us",
    "cryptography": "nobody signs in with a key, and there is no Telegram Passport",
    "rich": "nobody looks at a table",
    "click": "it comes with the command line of httpx",
    "pygments": "it comes with rich",
    "holidays": "the calendar ships as a file",
    "dateutil": "it comes with reports",
    "numpy": "nothing needs it",
    "docx": "no letter is written",
    "lxml": "no letter is written",
    "openpyxl": "no workbook is written",
    "xlsxwriter": "no workbook is written",
    "typst": "no PDF is made",
    "pikepdf": "no PDF is made, and no file of one is looked at",
    "PIL": "no picture is looked at",
    "reports": "reports are for `heard report`",
    "bot.cli.every": "the other commands are not asked for",
    "bot.rehearsal": "it is for the demo",
    "bot.preview": "it is for `heard preview`",
    "bot.initiating": "it is for `heard init`",
}
"""What a service with a mailbox, a mail server and a chat, on SQLite, has no use for until something happens."""


def test_a_service_that_is_ready_has_loaded_nothing_that_it_may_never_use(
    heard_here: Heard, own_rehearsal: Rehearsal, tmp_path: Path
) -> None:
    heard_here.settings |= own_rehearsal.environment
    told, log = tmp_path / "told", tmp_path / "log"
    command = [sys.executable, "-c", RUN_AND_TELL, str(told), "run"]
    with log.open("wb") as out:
        service = subprocess.Popen(
            command, cwd=heard_here.folder, env=heard_here.environment | {"PYTHONPATH": str(PROJECT)}, stdout=out, stderr=out
        )
        try:
            until(lambda: " ready" in log.read_text())
            service.send_signal(signal.SIGTERM)
            assert service.wait(PATIENCE_SECONDS) == 0
        finally:
            service.kill()
            service.wait(PATIENCE_SECONDS)

    is_put_off, by_then, *loaded = told.read_text().splitlines()
    assert "telegram" in loaded
    assert {name: why for name, why in LEFT_OUT.items() if name in loaded} == {}
    assert "bot.service" in by_then.split()
    assert [name for name in LATER if name in by_then.split()] == [], "the doors waited for what they do not need"
    assert [name for name in LATER if name not in loaded] == [], "the first arrival has to wait for it"
    assert is_put_off == "True", "garbage was looked for while the start was still making things"


@pytest.mark.parametrize("asked", [["--help"], ["--no-such-option"]], ids=["help", "not an option"])
@pytest.mark.parametrize("name", ALONE)
def test_a_command_put_together_without_the_others_says_what_it_says_among_them(name: str, asked: list[str]) -> None:
    alone = bare()
    import_module(ALONE[name]).add_to(alone)

    said, among_all = (CliRunner().invoke(line, [name, *asked], prog_name="heard") for line in (alone, app))

    assert f"heard {name}" in said.output
    assert (said.output, said.exit_code) == (among_all.output, among_all.exit_code)
