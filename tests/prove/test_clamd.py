"""The virus scanner as it is: ClamAV's own daemon, with one signature that we made, and without the network."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from hashlib import md5
from pathlib import Path

import pytest

from bot.scanner import Held, answers, look
from tests.prove.running import wait_until
from tests.servers import missing

pytestmark = pytest.mark.prove

HARMFUL = b"X5O - a file that only this test knows, and that does harm to nobody"
PROGRAM = shutil.which("clamd") or shutil.which("clamd", path="/usr/sbin:/usr/local/sbin")
SETTINGS = """
Foreground yes
DatabaseDirectory {folder}/signatures
LocalSocket {folder}/clamd.ctl
StreamMaxLength 1M
"""


@pytest.fixture
def clamd(tmp_path: Path) -> Iterator[tuple[str, "subprocess.Popen[bytes]"]]:
    if PROGRAM is None:
        missing("clamd")
        pytest.skip("clamd is not installed")
    (tmp_path / "signatures").mkdir()
    known = f"{md5(HARMFUL, usedforsecurity=False).hexdigest()}:{len(HARMFUL)}:Anytown.Test\n"
    (tmp_path / "signatures" / "own.hdb").write_text(known)
    settings = tmp_path / "clamd.conf"
    settings.write_text(SETTINGS.format(folder=tmp_path) + ("User root\n" if os.geteuid() == 0 else ""))
    with subprocess.Popen([PROGRAM, "--config-file", settings], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            assert wait_until((tmp_path / "clamd.ctl").exists, 60)
            yield str(tmp_path / "clamd.ctl"), process
        finally:
            process.kill()


async def test_the_real_scanner_lets_a_clean_file_out_and_holds_a_harmful_one_and_one_that_it_cannot_read_whole(
    clamd: tuple[str, "subprocess.Popen[bytes]"],
) -> None:
    where, process = clamd

    assert (await answers(where)).startswith("ClamAV")
    await look(where, b"a letter")
    await look(where, b"")
    with pytest.raises(Held, match=r"Anytown\.Test") as held:
        await look(where, HARMFUL)
    assert held.value.is_harmful
    with pytest.raises(Held) as too_big:
        await look(where, b"a" * 3_000_000)
    assert not too_big.value.is_harmful

    process.kill()
    process.wait(20)
    with pytest.raises(Held, match="did not answer"):
        await look(where, b"a letter")
