"""Letters as people and machines write them, and what an answer to one of ours looks like."""

from email.message import EmailMessage
from email.utils import make_msgid, parseaddr
from pathlib import Path

COUNCIL = "yoursay@anytown.example"
SAMPLES = Path(__file__).parents[1] / "letters"


def mail(
    sender: str = "r.green@family.example",
    words: str = "Nobody has telephoned us since the marmalade incident. I want to complain.",
    *,
    subject: str = "Our social worker",
    name: str = "Rosalind Green",
    to: str = COUNCIL,
    number: int = 0,
    **more: str,
) -> bytes:
    """A plain letter. `more` adds headers, with `_` for `-`; a header given as "" is left out."""
    headers = {
        "From": f"{name} <{sender}>" if name else sender,
        "To": to,
        "Subject": subject,
        "Date": "Wed, 01 Jul 2026 09:58:00 +0100",
        "Message-ID": f"<{number}.{subject.encode().hex()[:20]}.{sender}>",
        "Content-Type": "text/plain; charset=utf-8",
    }
    headers |= {field.replace("_", "-"): value for field, value in more.items()}
    head = "".join(f"{field}: {value}\r\n" for field, value in headers.items() if value)
    return (head + "\r\n" + words.replace("\n", "\r\n") + "\r\n").encode()


def without(raw: bytes, field: str) -> bytes:
    """The same letter without a header."""
    head, _, body = raw.partition(b"\r\n\r\n")
    lines = [line for line in head.split(b"\r\n") if not line.lower().startswith(field.lower().encode() + b":")]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body


def answer_to(ours: EmailMessage, words: str, *, sender: str, name: str = "Rosalind Green", number: int = 1) -> bytes:
    """What a mail program makes of the button Reply: to the Reply-To, in the thread, the letter quoted below."""
    body = ours.get_body(("plain",))
    quoted = "\n".join(f"> {line}" for line in (body.get_content() if body else "").splitlines())
    whole = f"{words}\n\nOn Wed, 1 Jul 2026 at 10:00, Your Say wrote:\n{quoted}"
    return mail(
        sender,
        whole,
        name=name,
        subject=f"Re: {ours['Subject']}",
        to=parseaddr(str(ours["Reply-To"] or ours["From"]))[1],
        number=number,
        In_Reply_To=str(ours["Message-ID"]),
        References=str(ours["Message-ID"]),
    )


def bounce_of(ours: EmailMessage) -> bytes:
    """What a mail server sends back when there is no such person (RFC 3464)."""
    recipient = parseaddr(str(ours["To"]))[1]
    raw = (SAMPLES / "bounce_dsn.eml").read_bytes()
    raw = raw.replace(b"dilys.harper@post.example", recipient.encode())
    return raw.replace(b"<receipt-7f3@anytown.example>", str(ours["Message-ID"]).encode())


def sample(name: str) -> bytes:
    """A letter of the collection."""
    return (SAMPLES / f"{name}.eml").read_bytes()


def text_of(letter: EmailMessage) -> str:
    """What a person reads, without how its lines are broken and the marks that keep a reference together."""
    body = letter.get_body(("plain",))
    assert body is not None
    return plain(str(body.get_content()))


def plain(text: str) -> str:
    """Words as they are read: no line breaks, no marks of direction."""
    return " ".join(text.replace("\u2066", "").replace("\u2069", "").split())


def message_id() -> str:
    """An id of somebody else's."""
    return make_msgid(domain="elsewhere.example")
