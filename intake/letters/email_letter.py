"""A letter out of the bytes of an email."""

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import partial

from intake.arrival import Arrival, Attachment, Letter
from intake.letters import (
    addresses,
    armour,
    automatic,
    base64_words,
    cleaning,
    locked,
    markup,
    rich_text,
    trust,
    uuencoded,
    wrappings,
    yenc,
)
from intake.letters.enclosed import Opened, with_letters_decoded
from intake.letters.headers import MOST_HEADERS, decoded
from intake.letters.identity import identity_of_plain
from intake.letters.parts import Part, body, content, decoded_size, read_parts, with_plain_line_ends
from intake.letters.pieces import piece_of
from intake.letters.quoting import split, without_forwarded
from intake.letters.unreadable import Unreadable

MOST_ATTACHMENTS = 1_000
_LONGEST_MARKUP = 5_000_000
"""Characters of HTML that are read; a letter has fewer, and the rest stays in the raw letter."""
_ENDINGS = {
    "message/rfc822": "eml",
    "message/partial": "txt",
    "text/calendar": "ics",
    "text/plain": "txt",
    "text/html": "html",
    "application/pdf": "pdf",
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/gif": "gif",
    "image/heic": "heic",
    "application/ms-tnef": "dat",
    "application/pkcs7-mime": "p7m",
    "audio/ogg": "ogg",
    "audio/mpeg": "mp3",
    "video/mp4": "mp4",
}
_SIGNED = {"application/pkcs7-mime", "application/x-pkcs7-mime"}
_WINMAIL = "application/ms-tnef"
_UNLIKE_WORDS = {"text/css", "text/javascript", "text/rtf", "text/x-amp-html", "text/rfc822-headers"}
_META_CHARSET = re.compile(rb"<meta[^>]{0,200}charset=[\"']?([A-Za-z0-9_-]{2,30})", re.IGNORECASE)
_MARKED_LIKE_HTML = {"text/enriched", "text/richtext"}
"""RFC 1896 and its forerunner: `<bold>words</bold>`."""
_OF_LETTERS = (
    *("from", "to", "cc", "subject", "date", "received", "return-path", "message-id", "sender", "reply-to", "delivered-to"),
    *("content-type", "mime-version", "content-transfer-encoding", "content-disposition", "resent-from", "x-original-to"),
)
_RICH = {"text/rtf", "application/rtf", "application/x-rtf"}
_KINDS = {"image": "photo", "audio": "voice", "video": "video"}


def read_letter(arrival: Arrival, *, boundary: str = "", our_addresses: Collection[str] = ()) -> Letter:
    """Read an email. `boundary` is the authserv-id of the council's own mail server, empty when there is none to trust."""
    plain = with_plain_line_ends(arrival.raw)
    if not plain.strip(b"\0\n\t "):
        raise Unreadable("the letter has no bytes")
    opened = with_letters_decoded(plain)
    letter, root = opened.letter, opened.root
    headers = root.headers
    files = _leaves_of_files(opened)
    inside, inner = _unwrapped(letter, files)
    if not headers.fields and root.start >= len(letter):
        raise Unreadable("neither a header nor a body")
    charset = _charset(root)
    sender, name = addresses.sender(headers, charset)
    references = addresses.references(headers)
    why = automatic.reason(letter, headers, root, sender, our_addresses, bool(references))
    failure = automatic.failure(letter, headers, root, why, our_addresses) if why else automatic.Failure()
    subject = headers.text("subject", charset)
    piece = piece_of(root)
    text = _text_without_header(letter, root) or _text(letter, root) or (_text(inside, inner) if inner else "")
    text = text or _text_of_piece(letter, root)
    sent_along = [] if root.media_type == "multipart/report" else list(_enclosed(letter, root, our_addresses))
    enclosed = _several(words for words, _ in sent_along)
    if not text.strip() and not enclosed.strip() and root.is_multipart and not any(part.headers.fields for part in root.children):
        text = cleaning.prose(cleaning.decode(_outside_parts(letter, root)))
    if not text.strip() and not enclosed.strip():
        text = _text_of_files(letter, files) or _words_of_winmails(_winmails(letter, files)) or _words_of_rich(letter, files)
    parted = without_forwarded(split(text, subject, is_reply=bool(references)), subject, our_addresses)
    kept_apart = _several((parted.may_be_quoted, *(words for words, is_ours in sent_along if is_ours)))
    said = _several(
        (parted.said if parted.may_be_quoted else parted.words, *(words for words, is_ours in sent_along if not is_ours))
    )
    found = _files(opened)
    return Letter(
        arrival=arrival,
        identity=identity_of_plain(plain),
        words=_several((parted.words, enclosed)),
        quoted=parted.quoted,
        said=said if kept_apart else "",
        may_be_quoted=kept_apart,
        sent_on=parted.sent_on,
        subject=subject,
        sender=sender,
        sender_name=name,
        recipients=addresses.recipients(headers),
        message_id=piece.id if piece else addresses.message_id(headers),
        references=(piece.id, *references) if piece else references,
        piece=str(piece or ""),
        is_automatic=bool(why),
        automatic_reason=why,
        says_it_failed=failure.is_one,
        failed_message_id=failure.message_id,
        failed_recipient=failure.recipient,
        failure_is_permanent=failure.is_permanent,
        is_still_tried=failure.is_still_tried,
        authentication=trust.dmarc(headers, boundary, sender),
        is_locked=locked.brings_what_is_locked(parted.words, found, name),
        attachments=tuple(file.listed for file in found),
    )


