"""A process of ours beside this one, which does one thing and gets nothing but what it is told."""

import os
import struct
import subprocess
import sys
from pathlib import Path

LENGTH = struct.Struct(">Q")
"""A question to such a process, and its answer, stand each after their length."""


def start_beside(module: str) -> "subprocess.Popen[bytes]":
    """Start `python -m module` with pipes to and from it. It sees no setting and no secret of ours, and loads nothing of the
    folder that somebody stands in.
    """
    environment = {name: value for name, value in os.environ.items() if not name.startswith("HEARD_")}
    environment["PYTHONPATH"] = str(Path(__file__).parents[1])
    return subprocess.Popen(  # noqa: S603 - our own words
        (sys.executable, "-P", "-m", module),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment,
    )
