"""What stands between a draft and its signature: what stops it and what is only advice, each with its rule. Pure.

The check reads words, and a second person reads the letter: it finds what is missing, never that an answer is good.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from functools import lru_cache

from casework.answers.word import Paragraph, Read
from casework.answers.word import Role as Part
from casework.people import told
from casework.people.told import Limit
from procedures.answers import Answers, NextStep, answers
from procedures.letters import HOME
from procedures.ombudsmen import ombudsmen
from procedures.people import adjustments_by
from procedures.steps import OWN_RULE
from procedures.terms import Outcome, Procedure

LONGEST_SENTENCE = {"adult": 25, "child": 15}
"""Words: what a reader holds in mind (people-and-safety.md §1.3)."""
FEWEST_REASONS = 5
"""Words. Fewer give no reason."""
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"
)  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = re.compile(
    rf"\b(?:({'|'.join(_WEEKDAYS)}),? )?(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(_MONTHS)})(?:,? (\d{{4}}))?\b", re.IGNORECASE
)
_TOLD_ON = re.compile(
    r"\b(?:told us about this|wrote to us|your (?:letter|complaint|email|call)) (?:on|of|dated) (?=\S)", re.IGNORECASE
)
_PLACEHOLDER = re.compile(r"\[[^\[\]]{0,200}\]")
_SORRY = re.compile(r"\b(?:sorry|apologi[sz]e|apology)\b", re.IGNORECASE)
_OMBUDSMAN = re.compile(r"\bombudsman\b", re.IGNORECASE)
_NUMBER = re.compile(r"(?:(?:issue|point|complaint|part)\s+)?(\d{1,2})\s*[.):,–-]?(?:\s|$)", re.IGNORECASE)
_WHY = re.compile(r"(?:^|\n)\s*(?:why|reasons?|our reasons?)\s*:\s*(.*)", re.IGNORECASE | re.DOTALL)
_FINDINGS = (
    (
        Outcome.PARTIALLY_UPHELD,
        re.compile(r"\b(?:part(?:ly|ially)[- ]upheld|(?:partly|right in) (?:right|part))\b", re.IGNORECASE),
    ),
    (Outcome.NOT_UPHELD, re.compile(r"\b(?:not upheld|do not agree|don't agree|not uphold)\b", re.IGNORECASE)),
    (Outcome.NO_FINDING, re.compile(r"\b(?:no finding|could not be sure|cannot be sure)\b", re.IGNORECASE)),
    (Outcome.UPHELD, re.compile(r"\b(?:upheld|uphold|you were right)\b", re.IGNORECASE)),
)
"""In this order: "not upheld" holds the word "upheld"."""
_UPHELD = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)
_REMEDIES = "LGSCO, Guidance on remedies"
_EVERY_POINT = {
    Procedure.CORPORATE: "LGSCO Complaint Handling Code 2024, 6.7",
    Procedure.STATUTORY: "Getting the Best from Complaints",
}


class Rule(StrEnum):
    """What a check looks for; the word that accepts it, where it can be accepted."""

    ISSUE = "issue"
    FINDING = "finding"
    APOLOGY = "apology"
    REMEDY = "remedy"
    NEXT_STEP = "next_step"
    OMBUDSMAN = "ombudsman"
    ADVOCATE = "advocate"
    NAMES = "names"
    PLACEHOLDER = "placeholder"
    DATE = "date"
    REFERENCE = "reference"
    CONTACT = "contact"
    TONE = "tone"
    SENTENCE = "sentence"
    CHILD = "child"
    LATE = "late"
    NEEDS = "needs"
    AUTHORITY = "authority"
    REPORTS = "reports"


MAY_BE_ACCEPTED = (Rule.NAMES, Rule.TONE, Rule.AUTHORITY, Rule.REPORTS)
"""Where a person may know better than a list of words: with a reason, which stays on record."""


@dataclass(frozen=True)
class Point:
    """A numbered issue that the letter must answer."""

    number: int
    words: str
    outcome: Outcome | None = None
    """What was recorded as found at this stage."""
    has_remedy: bool = False
    """Whether a decision on its remedy is on record."""


@dataclass(frozen=True)
class Known:
    """What is known of the case, beside the letter."""

    reference: str
    procedure: Procedure
    stage: int
    points: tuple[Point, ...]
    received_on: date
    today: date
    due_on: date | None
    phones: tuple[str, ...]
    """Numbers at which somebody answers for the letter."""
    others: tuple[str, ...] = ()
    """Names, addresses and numbers of people whom this letter is not to."""
    is_for_a_child: bool = False
    limits: tuple[Limit, ...] = ()
    """To whom of its readers less may be told than an answer says."""
    nation: str = HOME
    needs: tuple[str, ...] = ()
    """What its readers need, in words."""


@dataclass(frozen=True)
class Found:
    """Something that the check found."""

    rule: Rule
    words: str
    authority: str
    stops: bool = True
    accepted: str = ""
    """Why the second person lets it pass all the same."""

    @property
    def holds_it_up(self) -> bool:
        return self.stops and not self.accepted


def check_letter(letter: Read, child: Read | None, known: Known, rules: Answers | None = None) -> list[Found]:
    """Everything that was found in the letter and its child's version, what stops it first."""
    rules = rules or answers()
    found = [*_about_the_answer(letter, known), *_about_any(letter, known, rules, "adult")]
    if known.is_for_a_child and child is None:
        how = f"`heard case draft {known.reference} --child`"
        words = f"The complaint is a child's, and there is no version in their words. Write one: {how}."
        found.append(Found(Rule.CHILD, words, _at_home("Getting the Best from Complaints", known)))
    if child is not None:
        found += [replace(one, words=f"Child's version: {one.words}") for one in _about_the_childs(child, known, rules)]
    found += map(_about_a_reader, known.limits)
    if known.needs:
        words = f"They need {'; '.join(known.needs)}. See that this answer comes to them so, or with it."
        found.append(Found(Rule.NEEDS, words, adjustments_by(known.nation), stops=False))
    if known.due_on is not None and known.today > known.due_on:
        words = f"The answer was due on {_day(known.due_on)}. Say sorry for the delay, and why it took longer."
        found.append(Found(Rule.LATE, words, _every_point(known), stops=False))
    return sorted(dict.fromkeys(found), key=lambda one: not one.stops)


