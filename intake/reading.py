"""An arrival is read and understood before any unit of work begins: pure, and in a worker."""

from collections.abc import Collection
from dataclasses import replace

from intake.arrival import OVERSIZED, Arrival, Attachment, Letter, NotRead, Reading, Wire
from intake.classification import Classification, classify
from intake.classification.danger import danger
from intake.classification.evidence import gather
from intake.classification.folding import fold
from intake.classification.wordlists import phrasebook
from intake.letters import Unreadable, read
from intake.standing import below_ours
from intake.within_ours import between_ours
from procedures.terms import Channel, Risk, Role

__all__ = ["NotRead", "Reading", "read_arrival"]

TOO_BIG = Attachment("the letter itself, too big to fetch; it is in the mailbox", "message/rfc822", 0)


def read_arrival(arrival: Arrival, *, boundary: str = "", our_addresses: Collection[str] = ()) -> Reading | NotRead:
    """Read one arrival. `boundary` is the council's own authserv-id (RFC 8601); `our_addresses` are those that we write from."""
    is_cut_short = arrival.problem == OVERSIZED and arrival.wire is Wire.EMAIL and bool(arrival.raw.strip())
    if arrival.problem and not is_cut_short:
        return NotRead(arrival, arrival.problem)
    try:
        letter = read(arrival, boundary=boundary, our_addresses=our_addresses)
    except Unreadable as problem:
        return NotRead(arrival, str(problem)[:200] or "unreadable")
    channel = {Wire.EMAIL: Channel.EMAIL, Wire.TELEGRAM: Channel.TELEGRAM}.get(arrival.wire, Channel.PHONE)
    raised_by = Role(letter.hand.raised_by) if letter.hand else None
    if is_cut_short:
        letter = replace(letter, attachments=(*letter.attachments, TOO_BIG))
    above, letter = letter, _with_answers_within(letter)
    shown = classify(letter.words, letter.subject, raised_by=raised_by, channel=channel)
    if letter.words != above.words:  # what is asked for stands at the top
        shown = replace(shown, command=classify(above.words, above.subject, raised_by=raised_by, channel=channel).command)
    quoted = letter.quoted or letter.may_be_quoted
    is_danger_quoted = bool(quoted) and _shows_danger(quoted)
    if not letter.may_be_quoted:
        return Reading(letter, shown, is_danger_quoted)
    asked = classify(letter.acted_on, letter.subject, channel=channel)
    below = below_ours(letter.sent_on).strip()
    told = classify(f"{letter.acted_on}\n\n{below}", letter.subject, channel=channel) if below else asked
    sure = _acted_on(shown, asked, told)
    return Reading(letter, sure, is_danger_quoted, is_danger_quoted or (shown.is_not_happy and not sure.is_not_happy))


def _with_answers_within(letter: Letter) -> Letter:
    """The same, what was written between the lines of a receipt of ours among the new words, though no mark shows it."""
    if theirs := between_ours(letter.quoted):
        return replace(letter, words=f"{letter.words}\n\n{theirs}")
    if theirs := between_ours(letter.may_be_quoted):
        return replace(letter, said=f"{letter.said}\n\n{theirs}".strip())
    return letter


def _acted_on(whole: Classification, sure: Classification, told: Classification) -> Classification:
    """What a letter is by all its words, what it asks for by those that are surely new, and the danger it is `told` of."""
    risks = {(reason.value, reason.rule) for reason in told.reasons if reason.field == "risk"}
    return replace(
        whole,
        command=sure.command,
        is_not_happy=sure.is_not_happy,
        is_about_to_change=sure.is_about_to_change,
        risk=told.risk,
        tier=told.tier,
        language=sure.language or whole.language,
        is_reviewed=sure.is_reviewed if sure.language else whole.is_reviewed,
        reasons=tuple(one for one in whole.reasons if one.field != "risk" or (one.value, one.rule) in risks),
    )


def _shows_danger(text: str) -> bool:
    risk, tier = danger(gather(phrasebook(), fold(""), fold(text)))
    return tier in {"A", "B", "threat"} or risk in {Risk.SAFEGUARDING, Risk.EMERGENCY}
