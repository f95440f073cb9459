"""Writing letters: with the little form here, or with any mail program over SMTP."""

import email.policy
import re
from email.message import EmailMessage
from email.utils import make_msgid, parseaddr

import aiosmtplib

from bot.rehearsal.mail_folder import KeptLetter
from bot.rehearsal.play.scene import Scene

PARENT = "R Green <r.green@family.example>"
UNCLE = "uncle@elsewhere.example"
FIRST_SUBJECT = "Short breaks"
FIRST_WORDS = (
    "Two nights a month of short breaks were agreed for my son in October and we have had none.\n"
    "This is the third time I have written. I want to make a complaint."
)

_ADDRESS = re.compile(r"[^\s@<>()\[\]:;,\"\\]{1,64}@[^\s@<>()\[\]:;,\"\\.]+(\.[^\s@<>()\[\]:;,\"\\.]+)*")
_NAME = re.compile(r"[^<>@:;,\"\\()\[\]]*")


async def write_letter(scene: Scene) -> None:
    """Ask for sender, subject and words, and send it over SMTP as a mail program does."""
    scene.screen.title(f"A letter. {scene.time}")
    explain_address(scene)
    scene.screen.say("Or write it here. Enter alone takes what is in brackets.", indent=2)
    sender = await scene.ask("  From", PARENT)
    if not _is_an_address(sender):
        scene.screen.say("That is no mail address: it needs a name, an @ and a place. Nothing was sent.", indent=2)
        return
    subject = await scene.ask("  Subject", FIRST_SUBJECT)
    words = await scene.words("What do you write?")
    if not words and subject == FIRST_SUBJECT:
        words = FIRST_WORDS
        scene.screen.say(f"An example was taken:\n{words}", indent=2)
    if not words:
        scene.screen.say("An empty letter was not sent.", indent=2)
        return
    await post(scene, sender, subject, words)
    await scene.catch_up()


def _is_an_address(sender: str) -> bool:
    """Whether a letter can be from it: `name@place`, with or without a person's name before it."""
    name, address = parseaddr(sender)
    return bool(_ADDRESS.fullmatch(address)) and _NAME.fullmatch(name) is not None and sender.count("@") == 1


async def reply(scene: Scene, kept: KeptLetter) -> None:
    """Answer a mail as the person who got it."""
    recipient = kept.letter.recipient
    if scene.stage.post.is_the_councils(recipient) or scene.newsroom.is_to_staff(recipient):
        scene.screen.say(f"Mail {kept.number} is not to somebody from outside. Reply to a mail that a person got.", indent=2)
        return
    scene.screen.say(f"You are {recipient}, and answer mail {kept.number}: {kept.subject}", indent=2)
    scene.screen.aside("For example: status, or: I am not happy, or: stop.")
    words = await scene.words("What do you write?")
    if not words:
        scene.screen.say("Nothing was sent.", indent=2)
        return
    await post(scene, recipient, f"Re: {kept.subject}", words, answering=kept.letter.message)
    await scene.catch_up()


def explain_address(scene: Scene) -> None:
    """Where any mail program can send a letter."""
    post_office = scene.stage.post
    scene.screen.say(
        f"With your own mail program: send to {post_office.council_address} by the outgoing server 127.0.0.1, "
        f"port {post_office.smtp_port}, no encryption, no password, from any address. It is answered here.",
        indent=2,
    )


async def post(scene: Scene, sender: str, subject: str, words: str, *, answering: EmailMessage | None = None) -> None:
    """Hand a letter to the mail server, over the wire."""
    mail = EmailMessage(policy=email.policy.SMTP)
    mail["From"] = sender
    mail["To"] = str(answering["Reply-To"] or answering["From"]) if answering else scene.stage.post.council_address
    mail["Subject"] = subject.replace("\n", " ")
    mail["Date"] = scene.now
    mail["Message-ID"] = make_msgid(domain="sender.example")
    if answering is not None:
        mail["In-Reply-To"] = str(answering["Message-ID"])
    mail.set_content(words + "\n")
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=scene.stage.post.smtp_port, use_tls=False, start_tls=False)
