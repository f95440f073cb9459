"""Mails as they are looked at: who has which screen, and what the browser measures there."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from typing import Literal

from playwright.async_api import Browser, Page

from bot.preview.lists import reference
from bot.preview.samples import Sample, samples
from casework.council import Contacts, Council
from notifications.rendering import Rendered, render
from procedures.terms import Channel, Notice

COUNCIL = Council()
UNBROKEN = "Donaudampfschifffahrtsgesellschaftskapitaenswitwenversicherung"
ARABIC = "لا أحد يتصل بي. رقمي هو K7M-W92-RXHC وأريد جوابا."
NUMBER_OF_SAMPLES_AT_LEAST = 70


@dataclass(frozen=True)
class Screen:
    """What a reader has before them. Zoomed to 200 %, a screen is half as wide to the page."""

    width: int
    height: int = 844
    scheme: Literal["light", "dark"] = "light"
    forced: Literal["active", "none"] = "none"
    media: Literal["screen", "print"] = "screen"


PHONE, SMALL_PHONE, DESK = Screen(390), Screen(320, 568), Screen(1200, 900)
ZOOMED_PHONE, ZOOMED_DESK = Screen(195, 422), Screen(600, 450)
SCREENS = {
    "a phone": PHONE,
    "the smallest phone": SMALL_PHONE,
    "a desk": DESK,
    "a phone at 200 %": ZOOMED_PHONE,
    "a desk at 200 %": ZOOMED_DESK,
    "a phone in the dark": replace(PHONE, scheme="dark"),
    "a desk with colours forced": replace(DESK, forced="active"),
    "paper": Screen(700, 1000, media="print"),
}


@asynccontextmanager
async def opened(browser: Browser, screen: Screen) -> AsyncIterator[Page]:
    """An empty page on such a screen. Whatever it tries to fetch is refused, and fails the test."""
    context = await browser.new_context(
        viewport={"width": screen.width, "height": screen.height}, color_scheme=screen.scheme, forced_colors=screen.forced
    )
    page = await context.new_page()
    await page.emulate_media(media=screen.media, color_scheme=screen.scheme, forced_colors=screen.forced)
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    try:
        yield page
    finally:
        await context.close()
    assert [url for url in fetched if not url.startswith(("file:", "about:"))] == []


def mails() -> dict[str, Rendered]:
    """Every notice in every form, and those forms that no council would choose but some will have."""
    every = (*samples(), *awkward())
    assert len(every) >= NUMBER_OF_SAMPLES_AT_LEAST
    return {
        one.name: render(one.notice, Channel.EMAIL, "en", one.facts, ODD if one.form in ODDITIES else COUNCIL) for one in every
    }


ODDITIES = ("with a word that cannot be broken", "with words from right to left", "with teams that cannot be broken")
ODD = replace(
    COUNCIL,
    service_name=f"{UNBROKEN} Say",
    contacts=Contacts(advocate_name=UNBROKEN, phone="+44 (0)1632 960 000 ext. 4711", hours=f"{UNBROKEN}, 9am to 5pm"),
)


def awkward() -> tuple[Sample, ...]:
    """A word too long for a line, words from right to left, teams without a space."""
    letter = samples(Notice.ACKNOWLEDGEMENT)[0].facts
    long = {**letter, "issues": [f"{UNBROKEN} did not call.", f"https://example.org/{UNBROKEN * 3}"], "answerer_name": UNBROKEN}
    turned = {**letter, "issues": [ARABIC], "wanted": ARABIC}
    bad_week = next(one.facts for one in samples(Notice.DIGEST) if "bad week" in one.form)
    morning = next(one.facts for one in samples(Notice.REMINDERS) if "long list" in one.form)
    named = [{**line, "team": UNBROKEN} for line in bad_week["late"]]
    return (
        Sample(Notice.ACKNOWLEDGEMENT, ODDITIES[0], long),
        Sample(Notice.RECEIPT, ODDITIES[0], samples(Notice.RECEIPT)[0].facts),
        Sample(Notice.ACKNOWLEDGEMENT, ODDITIES[1], turned),
        Sample(Notice.DIGEST, ODDITIES[2], {**bad_week, "late": named, "thanks": [{"team": UNBROKEN, "count": 2}]}),
        Sample(
            Notice.REMINDERS, ODDITIES[2], {**morning, "overdue": [{**line, "team": UNBROKEN} for line in morning["overdue"]]}
        ),
        Sample(Notice.ADDED, ODDITIES[0], {"reference": reference(3)}),
    )


def some_mails() -> dict[str, Rendered]:
    """The first and the longest form of each notice, and the awkward ones: what takes seconds a mail is done with these."""
    every, chosen = mails(), dict[str, Rendered]()
    for notice in {one.notice for one in samples()}:
        names = [one.name for one in (*samples(notice), *awkward()) if one.notice is notice]
        longest = max(names, key=lambda name: len(every[name].text))
        chosen |= {name: every[name] for name in (names[0], longest)}
    return chosen | {one.name: every[one.name] for one in awkward()}


async def shown(page: Page, mail: Rendered) -> Page:
    """The page with this mail on it."""
    assert mail.html is not None
    await page.set_content(mail.html)
    return page
