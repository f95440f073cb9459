"""`case people`, `person`, `wall`, `authority`, `link`: who is on a case, and from whom it is kept."""

from tests.commands.hearing import MANAGER, OFFICER, Heard


def test_a_case_is_kept_from_the_manager_whom_it_names_until_an_officer_lifts_it(heard: Heard) -> None:
    reference = heard.log(said="Jo Field never calls us back about my son. I want to complain.")

    given = heard("case", "assign", reference, MANAGER, "--as", OFFICER)
    unnamed, hers = heard("case", "list", "--json"), heard("case", "list", "--json", person=MANAGER)
    shown, nobody = heard("case", "show", reference, person=MANAGER), heard("case", "show", reference)
    [task] = [one for one in heard("tasks", "list", "--json", person=OFFICER).json if one["kind"] == "confirm_wall"]
    assert (given.code, "Nobody was given the case" in given.flat) == (1, True)
    assert (unnamed.json, hers.json) == ([], []) and "say who looks" in unnamed.err
    assert (shown.code, shown.out, nobody.code) == (1, "", 1) and f"walled from {reference}" in shown.flat
    assert heard("tasks", "list", "--json", person=MANAGER).json == [] and task["reference"] == reference
    assert [one["reference"] for one in heard("case", "list", "--json", person=OFFICER).json] == [reference]

    own = heard("case", "wall", "lift", reference, "--person", "Jo Field", "--why", "it is me", person=MANAGER)
    lifted = heard("case", "wall", "lift", reference, "--person", "Jo Field", "--why", "named in passing", "--as", OFFICER)
    assert (own.code, lifted.code) == (1, 0)
    assert heard("case", "assign", reference, MANAGER, "--as", OFFICER).code == 0
    assert heard("case", "people", reference, "--json").json["walls"] == []


def test_who_is_on_a_case_is_listed_with_what_may_be_told_and_what_is_linked(heard: Heard) -> None:
    mums, aunts = heard.log("--name", "R Green"), heard.log(said="My nephew was moved and nobody asked him.")

    added = heard("case", "person", "add", mums, "solicitor", "--name", "P Law", "--address", "p@law.example", "--as", OFFICER)
    early = heard("case", "person", "appoint", mums, "2", "--as", OFFICER)
    proof = ("--evidence", "signed form, in the file")
    appointed = heard("case", "person", "appoint", mums, "2", *proof, "--as", OFFICER)
    steps = [
        heard("case", "person", "standing", mums, "1", "S2", "--relation", "mum", "--as", OFFICER),
        heard("case", "authority", mums, "1", "own_right", "--as", OFFICER),
        heard("case", "link", mums, aunts, "--why", "the same child", "--as", OFFICER),
        heard("case", "wall", "up", mums, "--person", "uncle@f.example", "--family", "--why", "she is afraid", "--as", OFFICER),
        heard("case", "wall", "up", aunts, "--person", MANAGER, "--why", "it is about them", "--as", OFFICER),
        heard("case", "wall", "confirm", aunts, "--person", MANAGER, "--why", "again", "--as", OFFICER),
    ]
    found = heard("case", "people", mums, "--json", person=OFFICER).json
    as_seen_by_the_walled = heard("case", "people", mums, "--json", person=MANAGER).json
    assert [added.code, early.code, appointed.code, *(one.code for one in steps)] == [0, 1, 0, 0, 0, 0, 0, 0, 1]
    assert [(one["role"], one["told"], one["standing"]) for one in found["people"]] == [
        ("complainant", False, "S2"),
        ("solicitor", True, None),
    ]
    assert found["people"][1]["evidence"] == proof[1] and found["walls"][0]["kind"] == "family"
    assert found["linked"] == [{"reference": aunts, "kind": "family", "why": "the same child"}]
    assert as_seen_by_the_walled["linked"] == []
    assert "P Law" in heard("case", "people", mums, person=OFFICER).out
    ended = heard("case", "person", "end", mums, "2", "--why", "no longer instructed", "--as", OFFICER)
    assert ended.code == 0 and heard("case", "people", mums, "--json", person=OFFICER).json["people"][1]["ended_on"]


def test_who_is_appointed_by_a_step_is_named_and_is_on_the_case(heard_here: Heard) -> None:
    """SI 2006/1738, reg. 17(2): nothing else would show that they are not whom it is about."""
    reference = heard_here.log()
    record = ("case", "record", reference)
    for words in (
        ("case", "route", reference, "statutory", "--why", "he is looked after"),
        (*record, "skip_s1_agreed", "--why", "she and we agreed by phone today"),
    ):
        said = heard_here(*words, person=OFFICER)
        assert said.code == 0, said.err
    nobody = heard_here(*record, "io_appointed", person=OFFICER)
    unasked = heard_here(*record, "ip_appointed", "--name", "B. Moss", "--why", "no tie to us", person=OFFICER)
    assert (nobody.code, unasked.code) == (1, 1)
    assert "Say who the investigating officer is, with --name" in nobody.flat and "--independent" in unasked.flat
    assert not {"io_appointed", "ip_appointed"} & {one["event"] for one in heard_here.show(reference)["events"]}

    named = heard_here(*record, "io_appointed", "--name", "A. Bell", person=OFFICER)
    asked = heard_here(*record, "ip_appointed", "--name", "B. Moss", "--independent", "--why", "no tie to us", person=OFFICER)
    assert (named.code, asked.code) == (0, 0), named.err + asked.err
    found = {one["role"]: one["name"] for one in heard_here("case", "people", reference, "--json").json["people"]}
    assert (found["investigating_officer"], found["independent_person"]) == ("A. Bell", "B. Moss")
