"""What an officer decides and holds at the command line; each refusal cites its rule and changes nothing."""

import shlex

from tests.commands.hearing import MANAGER, OFFICER, Heard, Said

WHY = ("--why", "she looks after him every weekend")


def statutory(heard: Heard) -> str:
    reference = heard.log()
    assert heard("case", "route", reference, "statutory", "--why", "he is looked after", person=OFFICER).code == 0
    return reference


def test_only_an_officer_decides_and_what_was_weighed_is_listed(heard: Heard) -> None:
    reference = statutory(heard)
    refused = heard("decide", "interest", reference, "--yes", *WHY, person=MANAGER)
    assert (refused.code, refused.out) == (1, "") and "Only a complaints officer" in refused.err

    said = heard("decide", "interest", reference, "--yes", "--relation", "his grandmother of many years", *WHY, person=OFFICER)

    assert said.code == 0, said.err
    [kept] = heard("decide", "list", reference, "--json").json
    assert (kept["matter"], kept["answer"], kept["by"]) == ("interest", True, OFFICER)
    assert kept["weighed"][0]["weighed"] == "his grandmother of many years"
    assert "grandmother" in heard("decide", "list", reference).flat


def test_a_no_without_what_was_weighed_is_refused_by_its_regulation(heard: Heard) -> None:
    reference = statutory(heard)
    refused = heard("decide", "interest", reference, "--no", "--why", "she is not his parent at all", person=OFFICER)

    assert refused.code == 1
    assert "reg. 12" in refused.err and "Nothing was changed" in refused.err
    assert heard("decide", "list", reference, "--json").json == []


def test_a_child_is_told_in_words_of_their_own_or_the_command_says_why_not(heard: Heard) -> None:
    reference = statutory(heard)
    given = ("decide", "interest", reference, "--yes", *WHY, "--to-child", "Your gran wants to see you more.")
    refused = heard(*given, person=OFFICER)
    assert refused.code == 1 and "No child whom we may write to" in refused.flat

    added = ("child", "--name", "Kit", "--address", "kit@home.example")
    assert heard("case", "person", "add", reference, *added, person=OFFICER).code == 0
    assert heard(*given, person=OFFICER).code == 0
    told = [one for one in heard("outbox", "list", "--json").json if one["notice"] == "interest_accepted"]
    assert len(told) == 1, "whoever rang has no address: the child alone is written to"


def taken_up_again(heard: Heard, refused: str) -> Said:
    """The command that a refusal names, as it must be typed, with a sentence where it asks for one."""
    command = refused.split("`heard ", 1)[1].split("`", 1)[0].replace("…", "she was in hospital until May")
    return heard(*shlex.split(command), person=OFFICER)


def test_what_was_refused_names_the_whole_command_that_decides_it_anew(heard: Heard) -> None:
    kin, late = statutory(heard), statutory(heard)
    weighed = (
        "--relation",
        "his great aunt, who met him",
        "--welfare",
        "about her own letters",
        "--child",
        "he does not know her",
    )
    tests = ("--sooner", "ill until May of that year", "--fairly", "nobody is left who knew", "--why", "nobody can say what was")
    assert heard("case", "record", late, "grounds_arose", "--on", "2020-01-15", "--why", "their letter", person=OFFICER).code == 0
    for given in ((kin, "interest", *weighed, *WHY), (late, "late", "--sooner-holds", *tests)):
        assert heard("decide", given[1], given[0], "--no", *given[2:], person=OFFICER).code == 0

    for reference in (kin, late):
        refused = heard("decide", "freeze", reference, "--yes", "--told-by", "Jo", *WHY, person=OFFICER)
        assert refused.code == 1 and "Nothing was changed" in refused.flat
        again = taken_up_again(heard, refused.flat)
        assert again.code == 0, again.err
        assert heard("decide", "list", reference, "--json").json[-1]["answer"] is True


def test_what_was_passed_on_names_the_whole_command_that_opens_it_again(heard: Heard) -> None:
    reference = statutory(heard)
    where = ("--to", "Anytown NHS Trust", "--sent", "her letter", "--consent", "by email on 3 March", *WHY)
    passed_on = heard("decide", "transfer", reference, *where, person=OFFICER)
    assert passed_on.code == 0, passed_on.err
    refused = heard("decide", "freeze", reference, "--yes", "--told-by", "Jo", *WHY, person=OFFICER)
    assert refused.code == 1

    again = taken_up_again(heard, refused.flat)

    assert again.code == 0, again.err
    assert [one["matter"] for one in heard("decide", "list", reference, "--json").json][-1] == "reopening"


def test_yes_and_no_exclude_each_other(heard_here: Heard) -> None:
    said = heard_here("decide", "freeze", "K7M-W92-RXHC", "--yes", "--no", person=OFFICER)
    assert said.code == 2 and "--yes or --no" in said.flat


def test_early_referral_lists_its_criteria_when_none_is_confirmed(heard_here: Heard) -> None:
    assert "they_agree" in heard_here("decide", "early-referral", "K7M-W92-RXHC").out


def test_a_hold_names_its_ground_and_comes_back_as_a_case_of_its_own(heard: Heard) -> None:
    reference = statutory(heard)
    trial = ("--ground", "criminal_proceedings", "--proceedings", "the trial at the court")
    refused = heard("hold", "put", reference, *trial, person=OFFICER)
    assert refused.code == 1 and "reg. 8(1)" in refused.err

    put = heard("hold", "put", reference, *trial, "--prejudice", "our findings could influence witnesses", person=OFFICER)
    assert put.code == 0, put.err
    [held] = heard("hold", "list", reference, "--json").json
    assert (held["ground"], held["ended"]) == ("criminal_proceedings", None)
    ended = heard("hold", "ended", reference, "--on", held["since"], person=OFFICER)
    assert ended.code == 0 and "SI 2006/1738, reg. 8(4), (5)" in ended.flat
    new = heard("hold", "resubmitted", reference, person=OFFICER)

    assert heard("case", "show", new.out.strip(), "--json").json["procedure"] == "statutory"
    assert heard("hold", "list", reference, "--json").json[0]["continued_in"] == new.out.strip()


def test_corporate_complaints_whose_words_name_children_s_law_are_listed(heard: Heard) -> None:
    doubtful = heard.log(said="Our CIN plan promised short breaks and we have had none. I want to complain.")
    plain = heard.log(said="The admission form on the website does not work. I want to complain.")
    for reference in (doubtful, plain):
        assert heard("case", "route", reference, "corporate", "--why", "about a form", person=OFFICER).code == 0

    [found] = heard("case", "list", "--route-doubt", "--json").json
    assert (found["reference"], found["names"]) == (doubtful, ["child in need", "short breaks"])
    assert doubtful in heard("case", "list", "--route-doubt").out
