"""The chapters about the council: name, hours, numbers, people, database, and what safety demands. Nothing is tried here."""

from collections.abc import Iterable
from typing import Any

from bot.initiating import questions
from bot.initiating.asking import Interview, Question
from bot.initiating.drafting import draft
from bot.initiating.secrets import keep_secret
from bot.profile import told_by_name
from bot.settings import SettingsError
from bot.settings.kinds import address, holds_a_password, text
from bot.settings.people import role
from bot.settings.table import BY_PATH
from casework.council import Council, StaffRole


def about_the_council(interview: Interview) -> None:
    interview.chapter("The council")
    ask_all(interview, questions.COUNCIL)
    council = Council(name=interview.says("council.name"), service_name=interview.says("council.service_name"))
    if word := told_by_name(council.service_name, council):
        interview.talk.say(f"   {council.service_name} holds {word!r}: whoever looks at a young person's phone would see it.")
    if "council.environment" not in interview.values:
        interview.talk.say("   No trial: people will really be served. `heard run` opens the doors only when safety is ready.")
    interview.chapter("Address and hours")
    while mistakes := _asked_for_hours(interview):
        for mistake in mistakes:
            interview.talk.say(f"   {mistake}")


def _asked_for_hours(interview: Interview) -> list[str]:
    """Ask; what does not go together is told here, not at the end when every other answer would be lost with it."""
    ask_all(interview, questions.HOURS)
    try:
        draft(interview.values, {})
    except SettingsError as problem:
        paths = tuple(question.path for question in questions.HOURS)
        return [mistake for mistake in problem.mistakes if mistake.startswith(paths)]
    return []


def about_numbers(interview: Interview) -> None:
    interview.chapter("Telephone numbers that people are told")
    ask_all(interview, questions.NUMBERS)
    if interview.says("nation", "england") == "england":
        ask_all(interview, questions.HELPLINES)
    else:  # helplines of one nation are never told in another (people-and-safety.md 1.7)
        ask_all(interview, [Question(each.path, each.words) for each in questions.HELPLINES])
    told = ("phone", "night_phone", "advocate_phone", "ombudsman_phone")
    numbers = ", ".join(interview.says(f"contacts.{name}") for name in told)
    interview.talk.say(f"   Ring each of them before people are told to: {numbers}.")
    interview.ask(questions.CHECKED)
    interview.ask(questions.POLICY)


def about_people(interview: Interview) -> None:
    interview.chapter("People and teams")
    interview.why("people")
    people: list[dict[str, Any]] = interview.values.get("people", [])
    for person in people:
        interview.talk.say(f"   {person.get('role', '?')}: {person.get('name', '?')} <{person.get('address', '?')}>")
    if people and not interview.sure("Keep these people and their teams?", default=True):
        people = []
        interview.values.pop("teams", None)
    while more := _a_person(interview, is_first=not people):
        people = [one for one in people if one.get("address", "").lower() != more["address"].lower()] + [more]
    interview.values.pop("people", None)
    if people:
        interview.values["people"] = people
    _who_decides_about_officers(interview, people)
    interview.ask(questions.DUTY)
    ask_all(interview, [route for route in questions.SECOND_ROUTE if route.path in BY_PATH])


def _who_decides_about_officers(interview: Interview, people: list[dict[str, Any]]) -> None:
    """Somebody who is on the list; whoever is not could be shown no case and reminded of none."""
    known = {str(one.get("address", "")).lower() for one in people}
    interview.ask(questions.MONITORING_OFFICER)
    while (given := interview.says(questions.MONITORING_OFFICER.path)) and given.lower() not in known:
        interview.talk.say(f"   {given} is not one of the people above. Name one of them, or - for nobody.")
        interview.values.pop(questions.MONITORING_OFFICER.path)
        interview.ask(questions.MONITORING_OFFICER)


def _a_person(interview: Interview, is_first: bool) -> dict[str, Any] | None:
    """One member of staff, and the team that they lead; none when there is nobody more."""
    whose = "Address of the complaints officer" if is_first else "Address of the next person"
    where = interview.ask_text(f"{whose} (Enter for nobody more)", address, "an address, such as a.person@anytown.gov.uk")
    if not where:
        return None
    person: dict[str, Any] = {"address": where, "name": "", "role": ""}
    while not person["name"]:
        person["name"] = interview.ask_text("   Name", text, "a name, such as A. Person")
    roles = ", ".join(StaffRole)
    default = StaffRole.OFFICER if is_first else StaffRole.MANAGER
    person["role"] = str(interview.ask_text(f"   Role: {roles}", role, f"one of {roles}", default))
    if person["role"] in (StaffRole.MANAGER, StaffRole.HEAD_OF_SERVICE):
        team = interview.ask_text("   Team (Enter for none)", text, "the name of a team, such as Fostering")
        if team:
            person["team"] = team
            _join(interview, team, where if person["role"] == StaffRole.MANAGER else "")
    return person


def _join(interview: Interview, name: str, manager: str) -> None:
    teams: list[dict[str, Any]] = interview.values.setdefault("teams", [])
    team = next((one for one in teams if one.get("name") == name), None)
    if team is None:
        team = {"name": name}
        teams.append(team)
    if manager:
        team["manager"] = manager


def about_the_database(interview: Interview) -> None:
    interview.chapter("The database")
    if "database.url_file" in interview.values:
        file = interview.values["database.url_file"]
        if interview.sure(f"Its URL is in {file}. Keep it?", default=True):
            return
        del interview.values["database.url_file"]
    interview.ask(questions.DATABASE)
    url = interview.says("database.url")
    if holds_a_password(url):
        interview.talk.say("   It holds a password, so it does not go into the settings file.")
        del interview.values["database.url"]
        keep_secret(interview, "database.url", url)


def about_safety(interview: Interview) -> None:
    interview.chapter("Safety: who has looked at it, and when")
    interview.ask(questions.SIGNED_BY)
    if questions.SIGNED_BY.path in interview.values:
        interview.ask(questions.SIGNED_ON)
    else:
        interview.values.pop(questions.SIGNED_ON.path, None)
    interview.ask(questions.DRILL)


def ask_all(interview: Interview, asked: Iterable[Question]) -> None:
    for question in asked:
        interview.ask(question)
