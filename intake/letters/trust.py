"""What the council's own mail boundary says of a sender (RFC 8601; people-and-safety.md 6.2)."""

from intake.letters import cleaning
from intake.letters.headers import Headers


def dmarc(headers: Headers, boundary: str, sender: str) -> str:
    """Return `pass` or `fail` as said by the boundary named in the settings, `none` when it says nothing of this sender.

    Empty where no boundary is named: then nobody can be told from a forger by the letter alone.

    Only what stands above the first Received counts: everything below it may have been written by the sender.
    """
    if not boundary:
        return ""
    if not sender:
        return "none"
    for name, value in headers.fields:
        if name == "received":
            break
        if name == "authentication-results" and (verdict := _verdict(value, boundary, sender.rpartition("@")[2])):
            return verdict
    return "none"


def _verdict(value: bytes, boundary: str, domain: str) -> str:
    authority, *results = _without_comments(cleaning.line(cleaning.decode(value))).split(";")
    named = authority.split()
    if not named or named[0].lower() != boundary.lower():
        return ""
    verdicts = set()
    for result in results:
        words = result.replace(" = ", "=").split()
        if not words or not words[0].lower().startswith("dmarc="):
            continue
        answer = words[0].lower().removeprefix("dmarc=")
        about = [word.lower().removeprefix("header.from=") for word in words[1:] if word.lower().startswith("header.from=")]
        if answer == "pass" and about == [domain]:
            verdicts.add("pass")
        elif answer == "fail":
            verdicts.add("fail")
    return "fail" if "fail" in verdicts else "pass" if verdicts else ""


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
