"""What a server's no means and what mends it, in sentences of ours: they go to logs, health and the duty address.

The server's own words are looked at and never repeated: they carry addresses. What Microsoft and Google say is as their own pages
and others' reports have it; a no that is not known here says which settings to look at.
"""

import re
from collections.abc import Collection

LOGIN = "`heard login` mends it"

REASONS = {
    "no connection": "there is no connection: look at host and port, at the firewall, and at network.proxy",
    "not trusted": "its certificate is not trusted, or no TLS is spoken there: look at host, port and tls; for an authority of "
    "your own set network.certificates",
    "closed": "it hung up: it may not want this machine, or be another service than is meant: look at host, port and tls",
    "silent": "it did not answer in time: look at host, port and tls, at the firewall, and at network.proxy",
    "garbled": "it does not answer in the words of this wire: look at host and port, and whether a proxy stands between",
    "no proxy": "the proxy of network.proxy cannot be reached",
    "proxy wants a password": "the proxy wants a user and a password (407): set network.proxy_user and network.proxy_password",
    "proxy wants another password": "the proxy wants a user and a password, or others than these: set network.proxy_user and "
    "network.proxy_password",
    "no socks": "what answers at network.proxy does not speak SOCKS5: look at its port, or write http:// in place of socks5://",
    "proxy refuses": "the proxy does not let us through to it: have host and port allowed there, or name it in network.direct",
    "proxy answers a page": "the proxy answers with a web page in place of the server: have host and port allowed there, or name "
    "it in network.direct",
    "no sign-in": "the sign-in server cannot be reached: look at the firewall and at network.proxy; the tokens are kept",
    "sign-in garbled": "the sign-in server's answer makes no sense, perhaps it is a proxy's page: look at network.proxy and at "
    "the addresses in [oauth]; the tokens are kept",
    "tokens in use": "the file of tokens was held by another process all the time: try again",
}
"""Why a wire could not be reached, and where to look."""

_IMAP = (
    ("NOT ENABLED FOR IMAP|IMAP (ACCESS )?IS DISABLED", "IMAP is switched off for this mailbox"),
    (
        "AUTHENTICATED BUT NOT CONNECTED",
        "signed in, but the mailbox is not open to us: Add-MailboxPermission, IMAP on for it",
    ),
    ("APPLICATION-SPECIFIC PASSWORD", "it wants an app password, or auth = xoauth2"),
    ("WEBALERT|WEB LOGIN REQUIRED|VIA YOUR WEB BROWSER", "somebody must sign in to this account in a browser once"),
    ("TOO MANY|\\[LIMIT\\]", "too many connections at once; tried again later"),
    ("\\[UNAVAILABLE\\]", "the server is out of order just now; tried again later"),
)
_IMAP_LOGIN = "user or password is wrong, or passwords are switched off (Microsoft 365: mailbox.auth = xoauth2)"
_IMAP_XOAUTH2 = "a fresh token is refused: look at mailbox.user, IMAP on for the mailbox, permission and scope of the application"

_SMTP = (
    (
        "DISABLED FOR THE TENANT",
        "SMTP AUTH is switched off for the tenant: Set-CASMailbox -SmtpClientAuthenticationDisabled $false for this mailbox",
    ),
    (
        "DISABLED FOR THE MAILBOX",
        "SMTP AUTH is switched off for this mailbox: Set-CASMailbox -SmtpClientAuthenticationDisabled $false",
    ),
    ("BASIC AUTHENTICATION|^5\\.7\\.30", "passwords are switched off there: set smtp.auth = xoauth2"),
    ("^5\\.7\\.139", "a policy of the tenant (security defaults, conditional access) does not let this sign-in through"),
    ("APPLICATION-SPECIFIC|^5\\.7\\.9", "it wants an app password, or smtp.auth = xoauth2"),
    (
        "^5\\.7\\.60|^5\\.2\\.252|SENDASDENIED",
        "this sign-in may not send from from_address: Add-RecipientPermission (SendAs)",
    ),
    ("^4\\.7\\.", "the server could not check the sign-in just now; tried again later"),
)
_SMTP_LOGIN = "smtp.user or its password is wrong, or passwords are switched off (Microsoft 365: smtp.auth = xoauth2)"
_SMTP_XOAUTH2 = (
    "a fresh token is refused: look at smtp.user, SMTP AUTH on for the mailbox, permission and scope of the application"
)

NO_XOAUTH2 = "it offers no XOAUTH2: look at the host, or set auth = password"

