"""`case letter`: a letter as it would leave, what it must say, and how hard it is to read."""

from collections.abc import Iterable, Mapping
from typing import Any

import typer

from bot.cli.acting import act
from bot.cli.acting import acting as acting_as
from bot.cli.at_work import at_work
from bot.cli.common import Answer, err, out, print_json, run, safe, show, table
from casework.acting import Acting
from casework.council import Person, StaffRole
from casework.letters.of_steps import Saying
from casework.letters.sending_letters import Looked, look, send
from notifications.rendering import CannotRender, Rendered, render
from procedures.letters import Item, LetterRule, letters
from procedures.terms import Channel, Notice
from procedures.working_days import date_at_the_desk
from storage import cases
from templates.readability import Readability, read

HARD, HARD_END = "»", "«"
"""Around a sentence that is hard to read."""


def said(words: Iterable[str]) -> dict[str, str]:
    """What `--say NAME=WORDS` gives."""
    found = {}
    for one in words:
        name, between, rest = one.partition("=")
        if not between or not name.strip().isidentifier():
            raise typer.BadParameter(f"{safe(one)[:40]!r} is not NAME=WORDS, like goes_on='We go on with the rest.'")
        found[name.strip()] = rest
    return found


def notice_of(text: str) -> Notice:
    """The letter that was typed, or a clear no with the names of all."""
    try:
        return Notice(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        known = ", ".join(dict.fromkeys(rule.notice.value for rule in letters().letters))
        raise Answer(f"{safe(text)[:40]!r} is no letter. Letters are: {known}. Nothing was sent.") from None


def list_letters(reference: str, *, as_json: bool) -> None:
    """The letters of the case's procedure, and what sends each."""

    async def rules() -> list[LetterRule]:
        async with at_work() as at, at.memory.reading() as uow:
            case = await cases.find(uow, reference)
            if case is None:
                raise Answer(f"There is no case {reference}. Look with `heard case list`.")
            return [rule for rule in letters().letters if not rule.procedures or case.procedure in rule.procedures]

    found = run(rules)
    if as_json:
        print_json([{"notice": one.notice.value, "says": one.says, "on": [event.value for event in one.on]} for one in found])
        return
    rows = ((one.notice.value, one.says, " or ".join(event.value for event in one.on) or "its own action") for one in found)
    show(table("Letter", "It says", "It goes with", whole=["Letter"]), rows)


def print_letter(reference: str, notice: Notice, words: Mapping[str, str], why: str, *, who: str, as_json: bool) -> None:
    """Show the letter as the complainant would get it today, with its hard sentences marked. Nothing is sent."""
    looked, rendered = run(lambda: _looked(reference, notice, words, why, who))
    if rendered is None:
        _print_lacks(looked, as_json=as_json)
        return
    found = read(rendered.text)
    if as_json:
        print_json(_plain(looked, rendered, found))
        return
    out().print(f"Subject: {safe(rendered.subject)}\n\n{safe(marked(rendered.text, found))}\n")
    show(table("Force", "It must say", "By", "Given", title="What it says"), (_row(item, looked) for item in _items(looked)))
    out().print(f"\n{in_words(found)}")
    for hard in found.hard:
        out().print(f"- {safe(hard.sentence)}\n  {hard.why}")
    err().print(f"{len(looked.readers)} would get it. Nothing was sent.")


def send_letter(reference: str, notice: Notice, words: Mapping[str, str], why: str, *, who: str) -> None:
    """Send a letter whose step is on record and has not sent it."""
    what = notice.value.replace("_", " ")

    async def sending(uow: Any, by: Acting) -> None:
        await send(uow, reference, notice, Saying(by.today, why, say=words), by)

    act(who, sending, f"The letter {what} of {reference} is on its way.")


async def _looked(reference: str, notice: Notice, words: Mapping[str, str], why: str, who: str) -> tuple[Looked, Rendered | None]:
    """The letter and how it reads; None where it cannot be written yet."""
    async with at_work() as at, at.memory.reading() as uow:
        by = acting_as(at, who) if who else Acting(Person("", "", StaffRole.OFFICER), at.office, at.now)
        looked = await look(uow, reference, notice, Saying(date_at_the_desk(at.now), why, say=words), by)
        if looked.letter.lacks:
            return looked, None
        try:
            return looked, render(notice, Channel.EMAIL, "en", looked.letter.facts, at.settings.council)
        except CannotRender:
            raise Answer(
                "The letter cannot be written yet: it speaks of a step that is not on record. "
                f"`heard case steps {reference}` says which come first. Nothing was sent."
            ) from None


def marked(text: str, found: Readability) -> str:
    """The text with each hard sentence between »…«."""
    for hard in found.hard:
        text = text.replace(hard.sentence, f"{HARD}{hard.sentence}{HARD_END}", 1)
    return text


def in_words(found: Readability) -> str:
    """How it reads, in a sentence."""
    hard = (
        f"{len(found.hard)} hard sentence{'' if len(found.hard) == 1 else 's'}, between {HARD}…{HARD_END}"
        if found.hard
        else "none is hard"
    )
    return f"Reading age about {found.age} (grade {found.grade:.1f}), {found.words} words in {found.sentences} sentences: {hard}."


def _items(looked: Looked) -> tuple[Item, ...]:
    from procedures.terms import Procedure

    return looked.letter.rule.items_for(Procedure(str(looked.letter.facts["procedure"])))


def _row(item: Item, looked: Looked) -> tuple[str, str, str, str]:
    force = "required" if item.level.value == "R" else "guidance"
    given = "the letter says it" if not item.fact else "given" if looked.letter.facts.get(item.fact) else "MISSING"
    return force, item.says, item.authority, given


def _print_lacks(looked: Looked, *, as_json: bool) -> None:
    lacks = [{"fact": item.fact, "says": item.says, "authority": item.authority} for item in looked.letter.lacks]
    if as_json:
        print_json({"notice": looked.letter.rule.notice.value, "text": None, "lacks": lacks})
        return
    show(table("Force", "It must say", "By", "Given", title="What it says"), (_row(item, looked) for item in _items(looked)))
    add = " ".join("--why WORDS" if item.fact == "reason" else f"--say {item.fact}=WORDS" for item in looked.letter.lacks)
    err().print(f"It cannot leave yet: add {add}. Nothing was sent.")


def _plain(looked: Looked, rendered: Rendered, found: Readability) -> dict[str, Any]:
    return {
        "notice": looked.letter.rule.notice.value,
        "subject": rendered.subject,
        "text": rendered.text,
        "lacks": [],
        "voice": looked.letter.facts["voice"],
        "next_step": looked.letter.facts["next_step"],
        "readers": len(looked.readers),
        "items": [{"name": item.name, "force": item.level.value, "authority": item.authority} for item in _items(looked)],
        "grade": round(found.grade, 1),
        "age": found.age,
        "words": found.words,
        "hard": [{"sentence": hard.sentence, "why": hard.why} for hard in found.hard],
    }
