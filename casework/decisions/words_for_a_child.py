"""An officer's words for a child in the letter of a decision: who would read them, and whether a child can.

What a child told somebody may stand in them, so nobody else reads them: not another child on the case, nor whoever complained,
nor whoever shares the child's address.
"""

from collections.abc import Sequence

from casework.acting import Acting, Refused
from casework.letters.of_steps import CHILD_KNEW, TO_CHILD, readers_of
from casework.people.on_case import people_of
from casework.representation import fold_address
from procedures.terms import Matter, Notice
from storage.tables import CaseRow, DecisionRow
from storage.unit_of_work import UnitOfWork
from templates.readability import LONGEST_SENTENCE, read, words_of

CHILD_IS_TOLD = "what the child is told"


async def words_for_a_child(
    uow: UnitOfWork,
    case: CaseRow,
    notice: Notice,
    words: str,
    authority: str,
    acting: Acting,
    decided: Sequence[DecisionRow] = (),
) -> dict[str, str]:
    """The facts that the letter takes them from; empty where no child is told. `decided`: the case's discretions until now.

    A child who was told of a refusal hears what is decided anew, too: else what they were told would be untrue from that day.
    Where no letter can go to them alone any more the facts are `CHILD_KNEW` without words: a person has to tell them.

    Raises Refused where no child would read them or anybody besides, and where a sentence is longer than a child can follow
    (people-and-safety.md §1.3): what was sent cannot be made shorter.
    """
    knew = _heard_of_the_last(decided)
    if not (words.strip() or knew):
        return {}
    found = await readers_of(uow, case, notice, acting.today, has_words_for_child=True)
    children = [reader for reader in found if reader.voice in ("child", "young")]
    is_alone = len(children) == 1 and not await _read_there_too(uow, case, children[0].recipient)
    if not words.strip():
        if not is_alone:
            return {CHILD_KNEW: "yes"}
        raise Refused(
            f"A child on {case.reference} was told of the refusal, in words of their own ({authority}): say with --to-child "
            "what is decided now. Nothing was changed."
        )
    if case.is_imported or not children:
        raise Refused(
            f"No child whom we may write to is on {case.reference}, so nobody would read --to-child ({authority}). Put the child "
            f'on it with `heard case person add {case.reference} child --name "…" --address …`, or have a person tell '
            "them and leave --to-child out. Nothing was changed."
        )
    if not is_alone:
        raise Refused(
            f"More than one person would read --to-child on {case.reference}, and the words are for one child ({authority}). "
            "Have a person tell them, and leave --to-child out. Nothing was changed."
        )
    for hard in read(words).hard:
        if len(words_of(hard.sentence)) > LONGEST_SENTENCE:
            raise Refused(
                f"A child must be able to read it (the council's own rule): “{hard.sentence}” has {hard.why}. Make two of it. "
                "Nothing was changed."
            )
    return {TO_CHILD: words.strip(), **({CHILD_KNEW: "yes"} if knew else {})}


async def _read_there_too(uow: UnitOfWork, case: CaseRow, recipient: str) -> bool:
    """Whether somebody else of the case reads what goes to this address or chat."""
    routes = [{fold_address(one.address), str(one.chat_id or "")} for one in await people_of(uow, case.reference) if one.is_on_it]
    return sum(fold_address(recipient) in of_one for of_one in routes) > 1


def _heard_of_the_last(decided: Sequence[DecisionRow]) -> bool:
    """Whether a child was told, in words of their own, of what was decided last on somebody's interest."""
    last = next((one for one in reversed(decided) if one.matter is Matter.INTEREST), None)
    return last is not None and any(weighed.get("test") == CHILD_IS_TOLD for weighed in last.weighed)
