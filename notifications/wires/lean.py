"""Imports python-telegram-bot, and httpx with it, without what they bring along only where it is installed.

That is httpx's command line, drawn with rich, and the cryptography of Telegram Passport. Nothing here uses either: in a running
service they were a tenth of its memory. Both libraries do without where the import fails, and it does for a name that stands
as None in `sys.modules` (Python's reference, 5.3.1).

aiohttp makes two TLS contexts as it is imported, and reads the system's authorities for each: as long as all else in it takes.
Every wire here brings a context of its own, so the one that checks is ours, and the one that checks nothing reads none.
"""

import ssl
import sys

from notifications.wires.trust import tls_context

_hidden = [name for name in ("cryptography", "httpx._main") if name not in sys.modules]
for _name in _hidden:
    sys.modules[_name] = None  # type: ignore[assignment]  # this is how Python is told that there is none
try:
    import telegram  # noqa: F401  # it is there from here on
finally:
    for _name in _hidden:
        del sys.modules[_name]


_ours, _theirs = tls_context(""), ssl.create_default_context
ssl.create_default_context = lambda *_, **__: _ours  # only while it is imported
ssl.SSLContext.set_default_verify_paths = lambda _: None  # type: ignore[method-assign, assignment]  # hides what it inherits
try:
    import aiohttp  # noqa: F401  # it is there from here on
finally:
    ssl.create_default_context = _theirs
    del ssl.SSLContext.set_default_verify_paths
