"""One case on a page, for a person to read from top to bottom."""

import sys
import textwrap
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from bot.cli.common import local, out, safe, short, show, table
from bot.cli.listing import not_counted
from bot.cli.next_steps import MARKS

Shown = dict[str, Any]
WIDEST = 100
"""Symbols of a line on a terminal, however wide it is: longer ones are hard to read."""
STATES = {
    "received": "it has come, and nobody has read it yet",
    "reading": "it has been read; the route is not decided",
    "looking": "it is being looked into",
    "more_time": "it is being looked into, with the longer time that was decided",
    "late": "the answer is late",
    "answered": "it has been answered",
    "step_2": "at stage 2",
    "step_3": "at stage 3, the review panel",
    "waiting": "all of it waits for other proceedings; nothing is owed meanwhile",
    "stopping": "they asked to stop; a person must check that it is their choice",
    "stopped": "they stopped it",
    "thanked": "it was thanked for",
    "finished": "it is closed",
}
_STYLES = {"late": "bold red", "due_soon": "yellow", "on_track": ""}


def day(on: date) -> str:
    """A day as people at the desk read it: `Mon 10 Mar 2025`."""
    return f"{on:%a} {on.day} {on:%b %Y}"


def print_case(found: Shown) -> None:
    """The whole page."""
    _print_head(found)
    heading("What was said")
    for message in found["messages"]:
        _print_message(message)
    _print_asked_for(found)
    _print_next(found)
    _print_people(found)
    _print_reasons(found)
    _print_dates(found["clocks"])
    _print_history(found)
    _print_lists(found)


def heading(words: str) -> None:
    """A heading. It is bold on a terminal; what it says does not hang on that."""
    out().print(f"\n{words}", style="bold")


def say(words: str, first: str = "", rest: str | None = None, style: str = "") -> None:
    """A paragraph: in a pipe one line, on a terminal broken at words, the later lines under the first."""
    lines = [safe(first + " ".join(words.split()))]
    if sys.stdout.isatty():
        width = min(out().width, WIDEST)
        under = " " * len(first) if rest is None else rest
        lines = textwrap.wrap(lines[0], width, subsequent_indent=under, break_on_hyphens=False, drop_whitespace=True)
    for line in lines or [""]:
        out().print(line, style=style)


def _print_head(found: Shown) -> None:
    console = out()
    way = f"{found['procedure']} procedure, stage {found['stage']}" if found["procedure"] else ""
    if found["undecided"]:
        way = f"route not confirmed; suggested: {found['suggested']}"
    what = ", ".join(part for part in (found["kind"], way.replace("_", " ")) if part)
    console.print(f"{found['reference']}  {what}", style="bold")
    say(f"Where it stands: {STATES[found['state']]}.")
    steps = found["next"]
    if steps:
        first = steps[0]
        say(f"First: {first['what']}, by {day(first['due'])}, {first['in_words']}.", style=_STYLES[first["how"]])
    if found["not_counted"]:
        say(not_counted(found["reference"], found["not_counted"]))
    say(f"With: {found['owner_name'] or 'nobody yet'}{', ' + found['team'] if found['team'] else ''}.")
    say(f"From: {found['raised_by']}. Risk seen: {found['risk']}. Say: {found['spoken']}.".replace("_", " "))
    for line in found["flags"]:
        say(line)


def _print_message(message: Shown) -> None:
    marks = "".join(f" ({mark})" for mark in ("unverified", "edited") if message[mark])
    say(f"{message['number']}. {came(message)}{marks}")
    if message["subject"]:
        out().print(safe(f"Subject: {message['subject']}"))
    out().print(safe(message["words"]))
    for file in message["attachments"]:
        out().print(safe(f"  [{file['kind']}] {file['name']} ({_of_file(file)})"))


def _of_file(file: Shown) -> str:
    if file["is_sealed"]:
        return "two people open it: heard case file … --why WHY"
    return str(file["problem"] or f"{file['size']} bytes")


def came(message: Shown) -> str:
    """When and how a message came, and who took it down."""
    moment = local(message["received_at"])
    if message["hour_known"] is False:
        moment = moment[:-6] + ", no hour noted"
    how = message["means"] or message["channel"]
    by = how if message["door"] in (None, how, "mailbox", "hand") else f"{how}, {message['door']}"
    taken = f", taken down by {message['taken_by']}" if message["taken_by"] else ""
    return f"{moment} by {by.replace('_', ' ')}{taken}"


