"""Whether what is said of signing in and of the network fits together."""

import ssl
from collections.abc import Mapping
from typing import Any

from bot.settings.sources import Sources, how_to_give
from bot.settings.table import BY_PATH
from bot.settings.values import Auth, Flow, Provider

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
    for path in _needed(provider, flow):
        if path in values or path in sources.spoiled or (BY_PATH[path].is_secret and not doors):
            continue
        how = how_to_give(BY_PATH[path]) if BY_PATH[path].is_secret else f"Wanted {BY_PATH[path].kind.wanted}."
        sources.mistakes.append(
            f"{path} ({BY_PATH[path].variable}): nothing was found; auth = xoauth2 with oauth.provider = {provider} and "
            f"oauth.flow = {flow} needs it. {how}"
        )
    if provider is Provider.GOOGLE and flow is not Flow.CODE:
        sources.mistakes.append(
            f"oauth.flow: found {flow}; wanted code: Google gives no token for mail by a device code or to an application."
        )
    if uses_tokens(values, "smtp") and "smtp.user" not in values and "smtp.user" not in sources.spoiled:
        sources.mistakes.append("smtp.user (HEARD_SMTP_USER): nothing was found; wanted the mailbox that xoauth2 signs in to.")


def _needed(provider: Provider, flow: Flow) -> tuple[str, ...]:
    needed = ["oauth.client_id"]
    if provider is Provider.MICROSOFT:
        needed += ["oauth.tenant"]
    if provider is Provider.GOOGLE or flow is Flow.APPLICATION:
        needed += ["oauth.client_secret"]
    if provider is Provider.OTHER:
        needed += ["oauth.token_url", "oauth.scope"]
        needed += {Flow.DEVICE: ["oauth.device_url"], Flow.CODE: ["oauth.authorize_url"], Flow.APPLICATION: []}[flow]
    return tuple(needed)


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
