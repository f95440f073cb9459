"""What the service's letters to itself show: that post goes round, that answers come back, and that no verdict can be forged."""

from collections.abc import Mapping
from datetime import date, timedelta

from bot.checking.finding import Finding, failed, ok, warning
from bot.settings import Settings
from bot.trial_letters import Came, DidNotCome, Outcome, Trial

TRIED_AGAIN_AFTER = timedelta(days=180)
CLOCK_WARNS = timedelta(seconds=60)
CLOCK_FAILS = timedelta(minutes=5)
"""A wrong clock dates what people are told; reminders and night words go by it."""
HOW = "`heard check --letters` tries it"


def look_at_outcomes(outcomes: Mapping[Trial, Outcome], boundary: str) -> list[Finding]:
    """What became of each letter, in words."""
    found = [came_back(outcomes[Trial.PLAIN])]
    found += [token(outcomes[Trial.TOKEN])] if Trial.TOKEN in outcomes else []
    found.append(forged(outcomes[Trial.FORGED], boundary) if Trial.FORGED in outcomes else no_boundary())
    plain = outcomes[Trial.PLAIN]
    if isinstance(plain, Came):
        found.append(clock_finding("the mailbox's", plain.clock_ahead))
    return found


def not_tried(settings: Settings, today: date) -> list[Finding]:
    """What is known without sending anything: when somebody tried, and whether a boundary is named."""
    found = [] if settings.mailbox is not None and settings.mailbox.authserv_id else [no_boundary()]
    tried = settings.readiness.letters_tried_on
    if tried is None:
        return [
            *found,
            warning("letters", f"nobody saw a letter come back, nor one to an address with a token: {HOW}"),
        ]
    if today - tried > TRIED_AGAIN_AFTER:
        return [*found, warning("letters", f"last tried on {tried}; mail systems change: {HOW}")]
    return [*found, ok("letters", f"came back on {tried}")]


def no_boundary() -> Finding:
    """Without a name to believe, nobody can be told from a forger."""
    return warning(
        "mail boundary",
        "mailbox.authserv_id is not set: a forged sender cannot be told from a real one, so only who replies to one of our "
        "letters is answered",
    )


def clock_finding(whose: str, ahead: timedelta) -> Finding:
    """How our clock stands to another one."""
    seconds = int(abs(ahead).total_seconds())
    if abs(ahead) <= CLOCK_WARNS:
        return ok("clock", f"within a minute of {whose}")
    way = "ahead of" if ahead > timedelta() else "behind"
    words = f"{seconds} seconds {way} {whose}: deadlines and night words go by it. Set this machine's clock (NTP)"
    return failed("clock", words) if abs(ahead) > CLOCK_FAILS else warning("clock", words)


def came_back(outcome: Outcome) -> Finding:
    """Whether a plain letter came back at all."""
    if isinstance(outcome, DidNotCome):
        return failed("letters", f"a letter to from_address was {_lost(outcome)}: does from_address reach mailbox.folder?")
    signed = f"; {outcome.boundaries[0]} signed what it thinks of the sender" if outcome.boundaries else ""
    return ok("letters", f"a letter to from_address came back{signed}")


def token(outcome: Outcome) -> Finding:
    """Whether a letter to an address with a token came back."""
    if isinstance(outcome, DidNotCome):
        return failed(
            "addresses with a token",
            f"a letter to one was {_lost(outcome)}: people's answers would be too. Let the mail system deliver NAME+anything "
            "to the mailbox (plus addressing)",
        )
    return ok("addresses with a token", "answers to them arrive")


def forged(outcome: Outcome, boundary: str) -> Finding:
    """Whether a verdict forged in the boundary's name was taken away."""
    if isinstance(outcome, DidNotCome):
        if outcome.why == "not seen":
            return warning("mail boundary", "the letter with a forged verdict was not seen: taken out as a forgery, or only late")
        return ok("mail boundary", f"a letter with a verdict forged in the name of {boundary} was {outcome.why}")
    if outcome.is_still_forged:
        return failed(
            "mail boundary",
            f"it let a verdict in that was forged in the name of {boundary}: anybody could pass for anybody. Until it takes such "
            "lines away (RFC 8601, section 5), leave mailbox.authserv_id out",
        )
    return ok("mail boundary", f"a verdict forged in the name of {boundary} was taken away")


def _lost(outcome: DidNotCome) -> str:
    return "not seen arriving" if outcome.why == "not seen" else outcome.why