def _at_home(authority: str, known: Known) -> str:
    """A rule of England, in England; elsewhere the council's own, as no letter is judged by another nation's."""
    return authority if known.nation == HOME else OWN_RULE


def _every_point(known: Known) -> str:
    return _at_home(_EVERY_POINT.get(known.procedure, OWN_RULE), known)


def _about_a_reader(limit: Limit) -> Found:
    """Whoever only speaks for another is left out; a letter to who complained waits for a person who looked at what it says."""
    if limit.speaks_for_another:
        return Found(Rule.AUTHORITY, f"{limit.who} does not get it: {limit.why}.", told.AUTHORITY, stops=False)
    words = (
        f"{limit.who} may be told only what they told us, that we look into it, and by when: {limit.why}. Take out what comes "
        "from a child's file and say so with --accept, or record what shows that they may act: `heard case authority`."
    )
    return Found(Rule.AUTHORITY, words, told.AUTHORITY)


def accept(found: Iterable[Found], reasons: dict[Rule, str]) -> list[Found]:
    """The same, with the reasons of the second person for what may pass all the same."""
    return [
        replace(one, accepted=reasons[one.rule]) if one.stops and one.rule in reasons and one.rule in MAY_BE_ACCEPTED else one
        for one in found
    ]


def _about_the_answer(letter: Read, known: Known) -> Iterator[Found]:
    """Each issue answered, with finding and reasons; sorry and put right where it was upheld."""
    told = {point.number: _section(letter.paragraphs, point) for point in known.points}
    for point in known.points:
        yield from _about_a_point(point, told[point.number], _every_point(known))
    outcomes = [point.outcome or finding_in(told[point.number] or "") for point in known.points]
    if not any(outcome in _UPHELD for outcome in outcomes):
        return
    if not _SORRY.search(letter.words):
        yield Found(Rule.APOLOGY, "Something is upheld, and nobody says sorry for it.", _at_home(_REMEDIES, known))
    for point, outcome in zip(known.points, outcomes, strict=True):
        if outcome in _UPHELD and not point.has_remedy:
            words = (
                f"Issue {point.number} is upheld, and nothing is decided to put it right. Decide, also if it is nothing, and why."
            )
            yield Found(Rule.REMEDY, words, _at_home(_REMEDIES, known))


def _about_a_point(point: Point, told: str | None, law: str) -> Iterator[Found]:
    if told is None:
        words = f"Issue {point.number} ({_short(point.words)}) is not answered: no heading has its number or its words."
        yield Found(Rule.ISSUE, words, law)
        return
    outcome = finding_in(told)
    if outcome is None:
        words = f"Issue {point.number}: it does not say what was found (upheld, partly upheld, not upheld or no finding)."
        yield Found(Rule.FINDING, words, law)
    elif point.outcome is not None and outcome is not point.outcome:
        recorded, said = (one.value.replace("_", " ") for one in (point.outcome, outcome))
        words = f"Issue {point.number}: the letter says {said}, and {recorded} is on record. Mend the one that is wrong."
        yield Found(Rule.FINDING, words, "one finding, in the letter and on record")
    if len(_reasons_in(told).split()) < FEWEST_REASONS:
        words = f"Issue {point.number}: it gives no reasons after “Why:”."
        yield Found(Rule.ISSUE, words, law)


