"""The play of `heard demo`, driven through a terminal as a person would: what is typed, and what stands there afterwards."""

import re
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from tests.play.terminal import CTRL_C, CTRL_D, PATIENCE_SECONDS, PROJECT, Terminal, in_a_terminal

MOVED = "they are moving me on friday and no one told me why. i dont want to leave my school"
NEXT = "To try next"


@pytest.fixture
def play(tmp_path: Path) -> Iterator[Terminal]:
    with in_a_terminal("demo", folder=tmp_path, NO_COLOR="1") as terminal:
        terminal.until(f"{NEXT} (type what stands on the left):")
        terminal.until("2026, 14:40 >")
        yield terminal


def at_the_stage(play: Terminal, said: str = "") -> str:
    """Type, and wait until the stage is reached again; what was written until then."""
    play.types(said)
    return play.until(NEXT) + play.until(" >")


def chats(play: Terminal, *lines: str) -> str:
    """Be Sam, say or press, and put the phone away."""
    said = play.asked("1", "Sam >")
    for line in lines:
        said += play.asked(line, "Sam >")
    return said + at_the_stage(play)


def ends(play: Terminal) -> str:
    play.presses(CTRL_D)
    assert play.end() == 0
    return play.new


def test_a_young_person_chats_and_the_lock_screen_shows_nothing_of_it(play: Terminal) -> None:
    play.asked("1", "Enter alone: put the phone away.")
    play.until("Sam >")
    said = play.asked(MOVED, "Sam >")

    assert "Sent. Your number is" in said
    assert "[1] The young person" in said
    assert "Sam's phone, locked" in said
    assert "New for you:" in said  # what staff get stands beside it
    [locked] = re.findall(r"│ (Your Say, 14:4\d .+?) └", " ".join(re.findall(r"[│└][^│└\n]*", play.written)).replace("│ │", ""))
    assert "school" not in locked

    assert "The buttons are 1 to 5." in play.asked("6", "Sam >")
    pressed = play.asked("1", "Sam >")
    assert "Sam presses [The young person]" in pressed
    assert "[1] Yes please" in pressed
    assert "waits for its route" in at_the_stage(play)
    assert "[1] Yes please" in play.asked("chat sam", "Sam >")  # what was on the screen is there still


def test_pasted_lines_are_one_message(play: Terminal) -> None:
    play.asked("1", "Sam >")
    play.presses("they moved me again\nno one told me why\ni want to go back to my school\n")
    play.until("Your number is")
    at_the_stage(play)

    play.asked("2", "Ravi Shah >")
    shown = play.asked("1", "What can be done")

    assert "“they moved me again no one told me why i want to go back to my school”" in shown


def test_a_letter_from_any_mail_program_is_answered_while_the_play_waits(play: Terminal, tmp_path: Path) -> None:
    said = at_the_stage(play, "help")
    port = re.search(r"127\.0\.0\.1, port (\d+)", said)
    address = re.search(r"send to (\S+) by", said)
    assert port and address
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = "Pat Doe <pat@doe.example>", address[1], "My social worker"
    letter["Message-ID"] = "<one@doe.example>"
    letter.set_content("She missed three visits and nobody calls back. I want to complain.")
    with smtplib.SMTP("127.0.0.1", int(port[1]), timeout=PATIENCE_SECONDS) as server:
        server.send_message(letter)

    play.until("Letter from pat@doe.example: My social worker (mail 4)")
    receipt = play.until("Your Say team")
    assert "Mail 5 to pat@doe.example" in receipt
    assert "We got your message" in receipt
    play.until(" >")
    shown = play.asked("open 5", ".html")
    assert "No browser can be opened from here." in shown
    [page] = (tmp_path / "demo-mails").glob("005-pat-*.html")
    assert "We got your message" in page.read_text("utf-8")
    assert page.with_suffix(".eml").read_bytes().startswith(b"From: ")
    assert "I am a computer" not in play.asked("read 5", "Your Say team")
    play.until(" >")
    play.asked("reply 5", "Enter alone ends it)")
    play.asked("status", " |")
    assert "How it is going" in at_the_stage(play)


