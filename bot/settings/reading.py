"""Reads the settings: every mistake is found before anything is said."""

import dataclasses
import os
from collections.abc import Mapping
from typing import Any

from bot.settings import kinds
from bot.settings.people import check_inbox_rota, check_monitoring_officer, people_and_teams
from bot.settings.sign_in import check_alarm, check_network, check_sign_in, uses_tokens
from bot.settings.sources import Found, Sources, gather, how_to_give
from bot.settings.table import BY_PATH, SETTINGS, Setting
from bot.settings.values import (
    AlarmSettings,
    FilesSettings,
    LogSettings,
    MailboxSettings,
    NetworkSettings,
    OAuthSettings,
    OutboxSettings,
    ReadinessSettings,
    Settings,
    SettingsError,
    SmtpSettings,
    TelegramSettings,
    Tls,
)
from casework.council import QUIET_FROM, Contacts, Council
from procedures.letters import HOME
from procedures.ombudsmen import ombudsmen, whose
from procedures.rulebook import RulebookError, read_rulebook

PORTS = {"mailbox": {Tls.IMPLICIT: 993, Tls.NONE: 143}, "smtp": {Tls.IMPLICIT: 465, Tls.STARTTLS: 587, Tls.NONE: 25}}
NEEDED = {"mailbox": ("host", "user", "password"), "smtp": ("host",), "telegram": ("token",)}
"""What a wire cannot do without, once anything is said about it."""

NOT_READ = "not read"
"""Stands for a secret of which only this matters: that there is one."""

Values = dict[str, Any]


def load(environ: Mapping[str, str] | None = None, *, doors: bool = True) -> Settings:
    """The settings of the file and the environment. Raises SettingsError with every mistake.

    `doors=False` is for commands that only open the database: whoever runs them may be
    nobody who knows the secrets of mailbox, mail server and bot. What of them can be read is there all the same.
    """
    sources = gather(os.environ if environ is None else environ, doors)
    values = read_values(sources)
    people, teams = people_and_teams(sources)
    check_monitoring_officer(values.get("council.monitoring_officer", ""), people, sources)
    check_inbox_rota(tuple(values.get("council.inbox_rota", ())), people, sources)
    check_wires(values, sources, doors)
    check_sign_in(values, sources, doors)
    check_network(values, sources, doors)
    check_alarm(values, sources, doors)
    check_webhook(values, sources, doors)
    check_council(values, sources)
    if sources.mistakes:
        raise SettingsError(tuple(dict.fromkeys(sources.mistakes)))
    settings = built(values, doors)
    settings = dataclasses.replace(settings, council=dataclasses.replace(settings.council, people=people, teams=teams))
    return dataclasses.replace(settings, warnings=(*sources.warnings, *unwise(settings)))


def read_values(sources: Sources) -> Values:
    """Every value that could be read, by path."""
    values: Values = dict.fromkeys(sources.unread, "")
    for setting in SETTINGS:
        if (found := sources.found.get(setting.path)) is None:
            continue
        try:
            values[setting.path] = setting.kind.read(found.given)
        except ValueError:
            sources.spoiled.add(setting.path)
            sources.mistakes.append(
                f"{found.where}: found {shown(setting, found)}; wanted {setting.kind.wanted}, such as {setting.kind.example}."
            )
    url = sources.found.get("database.url", Found("", "HEARD_"))
    if not url.where.startswith("HEARD_") and "_file" not in url.where and kinds.holds_a_password(str(url.given)):
        sources.mistakes.append(f"{url.where}: a password does not belong in this file. {how_to_give(BY_PATH['database.url'])}")
    return values


def shown(setting: Setting, found: Found) -> str:
    """What was found, without secrets: a database URL may hold one too."""
    if setting.is_secret:
        return "something that is not shown here"
    if setting.path == "database.url":
        return repr(kinds.without_password(str(found.given)))
    return repr(found.given) if len(repr(found.given)) < 100 else f"{repr(found.given)[:100]}…"


