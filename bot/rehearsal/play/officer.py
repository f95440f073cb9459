"""Being the complaints officer: see the cases, decide, write, and be refused what the service does not let anybody do."""

from bot.cli.at_work import At
from bot.cli.common import local
from bot.cli.showing import Shown, whole
from bot.rehearsal.play import act_on, mails
from bot.rehearsal.play.acting import act
from bot.rehearsal.play.desk import OnDesk, on_the_desk
from bot.rehearsal.play.scene import Scene, quoted
from bot.rehearsal.stage import OFFICER
from casework import actions
from casework.reference import read_reference
from storage import cases

PROMPT = f"{OFFICER.name} >"


async def be_officer(scene: Scene) -> None:
    """The officer's desk, until Enter alone."""
    scene.screen.title(f"You are {OFFICER.name}, complaints officer. {scene.time}")
    desk = await _show_desk(scene)
    while said := await scene.ask(PROMPT):
        words = said.lower().split()
        one = _chosen(desk, said)
        if words[0] in ("tasks", "task", "t"):
            await tasks(scene)
        elif await mails.handle(scene, said):
            continue
        elif one is None:
            numbers = f"a number from 1 to {len(desk)}, a reference, " if desk else ""
            scene.screen.say(f"Type {numbers}`tasks`, or Enter alone to leave the desk.", indent=2)
        else:
            await _one_case(scene, one.reference)
            desk = await _show_desk(scene)


def _chosen(desk: list[OnDesk], said: str) -> OnDesk | None:
    number = said.removeprefix("case").strip().lstrip("0")
    if number.isdigit() and len(number) < 4 and int(number) <= len(desk):
        return desk[int(number) - 1]
    reference = read_reference(said)
    return next((one for one in desk if one.reference == reference), None)


async def _show_desk(scene: Scene) -> list[OnDesk]:
    desk = await on_the_desk(scene.stage, await scene.office())
    if not desk:
        scene.screen.say("No case yet: first somebody must write. Enter alone leaves the desk.", indent=2)
        return desk
    scene.screen.say("Cases:", indent=2)
    scene.choices([(str(number), _in_a_line(one)) for number, one in enumerate(desk, start=1)])
    open_tasks = sum(len(one.tasks) for one in desk)
    what = f"{open_tasks} things that wait" if open_tasks > 1 else "one thing that waits"
    more = f" `tasks` lists the {what} for a person." if open_tasks else ""
    scene.screen.say(f"A number opens one.{more} Enter alone: leave the desk.", indent=2)
    return desk


def _in_a_line(one: OnDesk) -> str:
    due = one.progress.next_due
    by = f"; next: {named(due.deadline.clock)} by {due.deadline.due_on:%a %-d %b}" if due else ""
    alert = "; SAFETY ALERT" if one.has_alert else ""
    return f"{one.reference}  {one.who}: {one.state}{by}{alert}"


def named(clock: str) -> str:
    """A clock as staff call it, in short."""
    return clock.replace("s1_", "stage 1 ").replace("s2_", "stage 2 ").replace("s3_", "stage 3 ").replace("_", " ")


async def _one_case(scene: Scene, reference: str) -> None:
    """One case, until Enter alone."""
    async with scene.stage.memory.unit_of_work() as uow:
        await actions.read(uow, reference, await scene.stage.acting())
    found = await _look(scene, reference)
    _show_case(scene, found)
    before: tuple[bool, ...] = ()
    while True:
        one = next(one for one in await on_the_desk(scene.stage, await scene.office()) if one.reference == reference)
        if one.steps != before:
            await act_on.show(scene, one)
            before = one.steps
        said = await scene.ask(f"{OFFICER.name}, {reference} >")
        if not said:
            return
        if said.lower() == "show":
            _show_case(scene, await _look(scene, reference))
            before = ()
        elif not await mails.handle(scene, said) and not await act_on.do(scene, one, found, said.lower()):
            scene.screen.say(
                "A number from 1 to 7, `show` to see the case and the list again, or Enter alone to go back.", indent=2
            )


async def _look(scene: Scene, reference: str) -> Shown:
    at = At(scene.stage.settings, scene.stage.memory, await scene.office(), scene.now)
    async with scene.stage.memory.reading() as uow:
        return await whole(uow, reference, at)


def _show_case(scene: Scene, found: Shown) -> None:
    screen = scene.screen
    screen.title(f"{found['reference']}  {found['kind']}, from: {found['raised_by'].replace('_', ' ')}")
    for message in found["messages"]:
        subject = f"{message['subject']}. " if message["subject"] else ""
        mark = " (not sure who wrote this)" if message["unverified"] else ""
        screen.say(f"{local(message['received_at'])} by {message['channel']}{mark}:", indent=2)
        screen.say(f"{subject}{quoted(message['words'], 600)}", indent=4)
    if found["risk"] != "none":
        screen.say(f"Risk seen in the words: {found['risk']}.", indent=2)
    if found["undecided"]:
        screen.say(f"Suggested route: {found['suggested']}. Why:".replace("_", " "), indent=2)
        scene.choices(_reasons(found))
    elif found["procedure"]:
        screen.say(f"Route: {found['procedure']}, decided by a person.".replace("_", " "), indent=2)
    for one in found["clocks"]:
        if (one["timeliness"] or "").startswith("open"):
            late = ", LATE" if one["timeliness"] == "open_late" else ""
            screen.say(f"{named(one['clock'])} by {one['due']:%A %-d %B}{late} ({one['authority']}).", indent=2, hanging=2)


def _reasons(found: Shown) -> list[tuple[str, str]]:
    """What the suggestion rests on: the law first, then the person's own words and what they show."""
    reasons = found["readings"][0]["reasons"] if found["readings"] else []
    written = found["messages"][0] if found["messages"] else {}
    rows = []
    for reason in sorted(reasons, key=lambda one: one.get("field") != "procedure"):
        start, end = reason.get("start", 0), reason.get("end", 0)
        words = str(written.get("subject" if reason.get("in") == "subject" else "words", ""))[start:end]
        said = reason.get("source", "") if reason.get("field") == "procedure" else f"{reason.get('field')}: {reason.get('value')}"
        rows.append(("  -", f"{quoted(words, 60)} shows {said}".replace("_", " ") if words else str(said).replace("_", " ")))
    return rows or [("  -", "no word points to a procedure: a person decides")]


async def tasks(scene: Scene) -> None:
    """What waits for a person; one is finished by saying what was done."""
    async with scene.stage.memory.reading() as uow:
        waiting = await cases.tasks(uow)
    if not waiting:
        scene.screen.say("Nothing waits for a person.", indent=2)
        return
    scene.screen.say("What waits for a person:", indent=2)
    scene.choices(
        [
            (
                str(one.id),
                f"{one.kind.value.replace('_', ' ')} {one.case_reference or ''} by {local(one.due_at)} {one.detail}".rstrip(),
            )
            for one in waiting
        ]
    )
    number = await scene.ask("  Which is done? (Enter alone: none)")
    if not number:
        return
    if not number.isdigit() or int(number) not in {one.id for one in waiting}:
        scene.screen.say("That is not one of the numbers. Nothing was changed.", indent=2)
        return
    what = await scene.ask("  What was done?")
    if await act(scene, lambda uow, by: actions.finish_task(uow, int(number), what, by)):
        scene.screen.say(f"Task {number} is done, and the case says by whom and how.", indent=2)
