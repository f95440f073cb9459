"""`case facts`: what an officer sees of the facts, corrects, and what the law then says."""

from tests.commands.hearing import OFFICER, Heard

WORDS = "The head teacher shouted at my daughter and her form teacher laughed. I want to complain."


def test_a_wrong_fact_is_corrected_and_what_changes_is_told_and_noted_and_the_route_stays(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example", "--from", "parent", said=WORDS)
    as_read = heard("case", "facts", reference, "--json").json
    assert (as_read["procedure"], as_read["changes"]) == ("other_body", [])

    correction = ("--about", "looked_after", "--not-about", "school", "--is", "has_court_proceedings")
    tried = heard("case", "facts", reference, *correction, "--json").json
    assert tried["procedure"] == "statutory"
    assert {"what": "procedure", "was": "other_body", "is": "statutory"} in tried["changes"]
    assert "concurrent_proceedings" in tried["gates"]

    told = heard("case", "facts", reference, *correction, "--why", "her carer rang: it was at the home", person=OFFICER)
    assert told.code == 0
    assert f"Noted on the case. The route is as it was: `heard case route {reference}` decides it." in told.flat
    case = heard("case", "show", reference, "--json").json
    assert (case["procedure"], case["suggested"]) != ("statutory", "statutory")
    (noted,) = [one for one in case["events"] if "Facts corrected" in one["note"]]
    assert "about looked_after, not about school, has_court_proceedings is so" in noted["note"]
    assert "it was at the home" in noted["note"]


def test_a_correction_stays_until_it_is_corrected_again_also_after_another_way(heard_here: Heard) -> None:
    reference = heard_here.log("--email", "r.green@family.example", "--from", "parent", said=WORDS)
    said = ("case", "facts", reference)
    heard_here(*said, "--about", "looked_after", "--not-about", "school", "--why", "her carer rang", person=OFFICER)
    heard_here(*said, "--is", "has_court_proceedings", "--from", "carer", "--why", "the file", person=OFFICER)

    both = heard_here(*said, "--json").json
    assert both["facts"] == {
        "about": ["looked_after"],
        "mainly_about": "looked_after",
        "from": "carer",
        "is": ["child_is_looked_after", "has_court_proceedings"],
    }
    assert (both["procedure"], both["changes"]) == ("statutory", [])
    for way in ("corporate", "statutory"):
        heard_here("case", "route", reference, way, "--why", "decided", person=OFFICER)
    assert heard_here(*said, "--json").json["facts"] == both["facts"]

    heard_here(*said, "--is-not", "has_court_proceedings", "--why", "the court case is over", person=OFFICER)
    assert heard_here(*said, "--json").json["facts"]["is"] == ["child_is_looked_after"]


def test_a_correction_that_cannot_be_is_refused_and_nothing_is_kept(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example", said=WORDS)

    unknown = heard("case", "facts", reference, "--is", "is_tall", "--why", "seen", person=OFFICER)
    nothing = heard("case", "facts", reference, "--why", "seen", person=OFFICER)
    nobody = heard("case", "facts", reference, "--about", "nhs", "--why", "seen")

    assert (unknown.code, nothing.code, nobody.code) == (1, 1, 1)
    assert "is_tall: no such fact" in unknown.flat and "Nothing was changed." in unknown.flat
    assert "say what is corrected" in nothing.flat
    assert "--as" in nobody.flat
    events = heard("case", "show", reference, "--json").json["events"]
    assert not [one for one in events if "Facts corrected" in one["note"]]
