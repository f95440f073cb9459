"""`classify`: what a message is, with the words that led to it."""

import json

import pytest

from tests.commands.hearing import Heard

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
        # Allowed below: another kind of thing than it takes, or a test knows it better
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
