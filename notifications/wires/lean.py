"""Imports python-telegram-bot, and httpx with it, without what they bring along only where it is installed.

That is httpx's command line, drawn with rich, and the cryptography of Telegram Passport. Nothing here uses either: in a running
service they were a tenth of its memory. Both libraries do without where the import fails, and it does for a name that stands
as None in `sys.modules` (Python's reference, 5.3.1).
"""

import sys

_hidden = [name for name in ("cryptography", "httpx._main") if name not in sys.modules]
for _name in _hidden:
    sys.modules[_name] = None  # type: ignore[assignment]  # this is how Python is told that there is none
try:
    import telegram  # noqa: F401  # it is there from here on
finally:
    for _name in _hidden:
        del sys.modules[_name]
