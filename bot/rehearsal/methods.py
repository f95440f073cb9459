"""What each method of the Bot API does to the chats, with Telegram's own checks and words of refusal."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from bot.rehearsal.chats import LONGEST_MESSAGE, Chat, Chats, Shown, buttons_of
from bot.rehearsal.errors import ApiError
from bot.rehearsal.updates import Hook, Json

LARGEST_DOWNLOAD = 20_000_000
"""In bytes: getFile refuses more."""

DELETABLE_FOR = timedelta(hours=48)


class Methods:
    """The methods by name, in any case. A method that isn't here doesn't exist, as at Telegram: 404."""

    def __init__(self, chats: Chats) -> None:
        self._chats = chats
        self.remembered: dict[str, Json] = {}
        """What setMyCommands and its like were given, by method name in lower case."""
        self.told_botfather: Json = {
            "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False,
        }  # fmt: skip
        """What only BotFather can set."""
        does: dict[str, Callable[[Json], Any]] = {
            "getMe": lambda _: self._chats.bot_user | self.told_botfather,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "editMessageReplyMarkup": self._edit_reply_markup,
            "deleteMessage": lambda p: self._delete(self._chat(p), int(p["message_id"])),
            "deleteMessages": self._delete_messages,
            "answerCallbackQuery": self._answer_callback_query,
            "sendChatAction": lambda p: bool(self._open_chat(p)),
            "getChat": lambda p: self._chat(p).described,
            "getFile": self._get_file,
            "leaveChat": self._leave_chat,
            "setWebhook": self._set_webhook,
            "deleteWebhook": lambda p: self._set_webhook(p | {"url": ""}),
            "getWebhookInfo": self._get_webhook_info,
            "getMyCommands": lambda _: self.remembered.get("setmycommands", {}).get("commands", []),
            "getMyName": lambda _: {
                "name": self.remembered.get("setmyname", self._chats.bot_user | {"name": ""})["name"]
                or self._chats.bot_user["first_name"]
            },
            "getMyDescription": lambda _: {"description": "", **self.remembered.get("setmydescription", {})},
            "getMyShortDescription": lambda _: {"short_description": "", **self.remembered.get("setmyshortdescription", {})},
        }
        self._does = {name.lower(): method for name, method in does.items()}
        for name in ("setMyCommands", "deleteMyCommands", "setMyDescription", "setMyShortDescription", "setMyName",
                     "setChatMenuButton", "setMyDefaultAdministratorRights"):  # fmt: skip
            self._does[name.lower()] = self._remember(name.lower())

    def do(self, name: str, parameters: Json) -> Any:
        """Carry out one call and give its result; ApiError when Telegram would refuse it."""
        method = self._does.get(name.lower())
        if method is None:
            raise ApiError(404, "Not Found")
        try:
            return method(parameters)
        except (KeyError, ValueError, TypeError) as mistake:
            raise ApiError(400, f"Bad Request: wrong parameter {mistake}") from mistake

    def _remember(self, name: str) -> Callable[[Json], bool]:
        def remember(parameters: Json) -> bool:
            self.remembered[name] = parameters
            return True

        return remember

    def _chat(self, parameters: Json) -> Chat:
        if "chat_id" not in parameters:
            raise ApiError(400, "Bad Request: chat_id is empty")
        try:
            return self._chats.by_number[int(parameters["chat_id"])]
        except (KeyError, ValueError) as unknown:
            raise ApiError(400, "Bad Request: chat not found") from unknown

    def _open_chat(self, parameters: Json) -> Chat:
        chat = self._chat(parameters)
        if not chat.open_to_bot:
            reason = "bot was blocked by the user" if chat.is_private else "bot is not a member of the supergroup chat"
            raise ApiError(403, f"Forbidden: {reason}")
        return chat

    def _send_message(self, parameters: Json) -> Json:
        chat = self._open_chat(parameters)
        text, markup = _checked_text(parameters), _checked_markup(parameters)
        number = chat.next_number()
        payload: Json = {
            "message_id": number, "from": self._chats.bot_user, "chat": chat.described, "date": self._chats.stamp(), "text": text,
        } | _inline(markup)  # fmt: skip
        silent = bool(parameters.get("disable_notification"))
        chat.by_bot[number] = Shown(number, text, buttons_of(markup), self._chats.now(), payload, silent)
        self._chats.updates.changes.tell()
        return payload

    def _edit_message_text(self, parameters: Json) -> Json:
        text, markup = _checked_text(parameters), _checked_markup(parameters)
        return self._edit(parameters, text, markup)

    def _edit_reply_markup(self, parameters: Json) -> Json:
        return self._edit(parameters, None, _checked_markup(parameters))

    def _edit(self, parameters: Json, text: str | None, markup: Json | None) -> Json:
        chat = self._open_chat(parameters)
        shown = chat.by_bot.get(int(parameters["message_id"]))
        if shown is None or shown.deleted:
            raise ApiError(400, "Bad Request: message to edit not found")
        text = shown.text if text is None else text
        if text == shown.text and buttons_of(markup) == shown.buttons:
            raise ApiError(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
                "as a current content and reply markup of the message",
            )
        shown.text, shown.buttons, shown.edited = text, buttons_of(markup), True
        shown.payload.pop("reply_markup", None)
        shown.payload |= {"text": text, "edit_date": self._chats.stamp()} | _inline(markup)
        self._chats.updates.changes.tell()
        return shown.payload

    def _delete_messages(self, parameters: Json) -> bool:
        chat, numbers = self._chat(parameters), parameters["message_ids"]
        if not 1 <= len(numbers) <= 100:
            raise ApiError(400, "Bad Request: wrong number of messages to delete")
        for number in numbers:
            stands = number in chat.by_bot and not chat.by_bot[number].deleted
            if stands or number in chat.by_people:
                self._delete(chat, int(number))
        return True

    def _delete(self, chat: Chat, number: int) -> bool:
        shown, theirs = chat.by_bot.get(number), chat.by_people.get(number)
        if (shown is None or shown.deleted) and theirs is None:
            raise ApiError(400, "Bad Request: message to delete not found")
        sent = shown.payload["date"] if shown else (theirs or {})["date"]
        if self._chats.stamp() - sent > DELETABLE_FOR.total_seconds() or (shown is None and not chat.is_private):
            raise ApiError(400, "Bad Request: message can't be deleted for everyone")
        if shown:
            shown.deleted = True
        chat.by_people.pop(number, None)
        self._chats.updates.changes.tell()
        return True

    def _answer_callback_query(self, parameters: Json) -> bool:
        press = str(parameters["callback_query_id"])
        if press not in self._chats.presses:
            raise ApiError(400, "Bad Request: query is too old and response timeout expired or query ID is invalid")
        self._chats.presses[press] = str(parameters.get("text") or "answered")
        self._chats.updates.changes.tell()
        return True

    def _get_file(self, parameters: Json) -> Json:
        number = str(parameters["file_id"])
        if number not in self._chats.files:
            raise ApiError(400, "Bad Request: wrong file_id or the file is temporarily unavailable")
        size = len(self._chats.files[number])
        if size > LARGEST_DOWNLOAD:
            raise ApiError(400, "Bad Request: file is too big")
        return {"file_id": number, "file_unique_id": f"u{number}", "file_size": size, "file_path": f"files/{number}"}

    def _leave_chat(self, parameters: Json) -> bool:
        chat = self._open_chat(parameters)
        if chat.is_private:
            raise ApiError(400, "Bad Request: chat member status can't be changed in private chats")
        chat.open_to_bot = False
        self._chats.updates.changes.tell()
        return True

    def _set_webhook(self, parameters: Json) -> bool:
        updates = self._chats.updates
        secret = str(parameters.get("secret_token") or "")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise ApiError(400, "Bad Request: secret token contains unallowed characters")
        url = str(parameters.get("url") or "")
        updates.hook = Hook(url, secret, min(max(int(parameters.get("max_connections") or 40), 1), 100))
        updates.set_wanted(parameters.get("allowed_updates"))
        if parameters.get("drop_pending_updates"):
            updates.drop_all()
        updates.changes.tell()
        return True

    def _get_webhook_info(self, _: Json) -> Json:
        updates = self._chats.updates
        hook = updates.hook
        info: Json = {"url": hook.url, "has_custom_certificate": False, "pending_update_count": updates.count()}
        if hook.url:
            info["max_connections"] = hook.at_once
        if hook.failed_at is not None:
            info |= {"last_error_date": int(hook.failed_at.timestamp()), "last_error_message": hook.failure}
        return info


def _checked_text(parameters: Json) -> str:
    text = str(parameters.get("text", "")).strip()
    if not text:
        raise ApiError(400, "Bad Request: message text is empty")
    if len(text.encode("utf-16-le")) // 2 > LONGEST_MESSAGE:
        raise ApiError(400, "Bad Request: message is too long")
    return text


def _checked_markup(parameters: Json) -> Json | None:
    markup: Json | None = parameters.get("reply_markup")
    for button in (button for row in buttons_of(markup) for button in row):
        if not button.label:
            raise ApiError(400, "Bad Request: inline keyboard button text is empty")
        if len(button.payload.encode()) > 64:
            raise ApiError(400, "Bad Request: BUTTON_DATA_INVALID")
    return markup


def _inline(markup: Json | None) -> Json:
    """Only an inline keyboard belongs to the message itself."""
    return {"reply_markup": markup} if markup and "inline_keyboard" in markup else {}
