"""The word lists, read once and checked: a list without a source or with an unknown word does not start the service."""

import tomllib
from functools import cache
from importlib import resources
from typing import Any

from intake.classification.phrases import Phrasebook, Rule
from intake.classification.values import Sort
from procedures.facts import Matter
from procedures.terms import Role

LISTS = ("kinds", "matters", "risk", "themes", "people", "bearings", "other_languages")
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


def _read(name: str) -> list[tuple[str, Rule]]:
    text = resources.files("intake.classification").joinpath("words", f"{name}.toml").read_text("utf-8")
    return [pair for entry in tomllib.loads(text)["rule"] for pair in _phrases(name, entry)]


def _phrases(name: str, entry: dict[str, Any]) -> list[tuple[str, Rule]]:
    if unknown := entry.keys() - {"field", "value", "weight", "source", "words", "name"}:
        raise WordListError(f"{name}.toml: unknown key {sorted(unknown)}")
    field, value, source = entry["field"], entry["value"], entry.get("source", "")
    if field not in _KNOWN or value not in _KNOWN[field] or not source:
        raise WordListError(f"{name}.toml: {field}={value} is unknown, or has no source")
    rule = Rule(f"{name}:{entry.get('name', value)}", field, value, int(entry.get("weight", 1)), source)
    return [(phrase.strip(), rule) for phrase in entry["words"].splitlines() if phrase.strip()]