def _charset(root: Part) -> str:
    """Return what the letter's first words are written in, as it says."""
    while not (label := root.parameters.get("charset", "")) and root.children:
        root = root.children[0]
    return label


def _outside_parts(letter: bytes, root: Part) -> bytes:
    """Return what stands before the first part: all of it where the boundary that is named never comes."""
    end = letter.rfind(b"\n--", 0, root.children[0].start) if root.children else len(letter)
    return letter[root.start : end]


def _is_body(part: Part) -> bool:
    """Say whether a part is words to read rather than a file."""
    return part.media_type in {"text/plain", "text/html"} and part.disposition != "attachment" and not part.name


def _is_read(part: Part) -> bool:
    """Say whether a part's words stand among the letter's: a body, or an old kind of text, which is given as a file too."""
    return _is_body(part) or (part.media_type in _MARKED_LIKE_HTML and part.disposition != "attachment" and not part.name)


def _leaf_text(letter: bytes, part: Part) -> str:
    raw, label = body(letter, part), part.parameters.get("charset", "")
    if part.media_type == "text/html":
        if not label and (found := _META_CHARSET.search(raw[:2_000])):
            label = found[1].decode()
        return cleaning.prose(markup.words_of(cleaning.decode(raw, label)[:_LONGEST_MARKUP]))
    text = cleaning.prose(cleaning.decode(yenc.parted(raw)[0], label))
    if part.media_type in _MARKED_LIKE_HTML:
        return markup.words_of(text[:_LONGEST_MARKUP].replace("<<", "&lt;").replace("\n", "<br>"))
    text = armour.without_armour(uuencoded.parted(text)[0])
    if part.parameters.get("format", "").lower() == "flowed":
        return cleaning.unflowed(text, part.parameters.get("delsp", "").lower() == "yes")
    return text


def _text(letter: bytes, part: Part) -> str:
    """Return a part's words: of alternatives the fullest, of several all. No deeper than the parts are read (50)."""
    if part.is_multipart and not part.children and part.depth < 1:
        return cleaning.prose(cleaning.decode(letter[part.start : part.end]))  # its boundary never comes: it's all there is
    if not part.is_multipart:
        return _leaf_text(letter, part) if _is_read(part) else ""
    if part.media_type == "multipart/alternative":
        return _fullest(letter, part.children)
    texts = [text for child in part.children if (text := _text(letter, child)).strip()]
    return "\n\n".join(text.strip("\n") for text in texts)


def _fullest(letter: bytes, alternatives: list[Part]) -> str:
    """Prefer what comes first, which is the plain one, unless another says clearly more: some are a line that says nothing."""
    best = ""
    for part in alternatives:
        if best and part.media_type == "text/html" and not _may_say_more(letter, part, best):
            continue
        text = _text(letter, part)
        if len(text.split()) > 1.2 * len(best.split()) + (3 if best else 0):
            best = text
    return best


def _may_say_more(letter: bytes, part: Part, than: str) -> bool:
    """Read the marked-up form only when it can be fuller: that is most of the work of a letter."""
    raw = body(letter, part)[:_LONGEST_MARKUP].decode("latin-1")
    return markup.rough_length(raw) > 1.2 * len(" ".join(than.split()))


def _text_without_header(letter: bytes, root: Part) -> str:
    """Return all that stands there where no line above it is one of a letter: `Note: nobody came` is no header."""
    if len(root.headers.fields) >= MOST_HEADERS or any(root.headers.has(name) for name in _OF_LETTERS):
        return ""
    return cleaning.prose(cleaning.decode(letter[: root.end])) if letter[: root.start].strip() else ""


