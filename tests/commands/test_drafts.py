"""`case draft`, `check`, `sign`, `send` and `redact`: an answer as a person at a desk makes it, and what is refused."""

import io
import re

from docx import Document

from tests.casework.rooms import a_report
from tests.commands.hearing import HEAD, MANAGER, OFFICER, Heard


def ready(heard: Heard) -> str:
    """A corporate complaint with one issue, acknowledged, and what was found on it."""
    reference = heard.log("--email", "r.green@family.example", "--name", "R Green", "--from", "parent")
    for words in (
        ("case", "route", reference, "corporate", "--why", "a website"),
        ("case", "issue", "add", reference, "The form does not work."),
        ("case", "acknowledge", reference),
        ("case", "issue", "find", reference, "1", "upheld", "--why", "We tried the form: it lost page two."),
        ("case", "remedy", reference, "1", "service_put_right", "--what", "The form is mended by 1 May 2030."),
    ):
        said = heard(*words, person=OFFICER)
        assert said.code == 0, (words, said.err)
    return reference


def fill_in(heard: Heard, name: str, instead: str = "It cost you an afternoon.") -> None:
    file = heard.folder / name
    document = Document(io.BytesIO(file.read_bytes()))
    for paragraph in document.paragraphs:
        if "[" in paragraph.text:
            paragraph.text = re.sub(r"\[[^\[\]]*\]", instead, paragraph.text)
    document.save(str(file))


def test_an_answer_is_drafted_checked_signed_and_sent_by_four_commands(heard: Heard) -> None:
    reference = ready(heard)

    drafted = heard("case", "draft", reference, "--out", "a.docx", "--child", person=MANAGER)
    assert (drafted.code, drafted.out) == (0, "")
    assert (heard.folder / "a-child.docx").read_bytes().startswith(b"PK")
    again = heard("case", "draft", reference, "--out", "a.docx", person=MANAGER)
    assert (again.code, "is there already" in again.err) == (1, True)
    assert heard("case", "drafts", reference, "--json").json == []

    taken = heard("case", "draft", reference, "--take", "a.docx", person=MANAGER)
    assert "version 1 of the stage 1 answer" in taken.err
    stopped = heard("case", "check", reference, "--json", person=OFFICER)
    assert stopped.code == 1
    assert {one["rule"] for one in stopped.json["found"] if one["stops"]} == {"placeholder"}
    assert "is to be mended" in stopped.err

    around = heard("case", "respond", reference, "--words", "No.", person=OFFICER)
    assert (around.code, "A draft of this answer is on its way" in around.err) == (1, True)

    fill_in(heard, "a.docx")
    assert heard("case", "draft", reference, "--take", "a.docx", person=MANAGER).code == 0
    passed = heard("case", "check", reference, person=OFFICER)
    assert (passed.code, "Version 2 passed" in passed.err) == (0, True)
    assert "Next: heard case send" in heard("case", "sign", reference, person=HEAD).err
    refused = heard("case", "send", reference, person=MANAGER)
    assert (refused.code, "Only a complaints officer may send an answer" in refused.err) == (1, True)
    assert heard("case", "send", reference, person=OFFICER).err.startswith(f"The answer of {reference} is on its way.")
    first, last = heard("case", "drafts", reference, "--json").json
    assert (first["state"], last["state"], last["signed_by"]) == ("to be mended", "sent", HEAD)
    assert [(one["how"], one["to"]) for one in last["sent"]] == [("email", "r.green@family.example")]
    assert "sent" in heard("case", "drafts", reference).out
    reached = heard("case", "reached", reference, "opened", person=OFFICER)
    assert (reached.code, reached.err.strip()) == (0, f"The answer of {reference} is recorded as opened.")


