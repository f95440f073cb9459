"""A PDF is printed by a process beside ours, which makes itself ready while the figures are counted."""

import signal
import subprocess
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from reports.formats import pdf
from reports.values import Report
from tests.ledger.shapes import SHAPES
from tests.servers import missing

REPORT: Report = next(iter(SHAPES.values()))


def words(made: bytes) -> list[str]:
    return [page.extract_text() for page in PdfReader(BytesIO(made)).pages]


@pytest.fixture(scope="module")
def printed_here() -> list[str]:
    try:
        return words(pdf.write_pdf(REPORT))
    except pdf.NoPdf:
        missing("pango")
        pytest.skip("Pango is not installed")


@pytest.fixture
def printing(printed_here: list[str]) -> Iterator["subprocess.Popen[bytes]"]:
    with pdf.made_ready():
        yield pdf._READY[0]  # what a report cannot see: which process prints it


def test_it_has_the_same_words_and_the_process_is_used_up(
    printing: "subprocess.Popen[bytes]", printed_here: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pdf, "printed", None)  # nothing is printed here

    assert words(pdf.write_pdf(REPORT)) == printed_here
    assert printing.returncode == 0


def test_it_knows_none_of_our_settings_and_nothing_of_the_folder_one_stands_in(
    printed_here: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "weasyprint.py").write_text("raise SystemExit('loaded from where somebody stands')")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HEARD_TELEGRAM_TOKEN", "a secret")
    with pdf.made_ready():
        asked = pdf._READY[0]
        surroundings = Path(f"/proc/{asked.pid}/environ").read_bytes()
        monkeypatch.setattr(pdf, "printed", None)

        assert words(pdf.write_pdf(REPORT)) == printed_here
    assert b"a secret" not in surroundings and b"PYTHONPATH=" in surroundings


def test_where_the_process_was_killed_it_is_printed_here(printing: "subprocess.Popen[bytes]", printed_here: list[str]) -> None:
    printing.send_signal(signal.SIGKILL)
    printing.wait(30)

    assert words(pdf.write_pdf(REPORT)) == printed_here


def test_a_report_that_is_not_made_leaves_no_process_behind(printed_here: list[str]) -> None:
    with pytest.raises(ValueError, match="nothing was kept"), pdf.made_ready():
        waiting = pdf._READY[0]
        raise ValueError("nothing was kept")

    assert waiting.returncode is not None
    assert words(pdf.write_pdf(REPORT)) == printed_here