def _text_of_piece(letter: bytes, root: Part) -> str:
    """Return the words of a piece, whatever it says of itself; the first has the headers, and is read as the letter."""
    if root.media_type != "message/partial":
        return ""
    return cleaning.prose(cleaning.decode(base64_words.readable(letter[root.start : root.end])))


def _text_of_files(letter: bytes, files: list[Part]) -> str:
    """Return what stands in parts of text that look like files: some programs name the letter itself, some send only a .txt."""
    texts = [
        _leaf_text(letter, part).strip("\n")
        for part in files
        if part.media_type.startswith("text/") and part.media_type not in _UNLIKE_WORDS and _may_be_words(letter, part)
    ]
    return "\n\n".join(filter(None, texts))


def _may_be_words(letter: bytes, part: Part) -> bool:
    """Say whether a file that is called a text is one: what is encrypted is called so, too."""
    return part.parameters.get("charset", "").lower().startswith("utf-") or cleaning.is_text(body(letter, part))


def _unwrapped(letter: bytes, files: list[Part]) -> tuple[bytes, Part | None]:
    """Return the letter inside an opaque signature and its parts, when there is one. Nobody is believed for having signed."""
    for part in files:
        if part.media_type in _SIGNED and (entity := wrappings.signed_content(content(letter, part))):
            inside = with_plain_line_ends(entity)
            return inside, read_parts(inside)
    return b"", None


def _winmails(letter: bytes, files: list[Part]) -> list[wrappings.Winmail]:
    packed = [part for part in files if part.media_type == _WINMAIL or part.name.lower() == "winmail.dat"]
    return [wrappings.read_winmail(content(letter, part)) for part in packed[:10]]


def _words_of_winmails(winmails: list[wrappings.Winmail]) -> str:
    """Return the words that Outlook packed; rich text, which costs more, only of one and where it is all there is."""
    words = "\n\n".join(each.words for each in winmails if each.words)
    rich = next((each.rich for each in winmails if each.rich), b"") if not words.strip() else b""
    return words or rich_text.words_of(rich_text.decompressed(rich))


def _words_of_rich(letter: bytes, files: list[Part]) -> str:
    """Return the words of the first part that is rich text."""
    first = next((part for part in files if part.media_type in _RICH), None)
    return rich_text.words_of(content(letter, first)) if first else ""


def _in_winmail(winmails: list[wrappings.Winmail]) -> list[Attachment]:
    """Name what Outlook packed: its bytes stay in the letter."""
    files = [file for each in winmails for file in each.files][:MOST_ATTACHMENTS]
    return [
        Attachment(cleaning.file_name(name, f"winmail-{number}.bin"), "application/octet-stream", size)
        for number, (name, size) in enumerate(files, start=1)
    ]


def _leaves(root: Part) -> list[Part]:
    found, waiting = [], [root]
    while waiting:
        part = waiting.pop()
        waiting.extend(reversed(part.children))
        if not part.children:
            found.append(part)
    return found


def _enclosed(letter: bytes, part: Part, our_addresses: Collection[str]) -> Iterator[tuple[str, bool]]:
    """Give the words of each letter sent along as a part, and whether it is one of ours: a forwarded complaint is content."""
    for child in part.children:
        if part.media_type == "message/rfc822":
            words = _several((child.headers.text("subject"), _text(letter, child).strip("\n")))
            yield words, _wrote(child, our_addresses)
        yield from _enclosed(letter, child, our_addresses)


def _several(texts: Iterable[str]) -> str:
    return "\n\n".join(filter(None, texts))


def _wrote(part: Part, our_addresses: Collection[str]) -> bool:
    """Say whether a letter sent along is one of ours."""
    return part.headers.has("x-heard") or addresses.sender(part.headers)[0].lower() in {one.lower() for one in our_addresses}


def file_in(raw: bytes, number: int) -> bytes | None:
    """Return the bytes of a letter's file, counted from 1 as its attachments are; None for one that is packed in another."""
    files = _files(with_letters_decoded(with_plain_line_ends(raw)))
    return files[number - 1].content() if 0 < number <= len(files) else None


def files_in(raw: bytes) -> list[bytes | None]:
    """Return the bytes of all files of a letter, in the order of its attachments; None for each that is packed in another."""
    return [file.content() for file in _files(with_letters_decoded(with_plain_line_ends(raw)))]


@dataclass(frozen=True)
class _File:
    """A file of a letter: how it is listed, and how its bytes are had."""

    listed: Attachment
    content: Callable[[], bytes | None]


