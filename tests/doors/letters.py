"""Letters for the doors' tests; what they say does not matter here."""


def letter(number: int, *, size: int = 0) -> bytes:
    """A letter that can be told from others; its body is at least `size` bytes."""
    head = f"From: Sam <sam{number}@home.example>\r\nSubject: Letter {number}\r\nMessage-ID: <{number}@home.example>\r\n\r\n"
    line = f"This is letter {number}. {{10}} * A1 OK (\r\n"
    return (head + line * (1 + size // len(line))).encode()


def number_of(raw: bytes) -> int:
    """Which letter this is."""
    return int(raw.split(b"Subject: Letter ")[1].split(b"\r\n")[0])
