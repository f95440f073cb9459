"""A word of a reply that asks for one thing: only when it stands alone (people-and-safety.md 3.3; E19 to E21, C34)."""

import re

from intake.classification.values import Command

_WORDS = {
    Command.STATUS: "status|check|update|how is it going|any news|whats happening|what is happening|cyflwr",
    Command.STOP: "stop|withdraw|cancel|stop my complaint|withdraw my complaint|cancel my complaint|i want to stop",
    Command.NEXT_STEP: "next step|next stage|stage 2|stage two|escalate|take it further|i want the next step",
    Command.NOT_HAPPY: "not happy|not ok|not okay|unhappy|im not happy|i am not happy|not good enough|still not happy",
    Command.ADVOCATE: "advocate|an advocate|i want an advocate|can i have an advocate|someone on my side",
    Command.CALL: "call me|call|ring me|phone me|talk to a person|call me back",
    Command.READ: "read|read it|read answer",
    Command.NEW: "new|new complaint|something new",
}
_COMMANDS = {word: command for command, words in _WORDS.items() for word in words.split("|")}
_REFERENCE = re.compile(r"\(?\b[a-z0-9]{3}-[a-z0-9]{3}-[a-z0-9]{4}\b\)?")
_NO_WORD = re.compile(r"[^\w\s-]+")
_CLOSINGS = re.compile(r"(?:thanks|thank you|thx|please|pls|sent from my .{1,40}|regards|kind regards|cheers)")
_REPLY_MARK = re.compile(r"(?:(?:re|aw|odp|sv|fwd?)\s{0,3}:\s{0,3}){1,5}")
_POLITE = {"please", "pls", "plz", "thanks", "thx", "ta"}
_LONGEST = 60
_NOT_HAPPY = re.compile(
    r"\b(?:(?:not|never|isnt|arent|aint) (?:at all |very |really )?(?:happy|satisfied|good enough|acceptable|fair|right|ok|okay)"
    r"|unhappy|dissatisfied|disagree|(?:dont|do not|cant|cannot|wont|will not) (?:agree|accept)"
    r"|(?:take|taking|go|going) (?:it|this|that|things)? ?further|(?:next|second|another) (?:step|stage)|stage (?:2|two)|appeal"
    r"|(?:hasnt|has not|havent|have not|didnt|did not|doesnt|does not|never) (?:been )?(?:answer|answered|resolved|sorted|fixed)"
    r"|escalate|(?:look|looked|looking) at (?:it|this) again|(?:somebody|someone) else to look|nothing has changed"
    r"|independent person|review panel|(?:is|are|thats|this is) (?:a lie|lies|not true|untrue|wrong))\b"
)
_LETS_IT_REST = re.compile(
    r"\b(?:(?:dont|do not|wont|will not|no need|without|nor) (?:(?:want|wish|need|intend|plan|like|to|for|take|taking|go|going"
    r"|it|this|that|things|any|a|an|the|another|next|second) ){0,6}(?:further|appeal\w*|escalat\w*|stage|step)"
    r"|(?:i am|im|we are|were|very|quite|now|really|so|perfectly) (?:happy|satisfied)|case closed)\b"
)
"""Said by who is content with the answer, in words that the others share: a person reads it, and no stage begins by itself."""

_ABOUT_TO_CHANGE = re.compile(
    r"\b(?:mov(?:e|es|ing) (?:me|us|him|her|them|my|our)|(?:be|being|get|getting) moved|have to (?:move|leave)"
    r"|(?:i am|im|were|we are) moving"
    r"|(?:new|another|change of|changing|change|end|ending) (?:my |our |his |her |the )?"
    r"(?:placement|foster home|school|carers?|home)"
    r"|(?:take|taking|send|sending|kick|kicking) (?:me|us|him|her|them) (?:away|back|out)"
    r"|(?:stop|stopping|end|ending|cut|cutting) (?:my|our|his|her|the) (?:contact|visits|short breaks|support|respite))\b"
    r"[^.!?\n]{0,60}\b(?:today|tonight|tomorrow|this week|in (?:a few|two|three|2|3|4|5) days|within days"
    r"|(?:on |this |by |next )?(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
"""What is about to change for them, and within days (Getting the Best from Complaints, 6.5.2; practice.md 4). One sentence."""
_SENTENCE_END = re.compile(r"[.!?\n]")
_SOON = ("day", "tonight", "tomorrow", "week")
"""One of these stands in every such sentence: it is looked for first, which is sooner done."""


def command_in(text: str, subject: str = "") -> Command | None:
    """Return the command that is the whole of the message's first line, with at most a name and a greeting after it.

    A subject counts only where it is no reply's and the text says nothing more than that.
    """
    lines = [line.strip() for line in text.split("\n", 40) if line.strip()]
    first = _COMMANDS.get(_bare(lines[0])) if lines else None
    if first is not None and len(lines) <= 5 and all(_is_closing(line) for line in lines[1:]):
        return first
    if _REPLY_MARK.match(subject.strip().lower()) or len(lines) > 5 or not all(_is_closing(line) for line in lines):
        return None
    return _COMMANDS.get(_bare(subject))


def says_not_happy(text: str) -> bool:
    """Whether somebody who has had their answer says, in any words, that it is not right yet (practice.md 3)."""
    plain = " ".join(_without_apostrophes(text).split())
    return bool(_NOT_HAPPY.search(plain)) and not _LETS_IT_REST.search(plain)


def says_about_to_change(text: str) -> bool:
    """Whether the words say that a move, a placement or a service is about to change this week."""
    plain = re.sub(r"[ \t]{2,8}|\t", " ", _without_apostrophes(text))
    sentences = (one for one in _SENTENCE_END.split(plain) if any(soon in one for soon in _SOON))
    return any(_ABOUT_TO_CHANGE.search(one) for one in sentences)


def _without_apostrophes(text: str) -> str:
    return text.lower().replace("'", "").replace("’", "")


def _bare(line: str) -> str:
    """Return a line without reference, marks and case; a long one is no command."""
    if len(line) > 200:
        return line
    plain = _REFERENCE.sub(" ", line.lower().replace("'", "").replace("’", ""))
    words = _NO_WORD.sub(" ", plain).strip(" /-").split()
    while len(words) > 1 and words[-1] in _POLITE:
        words.pop()
    return " ".join(words[1:] if len(words) > 1 and words[0] in _POLITE else words)


def _is_closing(line: str) -> bool:
    """Say whether a line beside the command is a greeting or a name, and no sentence: `ignoring me` is one."""
    words = line.split()
    is_name = len(words) <= 3 and all(word[:1].isupper() for word in words)
    return len(line) <= _LONGEST and (bool(_CLOSINGS.match(_bare(line))) or is_name)