def check_wires(values: Values, sources: Sources, doors: bool) -> None:
    """Whether each wire that was spoken of can be used, and safely."""
    for wire, needed in NEEDED.items():
        if not any(path.startswith(f"{wire}.") for path in values.keys() | sources.spoiled):
            continue
        for path in (f"{wire}.{key}" for key in needed):
            setting = BY_PATH[path]
            if path in values.keys() | sources.spoiled or (setting.is_secret and (not doors or uses_tokens(values, wire))):
                continue
            how = how_to_give(setting) if setting.is_secret else f"wanted {setting.kind.wanted}, such as {setting.kind.example}."
            sources.mistakes.append(f"{path} ({setting.variable}): nothing was found; {how[0].lower() + how[1:]}")
        host = values.get(f"{wire}.host", "localhost")
        if values.get(f"{wire}.tls") == Tls.NONE and not kinds.is_loopback(host):
            sources.mistakes.append(
                f"{sources.found[f'{wire}.tls'].where}: found none for {host}; wanted TLS, such as "
                f"{'implicit' if wire == 'mailbox' else 'starttls'}: without it, only localhost is allowed."
            )
    boundary, hosts = "mailbox.authserv_id", "mailbox.boundary_hosts"
    if values.get(hosts) and boundary not in values.keys() | sources.spoiled:
        sources.mistakes.append(
            f"{boundary} ({BY_PATH[boundary].variable}): nothing was found; mailbox.boundary_hosts says where the boundary's "
            "verdict stands, not whose it is: wanted both, or neither."
        )
    needs_both = doors and not uses_tokens(values, "smtp")
    if needs_both and ("smtp.user" in values) != ("smtp.password" in values) and "smtp.password" not in sources.spoiled:
        missing = "smtp.password" if "smtp.user" in values else "smtp.user"
        sources.mistakes.append(
            f"{missing} ({BY_PATH[missing].variable}): nothing was found; wanted smtp.user and its password, or neither."
        )


def check_webhook(values: Values, sources: Sources, doors: bool) -> None:
    """Whether Telegram would show who it is: a webhook without a secret would take anybody's word."""
    url, secret = "telegram.webhook_url", "telegram.webhook_secret"
    if doors and url in values and secret not in values.keys() | sources.spoiled:
        how = how_to_give(BY_PATH[secret])
        sources.mistakes.append(f"{secret} ({BY_PATH[secret].variable}): nothing was found; {how[0].lower() + how[1:]}")
    if secret in values and url not in values.keys() | sources.spoiled and values[secret]:
        sources.mistakes.append(
            f"{url} ({BY_PATH[url].variable}): nothing was found, but there is a secret for it; "
            f"wanted {BY_PATH[url].kind.wanted}, such as {BY_PATH[url].kind.example}, or neither."
        )


def check_council(values: Values, sources: Sources) -> None:
    """Whether hours make sense, and whether a live mail server would be given an example address."""
    council = Council()
    opens, closes = values.get("council.opens_at", council.opens_at), values.get("council.closes_at", council.closes_at)
    if opens >= closes:
        sources.mistakes.append(
            f"council.opens_at: found {opens:%H:%M}, and council.closes_at {closes:%H:%M}; wanted an opening before the close."
        )
    for path in ("council.reminders_at", "council.digest_at"):
        if (at := values.get(path)) and at >= QUIET_FROM:
            sources.mistakes.append(
                f"{path}: found {at:%H:%M}; wanted a time before {QUIET_FROM:%H:%M}: nobody at work is written to after that, "
                "so none would ever leave."
            )
    own = Council(own_clocks=values.get("council.own_clocks", ())).own_numbers
    try:
        if own:
            read_rulebook(own, values.get("nation", "england"))
    except RulebookError as wrong:
        where = sources.found["council.own_clocks"].where
        sources.mistakes += [f"{where}: {mistake.removeprefix('override ')}" for mistake in wrong.mistakes]
    check_ombudsman(values, sources)
    live = not kinds.is_loopback(values.get("smtp.host", "localhost"))
    sender = values.get("from_address", council.from_address)
    if live and kinds.is_example(sender) and "from_address" not in sources.spoiled:
        sources.mistakes.append(
            f"from_address (HEARD_FROM_ADDRESS): found {sender}, which is for examples only, and a live mail server; "
            "wanted the service's own address, such as yoursay@anytown.gov.uk."
        )


