"""`case letter`: staff see a letter before it leaves, what the law wants in it, and which sentences are hard."""

from tests.commands.hearing import OFFICER, Heard

HARD = "The multi-agency investigation established considerable deficiencies in the assessment of the accommodation."


def routed(heard: Heard) -> str:
    reference = heard.log("--email", "r.green@family.example", "--from", "parent")
    assert heard("case", "route", reference, "statutory", "--why", "a looked-after child", person=OFFICER).code == 0
    return reference


def test_a_letter_is_looked_at_with_its_hard_sentences_marked_and_nothing_is_sent(heard_here: Heard) -> None:
    reference = routed(heard_here)
    waits = len(heard_here("outbox", "list", "--all", "--json").json)

    looked = heard_here("case", "letter", reference, "hold", "--why", HARD, person=OFFICER)
    plain = heard_here("case", "letter", reference, "hold", "--why", HARD, "--json", person=OFFICER).json

    assert looked.code == 0, looked.err
    assert f"»{HARD}«" in looked.out
    assert "Subject: About your message" in looked.out and "SI 2006/1738, reg. 8(3)" in looked.out
    assert "1 hard sentence, between »…«" in looked.flat and "1 would get it. Nothing was sent." in looked.flat
    assert (plain["voice"], plain["next_step"], plain["readers"], plain["lacks"]) == ("adult", "stage_2", 1, [])
    [hard] = plain["hard"]
    assert hard["sentence"] == HARD and hard["why"].startswith("long words: agency, investigation, established")
    assert len(heard_here("outbox", "list", "--all", "--json").json) == waits


def test_a_letter_that_lacks_what_the_law_wants_says_what_to_add(heard_here: Heard) -> None:
    reference = routed(heard_here)

    lacks = heard_here("case", "letter", reference, "hold")

    assert (lacks.code, "MISSING" in lacks.out) == (0, True)
    assert "It cannot leave yet: add --why WORDS. Nothing was sent." in lacks.flat
    assert heard_here("case", "letter", reference, "hold", "--json").json["lacks"][0]["authority"] == "SI 2006/1738, reg. 8(3)"


def test_the_letters_of_a_procedure_are_listed_with_the_step_that_sends_each(heard_here: Heard) -> None:
    reference = routed(heard_here)

    listed = {row["notice"]: row["on"] for row in heard_here("case", "letter", reference, "--json").json}

    assert listed["s2_delay"] == ["delay_notice"] and listed["closure"] == ["closed"]
    assert "panel_report" in heard_here("case", "letter", reference).out


def test_what_cannot_be_sent_is_refused_with_what_to_do(heard_here: Heard) -> None:
    reference = routed(heard_here)
    refused = {
        ("no-such-letter",): "is no letter. Letters are: acknowledgement",
        ("status",): "has no letter status",
        ("extension", "--send"): f"record complex_decided or extended, with `heard case record {reference} complex_decided`",
        ("panel_report", "--say", "summary=x", "--say", "recommendations=y", "--send"): "goes with its step",
        ("hold", "--say", "no name"): "is not NAME=WORDS",
    }
    for words, why in refused.items():
        said = heard_here("case", "letter", reference, *words, person=OFFICER)

        assert said.code != 0 and why in said.flat, (words, said.err)
    assert {row["notice"] for row in heard_here("outbox", "list", "--all", "--json").json} <= {"receipt", "new_case_for_staff"}


def test_a_step_takes_the_words_of_its_letter(heard_here: Heard) -> None:
    reference = routed(heard_here)
    assert (
        heard_here("case", "record", reference, "s1_resolved", "--why", "Calls each Friday, they agree.", person=OFFICER).code
        == 0
    )
    own = heard_here("case", "letter", reference, "terms").out
    words = ("--say", "terms=Sam will call you each Friday.")
    assert heard_here("case", "record", reference, "terms_letter", *words, person=OFFICER).code == 0

    assert "Calls each Friday, they agree." in own, "what was recorded, where nobody says it in other words"
    [sent] = [row for row in heard_here.show(reference)["outbox"] if row["notice"] == "terms"]
    assert sent["state"] == "queued"