_AADSTS = {
    7000222: "the client secret has expired: make a new one and set oauth.client_secret",
    7000215: "the client secret is wrong: set oauth.client_secret to its value, not its id",
    7000218: 'a client secret is missing; or switch on "Allow public client flows" for the application',
    700027: "the certificate is not one of the application's, or has ended: upload it under Certificates & secrets",
    700024: "what our key signed is not good now: look at this machine's clock",
    700016: "the application of oauth.client_id is not in this tenant",
    90002: "the tenant of oauth.tenant does not exist",
    90133: "device-code sign-in needs the tenant's own name: set oauth.tenant",
    65001: "consent is missing: an administrator grants it to the application",
    70011: "the scope is not accepted: look at oauth.scope and the permissions of the application",
    1002012: "the scope is not accepted: for an application it ends in /.default",
    28003: "the scope is not accepted: look at oauth.scope and the permissions of the application",
    53003: "conditional access of the tenant does not let this sign-in through",
}
"""By Microsoft's number of the error (AADSTS…), where it tells more than the word beside it."""

_OAUTH = {
    "invalid_grant": f"the sign-in has expired or was revoked: {LOGIN}",
    "interaction_required": f"somebody must sign in again: {LOGIN}",
    "consent_required": "consent is missing: an administrator grants it to the application",
    "invalid_client": "the application is not known, or its secret is wrong: look at oauth.client_id and oauth.client_secret",
    "unauthorized_client": "the application may not sign in this way: look at oauth.flow and the application's settings",
    "invalid_scope": "the scope is not accepted: look at oauth.scope and the permissions of the application",
    "unsupported_grant_type": "this sign-in server does not know oauth.flow",
    "access_denied": "the sign-in was declined",
    "expired_token": f"the code was not used in time: {LOGIN}",
}


_SIGNED = {
    "invalid_grant": "what our key signed is not taken: look at this machine's clock, at mailbox.user and smtp.user, and whether "
    "the key of oauth.key was withdrawn",
    "unauthorized_client": "the service account may not act for this mailbox: allow its number and oauth.scope under domain-wide "
    "delegation in the Admin console",
    "invalid_client": "the certificate of oauth.key is not one of the application's, or the application is not known",
}
"""What an OAuth error means where a key signs and nobody can sign in again."""


def of_imap(at: str, said: bytes, *, by_token: bool) -> str:
    """What the NO or BAD of a mailbox means; "" where nothing is known of it."""
    known = _first(_IMAP, said.decode("ascii", "replace").upper())
    if known or at != "login":
        return known or ("look at mailbox.folder" if at == "folder" else "")
    return _IMAP_XOAUTH2 if by_token else _IMAP_LOGIN


AT_ITS_LIMIT = "the provider's limit of letters is reached: it lets us send again later"
# Google says 5.4.5, Microsoft 5.1.90 and 5.7.2xx, both as if they were for good; a recipient's own full mailbox is 5.2.2.
_LIMIT = re.compile(
    r"^5\.4\.5\b|^5\.1\.90\b|^5\.7\.(?:232|233|236|705|708|750)\b|SUBMISSIONQUOTAEXCEEDED"
    r"|(?:DAILY|HOURLY|SENDING|RELAY|RECIPIENT RATE) (?:\w{1,20} ){0,4}(?:LIMIT|QUOTA)|SENDING RATE"
)


def is_a_limit(said: str) -> bool:
    """Whether a mail server refuses because we have sent too much for now, whatever its code says."""
    return bool(_LIMIT.search(said[:2_000].upper()))


def of_smtp(at: str, said: str, *, by_token: bool) -> str:
    """What the refusal of a mail server means; `said` begins with its enhanced status code, if it has one."""
    known = _first(_SMTP, said.upper())
    if at != "login":
        return known if "from_address" in known else ""
    return known or (_SMTP_XOAUTH2 if by_token else _SMTP_LOGIN)


def of_sign_in(error: str, numbers: Collection[int], *, is_signed: bool = False) -> str:
    """What an OAuth error (RFC 6749, 5.2; RFC 8628, 3.5) means, with Microsoft's numbers beside it."""
    number = next((number for number in numbers if number in _AADSTS), 0)
    if number:
        return f"{_AADSTS[number]} (AADSTS{number})"
    word = error if re.fullmatch(r"[a-z_]{1,40}", error) else "error"
    if is_signed and word in _SIGNED:
        return _SIGNED[word]
    return _OAUTH.get(word, f"the sign-in server says {word}: look at [oauth]")


def _first(known: tuple[tuple[str, str], ...], said: str) -> str:
    return next((words for pattern, words in known if re.search(pattern, said)), "")