def check_ombudsman(values: Values, sources: Sources) -> None:
    """Whether letters would send somebody to the Ombudsman of another nation, who cannot look at their complaint."""
    nation = values.get("nation", HOME)
    for path, of_whom in (
        ("contacts.ombudsman_phone", whose(values.get("contacts.ombudsman_phone", ""))),
        ("contacts.ombudsman_name", whose("", values.get("contacts.ombudsman_name", ""))),
    ):
        if of_whom is not None and of_whom != nation:
            own = ombudsmen()[nation]
            sources.mistakes.append(
                f"{sources.found[path].where}: found {values[path]}, the Ombudsman of {of_whom}, and nation is {nation}; "
                f"wanted its own, or nothing: the {own.name}, {own.phone} ({own.authority})."
            )


def section(values: Values, name: str) -> Values:
    """The values of one section, by key."""
    return {path.partition(".")[2]: value for path, value in values.items() if path.startswith(f"{name}.")}


def built(values: Values, doors: bool) -> Settings:
    """The settings, from values that hold no mistake."""
    made: Values = {path: values[path] for path in ("nation", "log_level") if path in values}
    if "database.url" in values:
        made["database_url"] = values["database.url"]
    made["erasure_key"] = values.get("database.erasure_key", "")
    made["keep_loose_days"] = values.get("database.keep_loose_days", Settings.keep_loose_days)
    for wire, cls in (("mailbox", MailboxSettings), ("smtp", SmtpSettings), ("telegram", TelegramSettings)):
        if given := section(values, wire):
            made[wire] = a_wire(cls, wire, given, doors)
    if given := section(values, "oauth"):
        made["oauth"] = OAuthSettings(**given)
    return Settings(
        network=NetworkSettings(**section(values, "network")),
        council=a_council(values, doors),
        outbox=OutboxSettings(**section(values, "outbox")),
        alarms=alarms_of(values, doors),
        log=LogSettings(**section(values, "log")),
        files=FilesSettings(**section(values, "files")),
        readiness=ReadinessSettings(**section(values, "readiness")),
        **made,
    )


def a_wire(cls: type[Any], wire: str, given: Values, doors: bool) -> Any:
    """The settings of a wire, with the port that belongs to its TLS."""
    if "tls" in given:
        given["tls"] = Tls(given["tls"])
        given.setdefault("port", PORTS[wire][given["tls"]])
    if not doors:
        given = {"token" if wire == "telegram" else "password": "", **given}
    return cls(**given)


def alarms_of(values: Values, doors: bool) -> AlarmSettings:
    """When and how an alarm rings. Who may not know the web address knows that there is one."""
    given = section(values, "alarms")
    if not doors and given.get("webhook") == "":
        given["webhook"] = NOT_READ
    return AlarmSettings(**given)


def a_council(values: Values, doors: bool) -> Council:
    """The council, without its people yet. Where people write to us is the address we write from, if nothing else is said."""
    given = section(values, "council")
    contacts = section(values, "contacts")
    if "from_address" in values:
        given["from_address"] = values["from_address"]
        contacts.setdefault("email", values["from_address"])
    if (of_nation := ombudsmen().get(values.get("nation", HOME))) is not None:
        contacts = {"ombudsman_phone": of_nation.phone, "ombudsman_name": of_nation.name, **contacts}
    if "duty_address" in values:
        given["duty_addresses"] = values["duty_address"]
    given["alarm_routes"] = alarms_of(values, doors).routes
    return Council(contacts=Contacts(**contacts), **given)


def unwise(settings: Settings) -> list[str]:
    """What is allowed, but a council would want to know before the doors open."""
    council, contacts = settings.council, settings.council.contacts
    told = []
    if not council.duty_addresses:
        told.append("duty_address: no address is set; nobody would hear of a safety alert or of trouble.")
    if not council.officers:
        told.append("people: there is no officer; nobody could confirm a route or send an acknowledgement.")
    elif len(council.officers) == 1 and not council.monitoring_officer:
        told.append(
            "council.monitoring_officer: nobody is named; a complaint about the only officer would go to a director or head of "
            "service who is over all services, if there is one."
        )
    if settings.mailbox and not settings.mailbox.authserv_id:
        told.append(
            "mailbox.authserv_id: nothing is set; a forged sender cannot be told from a real one. Whoever asks how their case is "
            "going is told only if they reply to one of our letters; anybody else waits for a person."
        )
    if contacts.night_phone == Contacts().night_phone:
        told.append("contacts.night_phone: this is the made-up number of the examples; at night people are told to call it.")
    if contacts.checked_on is None:
        told.append("contacts.checked_on: nobody has said when the telephone numbers were last looked at.")
    return told
