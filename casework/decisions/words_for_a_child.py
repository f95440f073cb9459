"""An officer's words for a child in the letter of a decision: who would read them, and whether a child can."""

from casework.acting import Acting, Refused
from casework.letters.of_steps import TO_CHILD, readers_of
from procedures.terms import Notice
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork
from templates.readability import LONGEST_SENTENCE, read, words_of


async def words_for_a_child(
    uow: UnitOfWork, case: CaseRow, notice: Notice, words: str, authority: str, acting: Acting
) -> dict[str, str]:
    """The fact that the letter takes them from; empty where no child is told.

    Raises Refused where no child would read them, and where a sentence is longer than a child can follow
    (people-and-safety.md §1.3): what was sent cannot be made shorter.
    """
    if not words.strip():
        return {}
    readers = await readers_of(uow, case, notice, acting.today, has_words_for_child=True)
    if case.is_imported or not any(reader.voice in ("child", "young") for reader in readers):
        raise Refused(
            f"No child whom we may write to is on {case.reference}, so nobody would read --to-child ({authority}). Put the child "
            f'on it with `heard case person add {case.reference} child --name "…" --address …`, or have a person tell '
            "them and leave --to-child out. Nothing was changed."
        )
    for hard in read(words).hard:
        if len(words_of(hard.sentence)) > LONGEST_SENTENCE:
            raise Refused(
                f"A child must be able to read it (the council's own rule): “{hard.sentence}” has {hard.why}. Make two of it. "
                "Nothing was changed."
            )
    return {TO_CHILD: words.strip()}
