"""Who is told of a rung of the ladder, and who stands in for them. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from casework.council import Council, Person
from casework.daily.cover import with_deputies
from casework.representation import fold_address
from notifications.ladder import BEFORE, ON_THE_DAY
from notifications.on_desk import CaseOnDesk, heads_over, managers_of, officers, once_each

HEADS_HEAR_FROM = 3

_Alike = tuple[str, str, str, frozenset[str]]


@dataclass
class Hearers:
    """Who is told what, at one moment. Cases of one team, owner and wall are told to the same people, who are found once."""

    council: Council
    standing_in: Mapping[str, Person] = field(default_factory=dict)
    """Who stands in (`casework.daily.cover.deputies`)."""
    _found: dict[_Alike, Mapping[str, Person]] = field(default_factory=dict)

    def of(self, rung: str, case: CaseOnDesk) -> Mapping[str, Person]:
        """Whoever is told this rung, by folded address, and whoever stands in for them; nobody from whom the case is kept."""
        alike = (rung, case.team, case.owner, case.walled)
        if alike not in self._found:
            people = (
                (fold_address(one.address), one) for one in with_deputies(hears(rung, case, self.council), self.standing_in)
            )
            self._found[alike] = {address: one for address, one in people if address not in case.walled}
        return self._found[alike]


def hears(rung: str, case: CaseOnDesk, council: Council) -> tuple[Person, ...]:
    """Who is told this rung: the owner before; from the day on the officers too; late the manager, then the head of service.

    Nobody from whom the case is kept; where that is every officer, whoever stands in.
    """
    owner = council.person(case.owner) if case.owner else None
    owners = (owner,) if owner and fold_address(owner.address) not in case.walled else ()
    if rung == BEFORE or rung.startswith("day "):
        return owners or once_each(officers(council, case.walled))
    people = [*owners, *officers(council, case.walled)]
    if rung != ON_THE_DAY:
        people += managers_of(council, case.team)
        if int(rung) >= HEADS_HEAR_FROM:
            people += heads_over(council, case.team)
    return tuple(person for person in once_each(people) if fold_address(person.address) not in case.walled)
