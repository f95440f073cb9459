"""`import-mail`, `log` and `classify`: words that come another way than through a door."""

import json
import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from procedures.working_days import LONDON
from tests.commands.hearing import OFFICER, PROJECT, Heard, letter, the_day

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
    """A letter from before the calendar: no clock can be counted from its day, so a person must look."""
    (heard.folder / "old.mbox").write_bytes(mbox(letter(1, at="Mon, 13 Mar 1995 10:00:00 +0000"), letter(2)))

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


# log


def test_a_call_is_taken_down_with_the_clocks_of_its_day(heard: Heard) -> None:
    they = ("--name", "Ms Green", "--email", "ms.green@family.example", "--phone", "01632 960 111", "--from", "parent")
    words = "My son has had no visit since May."
    said = heard("log", "--by", "phone", *they, "--words", words, "--received", "2025-03-10T16:20", "--as", OFFICER)

    assert (said.code, said.err) == (0, "")
    shown = heard.show(said.out.strip())
    assert (shown["received_at"], shown["raised_by"], shown["kind"]) == ("2025-03-10T16:20:00+00:00", "parent", "complaint")
    assert {clock["clock"]: clock["due"] for clock in shown["clocks"]}["s1_response"] == "2025-03-24"
    assert shown["events"][0]["by"] == OFFICER
    assert (shown["people"][0]["phone"], shown["people"][0]["address"]) == ("01632 960 111", "ms.green@family.example")
    assert "receipt" in [row["notice"] for row in shown["outbox"]]


def test_log_answers_programs_in_json(heard: Heard) -> None:
    said = heard("log", "--by", "in_person", "--words", "Nobody calls.", "--json", person=OFFICER)

    assert said.code == 0
    assert list(said.json) == ["reference", "result", "problem"]
    assert (said.json["result"], said.json["problem"]) == ("opened", None)


def test_a_letter_on_paper_has_a_day_only_which_is_its_noon(heard_here: Heard) -> None:
    reference = heard_here.log(received="2025-07-10")

    assert heard_here.show(reference)["received_at"] == "2025-07-10T12:00:00+01:00"


def test_what_came_today_came_by_now(heard_here: Heard) -> None:
    reference = heard_here.log(received=str(the_day()))

    came = datetime.fromisoformat(heard_here.show(reference)["received_at"])
    assert timedelta(0) <= datetime.now(UTC) - came < timedelta(minutes=2)


def test_a_call_is_oral_and_a_letter_written(heard_here: Heard) -> None:
    """Stage 2 of what was said by word of mouth begins with its record (SI 2006/1738, reg. 17(5))."""
    calls = heard_here("log", "--by", "phone", "--words", "Nobody calls.", "--as", OFFICER).out.strip()
    visits = heard_here("log", "--by", "in_person", "--words", "Nobody comes.", "--as", OFFICER).out.strip()

    assert [heard_here.show(one)["form"] for one in (calls, visits, heard_here.log())] == ["oral", "oral", "written"]
    assert heard_here.show(heard_here.log("--oral"))["form"] == "oral"


def test_without_a_receipt_none_is_queued(heard_here: Heard) -> None:
    reference = heard_here.log("--email", "r.green@family.example", "--no-receipt")

    assert "receipt" not in [row["notice"] for row in heard_here.show(reference)["outbox"]]


def test_words_come_from_a_file_or_stdin(heard_here: Heard) -> None:
    (heard_here.folder / "call.txt").write_text("\ufeffNobody calls – ✓.\n", "utf-8")

    by_file = heard_here("log", "--by", "phone", "--words-from", "call.txt", "--as", OFFICER)
    by_pipe = heard_here.alone("log", "--by", "phone", "--words-from", "-", "--as", OFFICER, given="Nobody calls – ✓.\n".encode())

    words = [heard_here.show(said.out.strip())["messages"][0]["words"].strip() for said in (by_file, by_pipe)]
    assert words == ["Nobody calls – ✓."] * 2