def test_the_reports_of_stage_2_are_taken_in_written_out_and_left_out_only_for_a_reason(heard: Heard) -> None:
    reference = heard.log("--email", "r.green@family.example", "--from", "parent", received="2025-03-10")
    (heard.folder / "report.docx").write_bytes(a_report("We read the file and spoke to the team."))
    found = ("--stage", "2", "--why", "We read the file once more.")
    for words in (
        ("case", "route", reference, "statutory", "--why", "a looked-after child"),
        ("case", "issue", "add", reference, "You moved me."),
        ("case", "record", reference, "s2_requested", "--on", "2025-03-25"),
        (
            "case",
            "record",
            reference,
            "ip_appointed",
            "--on",
            "2025-03-26",
            "--name",
            "B. Moss",
            "--independent",
            "--why",
            "no tie",
        ),
        ("case", "issue", "find", reference, "1", "not_upheld", *found),
        ("case", "draft", reference, "--out", "a.docx"),
    ):
        said = heard(*words, person=OFFICER)
        assert said.code == 0, (words, said.err)
    early = heard("case", "draft", reference, "--take", "report.docx", "--report", "officer", person=MANAGER)
    assert (early.code, "The letter itself comes first" in early.flat) == (1, True)
    fill_in(heard, "a.docx")
    assert heard("case", "draft", reference, "--take", "a.docx", person=MANAGER).code == 0
    taken = heard("case", "draft", reference, "--take", "report.docx", "--report", "officer", person=MANAGER)
    assert "The report of the investigating officer is in version 2 of the stage 2 answer" in taken.flat

    stopped = heard("case", "check", reference, "--json", person=OFFICER)
    reasons = [one["found"] for one in stopped.json["found"] if one["rule"] == "reports"]
    assert [words.startswith("The report of the independent person does not go with it.") for words in reasons] == [True]
    passed = heard("case", "check", reference, "--accept", "reports=it goes by post, on paper", person=OFFICER)
    assert (passed.code, "Version 2 passed" in passed.err) == (0, True), passed.err
    [_, last] = heard("case", "drafts", reference, "--json").json
    assert last["reports"] == ["officer"]
    out = heard("case", "draft", reference, "--report", "officer", "--out", "read.docx", person=OFFICER)
    assert (out.code, (heard.folder / "read.docx").read_bytes()[:2]) == (0, b"PK")
    again = heard("case", "draft", reference, "--report", "officer", "--out", "read.docx", person=OFFICER)
    none = heard("case", "draft", reference, "--report", "independent", "--out", "none.docx", person=OFFICER)
    assert ("is there already" in again.flat, "is not there. Take it in" in none.flat) == (True, True)
    assert heard("case", "draft", reference, "--report", "panel", person=OFFICER).code == 2
    assert heard("case", "draft", reference, "--report", "officer", "--child", person=OFFICER).code == 2


def test_a_draft_of_nothing_and_a_file_that_is_none_are_refused(heard_here: Heard) -> None:
    heard, reference = heard_here, heard_here.log()
    (heard.folder / "a.txt").write_bytes(b"Dear R Green,")

    for words, why in (
        (("case", "draft", reference), "route is not confirmed"),
        (("case", "draft", reference, "--take", "none.docx"), "There is no file none.docx"),
        (("case", "check", reference), "route is not confirmed"),
        (("case", "sent", reference, "--how", "post"), "route is not confirmed"),
    ):
        said = heard(*words, person=OFFICER)
        assert (said.code, why in said.flat) == (1, True), said.err
    heard("case", "route", reference, "corporate", "--why", "a website", person=OFFICER)
    for words, why in (
        (("case", "draft", reference), "Nobody has listed the issues"),
        (("case", "draft", reference, "--take", "a.txt"), "It is not a Word document (.docx). Nothing was changed."),
        (("case", "sign", reference), "There is no draft of the stage 1 answer"),
    ):
        said = heard(*words, person=OFFICER)
        assert (said.code, why in said.flat) == (1, True), said.err
    assert heard("case", "reached", reference, "lost", person=OFFICER).code == 2
    assert heard("case", "sent", reference, "--how", "pigeon", person=OFFICER).code == 2
    assert heard("case", "check", reference, "--accept", "next_step=no time", person=OFFICER).code == 2


def test_a_redacted_extract_is_written_only_after_a_second_person_confirmed_it(heard_here: Heard) -> None:
    heard = heard_here
    reference = heard.log("--email", "r.green@family.example", said="Tobias waits. Write to r.green@family.example.")
    assert heard("redact", "words", reference, "--out", "w.txt", person=OFFICER).code == 0
    file = heard.folder / "w.txt"
    marked = file.read_text("utf-8").replace("Tobias", "[[Tobias|a child's name]]")
    file.write_text(marked.replace("r.green@family.example", "[[r.green@family.example|how to reach her]]"), "utf-8")

    taken = heard("redact", "take", reference, "w.txt", "--for", "Jo Field, team manager", person=OFFICER)
    assert taken.err.startswith(f"2 passages of {reference} are taken out.")
    early = heard("redact", "export", reference, "1", "--out", "x.txt", person=OFFICER)
    assert (early.code, (heard.folder / "x.txt").exists()) == (1, False)
    assert "a child's name" in heard("redact", "show", reference, "1", person=MANAGER).out
    assert heard("redact", "confirm", reference, "1", person=MANAGER).code == 0
    assert heard("redact", "export", reference, "1", "--out", "x.txt", person=OFFICER).code == 0
    assert "[taken out] waits. Write to [taken out]." in (heard.folder / "x.txt").read_text("utf-8")
    [listed] = heard("redact", "list", reference, "--json", person=OFFICER).json
    assert (listed["made_by"], listed["confirmed_by"], listed["given_by"]) == (OFFICER, MANAGER, OFFICER)
    assert [one["why"] for one in listed["removed"]] == ["a child's name", "how to reach her"]
