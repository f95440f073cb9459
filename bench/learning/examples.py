"""The labelled messages that the weights are learned from, and those that are only scored."""

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
DESK = HERE.parents[1] / "tests" / "desk"
DANGER = ("safeguarding", "emergency")


def is_blind(identity: str) -> bool:
    """Say whether a message of messages_unseen.jsonl is only scored. Half are, chosen by their ids' digests, unread."""
    return sha256(identity.encode()).digest()[0] % 2 == 1


HANDS = {
    "plain": "who works on the reading",
    "danger_or_not": "who works on the reading",
    "every_matter": "who works on the reading",
    "short_answers": "who works on the reading",
    "own": "who wrote the lists",
    "danger": "who wrote the lists",
}
"""Who wrote a file; each other file was written by a hand of its own."""


def hand_of(record: dict[str, Any]) -> str:
    """Return who wrote a record: what is learned is tried on the messages of hands that nothing was learned from."""
    return HANDS.get(record["from"], str(record["from"]))


def read(path: Path) -> list[dict[str, Any]]:
    """Return the records of a file."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]


def examples() -> list[dict[str, Any]]:
    """Return what is learned from. A record has a label for some of the questions, not for all."""
    found = [record | {"from": path.stem} for path in sorted((HERE / "labelled").glob("*.jsonl")) for record in read(path)]
    for name in ("own", "danger", "unseen"):
        records = read(DESK / f"messages_{name}.jsonl")
        found += [record | {"from": name} for record in records if name != "unseen" or not is_blind(record["id"])]
    return [record for record in found if record["risk"] != "threat"]


MOSTLY_OF_DANGER = frozenset({"other_tongues", "further_tongues", "young_tongues", "family_tongues"})
"""Four hands who wrote no English. Two of five of their messages tell of danger, where of a day's post one in six does."""
OF_A_DAY, IN_PLAIN_WORDS = "every_day", "plain_words"
BY_NEW_HANDS = frozenset({"every_service", "every_voice"})
BY_THE_NEWEST_HANDS = frozenset({"long_and_messy", "what_they_do", "what_happened"})
BY_THE_LAST_HANDS = frozenset({"told_apart", "many_services", "near_the_border"})
IN_THE_MANNER_OF_THE_SAMPLE = frozenset({"services_and_writers", "which_procedure", "kinds_and_harm"})
"""Held-back messages in the proportions of a day's post, of people who write plainly, by two new hands, by three newer ones, by
three after those, and by three who had read the 112 and wrote in their manner; the others are what is hard."""
OF_THEIR_OWN = frozenset({OF_A_DAY, IN_PLAIN_WORDS}).union(
    BY_NEW_HANDS, BY_THE_NEWEST_HANDS, BY_THE_LAST_HANDS, IN_THE_MANNER_OF_THE_SAMPLE, MOSTLY_OF_DANGER
)


def held() -> list[dict[str, Any]]:
    """Return what nobody who works on the reading has read: it is scored, and that is all."""
    return _held(lambda name: name not in OF_THEIR_OWN)


def held_of_a_day() -> list[dict[str, Any]]:
    """Return the same in the proportions of a day's post, by the hand that wrote every_day.jsonl to learn from."""
    return _held(lambda name: name == OF_A_DAY)


def held_in_plain_words() -> list[dict[str, Any]]:
    """Return the same by the hand that wrote plain_words.jsonl to learn from: unpolished, and little in them is danger."""
    return _held(lambda name: name == IN_PLAIN_WORDS)


def held_by_new_hands() -> list[dict[str, Any]]:
    """Return those of two hands, who also wrote every_service.jsonl and every_voice.jsonl to learn from."""
    return _held(lambda name: name in BY_NEW_HANDS)


def held_by_the_newest_hands() -> list[dict[str, Any]]:
    """Return those of three newer hands: long and messy ones, services told by what they do, matters told by what happened."""
    return _held(lambda name: name in BY_THE_NEWEST_HANDS)


def held_by_the_last_hands() -> list[dict[str, Any]]:
    """Return those of three more hands; they were scored first when nothing of theirs had been learned."""
    return _held(lambda name: name in BY_THE_LAST_HANDS)


def held_in_the_manner_of_the_sample() -> list[dict[str, Any]]:
    """Return those of three hands who had read the 112 and labelled as those do; they too were scored first unlearned."""
    return _held(lambda name: name in IN_THE_MANNER_OF_THE_SAMPLE)


def held_in_other_languages() -> list[dict[str, Any]]:
    """Return those of four hands who wrote in no English; they were scored first when nothing of theirs had been learned."""
    return _held(lambda name: name in MOSTLY_OF_DANGER)


def _held(is_asked: Callable[[str], bool]) -> list[dict[str, Any]]:
    paths = [path for path in sorted((DESK / "held").glob("*.jsonl")) if is_asked(path.stem)]
    return [record | {"from": path.stem} for path in paths for record in read(path)]
