"""The lists' answer or the weights': which stands. A guess by weight must be clearly better than what the lists found."""

from dataclasses import dataclass, replace

from intake.classification.listed import FEEDBACK, Listed
from intake.classification.values import Command, Sort
from intake.classification.weighing import Weighed
from procedures.facts import Matter
from procedures.terms import Risk

ALARMS = {Risk.SAFEGUARDING, Risk.EMERGENCY}
_MOST_THEMES = 4
_A_LITTLE = 0.25
_OUTWEIGHED, _OF_A_FIGURE, _NOW, _STRAIN = 0.15, 0.25, 0.3, 0.4
_FEW_WORDS, _OF_A_FEW = 6, 0.2
"""So few distinct words, none of which the lists know, ask so much more: a single word would else ring by itself."""
_SAYS_SO, _SAYS_SO_PLAINLY = 5, 6
"""From the first weight of the lists' words on somebody says that they complain, and no weight takes back what they say of harm;
from the second no weight makes a question of it."""
_OF_WHAT_IS_PLAIN = 0.1
"""By how much another kind must weigh more where the lists hear danger now, or what no person wrote to us, and nobody who
complains; and praise more than a complaint or a report where they hear danger."""
_PROCEDURES = {
    "public_health": Matter.PUBLIC_HEALTH,
    "adult_social_care": Matter.ADULT_CARE,
}
_STATUTORY = {
    "children_in_care": Matter.LOOKED_AFTER,
    "leaving_care": Matter.LEAVING_CARE,
    "fostering": Matter.FOSTER_ALLOWANCE,
    "special_guardianship": Matter.SPECIAL_GUARDIANSHIP_SUPPORT,
    "adoption": Matter.ADOPTION_SUPPORT,
    "disabled_children": Matter.DISABLED_CHILD,
    "send": Matter.SOCIAL_CARE_IN_EHC_PLAN,
}
_CORPORATE = {
    "child_protection": Matter.CONFERENCE,
    "referral_and_assessment/mash": Matter.REFERRAL_NOT_ACTED_ON,
    "send": Matter.SEND,
    "school_transport": Matter.SCHOOL_ADMISSION_OR_TRANSPORT,
    "school_admissions": Matter.SCHOOL_ADMISSION_OR_TRANSPORT,
    "education_other": Matter.SCHOOL_ADMISSION_OR_TRANSPORT,
    "early_help": Matter.EARLY_HELP,
    "youth_justice": Matter.YOUTH_JUSTICE,
    "fostering": Matter.FOSTER_APPROVAL,
    "adoption": Matter.ADOPTER_ASSESSMENT,
}
"""What a message of a service is taken to be about where the weights say which law it is: a fact, from which the law decides."""


@dataclass(frozen=True)
class Settled:
    """What a message is taken to show, and for which of it the weights spoke."""

    sort: Sort
    risk: Risk
    tier: str
    matters: frozenset[Matter]
    main: Matter | None
    service: str
    complainant: str
    themes: tuple[str, ...]
    wants: tuple[str, ...]
    is_on_behalf: bool
    by_weight: tuple[tuple[str, str], ...] = ()
    """Field and value of each conclusion that the lists alone would not have drawn."""


def settle(listed: Listed, weighed: Weighed, procedure: str) -> Settled:
    """Put lists and weights together. `procedure` is what the law says of the lists' facts, in the labelling guide's words."""
    risk, tier = _risk(listed, weighed)
    sort = _sort(listed, weighed, risk)
    service, complainant = weighed.likeliest("service"), weighed.likeliest("complainant")
    matters, main = listed.matters, listed.main
    if sort is Sort.COMPLAINT and (by_weight := weighed.procedure()) != procedure:
        main = _matter(by_weight, service)
        matters = frozenset({main} if main else ())
    settled = Settled(
        sort=sort,
        risk=risk,
        tier=tier,
        matters=matters,
        main=main,
        service=service,
        complainant=complainant,
        themes=_themes(listed, weighed, sort),
        wants=_wants(listed, weighed, sort),
        is_on_behalf=listed.evidence.has("is", "on_behalf") or weighed.score("on_behalf", "yes") >= 0.5,
    )
    return replace(settled, by_weight=_by_weight(listed, settled))


