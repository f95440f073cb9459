"""`tasks …`: what waits for a person."""

from tests.commands.hearing import OFFICER, Heard


def test_tasks_are_listed_with_safety_first_and_done_by_a_person(heard: Heard) -> None:
    heard.log(received="2025-03-03")
    danger = heard.log(said="My foster dad hits me every night. I want to complain.")

    listed = heard("tasks", "list", "--json").json

    assert listed[0]["kind"] == "safety"
    assert listed[0]["reference"] == danger
    assert {"task", "kind", "reference", "detail", "due_at"} <= set(listed[0])
    assert danger in heard("tasks", "list").out
    refused = heard("tasks", "done", str(listed[0]["task"]), "--what", "Referred to MASH at 10:40.", "--as", OFFICER)
    assert refused.code == 1
    assert f"heard alert close {danger}" in refused.err
    number = str(listed[1]["task"])
    empty = heard("tasks", "done", number, "--as", OFFICER)
    nobody = heard("tasks", "done", number, "--what", "Referred to MASH at 10:40.")
    assert [empty.code, nobody.code] == [1, 1]
    assert "Say what was done" in empty.err
    assert len(heard("tasks", "list", "--json").json) == len(listed)
    done = heard("tasks", "done", number, "--what", "Seen, and decided.", "--as", OFFICER)
    assert (done.code, done.out) == (0, "")
    assert len(heard("tasks", "list", "--json").json) == len(listed) - 1
    assert heard("tasks", "done", number, "--what", "Again.", "--as", OFFICER).code == 1
    assert heard("tasks", "done", "4711", "--what", "Nothing.", "--as", OFFICER).code == 1
    assert heard("tasks", "done", "first", "--what", "Nothing.", "--as", OFFICER).code == 2
