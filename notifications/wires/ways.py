"""The way that a wire takes: straight or through a proxy, and whether others on it could read along."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


def is_loopback(host: str) -> bool:
    """True for this machine itself, by name or by number."""
    if host.lower() in {"localhost", "localhost."}:
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def is_private(url: str) -> bool:
    """True for what nobody on the way can read: https, or http on this machine."""
    address = urlsplit(url)
    return address.scheme == "https" or (address.scheme == "http" and is_loopback(address.hostname or ""))


@dataclass(frozen=True)
class Proxy:
    """An HTTP proxy that opens tunnels (CONNECT), or one that speaks SOCKS5."""

    host: str
    port: int
    user: str = ""
    password: str = field(default="", repr=False)
    is_socks: bool = False

    @property
    def url(self) -> str:
        """Its address, without the password."""
        return f"{'socks5' if self.is_socks else 'http'}://{f'[{self.host}]' if ':' in self.host else self.host}:{self.port}"
