"""The scripted story of `heard demo`: a young person, a parent, an uncle, an officer, a missed deadline, the Monday digest.

Everything in it happens for real, over the loopback wires; only the clock is moved. A scene that does not come out as it
should ends the demo with exit code 1.
"""

import asyncio
import tempfile
from datetime import date, time
from pathlib import Path

from rich.console import Console

from bot.rehearsal.chats import Shown
from bot.rehearsal.putting_right import put_right
from bot.rehearsal.stage import DUTY, HEAD, MANAGER, OFFICER, Stage, a_stage
from bot.rehearsal.telling import Teller
from casework import actions
from casework.answers import hands
from casework.decisions.acknowledging import Acknowledging
from procedures.terms import Outcome, Procedure, Remedy
from procedures.working_days import moment_at_the_desk
from storage import cases

MONDAY = date(2026, 3, 2)
MUM = "r.green@family.example"
UNCLE = "uncle@elsewhere.example"
SAM, KIT, LEE = 1001, 1002, 1003


async def play(folder: Path, console: Console) -> int:
    """Play the story, tell it as it happens, leave the letters in `folder`. Returns the exit code."""
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="heard-demo-") as work:
        async with a_stage(Path(work), moment_at_the_desk(MONDAY, time(14, 40))) as stage:
            tell = Teller(console, stage, folder)
            console.print("[bold]heard[/bold]: one story, on real wires on this machine. Nothing leaves it.")
            for scene in (
                _a_young_person_writes,
                _a_parent_writes,
                _an_uncle_asks,
                _at_night,
                _the_officer_at_half_past_eight,
                _a_thank_you,
                _the_plug_is_pulled,
                _an_answer,
                _a_missed_deadline,
                _the_monday_digest,
            ):
                try:
                    await scene(stage, tell)
                except (TimeoutError, AssertionError) as problem:
                    console.print(
                        f"[bold]This scene did not come out:[/bold] {type(problem).__name__} in {scene.__name__.strip('_')}"
                    )
                    return 1
            kept = tell.keep_letters()
            console.print(f"\n[bold]The end.[/bold] {kept} letters are in {folder}/ as .eml and .html: open one in a browser.")
            console.print("Next: read README.md, or copy heard.example.toml to heard.toml and run `heard check`.")
    return 0


async def _case_of(stage: Stage, *, chat: int = 0, address: str = "") -> str:
    """The reference of somebody's case."""
    async with stage.memory.reading() as uow:
        references = [case.reference for case in await cases.find_all(uow)]
        parties = await cases.parties_of(uow, references)
    return next(
        reference
        for reference in references
        for party in parties[reference]
        if (chat and party.chat_id == chat) or (address and party.address == address)
    )


async def _a_young_person_writes(stage: Stage, tell: Teller) -> None:
    tell.scene("Sam is 16 and in care. Nobody asked for a form.")
    sam = stage.person(SAM, "Sam")
    words = "they are moving me on friday and no one told me why. i dont want to leave my school"
    sam.says(words)
    tell.says("Sam", words)
    sent = await sam.hears("Your number is")
    tell.bot_says(sent, lock_screen=True)
    sam.presses("The young person")
    tell.says("Sam", "[The young person]")
    offer = await sam.hears("advocate")
    tell.bot_says(offer)
    sam.presses("Yes please")
    tell.says("Sam", "[Yes please]")
    tell.bot_says(await sam.hears("Good idea"))


async def _a_parent_writes(stage: Stage, tell: Teller) -> None:
    tell.scene("Mrs Green writes for the third time, by email.")
    words = (
        "I am writing about my son's short breaks. Two nights a month were agreed in October and we have had none.\n"
        "This is the third time I have written. Nobody answers. I want to make a complaint.\n"
    )
    await stage.write(MUM, "R Green", "Short breaks", words)
    tell.says("Mrs Green", words.replace("\n", " "))
    tell.letter(await stage.letter(MUM, 1))
    tell.note("That was the receipt: automatic, within a minute. A person's letter follows.")


async def _an_uncle_asks(stage: Stage, tell: Teller) -> None:
    reference = await _case_of(stage, chat=SAM)
    tell.scene("An uncle has seen Sam's number on a screen, and asks how it is going.")
    await stage.write(UNCLE, "Uncle", f"status {reference}", "status")
    tell.letter(await stage.letter(UNCLE, 1))
    tell.note("The same words for everyone whom we cannot know. Sam's phone stays silent; the officer sees the attempt.")
    assert not any("status" in shown.text.lower() for shown in stage.api.sent_to(SAM)[-1:])


async def _at_night(stage: Stage, tell: Teller) -> None:
    await stage.move_to(MONDAY, time(23, 10))
    tell.scene("Kit writes at night.")
    kit = stage.person(KIT, "Kit")
    words = "my foster dad hit me again and im scared to go to sleep"
    kit.says(words)
    tell.says("Kit", words)
    tell.bot_says(await kit.hears("999"), lock_screen=True)
    tell.bot_says(await kit.hears("Your number is"))
    tell.letter(await stage.letter(DUTY, 1))
    tell.note("The alert names no child and repeats no word. It is closed only by a person, with a referral.")


