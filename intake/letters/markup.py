"""Words out of HTML, in time that grows with the letter's length and not faster.

A tree builder is not used: lexbor (selectolax 1.0) takes 351 s for a megabyte of nested `<div>`, 75 s for one tag with
100,000 attributes and 1.4 GB for 27 kB of unclosed `<b>`. Tags are read one after the other instead.
"""

import html
import re

_FORWARDED = (
    "forwarded message",
    "original message follows",
    "message transféré",
    "weitergeleitete nachricht",
    "wiadomość przekazana",
    "mesaj redirecționat",
    "mensaje reenviado",
    "messaggio inoltrato",
    "doorgestuurd bericht",
    "neges a anfonwyd",
    "neges wedi'i hanfon",
    "переслане повідомлення",
)
_PARAGRAPHS = {"p", "blockquote", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "pre", "hr"}
_LINES = {"div", "tr", "li", "section", "article", "header", "footer", "center", "dd", "dt", "address", "form", "main", "aside"}
_VOID = {"br", "hr", "img", "meta", "link", "input", "col", "area", "base", "wbr", "embed", "source", "track"}
_UNSEEN = {name: re.compile(f"</{name}", re.IGNORECASE) for name in ("script", "style", "title", "noscript", "template", "svg")}
_CLOSE_THEMSELVES = {"p", "li", "td", "th", "tr", "dd", "dt", "option"}
_TAG_OPENS = re.compile(r"<(?=[a-zA-Z/!?])")
_TAG_NAME = re.compile(r"(/?)([a-zA-Z][a-zA-Z0-9:-]{0,40})")
_HIDDEN = re.compile(
    r"display\s{0,9}:\s{0,9}none|visibility\s{0,9}:\s{0,9}hidden|mso-hide\s{0,9}:|font-size\s{0,9}:\s{0,9}0(?![.\d])|\shidden(?=[\s=]|$)",
    re.IGNORECASE,
)
_QUOTE = re.compile(r"gmail_quote|yahoo_quoted|protonmail_quote|moz-cite|type\s{0,9}=\s{0,9}[\"']?cite", re.IGNORECASE)
_TAGS = re.compile(r"<[^<>]*>")
_TAG_LIKE = re.compile(r"<(?:style|script)\b[^<]*+</(?:style|script)>|</?[a-z!][^<>]*>", re.IGNORECASE)
_BLANKS = re.compile(r"\s+")
_LOOK_AHEAD = 600
_MOST_TAGS = 60_000
"""Read one by one; a letter of a hundred pages has fewer. Of what lies beyond only the words are kept."""
_NEAREST_OPEN = 50


def is_forward(text: str) -> bool:
    """Say whether a mark of a forwarded letter stands in the text: that is content and not a quotation."""
    lowered = text.lower()
    return any(mark in lowered for mark in _FORWARDED)


def rough_length(markup: str) -> int:
    """Return about how many characters a reader sees; quick, and rather too many than too few."""
    return len(_BLANKS.sub(" ", _TAGS.sub(" ", markup)))


def words_of(markup: str) -> str:
    """Return the text as a reader sees it: quotations marked `> `, hidden text kept and marked ⟦so⟧."""
    reader = _Reader(markup)
    reader.read()
    return "\n".join(reader.lines).strip("\n")


