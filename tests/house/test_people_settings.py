"""Settings that name a person name one of [[people]]: nobody else could be shown a case, or told that it is their turn."""

import json

import pytest

from bot.settings import SettingsError, load

PEOPLE = [{"address": "c.officer@anytown.example", "name": "C Officer", "role": "officer"}]


@pytest.mark.parametrize(
    ("name", "setting"), [("MONITORING_OFFICER", "monitoring_officer"), ("INBOX_ROTA", "inbox_rota")], ids=["decides", "reads"]
)
def test_somebody_whom_nobody_knows_is_refused_with_who_may_have_been_meant(name: str, setting: str) -> None:
    environ = {"HEARD_PEOPLE": json.dumps(PEOPLE), f"HEARD_COUNCIL_{name}": "c.oficer@anytown.example"}
    with pytest.raises(SettingsError, match=rf"council\.{setting}: c\.oficer@anytown\.example is not among .*c\.officer"):
        load(environ, doors=False)

    known = load({**environ, f"HEARD_COUNCIL_{name}": "c.officer@anytown.example"}, doors=False)
    assert "c.officer@anytown.example" in str(getattr(known.council, setting))


@pytest.mark.parametrize(
    ("nation", "given", "whose"),
    [
        ("wales", {"HEARD_CONTACTS_OMBUDSMAN_PHONE": "0300 061 0614"}, "england"),
        ("wales", {"HEARD_CONTACTS_OMBUDSMAN_NAME": "Local Government and Social Care Ombudsman"}, "england"),
        ("england", {"HEARD_CONTACTS_OMBUDSMAN_PHONE": "0300 790 0203"}, "wales"),
    ],
)
def test_the_ombudsman_of_another_nation_is_refused(nation: str, given: dict[str, str], whose: str) -> None:
    with pytest.raises(SettingsError, match=rf"the Ombudsman of {whose}, and nation is {nation}; wanted its own"):
        load({"HEARD_NATION": nation, **given}, doors=False)


def test_without_a_number_it_is_the_ombudsman_of_the_nation() -> None:
    contacts = load({"HEARD_NATION": "wales"}, doors=False).council.contacts

    assert (contacts.ombudsman_name, contacts.ombudsman_phone) == ("Public Services Ombudsman for Wales", "0300 790 0203")
