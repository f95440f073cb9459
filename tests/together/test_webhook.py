"""`heard run` that Telegram posts to: what it confirmed is stored, whenever it dies; and two take turns behind one address."""

from collections.abc import Iterator

import pytest

from tests.commands.serving import Running
from tests.servers import free_port
from tests.together.conftest import Several
from tests.together.test_processes import Crowd, counts, leads, may_be_repeats, soon

pytestmark = pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
SECRET = "a-secret-that-only-telegram-knows"


@pytest.fixture
def hooked(several: Several) -> Iterator[Several]:
    port = free_port()
    several.heard.settings |= {
        "HEARD_TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{port}/telegram/7f3a",
        "HEARD_TELEGRAM_WEBHOOK_SECRET": SECRET,
        "HEARD_TELEGRAM_WEBHOOK_PORT": str(port),
    }
    yield several
    for name in [name for name in several.heard.settings if "WEBHOOK" in name]:
        del several.heard.settings[name]
    with_polling = several.starts()
    with_polling.says("ready role=")  # the rehearsal is shared: it is left without a webhook
    with_polling.ends()


@pytest.mark.prove
def test_what_was_posted_is_answered_once_although_the_service_is_killed(hooked: Several) -> None:
    first = hooked.starts()
    first.says("ready role=leader")
    crowd = Crowd(hooked)
    crowd.writes(10)
    soon(lambda: len(crowd.answered()) >= 4)

    first.process.kill()
    crowd.writes(5)
    second = hooked.starts()
    soon(crowd.are_all_answered, 60)

    assert counts(hooked) == 30
    assert {one for one, count in crowd.answered().items() if count > 1} <= may_be_repeats(hooked)
    assert hooked.heard("health", "--json").code == 0
    assert SECRET not in "\n".join(first.log + second.log)
    assert second.ends() == 0


def test_a_port_that_is_taken_is_said_and_nothing_is_started(hooked: Several) -> None:
    first = hooked.starts()
    first.says("ready role=leader")

    second: Running = hooked.starts()

    assert second.process.wait(60) == 1
    second.says("Cannot listen for Telegram")


@pytest.mark.prove
def test_another_process_behind_the_same_address_takes_over(hooked: Several) -> None:
    """A proxy stands before both in real life; here the second one's own address is set when it leads."""
    first = hooked.starts()
    first.says("ready role=leader")
    port = str(free_port())
    second = hooked.starts(HEARD_TELEGRAM_WEBHOOK_PORT=port, HEARD_TELEGRAM_WEBHOOK_URL=f"http://127.0.0.1:{port}/telegram/7f3a")
    second.says("ready role=follower")
    crowd = Crowd(hooked)

    first.process.kill()
    crowd.writes(5)
    soon(lambda: leads(second, "telegram"))
    soon(crowd.are_all_answered)

    assert counts(hooked) == 10