class _Reader:
    def __init__(self, markup: str) -> None:
        self.markup = markup
        self.lines: list[str] = []
        self.line: list[str] = []
        self.stack: list[tuple[str, bool, bool]] = []
        self.hidden = self.quoted = self.preformatted = 0
        self.never_closed: set[str] = set()

    def read(self) -> None:
        at, tags = 0, 0
        while tags < _MOST_TAGS and (opening := _TAG_OPENS.search(self.markup, at)):
            self.text(self.markup[at : opening.start()])
            at = self.tag(opening.start())
            tags += 1
        self.text(_TAG_LIKE.sub("\n", self.markup[at:]) if tags == _MOST_TAGS else self.markup[at:])
        self.end_line()

    def tag(self, at: int) -> int:
        """Take in what begins with `<` at this place, and return where to read on."""
        markup = self.markup
        if markup.startswith("<!--", at):
            return self.after("-->", at, at + 4)
        if markup.startswith(("<!", "<?"), at):
            return self.after(">", at, at + 2)
        name = _TAG_NAME.match(markup, at + 1)
        end = self.tag_end(at) if name else -1
        if name is None or end < 0:
            self.text("<")
            return at + 1
        word = name[2].lower()
        if name[1]:
            self.closed(word)
            return end
        attributes = markup[name.end() : min(end - 1, name.end() + 4_000)]
        if word in _UNSEEN and not attributes.endswith("/"):
            return self.past(word, end)
        self.opened(word, attributes, end)
        return end

    def after(self, mark: str, at: int, start: int) -> int:
        if mark not in self.never_closed:
            found = self.markup.find(mark, start)
            if found >= 0:
                return found + len(mark)
            self.never_closed.add(mark)
        self.text("<")
        return at + 1

    def past(self, word: str, end: int) -> int:
        """Pass over what nobody sees; if it's never closed it's shown, since words may follow."""
        if word in self.never_closed:
            return end
        found = _UNSEEN[word].search(self.markup, end)
        if found is None:
            self.never_closed.add(word)
            return end
        return self.tag_end(found.start()) if self.tag_end(found.start()) > 0 else len(self.markup)

    def tag_end(self, at: int) -> int:
        """Return the place behind the tag's `>`; one inside quotation marks is passed over, at most three times."""
        if ">" in self.never_closed:
            return -1
        end = self.markup.find(">", at)
        if end < 0:
            self.never_closed.add(">")
            return -1
        for _ in range(3):
            if self.markup.count('"', at, end) % 2 == 0:
                break
            further = self.markup.find(">", end + 1, end + _LOOK_AHEAD)
            if further < 0 or "<" in self.markup[end:further]:
                break
            end = further
        return end + 1

    def opened(self, word: str, attributes: str, end: int) -> None:
        if word in _CLOSE_THEMSELVES and self.stack and self.stack[-1][0] == word:
            self.pop()
        if word == "br":
            self.end_line(even_if_empty=True)
            return
        self.break_before(word)
        if word in _VOID or attributes.endswith("/"):
            return
        is_hidden = bool(attributes) and bool(_HIDDEN.search(attributes))
        may_quote = word in {"blockquote", "div"} and not self.quoted and bool(_QUOTE.search(attributes))
        is_quote = may_quote and not is_forward(self.markup[end : end + _LOOK_AHEAD])
        self.stack.append((word, is_hidden, is_quote))
        self.hidden += is_hidden
        self.quoted += is_quote
        self.preformatted += word == "pre"

    def closed(self, word: str) -> None:
        self.break_before(word)
        if any(name == word for name, _, _ in self.stack[-_NEAREST_OPEN:]):
            while self.pop() != word:
                pass
        if word == "p":
            self.blank_line()

    def pop(self) -> str:
        word, is_hidden, is_quote = self.stack.pop()
        self.hidden -= is_hidden
        self.quoted -= is_quote
        self.preformatted -= word == "pre"
        return word

    def break_before(self, word: str) -> None:
        if word in _PARAGRAPHS:
            self.end_line()
            self.blank_line()
        elif word in _LINES:
            self.end_line()
        elif word in {"td", "th"}:
            self.line.append(" ")

    def blank_line(self) -> None:
        if self.lines and self.lines[-1].strip("> "):
            self.lines.append("> " if self.quoted else "")

    def text(self, raw: str) -> None:
        if not raw:
            return
        try:
            text = html.unescape(raw)
        except ValueError:  # a number of thousands of digits
            text = raw
        text = text.replace("\xa0", " ")
        if self.hidden:
            shown = _BLANKS.sub(" ", text).strip(" \u200b\u200c\u200d\u00ad\ufeff\u034f")
            self.line.append(f"⟦{shown}⟧" if shown else "")
        elif self.preformatted:
            first, *rest = text.split("\n")
            self.line.append(first)
            for each in rest:
                self.end_line(even_if_empty=True)
                self.line.append(each)
        else:
            self.line.append(_BLANKS.sub(" ", text))

    def end_line(self, even_if_empty: bool = False) -> None:
        if not self.line and not even_if_empty:
            return
        line = "".join(self.line)
        line = line.rstrip() if self.preformatted else _BLANKS.sub(" ", line).strip()
        self.line = []
        if line:
            self.lines.append("> " + line if self.quoted else line)
        elif even_if_empty:
            self.blank_line()