def _risk(listed: Listed, weighed: Weighed) -> tuple[Risk, str]:
    """Danger by the lists or by weight (people-and-safety.md 2.9). Negation plays no part in either.

    What the lists say of self-harm, of danger now and of threats always stands, and so does what they say of harm where somebody
    says that they complain. Else it stands unless all words together weigh little: then it is a worry, which a person
    sees. A figure of speech asks more of the weights.
    """
    score = weighed.score("risk", "danger")
    is_plain_harm = listed.tier == "A" and listed.risk is Risk.SAFEGUARDING and listed.language == "en"
    is_outweighed = is_plain_harm and score < _OUTWEIGHED and listed.evidence.weight("kind", "complaint") < _SAYS_SO
    if listed.risk in ALARMS and not is_outweighed:
        return listed.risk, listed.tier
    bound = weighed.weights.bounds["danger" if listed.language == "en" else "danger_elsewhere"]
    bound += _OF_A_FIGURE * listed.evidence.has("risk", "idiom")
    bound += _OF_A_FEW * (len(weighed.words) <= _FEW_WORDS and not listed.tier and listed.language == "en")
    if score >= bound and listed.command is None and listed.has_words:
        is_now = weighed.score("risk", "emergency") > max(weighed.score("risk", "safeguarding"), _NOW)
        return (Risk.EMERGENCY if is_now else Risk.SAFEGUARDING), listed.tier if listed.tier in {"A", "B", "threat"} else "A"
    is_strain = weighed.score("risk", "distress") > max(_STRAIN, weighed.score("risk", "none"))
    if listed.risk is Risk.DISTRESS or is_outweighed or is_strain:
        return Risk.DISTRESS, "C" if is_outweighed else listed.tier
    return Risk.NONE, listed.tier


def _sort(listed: Listed, weighed: Weighed, risk: Risk) -> Sort:
    says_so = listed.sort is Sort.COMPLAINT and listed.evidence.weight("kind", "complaint") >= _SAYS_SO_PLAINLY
    if listed.command in {Command.STATUS, Command.STOP} or not listed.has_words or says_so:
        return listed.sort
    sort = Sort(weighed.likeliest("kind"))
    is_of_danger_now = listed.sort is Sort.SAFEGUARDING and listed.risk is Risk.EMERGENCY and risk in ALARMS
    is_plain = (is_of_danger_now or listed.sort is Sort.SPAM_OR_AUTO) and not listed.evidence.has("kind", "complaint")
    if is_plain and weighed.score("kind", sort.value) <= weighed.score("kind", listed.sort.value) + _OF_WHAT_IS_PLAIN:
        sort = listed.sort
    if sort in {Sort.COMPLIMENT, Sort.COMMENT} and listed.risk in ALARMS:  # nobody who tells of harm is thanked for it
        graver = max((Sort.COMPLAINT, Sort.SAFEGUARDING), key=lambda one: weighed.score("kind", one.value))
        if weighed.score("kind", sort.value) <= weighed.score("kind", graver.value) + _OF_WHAT_IS_PLAIN:
            sort = graver
    if sort is Sort.SAFEGUARDING and risk not in ALARMS:
        return Sort.COMPLAINT
    if sort is Sort.SPAM_OR_AUTO and risk in ALARMS:
        return Sort.SAFEGUARDING
    if sort is Sort.OMBUDSMAN and listed.evidence.has("kind", "against_complaint"):
        return listed.sort
    return sort


def _matter(procedure: str, service: str) -> Matter | None:
    if procedure == "statutory":
        return _STATUTORY.get(service, Matter.CHILD_IN_NEED)
    if procedure == "corporate":
        return _CORPORATE.get(service, Matter.OTHER_COUNCIL_SERVICE)
    if procedure == "other_body":
        return Matter.SCHOOL if service == "education_other" else Matter.OTHER_AGENCY
    return _PROCEDURES.get(procedure)


def _themes(listed: Listed, weighed: Weighed, sort: Sort) -> tuple[str, ...]:
    """Themes that weigh enough by themselves, and those that the lists found and that weigh a little."""
    if sort not in FEEDBACK:
        return ()
    scores, bound = weighed.of("theme"), weighed.weights.bounds["theme"]
    found = [theme for theme, score in scores.items() if score >= (_A_LITTLE if listed.evidence.has("theme", theme) else bound)]
    return tuple(sorted(found, key=lambda theme: -scores[theme])[:_MOST_THEMES]) or (
        max(scores, key=lambda theme: scores[theme]),
    )


def _wants(listed: Listed, weighed: Weighed, sort: Sort) -> tuple[str, ...]:
    if sort in {Sort.COMPLIMENT, Sort.COMMENT, Sort.SPAM_OR_AUTO}:
        return ("none",)
    scores, bound = weighed.of("wants"), weighed.weights.bounds["wants"]
    weighty = [value for value in scores if scores[value] >= bound] or [max(scores, key=lambda value: scores[value])]
    said = [value for value in listed.evidence.values("wants") if value != "action"]
    found = dict.fromkeys([*said, *sorted(weighty, key=lambda value: -scores[value])])
    return tuple(value for value in found if value != "none") or ("none",)


def _by_weight(listed: Listed, settled: Settled) -> tuple[tuple[str, str], ...]:
    changed = [
        ("kind", settled.sort.value, listed.sort.value),
        ("risk", settled.risk.value, listed.risk.value),
        ("matter", settled.main.value if settled.main else "", listed.main.value if listed.main else ""),
        ("service", settled.service, listed.service),
        ("role", settled.complainant, listed.complainant),
    ]
    single = [(field, value) for field, value, before in changed if value and value != before]
    themes = [("theme", theme) for theme in settled.themes if not listed.evidence.has("theme", theme)]
    wants = [("wants", want) for want in settled.wants if want not in listed.wants and want != "none"]
    return tuple(single + themes + wants)
