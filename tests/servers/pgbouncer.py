"""Debian's PgBouncer before a PostgreSQL of the tests, in whatever mode."""

import asyncio
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.servers import free_port
from tests.servers.postgres import owner_when_root, user_group

SETTINGS = """
[databases]
* = host=127.0.0.1 port={server} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = {mode}
server_round_robin = {round_robin}
max_client_conn = 200
default_pool_size = 40
logfile = {folder}/log
"""


def program() -> str | None:
    """Where PgBouncer is; a plain user's path often leaves its folder out."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin:/usr/local/sbin")


@asynccontextmanager
async def pooled(url: str, mode: str, *, round_robin: bool = False) -> AsyncIterator[str]:
    """The same database through a pooler: its URL."""
    where, server, port = program(), make_url(url), free_port()
    assert where is not None
    folder = Path(tempfile.mkdtemp(prefix="heard-pgbouncer-"))
    (folder / "ini").write_text(
        SETTINGS.format(
            server=server.port, user=server.username, port=port, mode=mode, folder=folder, round_robin=int(round_robin)
        )
    )
    command = [where, str(folder / "ini")]
    if os.geteuid() == 0:  # it refuses to run as root
        user = owner_when_root()
        shutil.chown(folder, user)
        command = ["setpriv", f"--reuid={user}", f"--regid={user_group(user)}", "--clear-groups", *command]
    running = await asyncio.create_subprocess_exec(*command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        async with asyncio.timeout(20):
            while not _answers(port):  # noqa: ASYNC110  # another process tells nobody
                await asyncio.sleep(0.02)
        yield server.set(port=port).render_as_string(hide_password=False)
    finally:
        running.kill()
        await running.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True
