"""Reads an HTML mail as a reader without pictures and styles would, and its colours as an eye would."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

BLOCKS = {"p", "li", "h1", "h2", "br", "tr", "td", "th", "div", "caption", "ul", "ol"}


@dataclass
class Page:
    text: str = ""
    title: str = ""
    style: str = ""
    hidden: str = ""
    """What only a list of mails shows."""
    tags: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def named(self, name: str) -> list[dict[str, str]]:
        return [attributes for tag, attributes in self.tags if tag == name]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = Page()
        self.inside: list[str] = []
        self.hidden_from: int | None = None
        """How deep the hidden element lies."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.page.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in ("br", "meta", "img", "link", "hr", "input"):
            self.inside.append(tag)
            if "display:none" in (dict(attrs).get("style") or ""):
                self.hidden_from = len(self.inside)
        if tag in BLOCKS:
            self.page.text += "\n"

    def handle_endtag(self, tag: str) -> None:
        assert self.inside.pop() == tag, f"{tag} is closed where it is not open"
        if self.hidden_from is not None and len(self.inside) < self.hidden_from:
            self.hidden_from = None

    def handle_data(self, data: str) -> None:
        if self.hidden_from is not None:
            self.page.hidden += data
        elif "style" in self.inside:
            self.page.style += data
        elif "title" in self.inside:
            self.page.title += data
        elif "body" in self.inside:
            self.page.text += data


def read(html: str) -> Page:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert not reader.inside, f"never closed: {reader.inside}"
    return reader.page


def colours(style: str) -> tuple[dict[str, dict[str, str]], dict[str, dict[str, str]]]:
    """What each selector is given by day, and by night with the day's where the night says nothing."""
    day_part, _, night_part = style.partition("@media (prefers-color-scheme: dark)")
    day = _rules(day_part)
    night = {selector: dict(given) for selector, given in day.items()}
    for selector, given in _rules(night_part.strip().removeprefix("{")).items():
        night.setdefault(selector, {}).update(given)
    return day, night


def _rules(style: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", style):
        for selector in selectors.split(","):
            for name, value in re.findall(r"([\w-]+):\s*([^;]+)", body):
                colour = re.search(r"#[0-9a-f]{6}", value)
                long_name = f"{name}-color" if name.startswith("border-") and " " in value else name
                found.setdefault(selector.strip(), {})[long_name] = colour[0] if colour else value.strip()
    return found


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, relative luminance: 4.5 is what text needs, 3 what a line needs."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def folded(plain: str) -> list[str]:
    """The words of a plain text, without the marks of its lists: in HTML the list itself says them."""
    return re.sub(r"(?m)^\s*(?:- |\d{1,3}\. )", "", plain).split()
