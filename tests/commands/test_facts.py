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
