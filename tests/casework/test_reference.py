"""References: said on the telephone, copied by hand, and never wrong by one symbol unnoticed."""

import random

from casework.reference import ALPHABET, check_symbol, new_reference, printed, read_reference, references_in, spoken


def test_every_single_wrong_symbol_and_every_swap_of_two_unlike_ones_is_found() -> None:
    chance = random.Random(1)  # the same sample in every run
    for _ in range(200):
        body = "".join(chance.choice(ALPHABET) for _ in range(9))
        whole = body + check_symbol(body)
        for place in range(10):
            for other in ALPHABET:
                if other != whole[place]:
                    assert read_reference(whole[:place] + other + whole[place + 1 :]) is None
        for one in range(9):
            for two in range(one + 1, 9):
                if whole[one] != whole[two]:
                    swapped = list(whole)
                    swapped[one], swapped[two] = swapped[two], swapped[one]
                    assert read_reference("".join(swapped)) is None


def test_a_new_reference_reads_back_whatever_its_case_spaces_and_dashes() -> None:
    for _ in range(200):
        reference = new_reference()

        assert read_reference(reference) == reference
        assert read_reference(f" {reference.lower().replace('-', '')} ") == reference
        assert read_reference(reference.replace("-", " ")) == reference


def test_symbols_that_look_alike_are_read_as_the_one_that_was_meant() -> None:
    body = "L26" + "8LX" + "2M6"
    reference = printed(body + check_symbol(body))

    assert read_reference(reference.replace("L", "1").replace("2", "Z").replace("6", "G").replace("8", "B")) == reference


def test_no_reference_holds_a_rude_or_frightening_run() -> None:
    seen = {new_reference().replace("-", "") for _ in range(3000)}

    assert len(seen) == 3000
    assert not [one for one in seen if any(run in one for run in ("666", "999", "XXX", "KKK", "FCK", "69", "88"))]


def test_references_are_found_in_a_text_once_each_and_wrong_ones_are_not() -> None:
    reference = new_reference()
    other = new_reference()
    text = f"About {reference} (and again {reference}), also {other.lower()}. Call 01632 960 000 or ABC-DEF-GHIJ."

    assert references_in(text) == (reference, other)


def test_a_reference_can_be_said_on_the_telephone() -> None:
    assert spoken("K7M-W92-RXH4") == "Kilo seven Mike, Whiskey nine two, Romeo X-ray Hotel four"
