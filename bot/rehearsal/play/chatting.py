"""Being a young person: what is typed is said to the bot, a number presses a button."""

from bot.rehearsal.chats import Person, Shown
from bot.rehearsal.play.scene import Scene

SAM = 1001
NIGHT_WORDS = "my foster dad hit me again and im scared to go to sleep"
FURTHER_UP = 4
"""So many earlier messages whose buttons can still be pressed are offered, newest first."""
FIRST_WORDS = "they are moving me on friday and no one told me why. i dont want to leave my school"


async def chat(scene: Scene, name: str) -> None:
    """Chat with the bot as somebody, until Enter alone."""
    person = _person(scene, name)
    scene.in_chat = person.number
    try:
        scene.screen.title(f"You are {name}, with a phone. {scene.time}")
        _explain(scene, person, name)
        while said := (await scene.keyboard.pasted_after(await scene.line(f"{name} >"))).strip():
            if said == "?":
                _explain(scene, person, name)
            elif said.lower() in ("quit", "exit"):
                scene.keyboard.end()
                scene.keyboard.stop_if_ended()
            elif _do(scene, person, said):
                await scene.catch_up()
    finally:
        scene.in_chat = None


def names_of(scene: Scene) -> set[str]:
    """Who can be chatted as by their name alone, in small letters."""
    return {"sam", "kit", *(str(one.described["first_name"]).lower() for one in scene.stage.api.chats.by_number.values())}


def _person(scene: Scene, name: str) -> Person:
    """The person of this name; each has a chat of their own."""
    chats = scene.stage.api.chats.by_number
    known = next((number for number, one in chats.items() if str(one.described["first_name"]).lower() == name.lower()), None)
    return scene.stage.person(known or (SAM if name == "Sam" else SAM + len(chats) + 1), name)


def _explain(scene: Scene, person: Person, name: str) -> None:
    scene.screen.say("What you type is said to the bot. A number presses a button. Enter alone: put the phone away.", indent=2)
    scene.buttons = []
    _offer(scene, "On the screen", person.sees()[-1:])
    _offer(scene, "Further up", [shown for shown in reversed(person.sees()[:-1]) if shown.buttons][:FURTHER_UP])
    if not person.sees():
        words = {"Sam": FIRST_WORDS, "Kit": NIGHT_WORDS}.get(name, "/start")
        scene.screen.say(f"For example: {words}", indent=2, hanging=4)


def _offer(scene: Scene, where: str, messages: list[Shown]) -> None:
    """Say the buttons of these messages, with the numbers that press them, if there are any."""
    labels = []
    for shown in messages:
        for button in (button for row in shown.buttons for button in row):
            scene.buttons.append((shown, button))
            labels.append(f"[{len(scene.buttons)}] {button.label}")
    if labels:
        scene.screen.say(f"{where}: {'  '.join(labels)}", indent=2, hanging=4)


def _do(scene: Scene, person: Person, said: str) -> bool:
    """Say it or press it. False when nothing was done."""
    if not said.isdigit() or len(said) > 2:
        person.says(said)
        return True
    number = int(said)
    if not 0 < number <= len(scene.buttons):
        there = f"The buttons are 1 to {len(scene.buttons)}." if scene.buttons else "There is no button on the screen now."
        scene.screen.say(f"{there} To say the number itself, write it in a sentence.", indent=2)
        return False
    shown, button = scene.buttons[number - 1]
    if shown.deleted or button not in [one for row in shown.buttons for one in row]:
        scene.screen.say("That button is not on the screen any more.", indent=2)
        return False
    if button.url:
        scene.screen.say(f"The phone would open {button.url}", indent=2)
        return False
    scene.screen.say(f"{person.described['first_name']} presses [{button.label}]", indent=2)
    person.presses_payload(button.payload, shown)
    return True
