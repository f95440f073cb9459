"""The digest on one phone screen (people-and-safety.md §4.5): in five seconds a head of service sees what is wrong."""

import re
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page

from bot.preview.samples import samples
from notifications.rendering import Rendered, render
from procedures.terms import Channel, Notice
from tests.looks.opening import COUNCIL, PHONE, SCREENS, opened, shown
from tests.mouth.pages import contrast

pytestmark = pytest.mark.asyncio(loop_scope="session")

BARS = ("late", "due", "on-track")


def digest(form: str) -> tuple[Rendered, Mapping[str, Any]]:
    facts = next(one.facts for one in samples(Notice.DIGEST) if one.form == form)
    return render(Notice.DIGEST, Channel.EMAIL, "en", facts, COUNCIL), facts


async def bottom_of(place: Locator) -> float:
    box = await place.bounding_box()
    assert box is not None
    return box["y"] + box["height"]


@pytest.mark.parametrize("form", ["to the head of service, a bad week", "to the complaints officer, in trouble"])
async def test_a_bad_week_shows_its_story_its_bars_and_the_oldest_cases_on_the_first_screen(browser: Browser, form: str) -> None:
    mail, facts = digest(form)
    async with opened(browser, PHONE) as page:
        await shown(page, mail)

        assert await bottom_of(page.locator("p").first) < PHONE.height / 3, "the story"
        assert await bottom_of(page.locator("table.figures").first) < PHONE.height / 2, "late, due, on track"
        oldest = page.get_by_text(facts["late"][0]["reference"])
        assert await bottom_of(oldest) < PHONE.height * 2 / 3
        assert await bottom_of(page.get_by_text("The numbers")) > await bottom_of(oldest)
        story = await page.locator("p").first.inner_text()
    assert story.startswith("21 complaints are late (14 last week). The oldest is 23 days late in Team North.")
    assert "1 safety alert is still open." in story


async def test_a_bar_is_as_long_as_its_number_says_and_its_number_stands_in_it(browser: Browser) -> None:
    mail, facts = digest("to the head of service")
    async with opened(browser, PHONE) as page:
        await shown(page, mail)
        widths = {name: await page.locator(f"td.{name}").bounding_box() for name in BARS}
        said = [await page.locator(f"td.{name}").inner_text() for name in BARS]

    counts = [facts["late_count"], facts["due_count"], facts["on_track"]]
    assert said == [str(count) for count in counts] == ["3", "5", "13"]
    whole = widths["on-track"]
    assert whole is not None
    for name, count in zip(BARS, counts, strict=True):
        box = widths[name]
        assert box is not None and abs(box["width"] / whole["width"] - count / 13) < 0.03


async def test_where_colours_are_forced_a_bar_keeps_its_edge(browser: Browser) -> None:
    mail, _ = digest("to the head of service")
    async with opened(browser, SCREENS["a desk with colours forced"]) as page:
        await shown(page, mail)

        edges = [await _edge(page, name) for name in BARS]

    assert edges == ["1px solid"] * 3


async def test_on_paper_which_takes_no_background_the_number_of_a_bar_is_dark(browser: Browser) -> None:
    mail, _ = digest("to the head of service")
    async with opened(browser, SCREENS["paper"]) as page:
        await shown(page, mail)
        script = "cell => getComputedStyle(cell).color"

        inks = [str(await page.locator(f"td.{name}").evaluate(script)) for name in BARS]

        assert [await _edge(page, name) for name in BARS] == ["1px solid"] * 3
    for ink in inks:
        red, green, blue = (int(part) for part in re.findall(r"\d+", ink))
        assert contrast(f"#{red:02x}{green:02x}{blue:02x}", "#ffffff") >= 4.5


async def _edge(page: Page, name: str) -> str:
    script = "cell => getComputedStyle(cell).borderTopWidth + ' ' + getComputedStyle(cell).borderTopStyle"
    return str(await page.locator(f"td.{name}").evaluate(script))


async def test_a_screen_reader_walks_the_late_cases_as_a_table_with_its_heads(browser: Browser) -> None:
    mail, facts = digest("to the head of service")
    async with opened(browser, PHONE) as page:
        await shown(page, mail)

        tables = await page.get_by_role("table").all()
        late = page.get_by_role("table", name="Late (oldest first)")

        assert len(tables) == 4, "today, late, due, the numbers: what only lays out is no table"
        assert await late.get_by_role("columnheader").count() == 2
        heads = await late.get_by_role("rowheader").all_inner_texts()
        assert [head.split("\n")[0] for head in heads] == [f"# {one['reference']}" for one in facts["late"]]
