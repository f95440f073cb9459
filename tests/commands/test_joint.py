"""`heard joint …` from the command line."""

from datetime import timedelta

from tests.commands.hearing import OFFICER, Heard, the_day


def test_an_officer_agrees_a_joint_reply_and_lists_it(heard_here: Heard) -> None:
    reference = heard_here.log(received=str(the_day()))
    day = str(the_day() + timedelta(days=1))
    asking = ("--with", "Anytown NHS Trust", "--consent", "signed the form", "--promised-for", day, "--how", "by mail")
    said = heard_here("joint", "ask", reference, *asking, "--they-lead", person=OFFICER)
    assert (said.code, said.err.startswith("Part 1 is noted. Anytown NHS Trust leads")) == (0, True), said.err

    [part] = heard_here("joint", "list", reference, "--json", person=OFFICER).json
    assert (part["part"], part["state"], part["promised_for"], part["they_lead"]) == (1, "promised", day, True)
    assert heard_here("joint", "apart", "1", "--why", "they need longer", person=OFFICER).code == 0
    assert "apart" in heard_here("joint", "list", reference, person=OFFICER).out
    refused = heard_here("joint", "came", "1", person=OFFICER)
    assert (refused.code, "Nothing was changed." in refused.err) == (1, True)
