"""One service to one SQLite file: a second one would take the first one's letters for what a crash had left."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class NotAlone(Exception):
    """Another `heard run` works on this database. Nothing was started: stop that one first, or use PostgreSQL."""

    def __str__(self) -> str:
        return self.__doc__ or ""


@contextmanager
def alone_with(file: Path | None) -> Iterator[None]:
    """Hold the database for one running service, as long as the process lives; None, for PostgreSQL, holds nothing.

    The lock is the kernel's (flock(2)): a crash leaves none behind. The command line works beside it.
    """
    if file is None:
        yield
        return
    with file.with_name(f"{file.name}.running").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise NotAlone from None
        yield


@contextmanager
def without_a_service(file: Path | None) -> Iterator[None]:
    """For a migration: no service is at work, and none begins meanwhile; others who ask for the same go on beside it."""
    lock_file = file.with_name(f"{file.name}.running") if file else None
    if lock_file is None or not lock_file.exists():
        yield
        return
    with lock_file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            raise NotAlone from None
        yield
