"""`python bench/accounting.py REPORT COMMAND ...` runs one command to its end and writes what the system says it took.

A process of its own, and a small one: on Linux a child counts what its parent held when it was started to its own peak of memory,
and a bench that has held a hundred thousand cases is larger than what it measures.
"""

import json
import os
import subprocess
import sys
import time
from pathlib import Path


def main(report: str, *command: str) -> int:
    """Run it; its output is ours. The report is JSON: seconds by the clock and of CPU, and megabytes held at once."""
    began = time.perf_counter()
    with subprocess.Popen(command) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    wall, cpu = time.perf_counter() - began, used.ru_utime + used.ru_stime
    Path(report).write_text(json.dumps({"wall": wall, "cpu": cpu, "peak": used.ru_maxrss / 1024}))
    return process.returncode


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
