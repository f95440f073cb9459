"""The rooms may only be entered from above (docs/house.md)."""

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parents[2]
PURE = ("intake/letters", "intake/conversation", "intake/classification", "notifications/retry", "procedures")
IMPURE = ("asyncio", "logging", "sqlmodel", "sqlalchemy", "jinja2", "telegram", "aio", "socket", "urllib", "random", "os")


def check_layers(config: Path) -> subprocess.CompletedProcess[str]:
    lint = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    arguments = [sys.executable, "-c", lint, "--config", str(config), "--no-cache"]
    return subprocess.run(arguments, cwd=HERE, capture_output=True, text=True, timeout=120, check=False)


def test_imports_point_down_only_and_only_the_doors_touch_the_network() -> None:
    """The contracts stand in pyproject.toml."""
    checked = check_layers(HERE / "pyproject.toml")

    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_a_law_that_knew_the_memory_would_be_noticed(tmp_path: Path) -> None:
    """The contract is not broken by being empty: turned upside down it finds something."""
    upside_down = (
        (HERE / "pyproject.toml")
        .read_text("utf-8")
        .replace(
            'layers = ["bot", "intake | notifications | reports", "casework", "storage", "procedures | templates"]',
            'layers = ["procedures | templates", "storage", "casework", "intake | notifications | reports", "bot"]',
        )
    )
    (tmp_path / "pyproject.toml").write_text(upside_down, "utf-8")

    checked = check_layers(tmp_path / "pyproject.toml")

    assert checked.returncode == 1
    assert "Imports point down only BROKEN" in checked.stdout


@pytest.mark.parametrize("room", PURE)
def test_the_pure_rooms_name_nothing_that_speaks_or_waits(room: str) -> None:
    files = [HERE / f"{room}.py"] if (HERE / f"{room}.py").exists() else sorted((HERE / room).rglob("*.py"))

    for file in files:
        for line in file.read_text("utf-8").splitlines():
            words = line.split()
            if words[:1] in (["import"], ["from"]):
                assert not words[1].split(".")[0].startswith(IMPURE), f"{file}: {line}"
