"""`import-mail`: letters of the past become cases, once, and nothing is sent."""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.commands.hearing import PROJECT, Heard, letter

LETTERS = PROJECT / "tests" / "letters"
BETWEEN = b"From someone Mon Mar 10 10:00:00 2025\n"
SHAPE = ["path", "index", "ledger", "result", "reference"]


def mbox(*letters: bytes) -> bytes:
    return b"".join(BETWEEN + one + b"\n\n" for one in letters)


def maildir(folder: Path) -> Path:
    """A Maildir as servers leave it: a letter read, one unread, one half delivered, and files that are no letters."""
    for name in ("cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"):
        (folder / name).mkdir(parents=True)
    (folder / "cur" / "1741600000.M1.host:2,S").write_bytes(letter(1))
    (folder / "new" / "1741600001.M2.host").write_bytes(letter(2))
    (folder / "tmp" / "1741600002.M3.host").write_bytes(letter(3)[:60])
    (folder / ".Sent" / "cur" / "1741600003.M4.host:2,S").write_bytes(letter(4))
    (folder / "dovecot-uidlist").write_text("3 V1 N5\n1 :1741600000.M1.host\n")
    (folder / "maildirsize").write_text("0S\n")
    return folder


def outbox(heard: Heard) -> list[str]:
    return [row["notice"] for row in heard("outbox", "list", "--all", "--json").json]


def test_a_letter_is_imported_with_a_line_for_it_and_a_summary(heard: Heard) -> None:
    (heard.folder / "one.eml").write_bytes(letter())

    said = heard("import-mail", "one.eml", "--json")

    assert (said.code, said.err) == (0, "")
    line, summary = said.lines
    assert list(line) == SHAPE
    assert (line["path"], line["index"], line["result"]) == ("one.eml", 0, "opened")
    assert len(line["ledger"]) == 64
    assert list(summary) == ["summary"]
    assert summary["summary"] == {"opened": 1, "added": 0, "automatic": 0, "repeat": 0, "quarantined": 0}
    shown = heard.show(line["reference"])
    assert shown["received_at"] == "2025-03-10T10:00:00+00:00"
    assert (shown["messages"][0]["channel"], shown["messages"][0]["door"]) == ("email", "import")
    assert {clock["clock"]: clock["due"] for clock in shown["clocks"]}["s1_response"] == "2025-03-24"


def test_an_imported_letter_sends_nothing_to_anyone(heard: Heard) -> None:
    (heard.folder / "one.eml").write_bytes(letter(words="My foster dad hits me. I want to complain. I want to die."))

    heard("import-mail", "one.eml")

    assert outbox(heard) == []


def test_with_send_the_receipt_is_queued_and_nothing_else(heard: Heard) -> None:
    (heard.folder / "one.eml").write_bytes(letter())

    said = heard("import-mail", "one.eml", "--send", "--json")

    assert said.code == 0
    assert outbox(heard) == ["receipt"]


def test_the_same_letters_again_change_nothing(heard: Heard) -> None:
    (heard.folder / "box.mbox").write_bytes(mbox(letter(1), letter(2), letter(1)))

    first = heard("import-mail", "box.mbox", "--json")
    again = heard("import-mail", "box.mbox", "--json", "--send")

    assert [line["result"] for line in first.lines[:-1]] == ["opened", "opened", "repeat"]
    assert [line["result"] for line in again.lines[:-1]] == ["repeat"] * 3
    assert [line["ledger"] for line in again.lines[:-1]] == [line["ledger"] for line in first.lines[:-1]]
    assert (first.code, again.code) == (0, 0)
    assert len(heard("case", "list", "--json").json) == 2
    assert outbox(heard) == []


def test_an_mbox_numbers_its_letters(heard: Heard) -> None:
    (heard.folder / "box.mbox").write_bytes(mbox(*(letter(number) for number in range(70))))

    said = heard("import-mail", "box.mbox", "--json")

    assert [(line["path"], line["index"]) for line in said.lines[:-1]] == [("box.mbox", number) for number in range(70)]
    assert len({line["reference"] for line in said.lines[:-1]}) == 70
    assert len({line["ledger"] for line in said.lines[:-1]}) == 70


def test_of_a_maildir_only_what_was_delivered_is_read(heard_here: Heard) -> None:
    maildir(heard_here.folder / "mail")

    said = heard_here("import-mail", "mail", "--json")

    assert said.code == 0
    assert [line["path"] for line in said.lines[:-1]] == [
        ".Sent/cur/1741600003.M4.host:2,S",
        "cur/1741600000.M1.host:2,S",
        "new/1741600001.M2.host",
    ]
    assert {line["result"] for line in said.lines[:-1]} == {"opened"}


def test_a_folder_is_read_in_order_with_all_that_is_in_it(heard_here: Heard) -> None:
    old = heard_here.folder / "old"
    (old / "2024").mkdir(parents=True)
    (old / "2024" / "a.eml").write_bytes(letter(1))
    (old / "b.eml").write_bytes(letter(2))
    (old / "box").write_bytes(mbox(letter(3), letter(4)))
    (old / ".DS_Store").write_bytes(b"\x00\x00\x00\x01Bud1")
    (old / "loop").symlink_to(old)

    said = heard_here("import-mail", "old/", "--json")

    assert [(line["path"], line["index"]) for line in said.lines[:-1]] == [
        ("2024/a.eml", 0),
        ("b.eml", 0),
        ("box", 0),
        ("box", 1),
    ]
    assert said.lines[-1]["summary"]["opened"] == 4


