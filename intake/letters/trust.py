"""What the council's own mail boundary says of a sender (RFC 8601; people-and-safety.md 6.2)."""

import re

from intake.letters import cleaning
from intake.letters.headers import Headers
from procedures import domains

_BY = re.compile(r"(?:^|\s)by\s+([^\s;]{1,255})", re.IGNORECASE)


def dmarc(headers: Headers, boundary: str, sender: str) -> str:
    """Return `pass` or `fail` as said by the boundary named in the settings, `none` when it says nothing of this sender.

    Empty where no boundary is named: then nobody can be told from a forger by the letter alone.

    Only what stands above the first Received counts: everything below it may have been written by the sender. Where servers of
    the boundary are named after its authserv-id, with a blank between them, it is the first Received by one of those, since
    others of our own may have added theirs above; a letter without one did not come through the boundary.
    """
    if not boundary:
        return ""
    if not sender:
        return "none"
    authority, *hosts = boundary.split()
    said = ""
    for name, value in headers.fields:
        if name == "received" and (not hosts or _is_by(value, hosts)):
            return said or "none"
        if name == "authentication-results" and not said:
            said = _verdict(value, authority, sender.rpartition("@")[2])
    return (said or "none") if not hosts else "none"


def _is_by(received: bytes, hosts: list[str]) -> bool:
    """Say whether one of these servers wrote this Received (RFC 5321, 4.4): its own name stands after "by"."""
    by = _BY.search(_without_comments(cleaning.line(cleaning.decode(received))))
    return by is not None and by[1].lower().rstrip(".") in {host.lower() for host in hosts}


def _verdict(value: bytes, boundary: str, domain: str) -> str:
    authority, *results = _without_comments(cleaning.line(cleaning.decode(value))).split(";")
    named = authority.split()
    if not named or named[0].lower() != boundary.lower():
        return ""
    found = [_result(result) for result in results]
    dmarc = {_of_dmarc(answer, about, domain) for method, answer, about in found if method == "dmarc"}
    for verdict in ("fail", "pass", "unclear"):
        if verdict in dmarc:
            return verdict if verdict != "unclear" else ""
    # No policy is published: then what DMARC would look at must be aligned with From by itself.
    passed = [(method, _is_aligned(method, about, domain)) for method, answer, about in found if answer == "pass"]
    # SPF vouches for a server, which many may share: it doesn't count where somebody else signed the letter.
    is_signed_by_another = ("dkim", False) in passed and ("dkim", True) not in passed
    return "pass" if ("dkim", True) in passed or (("spf", True) in passed and not is_signed_by_another) else ""


def _result(result: str) -> tuple[str, str, dict[str, list[str]]]:
    """Return method, answer and what it is about: `dkim=pass header.d=post.example`."""
    words = result.lower().replace(" = ", "=").split()
    method, _, answer = words[0].partition("=") if words else ("", "", "")
    about: dict[str, list[str]] = {}
    for name, equals, value in (word.partition("=") for word in words[1:]):
        if equals:
            about.setdefault(name, []).append(value)
    return method, answer, about


def _of_dmarc(answer: str, about: dict[str, list[str]], domain: str) -> str:
    """Return what a dmarc result says of this sender: pass, fail, `none` for no policy, unclear for all else."""
    if answer in {"fail", "none"}:
        return answer
    return "pass" if answer == "pass" and about.get("header.from") == [domain] else "unclear"


def _is_aligned(method: str, about: dict[str, list[str]], domain: str) -> bool:
    told = about.get({"dkim": "header.d", "spf": "smtp.mailfrom"}.get(method, ""), [])
    return len(told) == 1 and domains.are_of_one_organisation(told[0].rpartition("@")[2], domain)


def _without_comments(text: str) -> str:
    """Drop (comments), nested ones too, and quotation marks; a semicolon in quotation marks doesn't end a result."""
    out, depth, in_quotes = [], 0, False
    for character in text:
        if in_quotes:
            in_quotes = character != '"'
            if in_quotes and character != ";":
                out.append(character)
        elif character == "(":
            depth += 1
        elif character == ")":
            depth = max(0, depth - 1)
        elif depth == 0 and character == '"':
            in_quotes = True
        elif depth == 0:
            out.append(character)
    return "".join(out)