def _files(opened: Opened) -> list[_File]:
    """Return the files of a letter in the order of their numbers, which are stored: what was not counted before comes last.

    So the files of letters that came encoded, which were not looked into at first, stand behind all others.
    """
    found = list(_files_of(opened, is_added=False))
    return [*found, *_files_of(opened, is_added=True)] if opened.decoded else found


def _files_of(opened: Opened, *, is_added: bool) -> Iterator[_File]:
    letter, leaves = opened.letter, [part for part in _leaves_of_files(opened) if opened.was_encoded(part) == is_added]
    yield from _of_parts(letter, opened.root, lambda part: opened.was_encoded(part) == is_added)
    inside, inner = _unwrapped(letter, leaves)
    if inner:
        yield from _of_parts(inside, inner)
    between = _uuencoded(letter, [part for part in _leaves(opened.root) if opened.was_encoded(part) == is_added])
    yield from (_File(_between_words(file, number), file.content) for number, file in enumerate(between, start=1))
    yield from (_File(packed, lambda: None) for packed in _in_winmail(_winmails(letter, leaves)))
    yield from _yencoded(letter, [part for part in _leaves(opened.root) if opened.was_encoded(part) == is_added])


def _of_parts(letter: bytes, root: Part, is_wanted: Callable[[Part], bool] = lambda _: True) -> Iterator[_File]:
    for part, number in _file_parts(root, is_wanted):
        yield _File(_attachment(letter, part, number), partial(content, letter, part))


def _leaves_of_files(opened: Opened) -> list[Part]:
    """Return the parts that are no words to read; those of letters that came encoded last."""
    files = [part for part in _leaves(opened.root) if not _is_body(part)]
    return sorted(files, key=opened.was_encoded) if opened.decoded else files


def _uuencoded(letter: bytes, leaves: list[Part]) -> list[uuencoded.Uuencoded]:
    """Return the files that stand between the words, uuencoded."""
    if b"begin " not in letter and b"base64" not in letter:
        return []
    found: list[uuencoded.Uuencoded] = []
    for part in leaves:
        if part.media_type == "text/plain" and _is_body(part) and b"begin " in (raw := body(letter, part)):
            found += uuencoded.parted(cleaning.prose(cleaning.decode(raw, part.parameters.get("charset", ""))))[1]
    return found[:MOST_ATTACHMENTS]


def _yencoded(letter: bytes, leaves: list[Part]) -> Iterator[_File]:
    """Give the files that stand between the words as they are, as news programs send them."""
    if b"ybegin " not in letter and b"base64" not in letter:
        return
    found = [file for part in leaves if part.media_type == "text/plain" and _is_body(part) for file in _yenc_in(letter, part)]
    for number, file in enumerate(found[:MOST_ATTACHMENTS], start=1):
        name = cleaning.file_name(cleaning.decode(file.name), f"yencoded-{number}.bin")
        yield _File(Attachment(name, "application/octet-stream", file.size), file.content)


def _yenc_in(letter: bytes, part: Part) -> list[yenc.Yencoded]:
    return yenc.parted(raw)[1] if b"=ybegin " in (raw := body(letter, part)) else []


def _between_words(file: uuencoded.Uuencoded, number: int) -> Attachment:
    return Attachment(cleaning.file_name(file.name, f"uuencoded-{number}.bin"), "application/octet-stream", file.size)


def _file_parts(root: Part, is_wanted: Callable[[Part], bool]) -> list[tuple[Part, int]]:
    """Return the parts that are files, and which part of the letter each is."""
    found: list[tuple[Part, int]] = []
    waiting = [root]
    number = 0
    while waiting and len(found) < MOST_ATTACHMENTS:
        part = waiting.pop()
        number += 1
        waiting.extend(reversed(part.children))
        is_container = part.is_multipart and (bool(part.children) or part is root)
        if not is_container and not _is_body(part) and is_wanted(part):
            found.append((part, number))
    return found


def _attachment(letter: bytes, part: Part, number: int) -> Attachment:
    """Name a file; one without a name gets the same made-up one each time."""
    media_type = cleaning.line(part.media_type, 100)
    made_up = f"{piece_of(part) or f'part-{number}'}.{_ENDINGS.get(media_type, 'bin')}"
    name = cleaning.file_name(_decoded_name(part), made_up)
    if name.lower() == "winmail.dat":
        media_type = "application/ms-tnef"
    return Attachment(name, media_type, decoded_size(letter, part), kind=_KINDS.get(media_type.partition("/")[0], "file"))


def _decoded_name(part: Part) -> str:
    """Outlook writes encoded words into a parameter, where RFC 2047 forbids them."""
    return decoded(part.name.encode()) if "=?" in part.name else part.name
