"""The chapters about mailbox, mail server and bot: what was answered is tried at once, and letters are sent only after asking."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.access import mailbox_access, smtp_access, telegram_access
from bot.checking.finding import Finding
from bot.checking.letters import came_back, forged, token
from bot.checking.wires import look_at_manners, look_at_the_bot, look_at_the_mail_server, look_at_the_mailbox
from bot.initiating import questions
from bot.initiating.asking import Interview, Question
from bot.initiating.botfather import steps
from bot.initiating.council import ask_all
from bot.initiating.drafting import draft
from bot.initiating.secrets import ask_secret
from bot.profile import wanted_profile
from bot.settings import SettingsError, Tls
from bot.settings.reading import PORTS
from bot.settings.table import BY_PATH
from bot.trial_letters import Came, Outcome, Trial, TrialLetters
from casework.council import Council
from notifications.wires import BotSeen, WireError, in_a_sentence, look_at_bot, set_up_bot

PLUS = "council.plus_addressing"
MARKS = {"ok": "+", "warning": "^", "failed": "#"}


@dataclass(frozen=True)
class Trying:
    """How something is done on a wire, what time it is, and how long test letters are waited for."""

    run: Callable[[Callable[[], Awaitable[object]]], object]
    now: Callable[[], datetime]
    wait_seconds: float


def about_email(interview: Interview, trying: Trying) -> None:
    """The mailbox, the mail server, and letters between them."""
    interview.chapter("Email")
    interview.why("mailbox")
    wanted = not interview.is_resumed or "mailbox.host" in interview.values
    if not interview.sure("Shall heard read a mailbox and answer by email?", default=wanted):
        interview.forget("mailbox")
        interview.forget("smtp")
        return
    works = _until_it_works(interview, trying, _ask_mailbox, _look_at_mailbox)
    interview.why("smtp")
    works = _until_it_works(interview, trying, _ask_smtp, _look_at_smtp) and works
    if works:
        _letters(interview, trying)
    else:
        interview.talk.say("   No test letter is sent. Later: heard check --letters")
        interview.ask(questions.BOUNDARY)


def _until_it_works(
    interview: Interview,
    trying: Trying,
    ask: Callable[[Interview], None],
    look: Callable[[Interview, Trying], Sequence[Finding]],
) -> bool:
    """Ask and try, again and again, until it works or somebody has had enough."""
    while True:
        ask(interview)
        try:
            found = look(interview, trying)
        except SettingsError as problem:
            found = [Finding("settings", "failed", mistake) for mistake in problem.mistakes]
        tell(interview, found)
        if not any(one.result == "failed" for one in found):
            return True
        if not interview.sure("Answer these again?", default=True):
            return False


def tell(interview: Interview, found: Sequence[Finding]) -> None:
    for one in found:
        interview.talk.say(f" {MARKS[one.result]} {one.what}: {one.words}")


def _ask_mailbox(interview: Interview) -> None:
    ask_all(interview, questions.MAILBOX)
    _ask_port(interview, "mailbox")
    interview.ask(Question("mailbox.user", "User", interview.says("from_address")))
    _ask_password(interview, "mailbox")
    interview.ask(questions.MAILBOX_FOLDER)


def _ask_smtp(interview: Interview) -> None:
    guess = interview.says("mailbox.host").replace("imap", "smtp", 1)
    interview.ask(Question("smtp.host", "Server that takes our letters (SMTP)", guess))
    local = interview.says("mailbox.tls") == "none"
    interview.ask(Question("smtp.tls", "TLS", "none" if local else "starttls"))
    _ask_port(interview, "smtp")
    interview.ask(Question("smtp.user", "User", "" if local else interview.says("mailbox.user"), is_optional=True))
    if "smtp.user" not in interview.values:
        interview.secrets.pop("smtp.password", None)
        interview.values.pop("smtp.password_file", None)
        return
    same = "mailbox.password" in interview.secrets and interview.says("smtp.user") == interview.says("mailbox.user")
    if same and interview.sure("The same password as for the mailbox?", default=True):
        interview.secrets["smtp.password"] = interview.secrets["mailbox.password"]
        if file := interview.values.get("mailbox.password_file"):
            interview.values["smtp.password_file"] = file
        return
    _ask_password(interview, "smtp")


def _ask_port(interview: Interview, wire: str) -> None:
    """The port that belongs to the TLS that was chosen, unless another was chosen with the same."""
    interview.ask(Question(f"{wire}.port", "Port", str(PORTS[wire][Tls(interview.says(f"{wire}.tls"))])))


def _ask_password(interview: Interview, wire: str) -> None:
    auth = f"{wire}.auth"
    if auth in BY_PATH:
        interview.ask(Question(auth, "Signing in", "password"))
        if interview.says(auth) != "password":
            ask_all(interview, [each for each in questions.SIGN_IN if each.path in BY_PATH])
            return
    ask_secret(interview, f"{wire}.password", "Password")


def _look_at_mailbox(interview: Interview, trying: Trying) -> Sequence[Finding]:
    settings = draft(interview.values, interview.secrets)
    return _found(trying, lambda: look_at_the_mailbox(settings, {}, trying.now))


def _look_at_smtp(interview: Interview, trying: Trying) -> Sequence[Finding]:
    settings = draft(interview.values, interview.secrets)
    return _found(trying, lambda: look_at_the_mail_server(settings, trying.now))


def _found(trying: Trying, look: Callable[[], Awaitable[list[Finding]]]) -> list[Finding]:
    found = trying.run(look)
    assert isinstance(found, list)
    return found


def _letters(interview: Interview, trying: Trying) -> None:
    """Letters of the service to itself: they come back, answers come back, and no verdict can be forged."""
    address = interview.says("from_address")
    asked = f"Send test letters from {address} to itself, and look for them for {trying.wait_seconds:g} seconds?"
    trials = [Trial.PLAIN, Trial.TOKEN] if interview.values.get(PLUS, True) else [Trial.PLAIN]
    outcomes = _send(interview, trying, trials) if interview.sure(asked, default=True) else None
    if outcomes is None:
        interview.ask(questions.BOUNDARY)
        return
    tell(interview, [came_back(outcomes[Trial.PLAIN])])
    if Trial.TOKEN in outcomes:
        _tokens(interview, outcomes[Trial.TOKEN])
    if all(isinstance(outcome, Came) for outcome in outcomes.values()):
        interview.values["readiness.letters_tried_on"] = interview.today
    _boundary(interview, trying, outcomes[Trial.PLAIN])


def _tokens(interview: Interview, outcome: Outcome) -> None:
    """Whether answers would come back; if not, letters may do without such addresses."""
    tell(interview, [token(outcome)])
    if not isinstance(outcome, Came):
        interview.why(PLUS)
        if interview.sure("Do without addresses with a token?", default=False):
            interview.values[PLUS] = False


def _boundary(interview: Interview, trying: Trying, plain: Outcome) -> None:
    seen = plain.boundaries if isinstance(plain, Came) else ()
    below = plain.signed_below if isinstance(plain, Came) else ()
    if seen:
        interview.talk.say(f"   {seen[0]} signed its verdict on that letter, above the topmost Received.")
    elif below:
        interview.talk.say(f"   {below[0]} signed a verdict, but below a Received line, where anybody could have written it.")
    else:
        interview.talk.say("   Nobody signed a verdict on that letter. One from outside may show it: ask who runs your mail.")
    interview.ask(Question(questions.BOUNDARY.path, questions.BOUNDARY.words, seen[0] if seen else "", is_optional=True))
    name = interview.says(questions.BOUNDARY.path)
    if not name or not interview.sure(f"Send a letter with a verdict forged in the name of {name}?", default=True):
        return
    outcomes = _send(interview, trying, [Trial.FORGED], name)
    if outcomes is None:
        return
    finding = forged(outcomes[Trial.FORGED], name)
    tell(interview, [finding])
    if finding.result == "failed" and interview.sure("Leave it out until that is mended?", default=True):
        interview.values.pop(questions.BOUNDARY.path, None)


def _send(interview: Interview, trying: Trying, trials: list[Trial], boundary: str = "") -> dict[Trial, Outcome] | None:
    settings = draft(interview.values, interview.secrets)
    mailbox, smtp = mailbox_access(settings, trying.now), smtp_access(settings, trying.now)
    post = TrialLetters(mailbox, smtp, settings.council.from_address, trying.now, trying.wait_seconds)
    try:
        outcomes = trying.run(lambda: post.send(trials, boundary))
    except WireError as problem:
        tell(interview, [Finding("letters", "failed", in_a_sentence(problem))])
        return None
    assert isinstance(outcomes, dict)
    return outcomes


def about_telegram(interview: Interview, trying: Trying) -> None:
    """The bot: whether there is one, BotFather, and what Telegram was really told."""
    interview.chapter("Chat (Telegram)")
    interview.why("telegram")
    is_there = any(path.startswith("telegram.") for path in interview.values)
    if not interview.sure("Shall there be a chat?", default=is_there):
        interview.forget("telegram")
        return
    interview.ask(questions.DPIA)
    if questions.DPIA.path not in interview.values:
        interview.talk.say("   Without one the chat is for trials only: `heard run` keeps a live chat shut.")
    interview.ask(questions.BOT_PAGE)
    council = Council(name=interview.says("council.name"), service_name=interview.says("council.service_name"))
    if interview.sure("Show the way through BotFather, step by step?", default=not is_there):
        for line in steps(council, wanted_profile(council)):
            interview.talk.say(line)
    if _until_it_works(interview, trying, lambda it: ask_secret(it, "telegram.token", "Token"), _look_at_bot):
        _set_up(interview, trying, council)


def _look_at_bot(interview: Interview, trying: Trying) -> Sequence[Finding]:
    if "telegram.token" not in interview.secrets:
        return [Finding("Telegram", "warning", "not tried: there is no token yet")]
    settings = draft(interview.values, interview.secrets)
    return _found(trying, lambda: look_at_the_bot(settings, trying.now))


def _set_up(interview: Interview, trying: Trying, council: Council) -> None:
    """Offer to set what the Bot API can set, and look again."""
    if "telegram.token" not in interview.secrets:
        return
    wanted = wanted_profile(council)
    access = telegram_access(draft(interview.values, interview.secrets))
    try:
        seen = trying.run(lambda: look_at_bot(access))
        assert isinstance(seen, BotSeen)
        if seen.profile is None or seen.profile == wanted:
            return
        if interview.sure("Set name, descriptions and commands of the bot now?", default=True):
            trying.run(lambda: set_up_bot(access, wanted))
            seen = trying.run(lambda: look_at_bot(access))
            assert isinstance(seen, BotSeen)
            tell(interview, look_at_manners(seen, council))
    except WireError as problem:
        tell(interview, [Finding("Telegram", "failed", in_a_sentence(problem))])
