"""The domain of an address: how mail servers write it (RFC 5891), and whose it is (RFC 7489, 3.2; the public suffix list)."""

import unicodedata
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from publicsuffixlist import PublicSuffixList

_LONGEST = 253
_OF_THE_SAME_SHAPES = frozenset({"CYRILLIC", "GREEK", "ARMENIAN", "CHEROKEE", "COPTIC"})
_OF_MANY = frozenset({"onmicrosoft.com"})
"""Domains under which everybody may have one, and of which the list does not know."""


def as_servers_know_it(address: str) -> str:
    """Return the address with a domain of other letters as A-labels: anna@bücher.example is anna@xn--bcher-kva.example.

    As it stands where the domain is none, or where letters of several alphabets make it look like another. Nothing is mapped but
    capitals: full-width letters, other dots and signs without width would make one domain of what mail servers take for another.
    """
    local, at, domain = address.rpartition("@")
    if domain.isascii() or len(domain) > _LONGEST or _is_a_look_alike(domain):
        return address
    import idna  # noqa: PLC0415  # its tables are for the few addresses that need them

    try:
        encoded = idna.encode(unicodedata.normalize("NFC", domain).lower()).decode()
    except UnicodeError:  # what idna raises is one
        return address
    labels = zip(domain.split("."), encoded.split("."), strict=False)
    is_itself = domain.count(".") == encoded.count(".") and all(
        new == old.lower() if old.isascii() else new.startswith("xn--") for old, new in labels
    )
    return f"{local}{at}{encoded}" if is_itself else address


def _is_a_look_alike(domain: str) -> bool:
    """Say whether a label mixes Latin letters with those of an alphabet that has the same shapes (UTS 39, 5.2)."""
    labels = ({unicodedata.name(sign, "").partition(" ")[0] for sign in label} for label in domain.split("."))
    return any("LATIN" in alphabets and alphabets & _OF_THE_SAME_SHAPES for alphabets in labels)


def are_of_one_organisation(one: str, other: str) -> bool:
    """Say whether one domain lies within the other and both have one organisational domain (RFC 7489, 3.1.1).

    A public suffix is nobody's own. Two beside each other are not believed, which the RFC would allow: the list does not know
    every domain under which strangers are neighbours, such as those of secure mail (cjsm.net, pnn.police.uk).
    """
    if one == other:
        return bool(one)
    if not (one.endswith(f".{other}") or other.endswith(f".{one}")):  # then nobody need look at the list
        return False
    return _organisation(one) == _organisation(other) != ""


def _organisation(domain: str) -> str:
    """Return the label below the longest public suffix, and that suffix; empty for a suffix itself."""
    own = str(_list().privatesuffix(domain[:_LONGEST].rstrip(".")) or "")
    if own in _OF_MANY:
        return ".".join(domain.split(".")[-3:]) if domain.count(".") > 1 else ""
    return own


@cache
def _list() -> "PublicSuffixList":
    """Read the list that the package ships, once in a process that needs it."""
    from publicsuffixlist import PublicSuffixList  # noqa: PLC0415  # read where two domains are to be compared

    return PublicSuffixList()
