"""The word lists, read once and checked: a list without a source or with an unknown word does not start the service.

Lists of rules say for each of their words what these show, how strongly, and by which source. A list of danger is words of one
language, by tier, and who has reviewed them: until somebody has, a person reads each message of that language.
"""

import tomllib
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from intake.classification.phrases import Phrasebook, Rule
from intake.classification.values import Sort
from procedures.facts import Matter
from procedures.terms import Role

_WORDS = resources.files("intake.classification").joinpath("words")
OF_DANGER = tuple(sorted(f"danger/{file.name.removesuffix('.toml')}" for file in _WORDS.joinpath("danger").iterdir()))
"""The lists of danger, one a language."""
LISTS = ("kinds", "matters", "risk", "themes", "people", "bearings", "other_languages", *OF_DANGER)
THEMES = (
    "quality_of_service",
    "communication",
    "delay",
    "decision",
    "staff_conduct",
    "non_delivery",
    "assessment",
    "contact_arrangements",
    "placement",
    "financial_support",
    "policy_impact",
    "data_protection",
    "discrimination",
    "other",
)
RISKS = ("emergency", "now", "A", "B", "C", "threat", "distress", "idiom", "over")
_KNOWN = {
    "kind": {*Sort, "grievance", "sarcasm", "against_complaint"},
    "matter": {*Matter, "child_protection"},
    "risk": set(RISKS),
    "theme": set(THEMES),
    "role": {*Role, "carer_foster", "carer_sgo", "solicitor", "councillor_mp"},
    "wants": {
        "apology",
        "action",
        "explanation",
        "compensation",
        "change_worker",
        "escalate_stage_2",
        "escalate_stage_3",
        "withdraw",
        "status",
        "advocate",
    },
    "is": {
        "on_behalf",
        "professional_disagreement",
        "constituent",
        "log_complaint",
        "step_parent",
        "special_guardian",
        "adopter",
        "looked_after",
        "disabled_child",
        "in_need",
        "court",
        "young",
    },
    "bears": {
        "child_age",
        "young_adult_age",
        "adult_age",
        "older_relative_cared_for",
        "care_at_home",
        "adults_services_named",
        "before_eighteen",
        "asks_to_be_approved",
        "warned_of_a_child",
        "child_protection_told",
        "a_home_to_live_in",
        "a_special_needs_plan",
        "youth_justice_told",
        "early_help_told",
        "inside_a_school",
        "a_court_decided",
        "the_police_did",
        "works_for_us",
        "another_body_did",
        "a_service_to_everybody",
        "cares_as_a_foster_carer",
        "in_care_told",
        "a_disability_told",
        "need_told",
        "adoption_told",
        "raises_a_relatives_child",
        "records_told",
        "other_family",
        "speaks_in_a_job",
    },
}


class WordListError(ValueError):
    """A word list has a mistake in it."""


@cache
def phrasebook() -> Phrasebook:
    """Return every list as one book of phrases."""
    return Phrasebook(phrase for name in LISTS for phrase in _read(name))


def phrases_of(name: str) -> list[tuple[str, Rule]]:
    """Return the phrases of one list, each with its rule."""
    return _read(name)


@cache
def reviewed() -> frozenset[str]:
    """Return the languages whose words of danger a speaker has reviewed, as ISO 639 codes; English, which staff read, is one."""
    lists = {name: _table(name) for name in OF_DANGER}
    for name, table in lists.items():
        if bool(table["reviewed_by"]) != bool(table["reviewed_on"]):
            raise WordListError(f"{name}.toml: reviewed_by and reviewed_on go together")
        if table["reviewed_on"]:
            date.fromisoformat(table["reviewed_on"])
    return frozenset({"en"} | {table["language"] for table in lists.values() if table["reviewed_by"]})


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads(_WORDS.joinpath(f"{name}.toml").read_text("utf-8"))


def _read(name: str) -> list[tuple[str, Rule]]:
    table = _table(name)
    if name in OF_DANGER:
        if unknown := table.keys() - {"language", "reviewed_by", "reviewed_on", *RISKS}:
            raise WordListError(f"{name}.toml: unknown key {sorted(unknown)}")
        source = "people-and-safety.md 2.9" + "; unreviewed" * (not table["reviewed_by"])
        entries = [{"field": "risk", "value": tier, "source": source, "words": table[tier]} for tier in RISKS if tier in table]
    else:
        entries = table["rule"]
    return [pair for entry in entries for pair in _phrases(name, entry)]


def _phrases(name: str, entry: dict[str, Any]) -> list[tuple[str, Rule]]:
    if unknown := entry.keys() - {"field", "value", "weight", "source", "words", "name"}:
        raise WordListError(f"{name}.toml: unknown key {sorted(unknown)}")
    field, value, source = entry["field"], entry["value"], entry.get("source", "")
    if field not in _KNOWN or value not in _KNOWN[field] or not source:
        raise WordListError(f"{name}.toml: {field}={value} is unknown, or has no source")
    is_english = name not in OF_DANGER and name != "other_languages"
    called, weight = f"{name}:{entry.get('name', value)}", int(entry.get("weight", 1))
    rule = Rule(called, field, value, weight, source, counts_accents=is_english)
    return [(phrase.strip(), rule) for phrase in entry["words"].splitlines() if phrase.strip()]
