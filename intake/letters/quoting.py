"""What the person wrote now, apart from the letters they answered.

Every line is looked at a fixed number of times: the reply parsers of others hang for minutes on 12 kB (libraries.md 7).
When in doubt all is kept: a body that looks like headers, a forward, a text that would be left empty. Only a view is cut,
the letter never.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from intake.letters import cleaning
from intake.letters.markup import is_forward

_LONGEST_INTRODUCTION = 400
_INTRODUCTION_LINES = 4
_MOST_INTRODUCTIONS = 5_000
"""Lines with a colon at their end that are looked at."""
_POINTING = 1_000
"""Characters of new words that may point to answers further down; a longer letter says itself what it has to say."""
_WROTE = re.compile(
    r"\b(?:wrote|ysgrifennodd|schrieb|napisała?|pisze|skrev|schreef|escribió|escreveu|rašė|yazdı|írta|shkroi|kirjoitti)\b"
    r"|napisał\(a\)|a écrit|a scris|ha scritto|пише|пишет|написав|написала|написал|كتب|قال|لکھا|ਨੇ ਲਿਖਿਆ|লিখেছেন",
    re.IGNORECASE,
)
_BEGINS = re.compile(
    r"(?:on|ar|le|am|im|w dniu|dnia|în|in|pe|la data|el|em|il|op|den|el día|\w{2,10}[.,]{1,2})\s|\d{1,4}[-./ ]"
    r"|\w{2,4}[.,]? \d|في|بتاريخ",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\d{1,2}[:.h]\d\d|\b(?:19|20)\d\d\b")
_BRACKETED_ADDRESS = re.compile(r"[<(\[][^<>()\[\]\s]{0,100}[^<>()\[\]\s@]@[^<>()\[\]\s]{1,200}[>)\]]")
_POINTS_BELOW = re.compile(
    r"\b(?:below|beneath|underneath|in-?line|in (?:red|blue|green|bold|capitals|the text)|between the lines|isod|mewn coch|unten"
    r"|in rot|ci-dessous|en rouge|plus bas|poniżej|na czerwono|más abajo|en rojo|hieronder|in rosso|di seguito|mai jos|cu roșu"
    r"|abaixo|aşağıda|нижче|ниже|красным|червоним)\b|أدناه|নিচে|नीचे",
    re.IGNORECASE,
)
_ORIGINAL = re.compile(
    r"\s*[-_]{2,}\s?(?:original message|original appointment|neges wreiddiol|message d'origine|ursprüngliche nachricht"
    r"|original[- ]nachricht"
    r"|wiadomość oryginalna|oryginalna wiadomość|mesaj original|mesajul original|mensaje original|mensagem original"
    r"|messaggio originale|oorspronkelijk bericht)\s?[-_]{2,}\s*",
    re.IGNORECASE,
)
_HEADER_LABEL = re.compile(
    r"\s{0,3}\*?(?P<label>from|sent|date|to|cc|subject|de la|kimden|gönderildi|gönderme tarihi|tarih|kime|konu"
    r"|من|تاريخ الإرسال|إلى|الموضوع|oddi wrth|anfonwyd|at|pwnc|dyddiad|de|envoyé|à|objet|von|gesendet|an"
    r"|betreff|datum|od|wysłano|do|temat|data|dw|trimis|către|subiect|enviado|para|asunto|assunto|da|inviato|a|oggetto|van|verzonden"
    r"|aan|onderwerp|від|кому|тема|надіслано|от|отправлено)\s?:\*?\s?(?P<value>\S.{0,400})?$",
    re.IGNORECASE,
)
_FROM = {"de la", "kimden", "من", "from", "oddi wrth", "de", "von", "od", "da", "van", "від", "от"}
_AFTER_COLON = " *" + cleaning.DIRECTION
_FORWARDED = re.compile(r"\s*(?:fwd?|wg|tr|pd|doorst|enc|rv|i|ymlaen|пересл)\s?:", re.IGNORECASE)
_ANSWERED = re.compile(r"\s*(?:re|aw|odp|sv|antw|ynt|atb|rif|res|ответ|відп)\s?(?:\[\d+\])?\s?:", re.IGNORECASE)


@dataclass(frozen=True)
class Split:
    """A text in two: the new words, and what they answer.

    Where what looks quoted may hold what they say, `words` is the whole text, and `said` the new words in it without
    `may_be_quoted`.
    """

    words: str
    quoted: str = ""
    said: str = ""
    may_be_quoted: str = ""
    sent_on: str = ""
    """Of `may_be_quoted`, a letter of ours that is sent on, and what stands below it."""


def split(text: str, subject: str = "", is_reply: bool = False) -> Split:
    """Part a text with plain line ends into new words and quoted ones; `is_reply` says that it names a letter it answers."""
    whole = text.strip("\n")
    if is_forward(whole[:20_000]) or _FORWARDED.match(subject):
        return Split(whole)
    is_reply = is_reply or bool(_ANSWERED.match(subject))
    lines = whole.split("\n")
    is_quoted = [line.lstrip()[:1] == ">" for line in lines]
    introduced = _introductions(lines, is_quoted, is_reply)
    if not (is_reply or introduced):
        is_quoted = [False] * len(lines)
    for start, end, begins_marked in introduced:
        if begins_marked or is_reply:
            is_quoted[start:end] = [True] * (end - start)
        if is_reply and not begins_marked:
            is_quoted[end:] = [True] * (len(lines) - end)
            break
    if is_reply and (cut := _answered_letter(lines, is_quoted)) >= 0:
        is_quoted[cut:] = [True] * (len(lines) - cut)
    return _parted(whole, lines, is_quoted)


def without_forwarded(parted: Split, subject: str, addresses: Collection[str]) -> Split:
    """The same, a letter from one of `addresses` that is sent on in it kept apart: people read it, and it asks for nothing."""
    if parted.may_be_quoted or not addresses:
        return parted
    if not (_FORWARDED.match(subject) or is_forward(parted.words[:20_000])):
        return parted
    lines = parted.words.split("\n")
    begins = _sent_on_at(lines, {address.lower() for address in addresses})
    if begins < 0:
        return parted
    said, sent_on = "\n".join(lines[:begins]).strip(), "\n".join(lines[begins:])
    return Split(parted.words, parted.quoted, said=said, may_be_quoted=sent_on, sent_on=sent_on)


def _sent_on_at(lines: list[str], addresses: Collection[str]) -> int:
    """Return where a letter from one of these addresses begins: the mark or the headers above its words; -1 if nowhere."""
    for index, line in enumerate(lines):
        if _label(line.lstrip("> ")) not in _FROM or not any(address in line.lower() for address in addresses):
            continue
        while index > 0 and (not lines[index - 1].strip("> \t") or _label(lines[index - 1].lstrip("> "))):
            index -= 1  # noqa: PLW2901  # up to the first of its headers
        return index - 1 if index > 0 and (is_forward(lines[index - 1]) or _ORIGINAL.fullmatch(lines[index - 1][:200])) else index
    return -1


def _parted(whole: str, lines: list[str], is_quoted: list[bool]) -> Split:
    new = "\n".join(line for line, old in zip(lines, is_quoted, strict=True) if not old).strip("\n")
    quoted = "\n".join(line for line, old in zip(lines, is_quoted, strict=True) if old).strip("\n")
    if not new.strip() or (len(new) <= _POINTING and _POINTS_BELOW.search(new)):
        return Split(whole, said=new.strip(), may_be_quoted=quoted)  # "my answers are below"
    return Split(new.rstrip(), quoted)


def _introductions(lines: list[str], is_quoted: list[bool], is_reply: bool) -> list[tuple[int, int, bool]]:
    """Find `On 3 March at 10:12, X <x@y> wrote:`, wrapped or not: first line, line after, and whether `>` lines follow."""
    found = []
    tried = 0
    for last, line in enumerate(lines):
        if tried == _MOST_INTRODUCTIONS:
            break
        end = line.rstrip(_AFTER_COLON)
        if not end.endswith((":", "：")) or len(end) > _LONGEST_INTRODUCTION or is_quoted[last]:
            continue
        tried += 1
        follows = next((index for index in range(last + 1, min(last + 4, len(lines))) if lines[index].strip()), -1)
        begins_marked = follows >= 0 and is_quoted[follows]
        start = _introduction_start(lines, last, begins_marked, is_reply)
        if start >= 0:
            found.append((start, last + 1, begins_marked))
    return found


def _introduction_start(lines: list[str], last: int, begins_marked: bool, is_reply: bool) -> int:
    """Return where the introduction that ends on this line begins, or -1 if it's none.

    In a reply, a line with an address in brackets and a moment that stands right above `>` lines is one in any language.
    """
    joined = ""
    for start in range(last, max(last - _INTRODUCTION_LINES, -1), -1):
        line = lines[start].strip()
        if not line or len(line) > _LONGEST_INTRODUCTION:
            return -1
        joined = f"{line} {joined}"
        if is_reply and begins_marked and _BRACKETED_ADDRESS.search(joined) and _MOMENT.search(joined):
            return start
        if not _BEGINS.match(joined) or not _WROTE.search(joined):
            continue
        if begins_marked or ("@" in joined and _MOMENT.search(joined)):
            return start
    return -1


def _answered_letter(lines: list[str], is_quoted: list[bool]) -> int:
    """Return where a copied letter begins: a line `-----Original Message-----`, or headers in a block; -1 if nowhere."""
    labels = [_label(line) for line in lines]
    has_words = False
    for index, line in enumerate(lines):
        if is_quoted[index] or not line.strip():
            continue
        if has_words and _ORIGINAL.fullmatch(line[:200]):
            return index
        if has_words and labels[index] in _FROM and _is_header_block(lines[index : index + 8], labels[index : index + 8]):
            return _headline(lines, labels, index)
        has_words = True
    return -1


def _headline(lines: list[str], labels: list[str], index: int) -> int:
    """Return where the headers of a copied letter begin: other labels, a rule or a title may stand above the one with From."""
    while index > 1 and labels[index - 1]:
        index -= 1
    above = lines[index - 1].strip(" *-_").lower()
    return index - 1 if above in {"", "original message"} and lines[index - 1].strip() else index


def _label(line: str) -> str:
    match = _HEADER_LABEL.match(line[:500]) if ":" in line[:40] else None
    return match["label"].lower() if match else ""


def _is_header_block(lines: list[str], labels: list[str]) -> bool:
    """Say whether three different headers stand here, among them an address or a moment; a value may stand on the next line."""
    return len({label for label in labels if label}) >= 3 and any("@" in line or _MOMENT.search(line[:500]) for line in lines)
