"""Text made comparable, with the way back: every folded character knows where it stood in what the person wrote."""

import re
import unicodedata
from dataclasses import dataclass

READ_AT_MOST = 200_000
"""Characters; a longer message is read so far and looked at by a person."""
_DROPPED = set(
    "'’‘`´ʼ\u00ad\u200b\u200c\u200d\u2060\ufeff\u034f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"
)
_LOOK_ALIKES = str.maketrans("асеорхуікмтнвгѕԁɡαοεικνρτυ", "aceopxyikmthbrsdgaoeiknptu")
_DISGUISES = str.maketrans("013457@$", "oieastas")
_WORD = re.compile(r"\w+")
_RUNS = re.compile(r"[^\x80-\U0010ffff'`]+|[^\x00-\x7f]+")
"""ASCII that is kept as it is, or anything else, in one piece. The two that are dropped match nothing."""
_REMEMBERED = 5_000
_LATIN = re.compile(r"[a-z]")
_OTHER_SCRIPT = re.compile(r"[а-яіѕԁα-ωɡ]")


class _Remembering(dict[str, str]):
    """What a character that is no ASCII is folded to, worked out when it is first met."""

    def __missing__(self, letter: str) -> str:
        is_dropped = letter in _DROPPED or "\u0300" <= letter <= "\u036f"
        plain = "" if is_dropped else unicodedata.normalize("NFKC", letter).lower()
        if len(self) < _REMEMBERED:
            self[letter] = plain
        return plain


_FOLDED = _Remembering()


@dataclass(frozen=True)
class Folded:
    """Lower-case text without apostrophes and invisible characters. `origin[i]` is where character i stood."""

    text: str
    origin: list[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a stretch of the folded text stands in the original, end excluded."""
        return self.origin[start], self.origin[end - 1] + 1


def fold(text: str) -> Folded:
    """Fold a text: compatibility forms (NFKC), case, apostrophes, zero-width characters, look-alike letters in Latin words."""
    text = text[:READ_AT_MOST]
    origin: list[int] = []
    if text.isascii():
        kept = text.split("'")
        begins = 0
        for part in kept:
            origin.extend(range(begins, begins + len(part)))
            begins += len(part) + 1
        return Folded("".join(kept).lower(), origin)
    folded: list[str] = []
    for run in _RUNS.finditer(text):
        if (letters := run[0]).isascii():
            folded.append(letters.lower())
            origin.extend(range(run.start(), run.end()))
            continue
        pieces = [_FOLDED[letter] for letter in letters]
        folded += pieces
        if "" not in pieces and sum(map(len, pieces)) == len(letters):  # each is one
            origin.extend(range(run.start(), run.end()))
        else:
            for place, piece in enumerate(pieces, start=run.start()):
                origin.extend([place] * len(piece))
    plain = "".join(folded)
    return Folded(_WORD.sub(_unmask, plain) if _OTHER_SCRIPT.search(plain) else plain, origin)


def _unmask(word: re.Match[str]) -> str:
    """Read Cyrillic and Greek look-alikes in a word that has Latin letters too."""
    letters = word[0]
    if letters.isascii() or not _LATIN.search(letters) or not _OTHER_SCRIPT.search(letters):
        return letters
    return letters.translate(_LOOK_ALIKES)


def undisguised(folded: Folded) -> Folded:
    """Return the text with digits that stand for letters read as those, in words that have letters; nothing moves."""
    if not _MAY_BE_DISGUISED.search(folded.text):
        return folded
    return Folded(_DISGUISED.sub(lambda word: word[0].translate(_DISGUISES), folded.text), folded.origin)


_MAY_BE_DISGUISED = re.compile(r"[a-z][013457@$]")
_DISGUISED = re.compile(r"(?<![\w@$])[a-z]{1,12}[013457@$][a-z013457@$]{0,12}(?![\w@$])")
