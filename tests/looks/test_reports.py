"""A report as a councillor looks at it: on a phone, at a desk, in the dark, at 200 %, on paper; and as it is read aloud."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page

from reports.formats import FORMATS
from reports.values import Report
from tests.ledger.shapes import SHAPES
from tests.looks.opening import DESK, PHONE, SCREENS, Screen, opened
from tests.looks.test_mails import WCAG

pytestmark = pytest.mark.asyncio(loop_scope="session")

SAMPLE, HOSTILE = SHAPES["the sample"], SHAPES["words that attack"]
BESIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".wide") && !one.closest(".skip") && !one.closest("svg"))
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 || one.getBoundingClientRect().left < -0.5)
    .map(one => one.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])"""
WORDS_BESIDE_CHARTS = """() => [...document.querySelectorAll("svg text")]
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5).map(one => one.textContent)"""
LENGTHS = (
    """() => [...document.querySelectorAll("svg")[0].querySelectorAll("rect")].map(one => one.getBoundingClientRect().width)"""
)
SMALL_WORDS = """() => [...document.querySelectorAll("svg text")]
    .map(one => one.getBoundingClientRect().height).filter(high => high < 11)"""
MIDDLE = """() => { const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]; }"""


async def shown(page: Page, report: Report) -> Page:
    await page.set_content(FORMATS["html"].write(report).decode())
    return page


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
async def test_nothing_lies_beside_the_screen_and_the_words_of_charts_keep_their_size(browser: Browser, screen: Screen) -> None:
    """A table of figures may be moved within itself (WCAG 1.4.10)."""
    async with opened(browser, screen) as page:
        for report in (SAMPLE, HOSTILE):
            await shown(page, report)
            if screen.media == "screen":
                assert await page.evaluate(BESIDE) == []
            assert await page.evaluate(SMALL_WORDS) == []
        if screen.width >= PHONE.width:
            assert await (await shown(page, SAMPLE)).evaluate(WORDS_BESIDE_CHARTS) == []


@pytest.mark.parametrize("scheme", ["a phone in the dark", "a desk"])
async def test_axe_finds_nothing_against_wcag_2_2_aa(browser: Browser, scheme: str) -> None:
    async with opened(browser, SCREENS[scheme]) as page:
        for report in (SAMPLE, SHAPES["one case, for staff"]):
            options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
            results = await Axe().run(await shown(page, report), options=options)
            assert [f"{one['id']}: {one['nodes'][0]['html'][:160]}" for one in results.response["violations"]] == []


async def test_a_bar_is_as_long_as_its_number_says(browser: Browser) -> None:
    """49, 41, 252 and 214 complaints by procedure."""
    async with opened(browser, DESK) as page:
        lengths = await (await shown(page, SAMPLE)).evaluate(LENGTHS)

    assert [round(length / lengths[2] * 252) for length in lengths] == [49, 41, 252, 214]


async def test_a_screen_reader_finds_the_tables_the_charts_and_the_way_to_how_each_is_counted(browser: Browser) -> None:
    async with opened(browser, DESK) as page:
        await shown(page, SAMPLE)

        assert await page.get_by_role("table").count() == 10
        chart = page.get_by_role("img", name="Chart: Complaints by procedure. 252 of 301 complaints were corporate.")
        assert await chart.count() == 1
        table = page.get_by_role("table", name="Complaints by procedure")
        assert await table.get_by_role("rowheader").all_inner_texts() == ["Children Act (statutory)", "Corporate", "All"]
        await page.get_by_role("link", name="How this is counted: Complaints by procedure").click()
        assert "#how-by_procedure" in page.url
        told = page.locator("#how-by_procedure + dd")
        assert await told.inner_text() == "Counts complaints received in the period, by the London day on which they came."


async def test_the_keyboard_reaches_the_contents_first_and_each_wide_table(browser: Browser) -> None:
    async with opened(browser, PHONE) as page:
        await shown(page, SAMPLE)
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.innerText") == "Go to the report"
        assert await page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0, "it is seen when it is reached"
        await page.keyboard.press("Tab")
        assert await page.evaluate("document.activeElement.innerText") == "What came in"
        inside = await page.evaluate("[...document.querySelectorAll('.wide')].every(one => one.tabIndex === 0)")
        assert inside


async def test_on_paper_it_is_dark_on_white_whatever_the_screen_was(browser: Browser) -> None:
    async with opened(browser, Screen(700, 1000, scheme="dark", media="print")) as page:
        ink, paper = await (await shown(page, SAMPLE)).evaluate(MIDDLE)

    assert (ink, paper) == ("rgb(28, 34, 38)", "rgb(255, 255, 255)")
