"""The points that a letter makes: where each stands in it, what it is about, and by which procedure it goes.

A suggestion: an officer confirms, and the person mends. A point begins where the writer gives it a number, or says "another
thing", or where what is wrong changes from one sentence to the next. In doubt two are one, and go the way of the letter, which is
the fuller protection. The text is gone through a fixed number of times, whatever its length.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

from intake.classification.evidence import Evidence, gather
from intake.classification.folding import Folded
from intake.classification.listed import Listed
from intake.classification.matters import PART_3, matters_of
from intake.classification.values import Reason
from intake.classification.weighing import LONGEST_WORD, ZERO, Weights, length_of, pattern_of_words
from intake.classification.wordlists import phrasebook
from procedures.facts import Facts
from procedures.scope import Decision, decide, findings
from procedures.scope_tests import CHILD_PROTECTION
from procedures.terms import Procedure, Route

MOST = 12
"""More points than this in one letter are not told apart by any rule: a person reads it."""
SOURCE = "labelling guide: separately answerable points; Complaint Handling Code 2024, 6.7"
OWN_WAY = "law.md 5.1(9): mixed content is split into issues, one procedure each"
_SHOWN, _CLEARLY, _SIGN = 0.05, 0.05, 0.3
"""What a sentence must weigh for a theme, how much more for another to begin a point, and what a match of the lists adds."""
_FEWEST_WORDS = 4
"""A sentence of fewer is no point, unless the writer numbers it."""
_STAYS = (*PART_3, *CHILD_PROTECTION, "child_protection")
_LANE_BITS, _LANE = 32, 0xFFFFFFFF
_LINE = re.compile(r"\n[ \t]{0,8}(?:\(?(?:\d{1,2}|[a-h])[.)]|[-*•–])[ \t]{1,8}(?=\S)")
_WITHIN = re.compile(r"(?<!\S)\(?([1-9a-h])\)[ \t]{0,4}(?=\S)")
_WISHES = re.compile(r"\b(?:want|wish|like|seek|asking|ask|request|outcomes?|remed(?:y|ies)|please)\b[^.!?\n]{0,60}\s*\Z")
_COMPLAINS = re.compile(r"complain|rais(?:e|ing)|concern|issue|problem|point|look|investigat|answer|report|happen|wrong")
_BEFORE_A_LIST = 120
_ENDS = re.compile(r"[.!?\n](?:(?<=\n)|(?=\s)(?<!\bmr\.)(?<!\bdr\.)(?<!\bms\.)(?<!\bmrs\.))")
_SURELY = re.compile(
    r"\b(?:secondly|thirdly|second,|separately|one more thing|apart from that|and then there is|on top of (?:that|this|all)"
    r"|another (?:thing|issue|point|problem|complaint|matter)"
    r"|(?:my|the) (?:second|third|other|next) (?:complaint|issue|point|problem|concern|thing|matter))\b"
)
_SURELY_HAVE = ("second", "third", "separately", "one more", "apart", "then there", "on top", "another", "other", "next")
_MAYBE = re.compile(
    r"\b(?:also|plus|in addition|additionally|furthermore|moreover|as well as (?:that|this)|besides|finally|lastly)\b"
)
_MAYBE_HAVE = ("also", "plus", "addition", "furthermore", "moreover", "as well as", "besides", "finally", "lastly")
"""One of these stands wherever such words do: they are looked for first, which is sooner done."""
_WISH = re.compile(
    r"(?:(?:so|and|all|what) )?(?:i|we|she|he|they)(?:d| would|m| am| are)? (?:just |only |really )?"
    r"(?:want|like|ask|asking|expect|request|seek)\b|(?:please|can you|could you|can someone|could someone|kindly)\b"
)
_NO_WORDS = " \t\n,.;:-"


@dataclass(frozen=True, slots=True)
class Point:
    """One point: from where to where in the text as it was written, its theme, and its procedure if it is not the letter's."""

    start: int
    end: int
    theme: str
    is_numbered: bool = False
    """By the writer."""
    procedure: Procedure | None = None

    def reasons(self) -> list[Reason]:
        """Return it as it is printed and kept: its theme with its place, and its own procedure with the same place."""
        rule = "points:numbered" if self.is_numbered else "points:sentences"
        found = [Reason("issue", self.theme, "text", self.start, self.end, rule, SOURCE)]
        if self.procedure is not None:
            found.append(Reason("issue_procedure", self.procedure.value, "text", self.start, self.end, "scope:split", OWN_WAY))
        return found