def _print_asked_for(found: Shown) -> None:
    heading("What is asked for")
    for one in found["issues"]:
        told = [str(one[name]).replace("_", " ") for name in ("theme", "finding", "remedy") if one.get(name)]
        say(one["words"] + (f" ({', '.join(told)})" if told else ""), first=f"  {one['number']}. ")
    if found["wanted"]:
        say(found["wanted"], first="  They would like: ")
    if not found["issues"] and not found["wanted"]:
        say("Nobody has put it into numbered points yet.", first="  ")


def _print_next(found: Shown) -> None:
    heading("What must happen next")
    if not found["next"]:
        say("Nothing is owed now.", first="  ")
    for one in found["next"]:
        _print_step(one)


def _print_step(one: Shown) -> None:
    """By when and what; under it, why."""
    number = f" (task {one['task']})" if one["task"] else ""
    say(
        f"{one['what']}{number}: by {day(one['due'])}, {one['in_words']}.",
        first=f"  {MARKS[one['how']]} ",
        style=_STYLES[one["how"]],
    )
    for why in (one["why"], one["authority"]):
        if why:
            say(why, first="    ")


def _print_people(found: Shown) -> None:
    heading("Who is on it")
    rows = []
    for one in found["people"]:
        if one["ended_on"]:
            continue
        chat = "by chat" if one["chat"] else None
        how = ", ".join(part for part in (one["address"], chat, one["phone"]) if part)
        closed = " (closed: nothing is sent there)" if one["route_closed"] else ""
        name = (one["name"] or "no name given") + (f", {one['relation']}" if one["relation"] else "")
        rows.append((one["role"].replace("_", " "), name, (how or "no way to write to them") + closed))
    rows += [(one["role"], one["name"], one["address"]) for one in found["staff"]]
    if rows:
        show(table("As", "Name", "How to reach them", whole=["As"]), rows)
    else:
        say("Nobody is known by name.", first="  ")


def _print_dates(clocks: Sequence[Shown]) -> None:
    rows = ((one["clock"], one["due"], (one["timeliness"] or "").replace("_", " "), short(one["authority"])) for one in clocks)
    show(table("Clock", "Due", "How it stands", "Authority", whole=["Due"], title="\nEvery date"), rows)


def _print_reasons(found: Shown) -> None:
    """Why it was read so: the person's own words where they show it, else the rule or what the officer said."""
    rows = (
        (
            reading["made_by"],
            f"{reason.get('field', '')}: {reason.get('value', '')}",
            _because(reason, found),
            reason.get("source", ""),
        )
        for reading in found["readings"]
        for reason in reading["reasons"]
    )
    show(table("By", "Says", "Because", "Source", title="\nWhy it was read so"), rows)


def _because(reason: Shown, found: Shown) -> str:
    """The words that a reason points at, in the first message: it is what was read."""
    start, end = reason.get("start", 0), reason.get("end", 0)
    if not end or not found["messages"]:
        return str(reason.get("rule", ""))
    words: str = found["messages"][0]["subject" if reason.get("in") == "subject" else "words"]
    return f"“{short(' '.join(words[start:end].split()))}”"


def _print_history(found: Shown) -> None:
    """Who did what when, and what it changed. A day with several things is named once."""
    heading("What happened")
    before = None
    for one in found["history"]:
        if one["on"] != before:
            say(day(one["on"]), first="  ")
            before = one["on"]
        late = f"; put on record on {day(one['recorded_on'])}" if one["recorded_on"] != one["on"] else ""
        gone = " No longer stands." if not one["stands"] else ""
        words = f": {one['words']}" if one["words"] else ""
        say(f"{one['what']}{words} ({one['who']}{late}).{gone}", first="    ", rest="      ")


def _print_lists(found: Shown) -> None:
    done = [one for one in found["tasks"] if one["done_by"]]
    if done:
        rows = ((one["task"], one["kind"].replace("_", " "), one["detail"], one["done_by"]) for one in done)
        show(table("Task", "What", "Detail", "Done by", whole=["Task"], title="\nTasks that are done"), rows)
    show(table("Notice", "By", "State", "Sent", title="\nSent"), _sent(found["outbox"]))


def _sent(outbox: Iterable[Shown]) -> Iterable[tuple[str, ...]]:
    for one in outbox:
        yield one["notice"], one["channel"], one["state"] + ", came back" * one["came_back"], local(one["sent_at"])
