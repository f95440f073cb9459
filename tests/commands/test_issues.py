"""`case issue …`, `case remedy`, `actions …`, `case pass-on`: what an officer types, sees, and is refused."""

from tests.commands.hearing import CHECKED, MANAGER, OFFICER, Heard

WHY = ("--why", "Ann Lee asked her")


def a_complaint(heard: Heard) -> str:
    reference = heard.log("--email", "r.green@family.example", "--name", "R Green", "--from", "parent")
    assert heard("case", "route", reference, "statutory", "--why", "a child in need", person=OFFICER).code == 0
    return reference


def test_a_complaint_by_its_points_from_the_list_to_the_close(heard: Heard) -> None:
    reference = a_complaint(heard)

    def case(*words: str, said: str = "") -> None:
        answer = heard("case", *words, person=OFFICER)
        assert (answer.code, answer.out) == (0, ""), answer.err
        assert said in answer.flat

    def refused(*words: str, why: str) -> None:
        answer = heard("case", *words, person=OFFICER)
        assert (answer.code, answer.out) == (1, ""), answer.flat
        assert why in answer.flat

    assert "Nobody has listed the issues" in heard("case", "issues", reference).out
    assert heard("case", "issues", reference, "--suggested", "--json").json
    case("issue", "add", reference, "Nobody called.", "--theme", "communication", said="Issue 1 is on the list")
    case("issue", "add", reference, "I was moved and lost my school.", "--wanted", "To go back", said="Issue 2")
    case("issue", "split", reference, "2", "--into", "I was moved.", "--into", "I lost my school.", *WHY, said="now 2, 3")
    case("issue", "mend", reference, "1", "--words", "Nobody called me in May.", *WHY)
    case("issue", "withdraw", reference, "3", *WHY, said="a letter tells them")
    refused("issue", "ask", reference, why="This very list has been sent")
    case("issue", "confirm", reference, "--how", "by phone", said="They confirmed issue 1, 2")
    refused("acknowledge", reference, "--issue", "Something else", why="leave --issue out")
    case("acknowledge", reference)
    refused("respond", reference, "--words", "We are sorry.", why="Issues 1 and 2 are without a finding")
    case("issue", "find", reference, "1", "upheld", "--why", "no call is on file", said="complete with a decision")
    case("issue", "find", reference, "2", "not_upheld", "--why", "the move was right")
    refused("respond", reference, "--words", "We are sorry.", why="nothing is decided to put it right")
    money = ("--amount", "150", "--what", "£150 for the delay", "--agreed-by", "Ama Owusu, head of service")
    refused("remedy", reference, "1", "financial", *money[:4], why="--agreed-by")
    case("remedy", reference, "1", "financial", *money, said="Remedy 1 is decided")
    case("respond", reference, "--words", "We are sorry.", *CHECKED)
    refused("close", reference, "--why", "answered", why=f"heard case given {reference} 1")
    case("given", reference, "1")
    case("close", reference, "--why", "answered")

    first, second, third = heard("case", "issues", reference, "--json").json
    assert (first["words"], first["theme"], first["findings"][0]["outcome"]) == (
        "Nobody called me in May.",
        "communication",
        "upheld",
    )
    assert (first["remedies"][0]["amount_pence"], first["remedies"][0]["agreed_by"]) == (15_000, "Ama Owusu, head of service")
    assert (second["wanted"], third["withdrawn"], third["split_from"]) == ("To go back", True, 2)
    shown = heard("case", "issues", reference).out
    assert "Remedy 1: payment of £150, given" in shown and "taken out" in shown


THREE = (
    "1. My son's short breaks were cut without a new assessment.\n2. His EHC plan is four months late.\n"
    "3. The school taxi never came this term."
)


def test_the_points_of_a_letter_are_suggested_and_listed_by_an_officer(heard_here: Heard) -> None:
    """One goes the way of the case; the plan and the taxi go another, once the route is confirmed (labelling guide, P6)."""
    early, late = (heard_here.log("--name", "R Green", "--from", "parent", said=THREE) for _ in range(2))
    shown = heard_here("case", "issues", late)
    assert "Nobody has listed the issues" in shown.out and "Suggested, from their own words" in shown.out
    assert "corporate" in shown.out and "as the case" in shown.out and "short breaks" in shown.out
    suggested = heard_here("case", "issues", late, "--suggested", "--json").json
    assert [one["procedure"] for one in suggested] == [None, "corporate", "corporate"]
    assert heard_here("case", "issues", late, "--json").json == []

    heard_here("case", "route", late, "statutory", "--why", "a child in need", person=OFFICER)
    for reference in (early, late):
        added = heard_here("case", "issue", "add", reference, "--suggested", person=OFFICER)
        assert (added.code, "Listed as 1, 2, 3" in added.flat) == (0, True), added.flat
        assert heard_here("case", "issues", reference, "--suggested", "--json").json == []

    listed = {one: heard_here("case", "issues", one, "--json").json for one in (early, late)}
    assert [one["words"] for one in listed[late]] == [one["words"] for one in suggested]
    assert [one["procedure"] for one in listed[late]] == [None, "corporate", "corporate"]
    assert [one["procedure"] for one in listed[early]] == [None, None, None]