def finding_in(told: str) -> Outcome | None:
    """What the answer to one issue says was found: before its reasons, which may name other findings."""
    before = _WHY.split(told, maxsplit=1)[0]
    return next((outcome for outcome, pattern in _FINDINGS if pattern.search(_PLACEHOLDER.sub("", before))), None)


def _reasons_in(told: str) -> str:
    reasons = _WHY.search(told)
    return _PLACEHOLDER.sub("", reasons[1] if reasons else "")


def _section(paragraphs: Sequence[Paragraph], point: Point) -> str | None:
    """What stands under the heading of an issue, up to the next heading; None without such a heading."""
    words = _folded(point.words)
    for place, one in enumerate(paragraphs):
        if one.role is not Part.HEADING:
            continue
        number = _NUMBER.match(one.words)
        if (number and int(number[1]) == point.number) or (words and words in _folded(one.words)):
            rest = paragraphs[place + 1 :]
            end = next((at for at, other in enumerate(rest) if other.role in (Part.HEADING, Part.TITLE)), len(rest))
            return "\n".join(other.words for other in rest[:end])
    return None


def _about_the_childs(child: Read, known: Known, rules: Answers) -> Iterator[Found]:
    """The child's version says the same: every issue with what we think and why, sorry, and the next step."""
    for point in known.points:
        for one in _about_a_point(point, _section(child.paragraphs, point), _every_point(known)):
            if one.rule is not Rule.FINDING or "on record" in one.words or "does not say" in one.words:
                yield one
    if any(point.outcome in _UPHELD for point in known.points) and not _SORRY.search(child.words):
        yield Found(Rule.APOLOGY, "Something is upheld, and nobody says sorry for it.", _at_home(_REMEDIES, known))
    yield from _about_any(child, known, rules, "child")


def _about_any(letter: Read, known: Known, rules: Answers, reader: str) -> Iterator[Found]:
    """What holds of every letter that leaves."""
    text = letter.words
    step = rules.next_steps.get((known.procedure, known.stage))
    yield from _about_the_next_step(text, known, step if known.nation == HOME or not (step and step.independent) else None)
    yield from _about_whose_ombudsman(text, known.nation)
    left = _PLACEHOLDER.findall(text)
    if left:
        shown = ", ".join(f"“{_short(one)}”" for one in left[:3])
        words = f"{len(left)} place{'s are' if len(left) > 1 else ' is'} still to be written: {shown}."
        yield Found(Rule.PLACEHOLDER, words, "no letter leaves with a bracket in it")
    if not re.search(rf"(?<![\w-]){re.escape(known.reference)}(?!\w|-\w)", text):
        yield Found(Rule.REFERENCE, f"It does not name the reference {known.reference}.", "every letter names it")
    if not any(names_number(text, phone) for phone in known.phones):
        yield Found(Rule.CONTACT, "It names no telephone number at which somebody answers for it.", _every_point(known))
    yield from about_names(text, known)
    yield from _about_dates(text, known)
    for tone in rules.tones:
        for said in dict.fromkeys(match[0] for match in tone.pattern.finditer(text)):
            yield Found(Rule.TONE, f"“{said}”: {tone.says}.", _at_home(tone.authority, known), tone.stops)
    yield from _about_sentences(letter, LONGEST_SENTENCE[reader])


def _about_the_next_step(text: str, known: Known, step: NextStep | None) -> Iterator[Found]:
    if step is None:
        words = (
            f"No next step is known for {known.procedure.value}, stage {known.stage}. Look it up, and say it in your own words."
        )
        yield Found(Rule.NEXT_STEP, words, "procedures/answers.toml", stops=False)
        return
    names_ombudsman = bool(_OMBUDSMAN.search(text))
    if not all(pattern.search(text) for pattern in step.must):
        instead = " It names the Ombudsman instead: they are named beside it." if names_ombudsman and step.independent else ""
        yield Found(Rule.NEXT_STEP, f"It does not offer {step.says}.{instead}", step.authority)
    for pattern in step.never:
        if said := pattern.search(text):
            yield Found(Rule.NEXT_STEP, f"“{_short(said[0])}”: {step.never_says}.", step.authority)
    if step.independent and not names_ombudsman:
        yield Found(Rule.OMBUDSMAN, "It does not name the Ombudsman.", ombudsmen()[known.nation].authority)
    if known.procedure is Procedure.STATUTORY and not re.search(r"\badvoca(?:te|cy)\b", text, re.IGNORECASE):
        law = _at_home("Children Act 1989, s. 26A; SI 2006/1738, reg. 11", known)
        yield Found(Rule.ADVOCATE, "It does not say that an advocate can help.", law, stops=False)