def test_every_letter_of_the_collection_has_an_end_and_the_import_one_too(heard: Heard) -> None:
    """Bounces, lists, two Froms, no Date, NULs: each gets its row, and nothing stops the next."""
    said = heard("import-mail", str(LETTERS), "--json")

    lines, summary = said.lines[:-1], said.lines[-1]["summary"]
    assert said.code == 0
    assert len(lines) == len(list(LETTERS.glob("*.eml")))
    assert {line["result"] for line in lines} <= {"opened", "added", "automatic", "repeat", "quarantined"}
    assert sum(summary.values()) == len(lines)
    assert all(len(line["ledger"]) == 64 for line in lines)
    assert all(line["reference"] for line in lines if line["result"] == "opened")
    by_path = {line["path"]: line["result"] for line in lines}
    assert (by_path["out_of_office.eml"], by_path["plain_complaint.eml"]) == ("automatic", "opened")
    assert outbox(heard) == []


def test_what_cannot_be_read_is_kept_aside_and_the_exit_code_is_0(heard: Heard) -> None:
    """A letter without any bytes in it: nobody can say what it was, so a person must look."""
    (heard.folder / "old.mbox").write_bytes(mbox(b"\0\0\0\n", letter(2)))

    said = heard("import-mail", "old.mbox", "--json")

    assert said.code == 0
    assert [line["result"] for line in said.lines[:-1]] == ["quarantined", "opened"]
    assert said.lines[0]["reference"] is None
    assert said.lines[-1]["summary"]["quarantined"] == 1
    [shelved] = heard("quarantine", "list", "--json").json
    assert said.lines[0]["ledger"].startswith(shelved["arrival"])


@pytest.mark.parametrize(
    "raw", [b"", b"\n\n\n", bytes(range(256)) * 40, b"\x00" * 3000, b"\xff\xd8\xff\xe0JFIF" + os.urandom(500)]
)
def test_a_file_that_is_no_letter_stops_nothing(heard: Heard, raw: bytes) -> None:
    (heard.folder / "1.eml").write_bytes(raw)
    (heard.folder / "2.eml").write_bytes(letter())

    said = heard("import-mail", ".", "--json")

    assert said.code == 0
    assert said.lines[-2]["path"] == "2.eml"
    assert said.lines[-2]["result"] == "opened"
    assert outbox(heard) == []


def test_a_path_that_is_not_there_is_said_so(heard_here: Heard) -> None:
    said = heard_here("import-mail", "nowhere/at-all", "--json")

    assert (said.code, said.out) == (1, "")
    assert "There is nothing at nowhere/at-all. Nothing was imported." in said.err
    assert heard_here("import-mail").code == 2


def test_an_empty_folder_has_no_letters(heard_here: Heard) -> None:
    (heard_here.folder / "empty").mkdir()

    assert heard_here("import-mail", "empty").out == "No letters found.\n"
    assert heard_here("import-mail", "empty", "--json").json == {
        "summary": {"opened": 0, "added": 0, "automatic": 0, "repeat": 0, "quarantined": 0}
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named_and_the_rest_imported(heard_here: Heard) -> None:
    shut = heard_here.folder / "old" / "1.eml"
    shut.parent.mkdir()
    shut.write_bytes(letter(1))
    shut.chmod(0)
    (shut.parent / "2.eml").write_bytes(letter(2))

    said = heard_here("import-mail", "old", "--json")

    assert said.code == 1
    assert said.lines[-1]["summary"]["opened"] == 1
    assert "1 of the files could not be read: 1.eml." in said.err


def test_a_file_with_half_a_name_is_imported_too(heard_here: Heard) -> None:
    (heard_here.folder / "old").mkdir()
    (heard_here.folder / "old" / os.fsdecode(b"caf\xe9.eml")).write_bytes(letter())

    said = heard_here.alone("import-mail", "old", "--json")

    assert said.code == 0
    assert said.lines[0]["result"] == "opened"


@pytest.mark.parametrize(
    ("headers", "wanted"),
    [
        (
            b"Received: from a by b; Tue, 11 Mar 2025 09:00:00 +0000\nDate: Mon, 10 Mar 2025 10:00:00 +0000\n",
            "2025-03-11T09:00:00+00:00",
        ),
        (b"Date: Tue, 01 Jul 2025 00:30:00 +0100\n", "2025-07-01T00:30:00+01:00"),
    ],
)
def test_a_letter_came_when_its_topmost_received_says_or_else_its_date(heard_here: Heard, headers: bytes, wanted: str) -> None:
    raw = headers + b"From: r.green@family.example\nMessage-ID: <1@family.example>\n\nI want to complain about the delay.\n"
    (heard_here.folder / "one.eml").write_bytes(raw)

    [line, _] = heard_here("import-mail", "one.eml", "--json").lines

    assert heard_here.show(line["reference"])["received_at"] == wanted


@pytest.mark.parametrize("headers", [b"", b"Date: Mon, 10 Mar 2098 10:00:00 +0000\n", b"Date: once upon a time\n"])
def test_a_letter_without_a_believable_date_came_now(heard_here: Heard, headers: bytes) -> None:
    (heard_here.folder / "one.eml").write_bytes(
        headers + b"From: r.green@family.example\n\nI want to complain about the delay.\n"
    )

    [line, _] = heard_here("import-mail", "one.eml", "--json").lines

    came = datetime.fromisoformat(heard_here.show(line["reference"])["received_at"])
    assert timedelta(0) <= datetime.now(UTC) - came < timedelta(minutes=2)


def test_progress_is_shown_on_a_terminal_only_and_never_on_stdout(heard_here: Heard) -> None:
    (heard_here.folder / "one.eml").write_bytes(letter())

    said = heard_here("import-mail", "one.eml")

    assert (said.out, said.err) == ("1 opened\n", "")
