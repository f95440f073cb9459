"""How a turn shows its screens: which becomes the one in hand, which stands beside it, and what is not repeated at once."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from intake.conversation.actions import Action, NewMatter, OpenCase
from intake.conversation.screens import buttons_of
from intake.conversation.values import Conversation, Reply, Said, Step, Surroundings, Turn, voice_of

MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Moment:
    """One thing said, with everything that its answer depends on."""

    conversation: Conversation
    said: Said
    surroundings: Surroundings

    def was_shown(self, screen: str, within: timedelta) -> bool:
        """Whether it was shown less than `within` ago. A clock that was set back counts as long ago."""
        at = self.conversation.shown.get(screen)
        return at is not None and timedelta() <= self.said.at - at < within

    def screen(
        self,
        name: str,
        *actions: Action,
        reference: str = "",
        buttons: tuple[str, ...] | None = None,
        first: Reply | None = None,
        last: Reply | None = None,
        step: Step | None = None,
    ) -> Turn:
        """Show a screen: it is now the one in hand, its buttons the only ones that count, beside those of `first` and `last`.

        A screen without buttons leaves the one before it in hand, if that came with it: then its buttons count.
        """
        is_receipt = any(isinstance(action, OpenCase | NewMatter) for action in actions)
        main = replace(self.reply(name, reference, buttons), is_receipt=is_receipt)
        around = [reply for reply in (first, last) if reply]
        beside = tuple(button for reply in around for button in offered(reply))
        conversation = replace(
            self.conversation,
            step=self.conversation.step if step is None else step,
            screen=name if offered(main) or first is None else first.screen,
            nonce=self.surroundings.nonce,
            buttons=offered(main) or beside,
            beside=beside if offered(main) else (),
        )
        replies = tuple(reply for reply in (first, main, last) if reply)
        conversation = replace(conversation, numbered=_numbered(replies))
        return Turn(noted(conversation, replies, self.said.at), tuple(actions), replies)

    def aside(
        self, name: str, *actions: Action, reference: str = "", first: Reply | None = None, last: Reply | None = None
    ) -> Turn:
        """Say something without leaving the screen in hand: a question that waits keeps its buttons."""
        held = self.conversation.nonce or self.surroundings.nonce
        main = self.reply(name, reference) if name else None
        replies = tuple(replace(reply, nonce=held) for reply in (first, main, last) if reply)
        more = tuple(button for reply in replies for button in offered(reply))
        known = self.conversation.buttons
        conversation = replace(
            self.conversation,
            nonce=held,
            beside=tuple(dict.fromkeys((*self.conversation.beside, *(button for button in more if button not in known)))),
            numbered=_numbered(replies) or self.conversation.numbered,
        )
        return Turn(noted(conversation, replies, self.said.at), tuple(actions), replies)

    def reply(self, name: str, reference: str = "", buttons: tuple[str, ...] | None = None) -> Reply:
        return Reply(
            screen=name,
            nonce=self.surroundings.nonce,
            reference=reference,
            buttons=buttons,
            is_night=not self.surroundings.is_staffed,
            voice=voice_of(self.conversation.role),
        )

    def silence(self, *actions: Action) -> Turn:
        """Nothing is said back."""
        return Turn(self.conversation, tuple(actions))


def offered(reply: Reply) -> tuple[str, ...]:
    """The buttons of a reply, in their order."""
    return buttons_of(reply.screen) if reply.buttons is None else reply.buttons


def _numbered(replies: tuple[Reply, ...]) -> tuple[str, ...]:
    return next((offered(reply) for reply in replies if offered(reply)), ())


# What is not repeated at once, and so must be remembered.
REMEMBERED = frozenset(
    (
        *("added", "photo", "file", "edited", "cannot_open", "unknown", "old_button", "other_language", "group"),
        *("danger", "danger_again", "low", "low_again", "threat", "worry"),
        *("not_safe", "cannot_call", "stop_made", "place", "place_alert"),
    )
)


def noted(conversation: Conversation, replies: tuple[Reply, ...], at: datetime) -> Conversation:
    shown: Mapping[str, datetime] = {reply.screen: at for reply in replies if reply.screen in REMEMBERED}
    return replace(conversation, shown={**conversation.shown, **shown}) if shown else conversation
