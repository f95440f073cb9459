"""What an officer does to the case in hand, and what the service does not let anybody do."""

import shlex
from collections.abc import Awaitable, Callable

from bot.cli.showing import Shown
from bot.rehearsal.play.acting import Work, act
from bot.rehearsal.play.desk import OnDesk
from bot.rehearsal.play.scene import Scene
from bot.rehearsal.play.writing import UNCLE, post
from bot.rehearsal.putting_right import put_right
from bot.rehearsal.stage import HEAD, MANAGER, OFFICER
from casework import actions
from casework.acting import Acting
from casework.answers import hands
from casework.council import Person
from casework.decisions.acknowledging import Acknowledging
from casework.issues.numbered import UPHELD
from casework.people.walls import Whom, put_up
from casework.progress import Progress
from procedures.terms import Outcome, Procedure
from storage.unit_of_work import UnitOfWork

Doing = Callable[[Scene, OnDesk, Shown], Awaitable[None]]

ROUTES = [one for one in Procedure if one not in (Procedure.UNDECIDED, Procedure.MEMBER_ENQUIRY)]


async def show(scene: Scene, one: OnDesk) -> None:
    """The list of what can be done; what comes next is marked."""
    suggested = one.row.suggested.value.replace("_", " ")
    confirm = f"confirm the route as suggested: {suggested}" if one.has_suggestion else "decide the route"
    rows = [
        ("1", confirm if one.waits_for_route else "change the route", one.waits_for_route),
        ("2", "acknowledge: say point by point what was understood", one.waits_for_acknowledgement),
        ("3", "answer", one.waits_for_answer),
        ("4", "close", one.is_answered and not one.progress.is_closed),
        ("5", f"give it to {MANAGER.name}, manager of {MANAGER.team}", False),
        ("6", "keep a note", False),
        ("7", "tempt the service: try what it should refuse", False),
    ]
    scene.screen.say()
    scene.screen.say("What can be done (Enter alone: back):", indent=2)
    scene.choices([(number, words + "   <- next" * is_next) for number, words, is_next in rows])


async def do(scene: Scene, one: OnDesk, found: Shown, said: str) -> bool:
    """Do what was chosen by number or word. False when it was neither."""
    chosen: dict[str, Doing] = {
        "1": _route, "route": _route, "2": _acknowledge, "acknowledge": _acknowledge, "3": _answer, "answer": _answer,
        "4": _close, "close": _close, "5": _assign, "assign": _assign, "6": _note, "note": _note, "7": _tempt, "tempt": _tempt,
    }  # fmt: skip
    doing = chosen.get(said)
    if doing is None:
        return False
    await doing(scene, one, found)
    return True


async def _route(scene: Scene, one: OnDesk, found: Shown) -> None:
    procedure = one.row.suggested
    if not one.has_suggestion:
        scene.choices([(str(number), route.value.replace("_", " ")) for number, route in enumerate(ROUTES, start=1)])
        number = await scene.ask("  Which route?")
        if not number.isdigit() or not 0 < int(number) <= len(ROUTES):
            scene.screen.say("That is none of the routes. Nothing was changed.", indent=2)
            return
        procedure = ROUTES[int(number) - 1]
    why = await scene.ask("  The reason, for the file", _reason(found, procedure))
    if await act(scene, lambda uow, by: actions.route(uow, one.reference, procedure, why, by)):
        scene.screen.say(
            f"{one.reference} is handled as {procedure.value.replace('_', ' ')}. You decided it, with the reason.", indent=2
        )
        _same(scene, "route", one.reference, procedure.value, "--why", why)


def _reason(found: Shown, procedure: Procedure) -> str:
    """The suggestion's own reason, where it is what is chosen."""
    reasons = found["readings"][0]["reasons"] if found["readings"] else []
    given = (one["source"] for one in reasons if one.get("field") == "procedure" and one.get("value") == procedure.value)
    return next(given, "").partition(";")[0]


async def _acknowledge(scene: Scene, one: OnDesk, _found: Shown) -> None:
    issues = await scene.points(f"What did you understand, in words that {one.who} would use? One point a line.")
    wanted = await scene.ask("  What do they want? (Enter alone: leave it out)")
    answerer = await scene.ask("  Who will answer?", MANAGER.name)
    why = await scene.ask("  Why this procedure, in words for them? (Enter alone: leave it out)")
    letter = Acknowledging(issues=issues, wanted=wanted, answerer_name=answerer, answerer_job="team manager", why=why)
    if await act(scene, lambda uow, by: actions.acknowledge(uow, one.reference, letter, by)):
        scene.screen.say("The acknowledgement is sent, with the date that is promised now.", indent=2)
        given = [word for issue in issues for word in ("--issue", issue)]
        _same(scene, "acknowledge", one.reference, *given, "--wanted", wanted, "--answered-by", answerer)


