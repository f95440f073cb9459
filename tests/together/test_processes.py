"""Two and three real processes: each message is stored once and answered once, whoever dies, freezes or comes back."""

import itertools
import signal
from collections import Counter
from collections.abc import Callable
from threading import Event
from time import monotonic

import pytest

from tests.commands.hearing import PEOPLE
from tests.commands.serving import Running
from tests.together.conftest import Several

pytestmark = [pytest.mark.prove, pytest.mark.parametrize("backend", ["postgresql"], indirect=True)]

TAKES_OVER_SECONDS = 30.0
"""What was promised: another leads within this."""
_numbers = itertools.count(1)


def soon(look: Callable[[], bool], seconds: float = TAKES_OVER_SECONDS) -> None:
    """Look again and again until it holds: other processes are at work, and there is nothing to wait on."""
    end = monotonic() + seconds
    while not look():
        assert monotonic() < end, "it took too long"
        Event().wait(0.1)  # both cores are the other processes'


class Crowd:
    """People who write, each once; the rehearsal is shared, so their names are nobody else's."""

    def __init__(self, several: Several) -> None:
        self._several = several
        self._name = f"crowd{next(_numbers)}"
        self._chat = 500_000_000 + next(_numbers) * 1_000_000
        self.letters: list[str] = []
        self.chats: list[int] = []

    def writes(self, count: int) -> None:
        for _ in range(count):
            self.letters.append(f"{self._name}.{len(self.letters)}@family.example")
            self.chats.append(self._chat + len(self.chats))
            words = f"My social worker does not call back. {self.letters[-1]}"
            self._several.wires.post("letter", sender=self.letters[-1], subject="Help", text=words)
            self._several.wires.post("says", chat=self.chats[-1], text=words)

    def answered(self) -> Counter[str]:
        """How many receipts each of them has got."""
        letters = self._several.get("letters?brief=yes")
        mine = [one["recipient"] for one in letters if "We got your message" in one["subject"]]
        told = [str(one["chat"]) for one in self._several.get("sent") if "Your number is" in one["text"]]
        everybody = {*self.letters, *map(str, self.chats)}
        return Counter(one for one in mine + told if one in everybody)

    def are_all_answered(self) -> bool:
        return len(self.answered()) == len(self.letters) + len(self.chats)


def leads(process: Running, role: str) -> bool:
    taken = [line for line in process.log if f"role={role}" in line and ("lead taken" in line or "lead lost" in line)]
    return bool(taken) and "lead taken" in taken[-1]


def may_be_repeats(several: Several) -> set[str]:
    return {recipient for (recipient,) in several.asks("SELECT recipient FROM outbox WHERE may_repeat")}


def states(several: Several) -> list[tuple[str]]:
    return several.asks("SELECT state FROM outbox")


def counts(several: Several) -> int:
    [(cases,)] = several.asks("SELECT count(*) FROM cases")
    return int(cases)


def test_a_killed_leader_is_followed_and_nothing_is_lost_or_said_twice(several: Several) -> None:
    first = several.starts()
    first.says("ready role=leader")
    second = several.starts()
    second.says("ready role=follower")
    crowd = Crowd(several)
    crowd.writes(10)
    soon(lambda: len(crowd.answered()) >= 4)

    first.process.kill()
    crowd.writes(5)
    soon(lambda: leads(second, "telegram") and leads(second, "mailbox") and leads(second, "mornings"))
    soon(crowd.are_all_answered)

    assert counts(several) == 30
    twice = {one for one, count in crowd.answered().items() if count > 1}
    assert twice <= may_be_repeats(several)
    assert second.ends() == 0


def test_a_frozen_leader_is_followed_and_does_no_harm_when_it_wakes(several: Several) -> None:
    first = several.starts()
    first.says("ready role=leader")
    second = several.starts()
    second.says("ready role=follower")
    crowd = Crowd(several)

    first.process.send_signal(signal.SIGSTOP)
    crowd.writes(5)
    soon(lambda: leads(second, "telegram") and leads(second, "mailbox"))
    soon(crowd.are_all_answered)
    first.process.send_signal(signal.SIGCONT)
    crowd.writes(5)
    soon(crowd.are_all_answered)
    soon(lambda: not leads(first, "telegram") or "presence is back" in "".join(first.log))

    assert counts(several) == 20
    twice = {one for one, count in crowd.answered().items() if count > 1}
    assert twice <= may_be_repeats(several)
    assert several.heard("health", "--json").code == 0
    assert [process.ends() for process in (second, first)] == [0, 0]


def test_what_a_dead_process_had_half_sent_is_taken_up_at_once(several: Several) -> None:
    """The mail server has taken a letter and says nothing; the process that waits for it is killed."""
    first = several.starts()
    first.says("ready role=leader")
    crowd = Crowd(several)
    several.wires.post("mail_fault", fault="silent", count=1)
    crowd.writes(1)
    soon(lambda: bool(several.asks("SELECT 1 FROM outbox WHERE state = 'sending' AND claimed_at < now() - interval '2 seconds'")))

    first.process.kill()
    second = several.starts()
    soon(crowd.are_all_answered)

    soon(lambda: set(states(several)) == {("sent",)})
    repeats = may_be_repeats(several)
    assert repeats  # the letter that was in the server's hands, and what waited behind it in ours
    staff = {person["address"] for person in PEOPLE}  # on a Monday all of them have their digest
    assert repeats <= {crowd.letters[0], *staff}
    second.says("outbox taken up from the dead")


def test_with_one_gone_health_is_good_and_with_both_gone_it_is_not(several: Several) -> None:
    first, second = several.starts(), several.starts()
    for process in (first, second):
        process.says("ready role=")
    both = several.heard("health", "--json").code

    first.ends()
    one = several.heard("health", "--json").code
    soon(lambda: leads(second, "telegram"))
    second.ends()

    assert (both, one, several.heard("health", "--json").code) == (0, 0, 1)


def test_three_processes_share_a_flood_while_two_are_killed(several: Several) -> None:
    processes = [several.starts() for _ in range(3)]
    for process in processes:
        process.says("ready role=")
    crowd = Crowd(several)

    for victim in processes[:2]:
        crowd.writes(20)
        victim.process.kill()
        several.starts().says("ready role=")
    crowd.writes(20)
    soon(crowd.are_all_answered, 2 * TAKES_OVER_SECONDS)

    assert counts(several) == 120
    twice = {one for one, count in crowd.answered().items() if count > 1}
    assert twice <= may_be_repeats(several)
    assert sum("outbox sent" in "".join(process.log) for process in several.processes) >= 2, "they share the sending"