async def _the_officer_at_half_past_eight(stage: Stage, tell: Teller) -> None:
    await stage.move_to(date(2026, 3, 3), time(8, 40))
    tell.scene(f"{OFFICER.name}, complaints officer, reads and decides.")
    sams, mums = await _case_of(stage, chat=SAM), await _case_of(stage, address=MUM)
    acting = await stage.acting()
    async with stage.memory.reading() as uow:
        suggested = (await cases.readings_of(uow, sams))[-1]
        for row in await cases.tasks(uow):
            tell.note(f"waits for a person: {row.kind.value.replace('_', ' ')} {row.case_reference or ''} {row.detail}")
    tell.note(f"{sams}: suggested {suggested.procedure.value}, because:")
    for reason in [one for one in suggested.reasons if one.get("field") == "procedure"][:3]:
        tell.note(f"  {reason.get('rule')} ({reason.get('source')})")
    why = "a looked-after child about a move and the placement: Part 3 of the Act"
    async with stage.memory.unit_of_work() as uow:
        await actions.assign(uow, sams, MANAGER.address, acting)
        await actions.assign(uow, mums, MANAGER.address, acting)
        await actions.route(uow, sams, Procedure.STATUTORY, why, acting)
        await actions.route(uow, mums, Procedure.STATUTORY, "short breaks for a disabled child: section 17", acting)
    async with stage.memory.unit_of_work() as uow:
        understood = Acknowledging(
            issues=["You are told to move on Friday, and nobody told you why.", "You do not want to leave your school."],
            wanted="You want to stay at your school.",
            answerer_name=MANAGER.name,
            answerer_job="team manager",
            why="You are looked after by us, and this is about where you live.",
        )
        await actions.acknowledge(uow, sams, understood, acting)
        breaks = Acknowledging(
            issues=[
                "Two nights a month of short breaks were agreed in October and did not happen.",
                "Your letters were not answered.",
            ],
            wanted="You want the short breaks to start.",
            answerer_name=MANAGER.name,
            answerer_job="team manager",
            why="This is about support for a disabled child.",
        )
        await actions.acknowledge(uow, mums, breaks, acting)
    assert stage.service is not None
    stage.service.bell.set()
    tell.letter(await stage.letter(MUM, 2))
    await _sam_reads(stage, tell, "You will have our answer by")


async def _sam_reads(stage: Stage, tell: Teller, words: str) -> None:
    """What we start is a doorbell: the words come by a tap."""
    sam = stage.person(SAM, "Sam")

    def rung() -> Shown | None:
        return next((shown for shown in sam.sees() if "Read it" in shown.labels()), None)

    tell.bot_says(await stage.api.updates.changes.until(rung, 10), lock_screen=True)
    sam.presses("Read it")
    tell.note("Sam taps [Read it].")
    tell.bot_says(await sam.hears(words))


async def _a_thank_you(stage: Stage, tell: Teller) -> None:
    tell.scene("Lee says thank you.")
    lee = stage.person(LEE, "Lee")
    lee.says("/start")
    await lee.hears("say thank you")
    lee.presses("Say thank you")
    await lee.hears("Who or what do you want to thank")
    words = "thank you to Priya my leaving care worker, she came with me to see the flat"
    lee.says(words)
    tell.says("Lee", words)
    tell.bot_says(await lee.hears("pass it on"))


async def _the_plug_is_pulled(stage: Stage, tell: Teller) -> None:
    tell.scene("The service is switched off. Somebody writes all the same.")
    await stage.switch_off()
    await stage.write(
        "j.park@neighbour.example", "J Park", "My worker", "My social worker did not come to three visits. Please look into it."
    )
    await stage.switch_on()
    tell.letter(await stage.letter("j.park@neighbour.example", 1), lines=4)
    tell.note("Nothing was lost: the letter was read, filed and answered as soon as the service was back.")


async def _an_answer(stage: Stage, tell: Teller) -> None:
    await stage.move_to(date(2026, 3, 13), time(15, 0))
    tell.scene("Day 9: Sam gets an answer, two days early.")
    sams = await _case_of(stage, chat=SAM)
    words = "The move on Friday is stopped.\nJo will come on Tuesday at four to talk about what you want."
    async with stage.memory.unit_of_work() as uow:
        by = await stage.acting()
        found = "Nobody told you why you should move, or asked what you want. That was wrong."
        remedy = "You stay where you live and at your school until we have talked about it with you."
        await put_right(uow, sams, Outcome.UPHELD, found, remedy, by, Remedy.SERVICE_PUT_RIGHT)
        await hands.answer(uow, sams, words, None, hands.Hands(MANAGER.address, HEAD.address), by)
    assert stage.service is not None
    stage.service.bell.set()
    await _sam_reads(stage, tell, "You were right")


async def _a_missed_deadline(stage: Stage, tell: Teller) -> None:
    await stage.move_to(date(2026, 3, 16), time(8, 35))
    tell.scene("Mrs Green's answer is due today. The bundle of the morning:")
    tell.letter(await stage.letter_saying(MANAGER.address, "Monday 16 March"))
    await stage.move_to(date(2026, 3, 17), time(9, 5))
    tell.scene("It was not sent. It is late, and the service says so, to her and to those who can mend it.")
    late = await stage.letter_saying(MUM, "We are late")
    tell.letter(late)
    tell.letter(await stage.letter_saying(MANAGER.address, "Tuesday 17 March"), lines=14)
    await stage.write(MUM, "R Green", "Re: We are late", "status", answering=late.message)
    tell.says("Mrs Green", "status")
    tell.letter(await stage.letter_saying(MUM, "How it is going"))


async def _the_monday_digest(stage: Stage, tell: Teller) -> None:
    await stage.move_to(date(2026, 3, 23), time(8, 1))
    tell.scene("Monday, eight o'clock: the head of service gets the digest.")
    tell.letter(await stage.letter_saying(HEAD.address, "week to Sun 22 Mar"))
