"""`alert …` and what `health` says of alerts: who has one, and how it closes."""

from tests.commands.hearing import HEAD, MANAGER, OFFICER, Heard

DANGER = "My foster dad hits me every night. I want to complain."
REFERRED = (
    *("--harm-by", "carer", "--referred-to", "Anytown MASH", "--at", "2025-03-11 23:40", "--their-reference", "5531"),
    *("--told", "That we had to tell the duty social worker"),
)


def test_an_alert_is_taken_up_by_name_and_closed_with_a_referral(heard: Heard) -> None:
    danger = heard.log(said=DANGER)
    before = heard("health", "--json").json["alerts"]
    assert "nobody has it" in heard("alert", "list").out

    refused = heard("alert", "take", danger, "--as", MANAGER)
    taken = heard("alert", "take", danger, "--as", HEAD)
    open_one = heard("alert", "list", "--json").json[0]
    without_lado = heard("alert", "close", danger, *REFERRED, "--as", OFFICER)
    closed = heard("alert", "close", danger, *REFERRED, "--lado", "Lee Ado, LADO", "--as", OFFICER)

    assert (before["open"], before["not_taken_up"]) == (1, 1)
    assert (refused.code, taken.code, without_lado.code, closed.code) == (1, 0, 1, 0)
    assert "--lado" in without_lado.err
    assert (open_one["reference"], open_one["taken_by"], open_one["closed_at"]) == (danger, HEAD, None)
    assert heard("alert", "list", "--json").json == []
    [told] = heard("alert", "list", "--all", "--json").json
    assert (told["closed_by"], told["harm_by"], told["their_reference"]) == (OFFICER, "carer", "5531")
    # In March London's clock is UTC's.
    assert told["referred_at"] == "2025-03-11T23:40:00+00:00"
    assert heard("health", "--json").json["alerts"] == {"open": 0, "not_taken_up": 0, "oldest_not_taken_up": None}
    assert heard.show(danger)["state"] != "closed"


def test_what_is_mistyped_changes_nothing(heard: Heard) -> None:
    danger = heard.log(said=DANGER)

    unknown = heard("alert", "take", "K7M-W92-RXHC", "--as", OFFICER)
    moment = heard("alert", "close", danger, "--at", "yesterday", "--as", OFFICER)
    harm = heard("alert", "close", danger, "--harm-by", "granny", "--as", OFFICER)

    assert (unknown.code, moment.code, harm.code) == (1, 2, 2)
    assert "no open safety alert" in unknown.err
    assert heard("health", "--json").json["alerts"]["open"] == 1


def test_health_says_what_waits_and_what_will_run_out(heard_here: Heard) -> None:
    heard_here.log()

    told = heard_here("health", "--json").json

    assert told["healthy"] is False
    assert (told["unread"], told["oldest_unread"], told["held"], told["turns"]) == ({}, None, None, {})
    assert told["calendar_days_left"] > 0
    assert told["disk"]["free_bytes"] > 0
    assert {"loops", "oldest_unsent", "outbox", "quarantined", "calendar_known_until"} <= told.keys()
