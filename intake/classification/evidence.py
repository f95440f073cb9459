"""All that the word lists show in one message, by field; the places are kept for the reasons."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from intake.classification.folding import Folded, undisguised
from intake.classification.phrases import Hit, Phrasebook, Rule
from intake.classification.values import Reason


@dataclass(frozen=True)
class Shown:
    """One rule that matched, and where in what the person wrote."""

    rule: Rule
    reason: Reason


@dataclass
class Evidence:
    """What matched, each rule once a place, the first match of it."""

    shown: dict[str, dict[str, list[Shown]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))
    """By field and value; what nothing showed does not stand in it."""

    def weight(self, field_name: str, value: str) -> int:
        """Return the weights of the distinct rules for a value, added up."""
        found = self.of(field_name, value)
        return sum({shown.rule.name: shown.rule.weight for shown in found}.values()) if found else 0

    def of(self, field_name: str, value: str) -> list[Shown]:
        """Return what matched for a value."""
        found = self.shown.get(field_name)
        return found.get(value, []) if found else []

    def has(self, field_name: str, *values: str) -> bool:
        """Say whether anything matched for one of the values."""
        found = self.shown.get(field_name)
        return found is not None and not found.keys().isdisjoint(values)

    def values(self, field_name: str) -> list[str]:
        """Return the values of a field for which something matched."""
        return list(self.shown.get(field_name, ()))

    def reasons(self, field_name: str, value: str, said: str = "") -> list[Reason]:
        """Return the reasons for a value, as reasons for `said` where the answer uses another word."""
        found = [shown.reason for shown in self.of(field_name, value)]
        if not said or said == value:
            return found
        return [Reason(field_name, said, r.place, r.start, r.end, r.rule, r.source) for r in found]


def gather(book: Phrasebook, subject: Folded, text: Folded) -> Evidence:
    """Read subject and text against the lists. For danger the text is read a second time, undisguised (d1e, su1cide)."""
    evidence = Evidence()
    for place, folded in (("subject", subject), ("text", text)):
        hits = list(book.hits(folded))
        plain = undisguised(folded)
        if plain.text != folded.text:
            hits += book.of("risk").hits(plain)
        _take(evidence, place, folded, _without_idioms(hits))
    return evidence


def _without_idioms(hits: list[Hit]) -> Iterable[Hit]:
    """Drop what only sounds alarming: a match for danger that lies within a figure of speech."""
    idioms = [hit for hit in hits if hit.rule.value == "idiom"]
    for hit in hits:
        is_danger = hit.rule.field == "risk" and hit.rule.value in {"emergency", "A", "B", "C", "threat"}
        if not (is_danger and any(idiom.start <= hit.start and hit.end <= idiom.end for idiom in idioms)):
            yield hit


def _take(evidence: Evidence, place: str, folded: Folded, hits: Iterable[Hit]) -> None:
    seen = set()
    for hit in hits:
        if hit.rule.name in seen:
            continue
        seen.add(hit.rule.name)
        start, end = folded.span(hit.start, hit.end)
        reason = Reason(hit.rule.field, hit.rule.value, place, start, end, hit.rule.name, hit.rule.source)
        evidence.shown[hit.rule.field][hit.rule.value].append(Shown(hit.rule, reason))
