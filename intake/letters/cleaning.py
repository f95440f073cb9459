"""Bytes and text of strangers made fit to store and show: charsets, control characters, file names."""

import codecs
import re
import unicodedata

# A label names the older set, the mail uses the newer one (hard-cases.md 26, 27). WHATWG's table, as far as mail needs it.
SUPERSETS = {
    "ascii": "cp1252",
    "us-ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "gb2312": "gb18030",
    "gb_2312-80": "gb18030",
    "gbk": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "euc-kr": "cp949",
    "ks_c_5601-1987": "cp949",
    "ksc5601": "cp949",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "x-sjis": "cp932",
    "shift-jis": "cp932",
    "iso-2022-jp": "iso2022_jp_ext",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "big5": "big5hkscs",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "iso-8859-8": "cp1255",
    "iso-8859-6-i": "iso-8859-6",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8utf-8": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "utf-16": "utf-16",
    "unicode": "utf-16",
}
MULTIBYTE = {"gb18030", "cp949", "cp932", "iso2022_jp_ext", "big5hkscs", "hz", "euc_jp"}
# Codecs that are slow on purpose-made text, that hide what a filter looks for (UTF-7), or that aren't charsets at all.
NOT_CHARSETS = {"utf_7", "punycode", "idna", "undefined", "unicode_escape", "raw_unicode_escape", "charmap", "mbcs", "oem"}
_OF_WORDS = bytes(set(range(256)) - (set(range(32)) - set(b"\t\n\r\f\x1b")))
_LOOKED_AT = 2_000
DIRECTION = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
NAME_LENGTH = 200
_NAME_UNFIT = str.maketrans(dict.fromkeys(DIRECTION + INVISIBLE))
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
_ALL_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


def charset(label: str) -> str:
    """Return the codec's name for a charset label, or an empty string when it's unknown."""
    label = label.strip().strip("\"'").lower()[:60]
    name = SUPERSETS.get(label, label)
    try:
        codec = codecs.lookup(name)
    except (LookupError, ValueError):
        return ""
    if codec.name.replace("-", "_") in NOT_CHARSETS or not getattr(codec, "_is_text_encoding", True):
        return ""
    return name


def decode(raw: bytes, label: str = "") -> str:
    """Decode by the charset that the sender named, or the likeliest other one: never fails, never gives a lone surrogate."""
    named = charset(label) if label else ""
    if named.startswith(("utf-16", "utf_16", "utf-32", "utf_32")) and b"\0" not in raw:
        named = ""
    if named.startswith(("utf-16", "utf_16", "utf-32", "utf_32")):
        raw = raw[: len(raw) // 4 * 4 if "32" in named else len(raw) // 2 * 2]  # cut in a letter, the others are good
        if named == "utf-16" and raw[:_LOOKED_AT:2].count(0) > raw[1:_LOOKED_AT:2].count(0):
            named = "utf-16-be"  # without a mark RFC 2781 says so, and many programs mean the other
    if raw.startswith(b"\xef\xbb\xbf"):
        raw, named = raw[3:], "utf-8"
    tries = [("utf-8", "strict"), *([(named, "replace")] if named in MULTIBYTE else []), ("cp1252", "strict")]
    if named not in {"cp1252", ""}:
        tries.insert(0, (named, "strict"))  # those who say Latin-1 or nothing often send UTF-8: ask that first
    for name, errors in tries:
        try:
            return sound(raw.decode(name, errors))
        except (UnicodeError, ValueError):
            continue
    return sound(raw.decode("latin-1"))


def is_text(raw: bytes) -> bool:
    """Say whether these bytes may be words: of those that no words have, one in fifty at most."""
    return len(raw.translate(None, _OF_WORDS)) * 50 <= len(raw)


def sound(text: str) -> str:
    """Return text that every database takes: no NUL, no lone surrogate."""
    text = text.replace("\x00", "").removeprefix("\ufeff")
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")


def prose(text: str) -> str:
    """Return a body's text with plain line ends and without control characters."""
    return _CONTROLS.sub("", sound(text).replace("\r\n", "\n").replace("\r", "\n"))


def unflowed(text: str, del_sp: bool) -> str:
    """Return flowed text with its soft line breaks undone (RFC 3676): a line that ends in a blank goes on in the next one."""
    lines: list[str] = []
    flows_at = -1
    for raw in text.split("\n"):
        rest = raw.lstrip(">")
        depth = len(raw) - len(rest)
        rest = rest.removeprefix(" ")
        if flows_at == depth and rest != "-- ":
            lines[-1] = (lines[-1][:-1] if del_sp else lines[-1]) + rest
        else:
            lines.append(">" * depth + (" " if depth else "") + rest)
        flows_at = depth if rest.endswith(" ") and rest != "-- " else -1
    return "\n".join(line if line == "-- " else line.rstrip(" ") for line in lines)


def line(text: str, length: int = 16_384) -> str:
    """Return one line for a header's text: an encoded CR LF in it may never start a new header of ours."""
    return _ALL_CONTROLS.sub(" ", sound(text)).strip()[:length]


def file_name(name: str, otherwise: str) -> str:
    """Return a name safe to show: no path, no control or direction characters, at most 200 characters."""
    name = line(unicodedata.normalize("NFC", name)).translate(_NAME_UNFIT)
    name = name.replace("\\", "/").rsplit("/", 1)[-1].strip().strip(".").strip()
    if len(name) > NAME_LENGTH:
        stem, dot, ending = name.rpartition(".")
        ending = dot + ending if dot and len(ending) <= 10 else ""
        name = (stem if ending else name)[: NAME_LENGTH - len(ending)] + ending
    return name or otherwise
