"""Twenty thousand damaged letters: each is read, or is nothing at all; what is read can be stored. A million: `make soak`."""

import random

from intake.arrival import Arrival, Wire
from intake.letters import Unreadable, read_letter
from tests.casework.rooms import MONDAY
from tests.desk.damage import damaged
from tests.desk.letters import BOUNDARY, FOLDER, NAMES, OURS

READ = 20_000
SMALL = 3_000
"""Bytes. What the big ones show is shown by them whole; here they would only take time."""


def test_no_damage_to_a_letter_breaks_its_reader() -> None:
    chance = random.Random(41)  # the same damage in every run
    originals = [raw for name in NAMES if len(raw := (FOLDER / f"{name}.eml").read_bytes()) < SMALL]
    nothing = 0
    for _ in range(READ):
        raw = damaged(chance.choice(originals), chance, originals)
        try:
            letter = read_letter(Arrival("import", Wire.EMAIL, raw[:SMALL], MONDAY), boundary=BOUNDARY, our_addresses=OURS)
        except Unreadable:
            nothing += 1
            continue
        shown = (letter.subject, letter.sender, letter.sender_name, *(file.name for file in letter.attachments))
        stored = "".join((*shown, letter.words, letter.quoted))
        assert "\0" not in stored
        assert stored.encode().decode() == stored
        assert not any("\n" in one or "\r" in one for one in shown)
        assert len(letter.identity) == 64

    assert nothing < READ / 100