@pytest.mark.parametrize(
    ("words", "code", "told"),
    [
        (("--by", "phone"), 1, "There are no words"),
        (("--by", "phone", "--words", " \n\t"), 1, "There are no words"),
        (("--by", "phone", "--words-from", "nuls.txt"), 1, "There are no words"),
        (("--by", "phone", "--words-from", "nowhere.txt"), 1, "Cannot use nowhere.txt"),
        (("--by", "phone", "--words-from", "."), 1, "Is a directory"),
        (("--by", "phone", "--words-from", "garbage.bin"), 1, "not UTF-8"),
        (("--by", "phone", "--words", "a", "--words-from", "nuls.txt"), 2, "not both"),
        (("--by", "phone", "--words", "a", "--received", "2098-03-10"), 1, "in the future"),
        (("--by", "phone", "--words", "a", "--received", "2098-03-10T10:00"), 1, "in the future"),
        (("--by", "phone", "--words", "a", "--received", "9999-12-31T23:59"), 1, "in the future"),
        (("--by", "phone", "--words", "a", "--received", "1995-03-13"), 1, "No date was guessed"),
        (("--by", "phone", "--words", "a", "--received", "0001-01-01T00:00+14:00"), 2, "not a day or a moment"),
        (("--by", "phone", "--words", "a", "--received", "yesterday"), 2, "not a day or a moment"),
        (("--by", "phone", "--words", "a", "--received", "2025-02-30"), 2, "not a day or a moment"),
        (("--by", "phone", "--words", "a", "--received", "2025-03-10T25:00"), 2, "not a day or a moment"),
        (("--by", "phone", "--words", "a", "--email", "not an address"), 2, "not an email address"),
        (("--by", "phone", "--words", "a", "--email", "a@b.example, c@d.example"), 2, "not an email address"),
        (("--by", "pigeon", "--words", "a"), 2, "pigeon"),
        (("--by", "phone", "--words", "a", "--from", "aunt"), 2, "aunt"),
        (("--words", "a"), 2, "--by"),
    ],
)
def test_what_cannot_be_taken_down_is_said_and_nothing_is_kept(
    heard_here: Heard, words: tuple[str, ...], code: int, told: str
) -> None:
    (heard_here.folder / "garbage.bin").write_bytes(b"\xff\xfe\x00\x81" * 50)
    (heard_here.folder / "nuls.txt").write_bytes(b"\x00" * 50)

    said = heard_here("log", *words, "--as", OFFICER)

    assert (said.code, said.out) == (code, "")
    assert told in said.flat
    assert heard_here("case", "list", "--json").json == []
    assert heard_here("quarantine", "list", "--json").json == []


def test_whoever_takes_a_call_down_is_known(heard_here: Heard) -> None:
    nobody = heard_here("log", "--by", "phone", "--words", "Nobody calls.")
    stranger = heard_here("log", "--by", "phone", "--words", "Nobody calls.", "--as", "stranger@else.example")

    assert [nobody.code, stranger.code] == [1, 1]
    assert "Say who acts" in nobody.err
    assert OFFICER in stranger.err
    assert heard_here("case", "list", "--json").json == []


def test_a_moment_of_the_hour_that_comes_twice_is_taken(heard_here: Heard) -> None:
    reference = heard_here.log(received="2025-10-26T01:30")

    came = datetime.fromisoformat(heard_here.show(reference)["received_at"])
    assert came.astimezone(LONDON).replace(tzinfo=None) == datetime(2025, 10, 26, 1, 30)  # noqa: DTZ001  # as the clock on the wall


@pytest.mark.parametrize(
    "words", ["a\x00b nobody calls", "half a \ud83d pair", "x" * 300_000, "مرحبا 👋", "'; DROP TABLE cases; --"]
)
def test_words_of_any_kind_are_taken_down(heard: Heard, words: str) -> None:
    (heard.folder / "words.txt").write_text(words, "utf-8", errors="surrogatepass")
    given = ("--words-from", "words.txt") if "\ud83d" not in words else ("--words", words)

    said = heard("log", "--by", "phone", *given, "--as", OFFICER)

    assert said.code == 0, said.err
    assert heard.show(said.out.strip())["messages"][0]["words"].replace("\x00", "")[:2] == words.replace("\x00", "")[:2]


