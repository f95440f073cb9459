"""What a story may rely on: that the town is at rest means that nothing more comes by itself at this time."""

import asyncio

import pytest

from bot.service import Service
from bot.watch import Watch
from tests.stories.town import Town


@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)  # the database is not what is looked at
@pytest.mark.parametrize(("who", "looks"), [(Service, "_look_at_the_day"), (Watch, "look")])
async def test_the_town_is_not_at_rest_before_the_new_day_was_looked_at(
    town: Town, monkeypatch: pytest.MonkeyPatch, who: type[Service | Watch], looks: str
) -> None:
    """A look that began the day before says nothing of it."""
    may_look, looking, as_ever = asyncio.Event(), asyncio.Event(), getattr(who, looks)

    async def held_up(one: Service | Watch) -> bool:
        looking.set()
        await may_look.wait()
        return bool(await as_ever(one))

    may_look.set()
    monkeypatch.setattr(who, looks, held_up)
    await town.opens(chat=False)
    await town.at_rest()
    may_look.clear()
    looking.clear()
    await looking.wait()

    await town.goes_on(days=1)
    resting = asyncio.ensure_future(town.at_rest())
    early, _ = await asyncio.wait({resting}, timeout=0.5)
    may_look.set()
    await resting

    assert not early
    assert town.service is not None
    assert min(town.service.looked_at[name] for name in ("mornings", "watch")) == town.clock()
