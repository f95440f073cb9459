"""What is new since it was last looked: what the bot showed in the chats, and every mail."""

from dataclasses import dataclass, field

from bot.rehearsal.chats import Button, Chat, Shown
from bot.rehearsal.mail_folder import KeptLetter, MailFolder
from bot.rehearsal.stage import DUTY, Stage
from casework.council import Person


@dataclass(frozen=True)
class InChat:
    """Something that changed on a young person's screen."""

    chat: Chat
    shown: Shown
    is_new: bool
    """False for a message that was changed: a phone does not tell of that."""

    @property
    def name(self) -> str:
        return str(self.chat.described["first_name"])

    @property
    def buttons(self) -> list[Button]:
        return [button for row in self.shown.buttons for button in row]


@dataclass(frozen=True)
class News:
    """Everything new, mails in the order in which they were posted."""

    chats: tuple[InChat, ...] = ()
    letters: tuple[KeptLetter, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.chats or self.letters)


@dataclass
class Newsroom:
    """Remembers what was seen. Each mail is left in the folder as it is noticed."""

    stage: Stage
    mails: MailFolder
    _seen: dict[tuple[int, int], tuple[str, bool, list[str]]] = field(default_factory=dict)

    @property
    def is_there_any(self) -> bool:
        return len(self.stage.post.posted) > len(self.mails.letters) or any(
            self._seen.get((chat.number, shown.number)) != _as_seen(shown)
            for chat in self._chats()
            for shown in chat.by_bot.values()
        )

    def look(self) -> News:
        """What is new, once."""
        letters = [self.mails.keep(letter) for letter in self.stage.post.posted[len(self.mails.letters) :]]
        chats = []
        for chat in self._chats():
            for shown in chat.by_bot.values():
                before, now = self._seen.get((chat.number, shown.number)), _as_seen(shown)
                if before != now:
                    self._seen[chat.number, shown.number] = now
                    chats.append(InChat(chat, shown, is_new=before is None))
        return News(tuple(chats), tuple(letters))

    def staff(self, address: str) -> Person | None:
        return self.stage.settings.council.person(address)

    def is_to_staff(self, address: str) -> bool:
        return self.staff(address) is not None or address == DUTY

    def _chats(self) -> list[Chat]:
        return [chat for chat in self.stage.api.chats.by_number.values() if chat.is_private]


def _as_seen(shown: Shown) -> tuple[str, bool, list[str]]:
    return shown.text, shown.deleted, shown.labels()
