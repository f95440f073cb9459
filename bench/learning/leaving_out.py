"""`python -m bench.learning.leaving_out FILE.jsonl`: what each rule of the lists is worth, by leaving it out.

Each named rule is taken out in turn, the messages are read again with the same weights, and what is right then is set
against what was right with it: more than nothing means that the rule is worth something. Those that change nothing are counted.
A file that nothing was learned from tells most: by default the 112.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.learning.examples import DANGER, DESK, read
from intake.classification.listed import decided, kind_of, listed, role_of
from intake.classification.matters import facts_of
from intake.classification.phrases import Phrasebook
from intake.classification.settling import settle
from intake.classification.values import GUIDE_PROCEDURES, Sort
from intake.classification.weighing import learned, weigh
from intake.classification.wordlists import LISTS, phrases_of
from procedures.scope import decide

COLUMNS = ("kind", "procedure", "danger heard", "rings wrongly", "service", "who", "themes")
Record = dict[str, Any]


def right(records: Sequence[Record], book: Phrasebook) -> tuple[int, ...]:
    """Return how many messages are right in each of COLUMNS; of themes the shared ones, less those said or missed."""
    counts = [0] * len(COLUMNS)
    for record in records:
        for number, value in enumerate(_one(record, book)):
            counts[number] += value
    return tuple(counts)


def _one(record: Record, book: Phrasebook) -> tuple[int, ...]:
    shown = listed(record["text"], record.get("subject") or "", book)
    by_lists = decided(shown).procedure
    weighed = weigh(learned(), shown.subject, shown.text, shown.signs(by_lists.value))
    settled = settle(shown, weighed, GUIDE_PROCEDURES[by_lists])
    role, kind = role_of(settled.complainant), kind_of(settled.sort)
    facts = facts_of(shown.evidence, kind, role, settled.matters, settled.main, settled.risk, is_on_behalf=settled.is_on_behalf)
    procedure = GUIDE_PROCEDURES[decide(facts).procedure] if settled.sort is Sort.COMPLAINT else None
    themes, said = set(record["themes"]), set(settled.themes)
    is_danger, rings = record["risk"] in DANGER, settled.risk.value in DANGER
    return (
        settled.sort.value == record["kind"],
        record["kind"] == "complaint" and procedure == record["procedure"],
        is_danger and rings,
        -(rings and not is_danger),
        settled.service == record["service"],
        settled.complainant == record["complainant"],
        2 * len(themes & said) - len(themes ^ said) if record["kind"] in {"complaint", "compliment", "comment"} else 0,
    )


def main() -> None:
    """Leave each rule out in turn, and print a row for each that changes something."""
    records = read(Path(sys.argv[1]) if len(sys.argv) > 1 else DESK / "messages_dev.jsonl")
    phrases = [phrase for name in LISTS for phrase in phrases_of(name)]
    whole = right(records, Phrasebook(phrases))
    sys.stdout.write(
        f"| rule | {' | '.join(COLUMNS)} |\n|{'---|' * (len(COLUMNS) + 1)}\n| all | {' | '.join(map(str, whole))} |\n"
    )
    nothing, rows = 0, []
    for rule in sorted({(rule.name, rule.field, rule.value) for _, rule in phrases}):
        without = right(records, Phrasebook([pair for pair in phrases if (pair[1].name, pair[1].field, pair[1].value) != rule]))
        worth = [before - after for before, after in zip(whole, without, strict=True)]
        nothing += not any(worth)
        rows += [(sum(worth), rule[0], worth)] * any(worth)
    for _, name, worth in sorted(rows, reverse=True):
        sys.stdout.write(f"| {name} | {' | '.join(f'{one:+d}' if one else '' for one in worth)} |\n")
    sys.stdout.write(f"\n{nothing} rules change nothing here.\n")


if __name__ == "__main__":
    main()
