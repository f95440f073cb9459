"""A real browser, for what a parser cannot see: where words lie, how large they are, what is read aloud."""

import shutil
import subprocess
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.servers import missing

# as root in a container; and quiet: nothing is fetched in the background
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync")


AS_WIDE_AS_ARIAL = ("Arial", "Arimo", "Liberation Sans", "Helvetica")


@pytest.fixture(scope="session", autouse=True)
def letters() -> None:
    """Pages ask for Arial. Where the system has nothing as wide, its wider letters lie elsewhere than a reader's."""
    asked = shutil.which("fc-match")
    if asked is None:
        return  # where fonts are chosen by other means (macOS, Windows) Arial is there
    family = subprocess.run([asked, "-f", "%{family}", "Arial"], capture_output=True, text=True, check=False).stdout
    if not family.startswith(AS_WIDE_AS_ARIAL):
        missing("fonts-liberation")
        pytest.skip("no font is as wide as Arial")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """The system's Chromium, without a window."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        missing("chromium")
        pytest.skip("chromium is not installed")
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield started
        await started.close()
