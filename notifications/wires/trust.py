"""Whom we trust: the one place that makes TLS contexts. One for each file of own authorities, made once, shared by every wire."""

import ssl
from collections.abc import Iterable
from functools import lru_cache


class _Context(ssl.SSLContext):
    """A context that announces no protocol.

    The HTTP library writes `http/1.1` into whatever context it is given (ALPN), and a mail server that checks it would hang up.
    """

    def set_alpn_protocols(self, alpn_protocols: Iterable[str]) -> None:
        """Nothing is announced."""


@lru_cache(maxsize=8)
def tls_context(ca_file: str) -> ssl.SSLContext:
    """TLS 1.2 or newer, the certificate and its name checked, by the system's authorities and of `ca_file`, if it names one.

    Reading the system's takes a tenth of a second. OSError (ssl.SSLError is one) when the file is missing or holds none.
    """
    context = _Context(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_default_certs()
    if ca_file:
        context.load_verify_locations(cafile=ca_file)
    return context