class _Piece(NamedTuple):
    """A stretch of the folded text, with the place of its theme among those that are asked for."""

    start: int
    end: int
    theme: int


class _Unit(NamedTuple):
    """A sentence, or what "also" cuts off one; `begins` is 2 where its first words say that it is another point, 1: maybe."""

    start: int
    end: int
    begins: int


@dataclass(frozen=True)
class _Scales:
    """What the words of a stretch, and the matches of the lists in it, say for each of some themes."""

    folded: Folded
    evidence: Evidence
    weights: Weights
    themes: Sequence[str]

    def signs(self) -> list[tuple[int, int]]:
        """Where the lists found a theme, in the text as it was written, in its order."""
        numbers = enumerate(self.themes)
        found = ((shown.reason, number) for number, theme in numbers for shown in self.evidence.of("theme", theme))
        return sorted((reason.start, number) for reason, number in found if reason.place == "text")

    def of(self, start: int, end: int, hits: Sequence[tuple[int, int]]) -> list[float]:
        plain = self.folded.text[start:end]
        words = {word[:LONGEST_WORD] for word in pattern_of_words(plain).findall(plain)}
        remembered, of_word = self.weights.remembered, self.weights.of_word
        sums = [remembered.get(word) or of_word(word) for word in words]
        total, nothing, length = sum([one[0] for one in sums]), sum([one[1] for one in sums]) * ZERO, length_of(words)
        lanes, scales = self.weights.lanes["theme"], self.weights.scales
        found = {number for _, number in hits}
        return [
            scales[lane] * ((total >> _LANE_BITS * lane & _LANE) - nothing) / length + _SIGN * (number in found)
            for number, lane in enumerate(lanes[theme] for theme in self.themes)
        ]

    def best(self, start: int, end: int) -> str:
        scores = self.of(start, end, _within(self.signs(), *self.folded.span(start, end)))
        return self.themes[scores.index(max(scores))]


def points_of(folded: Folded, evidence: Evidence, themes: Sequence[str], weights: Weights) -> tuple[Point, ...]:
    """Return the points of a complaint in its order, at least one. `themes` are the letter's, the weightiest first."""
    text = folded.text
    in_lines = _listed_in_lines(text)
    wishes = in_lines if _are_wishes(text, in_lines) else []
    own = [] if wishes else in_lines or _listed_within(text)
    if own:
        every = _Scales(folded, evidence, weights, tuple(weights.lanes["theme"]))
        found = [(start, end, every.best(start, end)) for start, end in own[:MOST]]
    else:
        pieces = _told_apart(_Scales(folded, evidence, weights, themes), wishes)[:MOST]
        found = [(piece.start, piece.end, themes[piece.theme]) for piece in pieces]
    points = []
    for start, end, theme in found or [(0, len(text), themes[0])]:
        said = text[start:end]
        begins, ends = start + len(said) - len(said.lstrip()), start + len(said.rstrip())
        place = folded.span(begins, ends) if begins < ends else (0, 0)
        points.append(Point(*place, theme, bool(own)))
    return tuple(points)


def with_procedures(points: Sequence[Point], shown: Listed, facts: Facts, whole: Decision) -> tuple[Point, ...]:
    """Give each point its own procedure where the law splits the letter: its matters are its own, who speaks stays the letter's.

    Where the weights said another law of the whole than the statutory one, and the lists would have split it, a point that the
    lists give to the statutory procedure is said to be of it: an officer decides.
    """
    by_lists = replace(facts, matters=shown.matters, main_matter=shown.main)
    basis = facts if whole.procedure is Procedure.STATUTORY or shown.matters == facts.matters else by_lists
    if len(points) < 2 or (whole if basis is facts else decide(basis)).route is not Route.SPLIT:
        return tuple(points)
    ways = {one.procedure for one in findings(basis)} - {whole.procedure, Procedure.UNDECIDED}
    ways = ways if basis is facts else ways & {Procedure.STATUTORY}
    return tuple(replace(point, procedure=_own_way(point, shown, basis, ways)) for point in points)


def _own_way(point: Point, letter: Listed, facts: Facts, ways: set[Procedure]) -> Procedure | None:
    """The procedure of a point, if it is surely another than the letter's and one that the law finds in the letter."""
    folded = letter.text
    start, end = bisect_left(folded.origin, point.start), bisect_left(folded.origin, point.end)
    shown = gather(phrasebook().of("matter"), Folded("", []), Folded(folded.text[start:end], folded.origin[start:end]))
    # What the statutory procedure covers stays with it, and so does child protection beside it (labelling guide, P3, P13).
    if Procedure.STATUTORY not in ways and shown.has("matter", *_STAYS):
        return None
    shown.shown |= {name: found for name in ("role", "is") if (found := letter.evidence.shown.get(name))}
    matters, main = matters_of(shown)
    if not matters or not (Procedure.STATUTORY in ways or matters <= facts.matters):
        return None
    part = decide(replace(facts, matters=matters, main_matter=main))
    return part.procedure if part.procedure in ways and part.route is not Route.REVIEW else None