async def _answer(scene: Scene, one: OnDesk, _found: Shown) -> None:
    words = await scene.words(f"The answer to {one.who}, in your own words.")
    outcome = None
    if one.is_complaint and words:
        scene.choices([(str(number), found.value.replace("_", " ")) for number, found in enumerate(Outcome, start=1)])
        number = await scene.ask("  What was found? (Enter alone: say nothing)")
        if number and (not number.isdigit() or not 0 < int(number) <= len(Outcome)):
            scene.screen.say("That is none of the numbers. Nothing was sent.", indent=2)
            return
        outcome = list(Outcome)[int(number) - 1] if number else None
    what = await scene.ask("  What puts it right, in words for them?", "We are sorry.") if outcome in UPHELD else ""
    if await act(scene, lambda uow, by: _answered(uow, one.reference, words, outcome, what, by)):
        scene.screen.say("The answer is sent. The next step and the Ombudsman stand beneath your words.", indent=2)
        if not one.is_complaint:
            _same(scene, "respond", one.reference, "--words-from", "answer.txt")
            return
        scene.screen.say(f"{MANAGER.name} has checked it and {HEAD.name} has signed it: at work they do.", indent=2)
        if outcome in UPHELD:
            _same(scene, "issue add", one.reference, "--suggested")
            _same(scene, "issue find", one.reference, "1", str(outcome), "--why", "…")
            _same(scene, "remedy", one.reference, "1", "apology", "--what", what)
        found = ("--outcome", outcome.value) if outcome and outcome not in UPHELD else ()
        by_whom = ("--checked-by", MANAGER.address, "--signed-by", HEAD.address)
        _same(scene, "respond", one.reference, "--words-from", "answer.txt", *found, *by_whom)


async def _answered(uow: UnitOfWork, reference: str, words: str, outcome: Outcome | None, what: str, by: Acting) -> Progress:
    """One unit of work: an answer that is refused leaves no list behind."""
    if outcome in UPHELD and words.strip():
        await put_right(uow, reference, outcome, "The answer says why.", what, by)
    return await hands.answer(uow, reference, words, outcome, hands.Hands(MANAGER.address, HEAD.address), by)


async def _close(scene: Scene, one: OnDesk, _found: Shown) -> None:
    why = await scene.ask("  Why is it closed?", "answered, and no next step asked for" if one.is_answered else "")
    if await act(scene, lambda uow, by: actions.close(uow, one.reference, why, by)):
        scene.screen.say(f"{one.reference} is closed.", indent=2)
        _same(scene, "close", one.reference, "--why", why)


async def _assign(scene: Scene, one: OnDesk, _found: Shown) -> None:
    if await act(scene, lambda uow, by: actions.assign(uow, one.reference, MANAGER.address, by)):
        scene.screen.say(f"{one.reference} is with {MANAGER.name}, who is reminded of its dates from now on.", indent=2)
        _same(scene, "assign", one.reference, MANAGER.address)


async def _note(scene: Scene, one: OnDesk, _found: Shown) -> None:
    words = await scene.ask("  The note, for staff only")
    if await act(scene, lambda uow, by: actions.note(uow, one.reference, words, by)):
        scene.screen.say("The note is kept. It moves no date and is sent to nobody.", indent=2)
        _same(scene, "note", one.reference, words)


async def _tempt(scene: Scene, one: OnDesk, _found: Shown) -> None:
    """Each is tried for real; what is offered is what the service should refuse as things stand."""
    temptations = _temptations(one)
    scene.screen.say("What would you like to get away with?", indent=2)
    asks = str(len(temptations) + 1)
    scene.choices(
        [
            *((str(number), words) for number, (words, _, _) in enumerate(temptations, 1)),
            (asks, "an uncle asks by mail how it is going"),
        ]
    )
    number = await scene.ask("  Which? (Enter alone: none)")
    if number == asks:
        await post(scene, UNCLE, f"status {one.reference}", "status")
        await scene.catch_up()
        scene.screen.say(
            f"He hears what anybody hears. {one.who} is told nothing; the officer finds the attempt in `tasks`.", indent=2
        )
    elif number.isdigit() and 0 < int(number) <= len(temptations):
        _, person, work = temptations[int(number) - 1]
        if await act(scene, work, person):
            scene.screen.say("That was allowed. It should not have been: please report it.", indent=2)
    elif number:
        scene.screen.say("That is none of the numbers. Nothing was tried.", indent=2)


def _temptations(one: OnDesk) -> list[tuple[str, Person, Work]]:
    case = one.reference
    letter = Acknowledging(issues=["Something was wrong."])
    found: list[tuple[str, Person, Work]] = [
        (
            f"{MANAGER.name}, the manager, decides the route to the shorter procedure",
            MANAGER,
            lambda uow, by: actions.route(uow, case, Procedure.CORPORATE, "it is only about manners", by),
        ),
        (
            f"{MANAGER.name} is whom it is about, and is given the case all the same",
            OFFICER,
            lambda uow, by: _give_it_to_whom_it_is_about(uow, case, by),
        ),
        ("a route without a reason", OFFICER, lambda uow, by: actions.route(uow, case, Procedure.CORPORATE, "", by)),
        ("an answer without words", OFFICER, lambda uow, by: hands.answer(uow, case, " ", None, hands.Hands(), by)),
    ]
    if not one.waits_for_acknowledgement:
        what = "a date is promised before the route is decided" if one.waits_for_route else "the same acknowledgement again"
        found.append((what, OFFICER, lambda uow, by: actions.acknowledge(uow, case, letter, by)))
    if one.is_complaint and not one.is_answered:
        found.append(("it is closed without an answer", OFFICER, lambda uow, by: actions.close(uow, case, "it went quiet", by)))
    return found


async def _give_it_to_whom_it_is_about(uow: UnitOfWork, case: str, by: Acting) -> None:
    """One unit of work: what is refused takes the wall away with it again."""
    await put_up(uow, case, Whom(address=MANAGER.address), "the complaint is about them", by)
    await actions.assign(uow, case, MANAGER.address, by)


def _same(scene: Scene, command: str, *words: str) -> None:
    """The command by which it is done at work."""
    scene.screen.aside(f"At work: heard case {command} {' '.join(_in_a_shell(word) for word in words if word)}")


def _in_a_shell(word: str) -> str:
    return f'"{word}"' if "'" in word and not set(word) & set('"$`\\\\!') else shlex.quote(word)