def _about_whose_ombudsman(text: str, nation: str) -> Iterator[Found]:
    """Nobody is sent to the Ombudsman of another nation, who cannot look at their complaint."""
    own = ombudsmen()[nation]
    for where, one in ombudsmen().items():
        if where != nation and (one.name.casefold() in text.casefold() or names_number(text, one.phone)):
            words = f"It names the {one.name}, who looks at nothing here: it is the {own.name}, {own.phone}."
            yield Found(Rule.OMBUDSMAN, words, own.authority)


def names_number(text: str, phone: str) -> bool:
    """Whether a telephone number stands in a text: the words of the setting as they are ("01632 960000 ext 12"), or the first
    number in them, however its digits are spaced, with or without the country's. Digits of different words, lines or numbers
    are never taken together."""
    return any(pattern.search(text) for pattern in _patterns(phone))


_BLANK = r"[ \u00a0\u2009\u202f]"
_BETWEEN = rf"(?:{_BLANK}|[()/.\u2010-\u2013-]){{0,3}}"
_FIRST_NUMBER = re.compile(rf"\+?\d(?:(?:(?:{_BLANK}|[().\u2010-\u2013-]){{0,3}}|/)\d){{2,}}")
"""At least three digits. A stroke with blanks parts two numbers."""


@lru_cache(maxsize=1024)
def _patterns(phone: str) -> tuple[re.Pattern[str], ...]:
    words = f"{_BLANK}+".join(map(re.escape, phone.split()))
    if not words:
        return ()
    whole = re.compile(rf"(?<![\d+]){words}(?!\d)", re.IGNORECASE)
    number = _FIRST_NUMBER.search(phone)
    if number is None:
        return (whole,)
    digits = re.sub(r"\D", "", re.sub(r"^(?:\+|00)44[\s(]*0?", "0", number[0]))
    first = rf"(?:0|(?:\+|00)44{_BETWEEN}0?)" if digits[0] == "0" else digits[0]
    return whole, re.compile(rf"(?<![\d+]){_BETWEEN.join((first, *digits[1:]))}(?!\d)")


def about_names(text: str, known: Known) -> Iterator[Found]:
    """Whoever is named in a text that is not to them."""
    folded = _folded(text)
    for other in dict.fromkeys(known.others):
        is_number = re.fullmatch(r"\+?[\d ()/-]{7,}", other)
        is_there = names_number(text, other) if is_number else re.search(rf"(?<!\w){re.escape(_folded(other))}(?!\w)", folded)
        if is_there:
            words = f"“{_short(other)}” is somebody else's on a file: take it out, or say what they are (the team manager)."
            yield Found(Rule.NAMES, words, "UK GDPR, art. 5(1)(c)")


def _about_dates(text: str, known: Known) -> Iterator[Found]:
    for match in _DATE.finditer(text):
        weekday, day, month, year = match.groups()
        try:
            real = date(int(year) if year else known.today.year, _MONTHS.index(month.capitalize()) + 1, int(day))
        except ValueError:
            yield Found(Rule.DATE, f"“{match[0]}” is no day.", "dates are right")
            continue
        if weekday and year and _WEEKDAYS[real.weekday()] != weekday.capitalize():
            words = f"“{match[0]}” is a {_WEEKDAYS[real.weekday()]}."
            yield Found(Rule.DATE, words, "dates are right")
        before = _TOLD_ON.search(text[: match.start()] + "|")
        if before and before.end() == match.start() and year and real != known.received_on:
            words = f"It says that they wrote on {match[0]}; it was received on {_day(known.received_on)}."
            yield Found(Rule.DATE, words, "dates are right")


def _about_sentences(letter: Read, longest: int) -> Iterator[Found]:
    for paragraph in letter.body:
        for sentence in re.split(r"(?<=[.!?])\s+|\n", paragraph.words):
            count = len(sentence.split())
            if count > longest:
                words = f"A sentence of {count} words (“{_short(sentence)}”): {longest} are as many as one takes in."
                yield Found(Rule.SENTENCE, words, "plain language", stops=False)


def _folded(text: str) -> str:
    return " ".join(text.casefold().split()).rstrip(".!?")


def _short(text: str, longest: int = 60) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[:longest].rsplit(" ", 1)[0] + " …"


def _day(day: date) -> str:
    return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
