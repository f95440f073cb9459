"""Letters damaged in the ways that networks, gateways and people damage them, and in some that only the hostile think of."""

import random
from collections.abc import Sequence

LONGEST = 200_000
_PIECES = (
    b"\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n--x\r\n",
    b"\r\nContent-Type: message/rfc822\r\n\r\n",
    b"\r\nContent-Transfer-Encoding: base64\r\n",
    b"\r\nContent-Type: application/ms-tnef\r\n\r\n\x78\x9f\x3e\x22\0\0\1\x0c\x80\2\0",
    b"\r\nContent-Type: application/pkcs7-mime\r\n\r\n\x30\x80\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02\xa0\x80",
    b"\r\nContent-Type: text/html; charset=utf-16\r\n\r\n<div style='display:none'>",
    b"; format=flowed; delsp=yes; name*0*=utf-8''%ff; name*1=",
    b"\r\n\r\n-----Original Message-----\r\nFrom: a@b.example\r\nSent: 2 March 2026\r\nTo: c\r\n",
    b"\r\nOn 2 Mar 2026 at 09:15, a <a@b.example> wrote:\r\n> ",
    b"<blockquote type=cite><!--<script>&#x110000;",
    b"\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\nStatus: 5.",
)


def damaged(raw: bytes, chance: random.Random, others: Sequence[bytes] = ()) -> bytes:
    """The letter with up to eight things done to it; `others` are letters that it may be mixed up with."""
    for _ in range(chance.randint(1, 8)):
        at = chance.randrange(len(raw) + 1)
        match chance.randrange(9 if others else 8):
            case 0:
                raw = raw[:at] + bytes([chance.randrange(256)]) + raw[at + 1 :]
            case 1:
                raw = raw[:at] + raw[at + chance.randrange(200) :]
            case 2:
                raw = raw[:at] + raw[max(0, at - chance.randrange(400)) : at] + raw[at:]
            case 3:
                raw = raw[:at] + chance.randbytes(chance.randrange(60)) + raw[at:]
            case 4:
                raw = raw.replace(b"\r\n", b"\n") if chance.random() < 0.5 else raw.replace(b"\n", b"\r")
            case 5:
                raw = raw[:at] + b"=?utf-8?b?" + b"A" * chance.randrange(900) + b"?=" + raw[at:]
            case 6:
                raw = raw[:at] + raw[at : at + chance.randrange(1, 40)] * chance.choice((2, 9, 300)) + raw[at:]
            case 7:
                raw = raw[:at] + chance.choice(_PIECES) + raw[at:]
            case _:
                other = chance.choice(others)
                raw = raw[:at] + other[chance.randrange(len(other) + 1) :]
        raw = raw[:LONGEST]
    return raw
