"""Rings an alarm: hands an event to the council's own program or web address. Knows no storage."""

from collections.abc import Awaitable, Callable, Mapping

from notifications import staff_chat
from notifications.senders import MayHaveArrived, Outgoing, Sent, TryLater, Undeliverable
from notifications.wires.alarm import AlarmAccess, call_webhook, run_command
from notifications.wires.errors import Ambiguous, Refused, Unreachable
from procedures.terms import AlarmRoute

ROUTES: Mapping[str, Callable[[AlarmAccess, bytes], Awaitable[None]]] = {
    AlarmRoute.COMMAND: run_command,
    AlarmRoute.WEBHOOK: call_webhook,
}


class AlarmSender:
    """The recipient of an alarm is the route by which it rings."""

    def __init__(self, access: AlarmAccess) -> None:
        self._access = access

    async def send(self, outgoing: Outgoing) -> Sent:
        """Ring once. What did not answer may have rung: it rings again, which does no harm, with the same id."""
        set_up: Mapping[str, object] = {AlarmRoute.COMMAND: self._access.command, AlarmRoute.WEBHOOK: self._access.webhook}
        if not set_up.get(outgoing.recipient):
            raise Undeliverable("this alarm is not set up any more")
        try:
            said = outgoing.rendered.text.encode()
            if outgoing.recipient == AlarmRoute.WEBHOOK:
                said = staff_chat.body(self._access.form, said, self._access.chat)
            await ROUTES[outgoing.recipient](self._access, said)
        except Refused as error:
            raise (Undeliverable(str(error)) if error.permanent else TryLater(reason=str(error))) from error
        except Unreachable as error:
            raise TryLater(reason=str(error)) from error
        except Ambiguous as error:
            raise MayHaveArrived(str(error)) from error
        return Sent()
