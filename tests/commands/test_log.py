"""`log`: a call, a letter or a visit that somebody takes down."""

from datetime import UTC, datetime, timedelta

import pytest

from procedures.working_days import LONDON
from tests.commands.hearing import OFFICER, Heard, the_day


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
