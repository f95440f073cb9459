"""What the bench says of a command is the command's own."""

from bench.measuring import settings
from bench.reports import spent

HELD_BYTES = 200_000_000
PAGE = 4096


def test_what_the_bench_itself_holds_is_not_counted_to_the_command_that_it_measures() -> None:
    held = bytearray(HELD_BYTES)
    for place in range(0, len(held), PAGE):
        held[place] = 1  # a page that was never written is not there
    took = spent(["--version"], settings())
    assert 5 < took.peak < HELD_BYTES / 2**20 / 2
    assert took.cpu > 0
    assert held[0] == 1
