"""Debian's PostgreSQL: a private cluster in a temporary folder, and a new database for every test that asks."""

import getpass
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.servers import free_port

OWNER = "heard"

SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
full_page_writes = off
shared_buffers = 64MB
max_connections = 60
"""


def programs() -> Path | None:
    """The folder of the newest PostgreSQL on this machine."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[4]))
    if found:
        return found[-1].parent
    on_path = shutil.which("initdb")
    return Path(on_path).parent if on_path else None


class Postgres:
    """A running cluster. Databases are made and dropped by its own programs."""

    def __init__(self, programs: Path, folder: Path) -> None:
        self._programs = programs
        self._folder = folder
        self._made = 0
        self.port = free_port()

    def start(self) -> None:
        data = self._folder / "data"
        self._as_owner("initdb", "-D", str(data), "-U", OWNER, "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        with (data / "postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(port=self.port))
        self._as_owner("pg_ctl", "-D", str(data), "-l", str(self._folder / "log"), "-w", "start")

    def stop(self) -> None:
        self._as_owner("pg_ctl", "-D", str(self._folder / "data"), "-m", "immediate", "-w", "stop")

    def create(self, template: str = "template0", name: str = "") -> str:
        """A new database like `template`; gives its name."""
        self._made += 1
        name = name or f"test_{os.getpid()}_{self._made}"
        self._client("createdb", "-T", template, name)
        return name

    def drop(self, name: str) -> None:
        """Drop a database, with whoever is still connected to it."""
        self._client("dropdb", "--force", "--if-exists", name)

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://{OWNER}@127.0.0.1:{self.port}/{name}"

    def _client(self, program: str, *arguments: str) -> None:
        where = ["-h", "127.0.0.1", "-p", str(self.port), "-U", OWNER]
        subprocess.run([str(self._programs / program), *where, *arguments], check=True, capture_output=True)

    def _as_owner(self, program: str, *arguments: str) -> None:
        """PostgreSQL refuses to run as root."""
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            user = owner_when_root()
            command = ["setpriv", f"--reuid={user}", f"--regid={user_group(user)}", "--clear-groups", *command]
        with (self._folder / "output").open("ab") as output:
            subprocess.run(command, check=True, stdout=output, stderr=output, cwd="/")


def owner_when_root() -> str:
    try:
        return pwd.getpwnam("postgres").pw_name
    except KeyError:
        return "nobody"


def user_group(user: str) -> int:
    return pwd.getpwnam(user).pw_gid


@contextmanager
def running_postgres(programs: Path) -> Iterator[Postgres]:
    """A cluster in a folder of its own, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="heard-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, owner_when_root())
    else:
        assert getpass.getuser()
    cluster = Postgres(programs, folder)
    try:
        cluster.start()
        yield cluster
    finally:
        cluster.stop()
        shutil.rmtree(folder, ignore_errors=True)
