"""References: a name to say on the telephone, never a key (people-and-safety.md §6.3).

`K7M-W92-RXHC`: nine random symbols and a check symbol from seventeen that neither look nor sound alike.
No year, no sequence, no team, no kind: an order would tell how many write, and when.
"""

import re
import secrets

ALPHABET = "2346789CFHKLMRWXY"
"""Seventeen symbols, a prime: so that the check finds every single wrong symbol and every swap of two unlike ones."""
LONGEST = 20
"""Symbols of the reference of a case, its register's included."""
_REFUSED = re.compile(r"(.)\1\1|KKK|FCK|XXX|666|999|69|88")
_LOOKS_LIKE = str.maketrans({"I": "L", "1": "L", "Z": "2", "G": "6", "B": "8"})
_NAMES = "two three four six seven eight nine Charlie Foxtrot Hotel Kilo Lima Mike Romeo Whiskey X-ray Yankee"
_SPOKEN = dict(zip(ALPHABET, _NAMES.split(), strict=True))
_GAP = r"[-\u2010-\u2015 ]?"
_SYMBOL = f"[{ALPHABET}I1ZGB]"
"""One of the seventeen, or what looks like one."""
_WRITTEN = re.compile(
    rf"(?<![0-9A-Za-z])({_SYMBOL}{{3}}){_GAP}({_SYMBOL}{{3}}){_GAP}({_SYMBOL}{{4}})(?![0-9A-Za-z])", re.IGNORECASE | re.ASCII
)


def new_reference() -> str:
    """A fresh reference. That it is not taken is the database's to say."""
    while True:
        body = "".join(secrets.choice(ALPHABET) for _ in range(9))
        whole = body + check_symbol(body)
        if not _REFUSED.search(whole):
            return printed(whole)


def check_symbol(body: str) -> str:
    """The check of nine symbols: the sum of weight times value, weights 1 to 9, modulo 17."""
    return ALPHABET[sum(weight * ALPHABET.index(symbol) for weight, symbol in enumerate(body, start=1)) % len(ALPHABET)]


def printed(whole: str) -> str:
    return f"{whole[:3]}-{whole[3:6]}-{whole[6:]}"


def read_reference(written: str) -> str | None:
    """The reference that was meant, whatever its case, spaces and dashes; None if its check does not hold."""
    symbols = "".join(character for character in written.upper() if character.isalnum()).translate(_LOOKS_LIKE)
    if len(symbols) != 10 or any(symbol not in ALPHABET for symbol in symbols):
        return None
    return printed(symbols) if check_symbol(symbols[:9]) == symbols[9] else None


def may_be_a_registers(written: str) -> bool:
    """Whether it may be what a register of the past calls a case: short, plain, and not one of ours mistyped."""
    symbols = written.strip()
    return 0 < len(symbols) <= LONGEST and symbols.isprintable() and not _WRITTEN.fullmatch(symbols)


def references_in(text: str) -> tuple[str, ...]:
    """Every reference that stands in a text, in order, each once. Only the first 4,000 characters are looked at."""
    found = (read_reference("".join(match.groups())) for match in _WRITTEN.finditer(text[:4000]))
    return tuple(dict.fromkeys(reference for reference in found if reference))


def spoken(reference: str) -> str:
    """How to say it on the telephone: `Kilo seven Mike, Whiskey nine two, Romeo X-ray Hotel Charlie`."""
    return ", ".join(" ".join(_SPOKEN.get(symbol, symbol) for symbol in group) for group in reference.split("-"))