def _listed_in_lines(text: str) -> list[tuple[int, int]]:
    """Lines that begin with a number or a mark, if there are several, each to the next one or to the end of its paragraph."""
    lines = [(found.start() - 1, found.end() - 1) for found in _LINE.finditer(f"\n{text}")]
    if len(lines) < 2:
        return []
    ends = [*(start for start, _ in lines[1:]), len(text)]
    return [(start, _until(text, "\n\n", start, end)) for (_, start), end in zip(lines, ends, strict=True)]


def _are_wishes(text: str, listed: Sequence[tuple[int, int]]) -> bool:
    """Whether the words before a list say that it is what somebody wants."""
    first = text.rfind("\n", 0, listed[0][0]) if listed else 0
    before = text[max(0, first - _BEFORE_A_LIST) : max(0, first)]
    wish = _WISHES.search(before)
    return wish is not None and not _COMPLAINS.search(before, wish.start())


def _listed_within(text: str) -> list[tuple[int, int]]:
    """(a), (b), (c) or 1) 2) 3) within lines, if there are several in their order."""
    if ")" not in text:
        return []
    run: list[tuple[int, int, str]] = []
    for found in _WITHIN.finditer(text):
        if found[1] in "1a" and len(run) < 2:
            run = [(*found.span(), found[1])]
        elif run and ord(found[1]) == ord(run[-1][2]) + 1:
            run.append((*found.span(), found[1]))
    if len(run) < 2:
        return []
    last = run[-1][1]
    ends = [*(start for start, _, _ in run[1:]), _until(text, ". ", last, _until(text, "\n", last, len(text)))]
    return [(start, end) for (_, start, _), end in zip(run, ends, strict=True)]


def _until(text: str, mark: str, start: int, end: int) -> int:
    stop = text.find(mark, start, end)
    return stop if stop >= 0 else end


def _told_apart(scales: _Scales, wishes: Sequence[tuple[int, int]]) -> list[_Piece]:
    """Join sentences that tell of the same thing; a sentence that shows nothing, or only wishes, begins no point."""
    text, signs, begins = scales.folded.text, scales.signs(), 0
    first, last = (wishes[0][0], wishes[-1][1]) if wishes else (0, 0)
    found: list[_Piece] = []
    for unit in _units(text):
        begins = max(begins, unit.begins)
        plain = text[unit.start : unit.end].lstrip(_NO_WORDS)
        if plain.count(" ") + 1 < _FEWEST_WORDS or first < unit.end <= last:
            continue
        hits = _within(signs, *scales.folded.span(unit.start, unit.end)) if signs else ()
        if not hits and _WISH.match(plain):
            continue
        scores = scales.of(unit.start, unit.end, hits)
        best = scores.index(max(scores))
        if scores[best] < _SHOWN:
            continue
        if not found or _is_another(found, best, scores, begins):
            found.append(_Piece(unit.start, unit.end, best))
        else:
            found[-1] = found[-1]._replace(end=unit.end)
        begins = 0
    return found


def _is_another(found: Sequence[_Piece], best: int, scores: Sequence[float], begins: int) -> bool:
    """Whether a sentence begins another point than the last one found: by its first words, or by a theme not told of before."""
    last = found[-1].theme
    if begins == 2 or (begins == 1 and best != last):
        return True
    return scores[best] >= scores[last] + _CLEARLY and best not in {piece.theme for piece in found}


def _units(text: str) -> list[_Unit]:
    places = [(0, 0), *((found.end(), 0) for found in _ENDS.finditer(text))]
    for pattern, stems, begins in ((_SURELY, _SURELY_HAVE, 2), (_MAYBE, _MAYBE_HAVE, 1)):
        if any(stem in text for stem in stems):
            places += [(found.start(), begins) for found in pattern.finditer(text)]
    places.sort()
    return [_Unit(start, end, begins) for (start, begins), (end, _) in pairwise([*places, (len(text), 0)])]


def _within(signs: Sequence[tuple[int, int]], start: int, end: int) -> Sequence[tuple[int, int]]:
    return signs[bisect_left(signs, (start, -1)) : bisect_left(signs, (end, -1))]