def test_a_letter_can_be_written_here_and_opened_in_the_browser(tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" >>{tmp_path}/opened\n')
    browser.chmod(0o755)
    with in_a_terminal("demo", folder=tmp_path, BROWSER=f"{browser} %s") as play:
        play.until("14:40 >")
        play.asked("3", "From [")
        assert "Nothing was sent" in at_the_stage(play, "my mum")
        play.asked("letter", "From [")
        play.asked("Ann Lee <ann@lee.example>", "Subject [")
        play.asked("Nobody answers", "Enter alone ends it)")
        play.presses("I wrote twice.\n\nI want to make a complaint.\nAnn\n")
        play.until("|")
        assert "Mail 5 to ann@lee.example" in at_the_stage(play)

        assert "It is opened in your browser." in play.asked("open 5", ".html")

        assert (tmp_path / "opened").read_text().startswith("file:///")
        assert "(mail 4)" not in play.asked("read 4", "I want to make a complaint.")
        assert "6 mails are in demo-mails/" in ends(play)
    marks = set(re.findall(r"\x1b\[[0-9;]*[a-zA-Z]", play.written))
    assert marks <= {"\x1b[0m", "\x1b[1m", "\x1b[2m"}  # bold and dim are read on a dark and on a light terminal


def test_the_officer_decides_and_acknowledges_is_refused_what_is_not_allowed_and_the_digest_comes_on_monday(
    play: Terminal,
) -> None:
    chats(play, MOVED)

    desk = play.asked("2", "Ravi Shah >")
    assert "Sam: new, suggested: statutory" in desk
    case = play.asked("1", "<- next")
    assert "Suggested route: statutory. Why:" in case
    assert "s. 26(3A)" in case
    assert "“moving me" in case
    play.asked("7", "Which?")
    assert "Refused: Only a complaints officer may decide the route." in play.asked("1", " >")
    play.asked("7", "Which?")
    said = play.asked("2", " >")
    assert "Refused:" in said
    assert "is about Jo Field" in said
    assert "Nobody was given the case" in said
    play.asked("7", "Which?")
    asked = play.asked("7", "He hears what anybody hears.")
    assert "to uncle@elsewhere.example" in asked
    assert "Your Say to Sam" not in asked
    play.asked("2", "Enter alone when that is all)")
    play.asked("You were not told why you must move.", "2.")
    play.asked("", "What do they want?")
    play.asked("", "Who will answer?")
    play.asked("", "Why this procedure")
    assert "Refused: The route is not confirmed yet" in play.asked("", " >")

    play.asked("1", "The reason, for the file")
    play.until("]:")
    assert "is handled as statutory" in play.asked("", "<- next")
    play.until(" >")
    play.asked("2", "1.")
    play.presses("You were not told why you must move.\nYou want to stay at your school.\n")
    play.until("3.")
    play.asked("", "What do they want?")
    play.asked("to stay at your school", "Who will answer?")
    play.asked("", "Why this procedure")
    told = play.asked("", "The acknowledgement is sent")
    assert "Your Say to Sam" in told
    assert "2. You want to stay at your school." not in told, "it is a doorbell: the words come by a tap"
    play.until(" >")
    play.asked("", "Ravi Shah >")
    at_the_stage(play)
    assert "On the screen: [1] Read it" in play.asked("chat Sam", "Sam >")
    read = play.asked("1", "Sam >")
    assert "2. You want to stay at your school." in read
    assert "You will have our answer by Monday 16 March." in read
    assert "answer" in at_the_stage(play)

    moved = at_the_stage(play, "next Monday")

    assert "5 working mornings lie before it." in moved
    assert "Monday 9 March 2026, 08:00" in moved
    assert "Ama Owusu, head of service" in moved
    assert "THE WEEK IN ONE LINE" in moved
    assert "New complaints 1" in moved
    assert "It is Mon 9 Mar 2026, 09:0" in moved


def test_at_night_a_safety_alert_goes_out_and_is_closed_only_with_words(play: Terminal) -> None:
    assert "It is Mon 2 Mar 2026, 23:10." in at_the_stage(play, "23:10")
    assert "my foster dad hit me again" in play.asked("chat Kit", "Kit >")
    said = play.asked("my foster dad hit me again and im scared", "Kit >")
    assert "Call 01632 960 999" in said
    assert "the duty address: [rehearsal] Safety alert" in said
    assert "a safety alert is open" in at_the_stage(play)

    play.asked("2", "Ravi Shah >")
    play.asked("tasks", "Which is done?")
    assert "not one of the numbers" in play.asked("99", " >")
    play.asked("tasks", "Which is done?")
    play.asked("1", "What was done?")
    assert "Refused: Say what was done" in play.asked("", " >")
    play.types("quit")
    assert play.end() == 0


def test_an_answer_is_sent_the_case_closed_and_the_next_step_asked_for(play: Terminal) -> None:
    chats(play, MOVED)
    play.asked("2", "Ravi Shah >")
    play.asked("1", "<- next")
    play.until(" >")
    assert "has had no answer" in answered_with_default(play, "close", "Why is it closed?")
    answered_with_default(play, "1", "]:")
    play.asked("3", "Enter alone ends it)")
    play.asked("You were right. You stay at your school.", "|")
    play.asked("", "What was found?")
    play.asked("1", "What puts it right")
    sent = play.asked("", "The answer is sent.")
    assert "[Read it]" in sent
    play.until(" >")
    assert "is closed." in answered_with_default(play, "4", "]:")
    play.asked("", "Ravi Shah >")
    assert "press [Read it] by its number" in at_the_stage(play)
    offered = " ".join(play.asked("chat Sam", "Sam >").split())
    assert "On the screen: [1] Read it Further up: [2] Read it [3] The young person" in offered
    older = play.asked("2", "Sam >")
    assert "Your Say (changed on the screen):" in older
    assert "You were right. You stay at your school." in " ".join(older.split())


def answered_with_default(play: Terminal, action: str, question: str) -> str:
    play.asked(action, question)
    return play.asked("", " >")


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("make it so", "I do not understand 'make it so'."),
        ("open 77", "There are mails 1 to 3."),
        ("read", "`read` wants one of their numbers."),
        ("reply 1", "is not to somebody from outside."),
        ("yesterday", "The clock only moves on."),
        ("31 April", "April has no day 31."),
        ("6", "I do not understand '6'."),
        ("chat 007", "`chat` wants a first name"),
        ("\x1b[A\x1b[D\x00\x07", ""),
        ("4", "nothing late"),
    ],
)
def test_what_is_typed_wrongly_gets_a_clear_sentence(shared_play: Terminal, typed: str, says: str) -> None:
    assert says in shared_play.asked(typed, " >")


