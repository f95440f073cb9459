"""What lies around a sealed file: the letter that holds it, the rest of the message, and who may not even ask."""

import base64
import json
import zipfile
from email.message import EmailMessage

import pytest

from storage.migrating import HEAD
from tests.commands.hearing import HEAD as HEAD_OF_SERVICE
from tests.commands.hearing import MANAGER, OFFICER, Heard
from tests.commands.test_sealing import PICTURE, SECOND, by_mail, every, file, seal, told, two_officers

ENCODED = base64.b64encode(PICTURE)


def sent_along(heard: Heard) -> str:
    """A case whose letter has another one sent along, which holds the picture; `case show` lists 1 the letter, 2 the picture."""
    inner, mail = EmailMessage(), EmailMessage()
    inner["From"], inner["Subject"] = "dad@family.example", "Look"
    inner.set_content("Look at this.")
    inner.add_attachment(PICTURE, maintype="image", subtype="png", filename="p.png")
    mail["From"], mail["To"], mail["Subject"] = "r.green@family.example", "yoursay@anytown.example", "My son"
    mail["Date"], mail["Message-ID"] = "Mon, 10 Mar 2025 10:00:00 +0000", "<one@family.example>"
    mail.set_content("Nobody calls me back about my son. I want to complain.")
    mail.add_attachment(inner)
    mail.add_attachment(b"a sheet", maintype="application", subtype="octet-stream", filename="sheet.bin")
    (heard.folder / "in").mkdir()
    (heard.folder / "in" / "one.eml").write_bytes(mail.as_bytes())
    assert heard("import-mail", "in").code == 0
    [case] = heard("case", "list", "--json").json
    return str(case["reference"])


@pytest.mark.parametrize(("sealed", "other"), [("2", "1"), ("1", "2")])
def test_a_sealed_file_does_not_leave_in_the_letter_that_holds_it_nor_out_of_it(heard: Heard, sealed: str, other: str) -> None:
    reference = sent_along(heard)
    listed = [one["name"] for one in heard.show(reference)["messages"][0]["attachments"]]
    assert listed == ["part-3.eml", "p.png", "sheet.bin"] and ENCODED in file(heard, reference, "1").raw
    seal(heard, reference, sealed)

    tried = [file(heard, reference, other), file(heard, reference, other, why="curious", by=OFFICER)]
    assert heard("case", "bundle", reference, "--out", "all.zip", "--why", "Ombudsman", person=OFFICER).code == 0

    assert [(one.code, one.raw) for one in tried] == [(1, b"")] * 2
    assert all("Nothing was shown." in one.flat for one in tried) and len(told(heard)) == 3
    gone = every(heard.folder / "all.zip")
    assert ENCODED not in gone and b"no picture at all" not in gone
    shown = heard.show(reference)["messages"][0]["attachments"]
    assert [one["is_sealed"] for one in shown[:2]] == [True, True] and "p.png" not in json.dumps(shown)


def test_who_seals_one_file_can_seal_all_of_the_message_after_it(heard: Heard) -> None:
    reference = by_mail(heard)
    seal(heard, reference, "1")

    whole = seal(heard, reference)

    assert (whole.code, file(heard, reference, "2").raw) == (0, b"")
    assert "sealed already" in seal(heard, reference).flat


def test_two_who_agree_on_one_file_of_a_sealed_message_open_that_file_and_no_other(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference)

    asked = file(heard, reference, "2", why="a sheet only", by=OFFICER)
    opened = file(heard, reference, "2", why="with me", by=SECOND)
    other = file(heard, reference, "1", why="and this one", by=OFFICER)
    whole = heard("case", "original", reference, "1", "--why", "and all of it", person=SECOND)

    assert (asked.code, asked.raw) == (1, b"") and (opened.code, opened.raw) == (0, b"what else came")
    assert [(one.code, one.raw) for one in (other, whole)] == [(1, b"")] * 2
    assert "until a colleague" in other.flat and "until a colleague" in whole.flat
    assert not [one for one in told(heard) if "all of it" in one]


def test_who_opened_one_file_of_a_sealed_message_lifts_its_seal_and_no_other(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference)
    file(heard, reference, "2", why="a sheet only", by=OFFICER)
    file(heard, reference, "2", why="with me", by=SECOND)

    not_all = seal(heard, reference, "--lift", why="nothing is on any of it", by=SECOND)
    lifted = seal(heard, reference, "2", "--lift", why="it is a sheet", by=SECOND)

    assert (not_all.code, lifted.code) == (1, 0) and "Only one of the two who have opened it" in not_all.flat
    assert file(heard, reference, "2").raw == b"what else came"
    assert file(heard, reference, "1", why="now", by=SECOND).raw == b""
    assert heard("case", "original", reference, "1", "--why", "now", person=HEAD_OF_SERVICE).raw == b""
    assert [one["is_sealed"] for one in heard.show(reference)["messages"][0]["attachments"]] == [True, False]


def test_who_opened_all_of_a_message_opens_and_lifts_all_of_it(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference)
    file(heard, reference, "2", why="a sheet only", by=OFFICER)
    for one in (OFFICER, SECOND):
        heard("case", "original", reference, "1", "--why", "for the police", person=one)

    single = file(heard, reference, "1", why="again", by=SECOND)
    lifted = seal(heard, reference, "--lift", why="nothing is on it", by=SECOND)

    assert single.raw == PICTURE and lifted.code == 0
    assert file(heard, reference, "2").raw == b"what else came"


def test_the_duty_hears_also_of_who_may_not_see_the_case_and_of_somebody_unknown(heard: Heard) -> None:
    two_officers(heard)
    reference = by_mail(heard)
    seal(heard, reference, "1")
    assert heard("case", "wall", "up", reference, "--person", SECOND, "--why", "their cousin", person=OFFICER).code == 0
    before = len(told(heard))

    tried = [
        file(heard, reference, why="curious", by=SECOND),
        file(heard, reference, why="curious", by="nobody@anytown.example"),
        heard("case", "original", reference, "1", "--why", "curious", person=SECOND),
    ]

    assert [(one.code, one.raw) for one in tried] == [(1, b"")] * 3
    assert "is walled from" in tried[0].flat and "is not one of the people" in tried[1].flat
    assert len(told(heard)) == before + 3
    noted = [one["words"] for one in json.loads(heard("case", "show", reference, "--json", person=MANAGER).out)["history"]]
    assert len([one for one in noted if one and "was refused" in one and "curious" in one]) == 3


def test_a_bundle_has_the_other_files_of_a_letter_with_a_sealed_one(heard: Heard) -> None:
    reference = by_mail(heard)
    seal(heard, reference, "1")

    assert heard("case", "bundle", reference, "--out", "all.zip", "--why", "Ombudsman", person=OFFICER).code == 0

    with zipfile.ZipFile(heard.folder / "all.zip") as bundled:
        [name] = [one for one in bundled.namelist() if "sheet.bin" in one]
        assert bundled.read(name) == b"what else came"


def test_nobody_goes_back_to_a_version_that_knows_no_seals_while_one_stands(heard: Heard) -> None:
    reference = by_mail(heard)
    seal(heard, reference, "1")

    back = heard("migrate", "--to", "0014")

    assert back.code == 1 and "Sealed: 1." in back.flat and "Nothing was changed." in back.flat
    assert heard("migrate", "--to", "0015").code == 0 and heard("migrate", "--to", HEAD).code == 0
    assert file(heard, reference).raw == b""
