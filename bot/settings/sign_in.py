"""Whether what is said of signing in, of the network and of the alarm fits together."""

import re
import ssl
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.settings.sources import Sources, by_every_user, how_to_give
from bot.settings.table import BY_PATH
from bot.settings.values import Auth, Flow, Provider
from procedures.terms import AlarmForm

Values = Mapping[str, Any]


def uses_tokens(values: Values, wire: str) -> bool:
    """Whether a wire is opened by a token, and needs no password."""
    return values.get(f"{wire}.auth") is Auth.XOAUTH2


def usual_flow(provider: Provider) -> Flow:
    """How one comes to a token where nothing is said of it. Google's device codes are not good for mail."""
    return Flow.CODE if provider is Provider.GOOGLE else Flow.DEVICE


def check_sign_in(values: Values, sources: Sources, doors: bool) -> None:
    """Whether tokens, where a wire wants them, can be had."""
    if not any(uses_tokens(values, wire) for wire in ("mailbox", "smtp")):
        return
    provider = values.get("oauth.provider", Provider.MICROSOFT)
    flow = values.get("oauth.flow", usual_flow(provider))
    for path in _needed(provider, flow, signs="oauth.key" in values):
        if path in values or path in sources.spoiled or (BY_PATH[path].is_secret and not doors):
            continue
        how = how_to_give(BY_PATH[path]) if BY_PATH[path].is_secret else f"Wanted {BY_PATH[path].kind.wanted}."
        sources.mistakes.append(
            f"{path} ({BY_PATH[path].variable}): nothing was found; auth = xoauth2 with oauth.provider = {provider} and "
            f"oauth.flow = {flow} needs it. {how}"
        )
    if provider is Provider.GOOGLE and flow is Flow.DEVICE:
        sources.mistakes.append(
            f"oauth.flow: found {flow}; wanted code, or application with oauth.key: "
            "Google gives no token for mail by a device code."
        )
    if "oauth.key" in values:
        _check_key(values, sources, provider, flow, doors)
    if uses_tokens(values, "smtp") and "smtp.user" not in values and "smtp.user" not in sources.spoiled:
        sources.mistakes.append("smtp.user (HEARD_SMTP_USER): nothing was found; wanted the mailbox that xoauth2 signs in to.")


def _check_key(values: Values, sources: Sources, provider: Provider, flow: Flow, doors: bool) -> None:
    """Whether what signs goes with the rest, and can be read. Who only works with cases may not read it."""
    where = sources.found["oauth.key"].where
    if flow is not Flow.APPLICATION:
        sources.mistakes.append(f"{where}: a key signs for an application only; wanted oauth.flow = application.")
        return
    if "oauth.client_secret" in values:
        sources.mistakes.append(f"{where}: found beside oauth.client_secret; wanted one of the two.")
    users = {values[path] for path in ("mailbox.user", "smtp.user") if path in values and uses_tokens(values, path[:-5])}
    if provider is Provider.GOOGLE and len(users) > 1:
        sources.mistakes.append("smtp.user: a service account acts for one mailbox; wanted the same as mailbox.user.")
    if not doors:
        return
    # The wires bring their libraries along, and few councils sign.
    from notifications.wires.signed import KeyTrouble, read_key  # noqa: PLC0415  # few councils sign

    try:
        key = read_key(Path(values["oauth.key"]))
    except KeyTrouble as trouble:
        sources.mistakes.append(f"{where}: {values['oauth.key']} cannot be used: {trouble}.")
        return
    if readable := by_every_user(Path(values["oauth.key"])):
        sources.warnings.append(f"{where}: {readable}")
    if key.is_service_account != (provider is Provider.GOOGLE):
        wanted = "the JSON file of a service account" if provider is Provider.GOOGLE else "a certificate with its private key"
        sources.mistakes.append(f"{where}: {values['oauth.key']} is another kind of key; {provider} wants {wanted}.")


def _needed(provider: Provider, flow: Flow, *, signs: bool) -> tuple[str, ...]:
    if provider is Provider.GOOGLE and flow is Flow.APPLICATION:
        return ("oauth.key",)
    needed = ["oauth.client_id"]
    if provider is Provider.MICROSOFT:
        needed += ["oauth.tenant"]
    if provider is Provider.GOOGLE or (flow is Flow.APPLICATION and not signs):
        needed += ["oauth.client_secret"]
    if provider is Provider.OTHER:
        needed += ["oauth.token_url", "oauth.scope"]
        needed += {Flow.DEVICE: ["oauth.device_url"], Flow.CODE: ["oauth.authorize_url"], Flow.APPLICATION: []}[flow]
    return tuple(needed)


def check_alarm(values: Values, sources: Sources, doors: bool) -> None:
    """Whether an alarm that is a message of Telegram's has its group, and a bot of its own: the people's leaves groups."""
    is_telegram = values.get("alarms.webhook_form") is AlarmForm.TELEGRAM
    if is_telegram != ("alarms.webhook_chat" in values) and "alarms.webhook_chat" not in sources.spoiled:
        sources.mistakes.append(
            "alarms.webhook_chat (HEARD_ALARMS_WEBHOOK_CHAT): wanted the number of the group where alarms.webhook_form is "
            "telegram, and nothing elsewhere."
        )
    if not is_telegram or not doors or "alarms.webhook" not in values:
        return
    token = re.fullmatch(r"https?://[^/]+/bot([0-9]+):[\w-]+/sendMessage", values["alarms.webhook"])
    if not token:
        sources.mistakes.append("alarms.webhook: for telegram wanted https://api.telegram.org/botTOKEN/sendMessage.")
    elif values.get("telegram.token", "").partition(":")[0] == token[1]:
        sources.mistakes.append("alarms.webhook: found the bot that people write to, which leaves every group; wanted another.")


def check_network(values: Values, sources: Sources, doors: bool) -> None:
    """Whether the proxy's user has a password, and the file of authorities can be used."""
    if doors and ("network.proxy_user" in values) != ("network.proxy_password" in values):
        missing = "network.proxy_password" if "network.proxy_user" in values else "network.proxy_user"
        if missing not in sources.spoiled:
            sources.mistakes.append(
                f"{missing} ({BY_PATH[missing].variable}): nothing was found; wanted the proxy's user and password, or neither."
            )
    if doors and (file := values.get("network.certificates")):
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cafile=file)
        except OSError as error:
            why = "it holds no certificate" if isinstance(error, ssl.SSLError) else error.strerror
            sources.mistakes.append(
                f"{sources.found['network.certificates'].where}: {file} cannot be used ({why}); wanted authorities as PEM, "
                "a block -----BEGIN CERTIFICATE----- for each."
            )