def test_usage_is_told_from_refusal(heard_here: Heard) -> None:
    reference = a_complaint(heard_here)
    for words in (
        ("issue", "add", reference),
        ("remedy", reference, "1", "financial", "--amount", "ten"),
        ("learn", reference, "Call first.", "--action", "Call"),
        ("issue", "find", reference, "1", "certainly"),
    ):
        answer = heard_here("case", *words, person=OFFICER)
        assert (answer.code, answer.out) == (2, ""), words
    assert heard_here("actions", "add", reference, "Call", "--owner", MANAGER, person=OFFICER).code == 2
    assert heard_here("actions", "list", "--owner", "nobody@x.example").code == 1
    assert heard_here("case", "issue", "add", reference, "--suggested", person=OFFICER).code == 0
    assert heard_here("case", "issues", reference, "--json").json


def test_what_was_promised_stays_on_the_list_until_it_is_shown(heard_here: Heard) -> None:
    reference = a_complaint(heard_here)
    promise = ("--action", "Call before a move", "--owner", MANAGER, "--due", "2035-05-29")
    learned = heard_here("case", "learn", reference, "Nobody tells a child.", *promise, person=OFFICER)
    assert (learned.code, "Action 1 is with" in learned.flat) == (0, True), learned.err
    added = heard_here(
        *("actions", "add", reference, "Train every team", "--owner", OFFICER, "--due", "2035-06-29"),
        *("--source", "ombudsman"),
        person=OFFICER,
    )
    assert added.code == 0, added.err
    assert heard_here("actions", "move", "1", "2035-07-31", "--why", "the form is printed in July", person=OFFICER).code == 0
    assert heard_here("actions", "give", "1", OFFICER, "--why", "Jo is away", person=OFFICER).code == 0
    refused = heard_here("actions", "done", "1", "--evidence", "", person=OFFICER)
    assert (refused.code, "--evidence" in refused.flat) == (1, True)
    assert heard_here("actions", "done", "1", "--evidence", "practice note 12", person=OFFICER).code == 0

    [still_open] = heard_here("actions", "list", "--json").json
    [untold] = heard_here("actions", "list", "--untold", "--json").json
    assert (still_open["source"], still_open["state"], still_open["due"]) == ("ombudsman", "open", "2035-06-29")
    assert (untold["action"], untold["first_due"], untold["evidence"]) == (1, "2035-05-29", "practice note 12")
    assert heard_here("actions", "list", "--late", "--json").json == []
    told = heard_here("actions", "tell", "1", "--you-said", "No one told me.", "--we-did", "We call now.", person=OFFICER)
    assert told.code == 0, told.err
    assert heard_here("actions", "list", "--untold", "--json").json == []
    assert "Train every team" in heard_here("actions", "list", "--case", reference, "--all").out
    assert "you_said_we_did" in [one["notice"] for one in heard_here.show(reference)["outbox"]]


def test_thanks_are_passed_on_as_far_as_they_allow(heard_here: Heard) -> None:
    reference = a_complaint(heard_here)
    words = ("--sharing", "person_praised", "--to", MANAGER, "--how", "asked by phone", "--words", "Thank you for coming.")
    refused = heard_here("case", "pass-on", reference, *words, person=OFFICER)
    assert (refused.code, "no compliment" in refused.flat) == (1, True)
    assert heard_here("case", "kind", reference, "compliment", "--why", "all thanks", person=OFFICER).code == 0
    assert "praise" in [task["kind"] for task in heard_here("tasks", "list", "--json").json]

    passed = heard_here("case", "pass-on", reference, *words, person=OFFICER)

    assert (passed.code, passed.out) == (0, ""), passed.err
    assert "praise" not in [task["kind"] for task in heard_here("tasks", "list", "--json").json]
    assert "praise" in [one["notice"] for one in heard_here.show(reference)["outbox"]]


def test_what_the_ombudsman_recommends_is_charged_to_somebody_with_the_step_or_the_command_says_how(heard: Heard) -> None:
    reference = a_complaint(heard)
    record = ("case", "record", reference)
    why = ("--why", "25 001 234: the whole file, with a reply")
    assert heard(*record, "ombudsman_enquiry", *why, person=OFFICER).code == 0
    decided = (*record, "ombudsman_decided", "--why", "25 001 234: upheld", "--action")

    wrong = heard(*decided, f"{MANAGER} soon Train the team.", person=OFFICER)
    made = heard(*decided, f"{MANAGER} 2035-05-01 Train the team.", person=OFFICER)
    later = heard(*record, "recommendations_by", "--on", "2035-05-01", "--why", "train the team, paragraph 30", person=OFFICER)

    assert wrong.code != 0 and "soon" in wrong.flat
    assert made.code == 0 and "Somebody does each of them: action" in made.flat
    assert "heard actions add" in later.flat and "--source ombudsman" in later.flat
    [action] = heard("actions", "list", "--json").json
    assert (action["owner"], action["due"], action["words"]) == (MANAGER, "2035-05-01", "Train the team.")
