"""Every mail in a browser, sentence by sentence of people-and-safety.md §3.4, on the screens that people have."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from tests.looks.opening import COUNCIL, DESK, PHONE, SCREENS, SMALL_PHONE, Screen, mails, opened, shown, some_mails

pytestmark = pytest.mark.asyncio(loop_scope="session")

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NO_LANDMARKS = {"landmark-one-main": {"enabled": False}, "region": {"enabled": False}}
"""Readers of mail put a letter into a page of their own and take its landmarks away (§3.4)."""

TOO_WIDE = """() => [...document.querySelectorAll("body *")]
    .filter(one => !one.closest(".numbers") || innerWidth > 300)
    .filter(one => one.getBoundingClientRect().right > innerWidth + 0.5 || one.getBoundingClientRect().left < -0.5)
    .map(one => one.outerHTML.slice(0, 120)).concat(document.documentElement.scrollWidth > innerWidth ? ["the page"] : [])"""
LETTERING = """() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
    for (let node; node = walker.nextNode();) {
        const holder = node.parentElement, style = getComputedStyle(holder);
        if (!node.data.trim() || !holder.checkVisibility()) continue;
        const size = parseFloat(style.fontSize);
        found.push({text: node.data.trim().slice(0, 40), size, line: parseFloat(style.lineHeight) / size, align: style.textAlign,
                    isHeading: !!holder.closest("h1, h2")});
    }
    return found; }"""
REFERENCES = (
    """() => [...document.querySelectorAll('[style*="nowrap"]')].map(one => [one.innerText, one.getClientRects().length])"""
)
TARGETS = """() => [...document.links].map(one => one.getBoundingClientRect())
    .map((box, at) => [document.links[at].innerText, box.width, box.height])"""
NAKED = """() => {
    document.querySelectorAll('style, [style*="display:none"]').forEach(one => one.remove());
    document.querySelectorAll('[style]').forEach(one => one.removeAttribute('style'));
    return document.body.innerText; }"""


@pytest.mark.parametrize("screen", SCREENS.values(), ids=SCREENS)
async def test_nothing_lies_beside_the_screen(browser: Browser, screen: Screen) -> None:
    """At 390 pixels, at 320 (what WCAG 1.4.10 asks), at 200 %, on paper; with words that cannot be broken too.

    A table of numbers needs two dimensions and may be moved within itself, on a phone zoomed to 200 % (WCAG 1.4.10).
    """
    async with opened(browser, screen) as page:
        beside = {name: await (await shown(page, mail)).evaluate(TOO_WIDE) for name, mail in mails().items()}

    assert {name: found[:3] for name, found in beside.items() if found} == {}


@pytest.mark.prove
@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_nothing_against_wcag_2_2_aa(browser: Browser, scheme: str) -> None:
    """Contrast of every word in this mode, names of links, order of headings, heads of tables, size of targets, language."""
    found = {}
    async with opened(browser, SCREENS["a phone in the dark"] if scheme == "dark" else PHONE) as page:
        for name, mail in some_mails().items():
            options = {"runOnly": {"type": "tag", "values": WCAG}, "rules": NO_LANDMARKS, "resultTypes": ["violations"]}
            results = await Axe().run(await shown(page, mail), options=options)
            found[name] = [f"{one['id']}: {one['nodes'][0]['html'][:120]}" for one in results.response["violations"]]

    assert {name: violations for name, violations in found.items() if violations} == {}


async def test_letters_are_large_lines_are_apart_and_nothing_is_justified(browser: Browser) -> None:
    """16 pixels or more, line height 1.5 (headings: 1.25), from the side where reading begins."""
    wrong = []
    async with opened(browser, PHONE) as page:
        for name, mail in mails().items():
            for text in await (await shown(page, mail)).evaluate(LETTERING):
                least = 1.2 if text["isHeading"] else 1.5
                if text["size"] < 16 or text["line"] < least or text["align"] not in ("start", "left", "-webkit-left"):
                    wrong.append((name, text))

    assert wrong == []


async def test_a_sheet_is_one_column_of_600_pixels_at_most_in_the_middle(browser: Browser) -> None:
    async with opened(browser, DESK) as page:
        for mail in mails().values():
            box = await (await shown(page, mail)).locator(".sheet").bounding_box()

            assert box and box["width"] == 600 and abs(box["x"] - 300) < 10


async def test_a_reference_is_never_broken_and_every_number_can_be_tapped(browser: Browser) -> None:
    """2.5.8: a target of 24 by 24 pixels at least."""
    async with opened(browser, SMALL_PHONE) as page:
        for name, mail in mails().items():
            await shown(page, mail)

            assert [text for text, lines in await page.evaluate(REFERENCES) if lines != 1] == [], name
            assert [one for one in await page.evaluate(TARGETS) if min(one[1:]) < 24] == [], name


async def test_without_styles_and_pictures_every_word_is_there_in_the_order_of_the_plain_text(browser: Browser) -> None:
    async with opened(browser, PHONE) as page:
        for name, mail in mails().items():
            await shown(page, mail)
            assert await page.locator("img, svg, canvas, video, object, picture, [background]").count() == 0

            naked = await page.evaluate(NAKED)

            plain = [word for word in mail.text.casefold().split() if word not in ("-", *(f"{n}." for n in range(1, 30)))]
            read = [word for word in naked.casefold().split() if word not in ("-", *(f"{n}." for n in range(1, 30)))]
            assert read == plain, name


async def test_what_a_list_of_mails_shows_is_not_read_in_the_mail(browser: Browser) -> None:
    async with opened(browser, PHONE) as page:
        for mail in mails().values():
            await shown(page, mail)

            assert f"A message from {COUNCIL.service_name}" not in await page.locator("body").inner_text()
            assert f"A message from {COUNCIL.service_name}" not in await page.locator("body").aria_snapshot()
