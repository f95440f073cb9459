"""The way through BotFather: what to type there, word for word. What the Bot API can set itself is offered afterwards."""

from collections.abc import Iterator

from bot.profile import suggested_username, told_by_name
from casework.council import Council
from notifications.wires import Profile


def steps(council: Council, wanted: Profile) -> Iterator[str]:
    """Each step as a line or a few: what to do, and beneath it what to type."""
    yield "1. In Telegram, write to @BotFather (the one with the blue tick) and press Start."
    yield "2. Make the bot. Type /newbot, then its name, then a user name that is free and ends in bot:"
    yield from _typed("/newbot", wanted.name, suggested_username(council))
    if word := told_by_name(wanted.name, council):
        yield f"   The name holds {word!r}, and is seen on locked screens: choose another council.service_name before you go on."
    yield "3. Type /setuserpic and send a plain speech bubble: no crest, no logo, no face. It is seen over shoulders."
    yield from _typed("/setuserpic")
    yield "4. Keep it out of groups: nobody writes about themselves in a crowd."
    yield from _typed("/setjoingroups", f"@{suggested_username(council)}", "Disable")
    yield "5. Keep privacy on, should it ever stand in a group."
    yield from _typed("/setprivacy", f"@{suggested_username(council)}", "Enable")
    yield "6. Inline is off unless somebody switched it on. Then:"
    yield from _typed("/setinline", f"@{suggested_username(council)}", "/empty")
    yield "7. What people see before they write. The service can set these three itself, once it has the token:"
    yield from _typed("/setabouttext", wanted.short_description)
    yield from _typed("/setdescription", *wanted.description.split("\n"))
    yield from _typed("/setcommands", *(f"{command} - {does}" for command, does in wanted.commands.items()))
    yield "8. BotFather gave a token after step 2 (again: /token). It opens everything: paste it here and nowhere else."


def _typed(*lines: str) -> Iterator[str]:
    yield from (f"      {line}" for line in lines)