# classify

KEYS = ["id", "kind", "procedure", "route", "themes", "service", "complainant", "on_behalf", "issues", "risk", "language"]
KEYS += ["wants", "reasons"]
RECORDS = [
    {"id": "a", "channel": "email", "subject": "Placement", "text": "I am in foster care and they moved me. I want to complain."},
    {"id": "b", "channel": "telegram", "text": "thank you so much Tina you were great", "kind": "complaint", "risk": "emergency"},
    {"id": 3, "channel": "email", "subject": None, "text": ""},
]


def test_classify_answers_each_line_in_the_agreed_shape(heard_bare: Heard) -> None:
    given = "\n".join(map(json.dumps, RECORDS)).encode()
    (heard_bare.folder / "messages.jsonl").write_bytes(given)

    by_file, by_pipe = heard_bare("classify", "messages.jsonl"), heard_bare("classify", "-", given=given)

    assert (by_file.code, by_file.err) == (0, "")
    assert by_pipe.raw == by_file.raw
    assert [line["id"] for line in by_file.lines] == ["a", "b", 3]
    for line in by_file.lines:
        assert set(KEYS) <= set(line)
        for reason in line["reasons"]:
            assert {"field", "value", "in", "start", "end", "rule", "source"} == set(reason)
    first, second, _ = by_file.lines
    assert (first["kind"], first["procedure"], first["route"]) == ("complaint", "statutory", "STAT")
    assert (second["kind"], second["procedure"], second["risk"]) == ("compliment", None, "none")
    assert list(heard_bare.folder.iterdir()) == [heard_bare.folder / "messages.jsonl"]


def test_the_reasons_of_classify_point_into_the_words_by_code_points(heard_bare: Heard) -> None:
    record = {
        "id": 1,
        "channel": "email",
        "subject": "👋 hello",
        "text": "👋👋 My social worker never calls me back. I want to complain.",
    }

    [line] = heard_bare("classify", "-", given=json.dumps(record).encode()).lines

    pointing = [reason for reason in line["reasons"] if reason["end"]]
    assert pointing
    for reason in pointing:
        assert 0 <= reason["start"] < reason["end"] <= len(record[reason["in"]])  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (b"nonsense", "it is not JSON"),
        (b'"text"', "not an object"),
        (b'{"id": 1}', "it has no text"),
        (b'{"id": 1, "text": null}', "text must be a text"),
        (b'{"id": 1, "text": ["a"]}', "text must be a text"),
        (b'{"id": 1, "text": "a", "subject": 7}', "subject must be a text"),
        (b"\xff\xfe{}", "it is not UTF-8"),
        (b"[" * 100_000, "it is not JSON"),
    ],
)
def test_a_bad_line_of_classify_is_named_by_its_number(heard_bare: Heard, line: bytes, told: str) -> None:
    good = json.dumps(RECORDS[0]).encode() + b"\n"

    said = heard_bare("classify", "-", given=good + line + b"\n" + good)

    assert said.code == 1
    assert [one["id"] for one in said.lines] == ["a"]
    assert said.err.startswith("Line 2: ")
    assert told in said.err


@pytest.mark.parametrize("text", ["a\\u0000b", "half \\ud83d pair", "🙂" * 5000, "\\u202eturned"])
def test_classify_takes_words_of_any_kind(heard_bare: Heard, text: str) -> None:
    said = heard_bare("classify", "-", given=f'{{"id": 1, "channel": "email", "text": "{text}"}}'.encode())

    assert said.code == 0, said.err
    assert said.lines[0]["id"] == 1


def test_a_file_of_classify_that_is_not_there_is_said_so(heard_bare: Heard) -> None:
    assert heard_bare("classify", "nowhere.jsonl").code == 1
    assert "Cannot use nowhere.jsonl" in heard_bare("classify", "nowhere.jsonl").err
    assert heard_bare("classify").code == 2