@pytest.fixture(scope="module")
def shared_play(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    with in_a_terminal("demo", folder=tmp_path_factory.mktemp("play"), NO_COLOR="1") as terminal:
        terminal.until("14:40 >")
        yield terminal


def test_nothing_but_text_is_written_without_colour_and_nothing_wider_than_the_terminal(shared_play: Terminal) -> None:
    shared_play.asked("help", " >")

    assert "\x1b" not in shared_play.written
    assert max(map(len, shared_play.written.splitlines())) <= 80


def test_ctrl_c_ends_it_on_the_way_to_christmas_and_says_where_the_mails_lie(play: Terminal) -> None:
    play.asked("Christmas", "Each happens, at its time.")
    play.presses(CTRL_C)

    assert play.end() == 0, play.written
    assert "mails are in demo-mails/ as .eml and .html" in play.new
    assert "Traceback" not in play.written


def test_in_a_narrow_terminal_the_phone_stands_below_and_ctrl_c_ends_the_chat(tmp_path: Path) -> None:
    with in_a_terminal("demo", folder=tmp_path, columns=50, NO_COLOR="1") as play:
        play.until("14:40 >")
        play.asked("1", "Sam >")
        play.asked("no one calls me back", "Sam >")
        play.presses(CTRL_C)

        assert play.end() == 0
    assert "Sam's phone, locked" in play.written
    assert max(map(len, play.written.splitlines())) <= 50


def test_without_a_terminal_and_when_told_to_it_is_the_story(tmp_path: Path) -> None:
    with in_a_terminal("demo", "--story", folder=tmp_path, NO_COLOR="1") as terminal:
        assert "heard: one story" in terminal.until("Nothing leaves it.")
    piped = [sys.executable, "-m", "bot", "demo", "--out", str(tmp_path / "mails")]
    with subprocess.Popen(piped, cwd=PROJECT, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("heard: one story")
        process.kill()


@pytest.mark.prove
def test_christmas_comes_through_every_working_morning(play: Terminal) -> None:
    """From Tuesday 3 March to Thursday 24 December 2026: 297 days less 42 weekends and 5 bank holidays on weekdays."""
    chats(play, MOVED)

    play.types("Christmas")
    moved = play.until(NEXT, 600)

    assert "208 working mornings lie before it." in moved
    assert "It is Fri 25 Dec 2026, 09:05." in moved
    assert "week to Sun 20 Dec" in moved
    assert "You have a new message." in moved.partition("It is Fri 25 Dec")[0]
    assert "We are late" not in moved, "it is behind a doorbell"
    [late] = re.findall(r"\[(\d+)\] Read it", play.asked("chat Sam", "Sam >"))
    assert "We are late" in play.asked(late, "Sam >")
