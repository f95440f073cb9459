"""The chat, pure: where it stands and what was said give the next turn, which the desk carries out in its own unit of work."""

from intake.conversation.actions import (
    Action,
    AddToCase,
    AskAdvocate,
    AskStatus,
    AskWithdrawal,
    CloseRoute,
    LeaveGroup,
    MarkProblem,
    NewMatter,
    NotHappy,
    NotSafe,
    OpenCase,
    SetRole,
    Wishes,
)
from intake.conversation.advancing import advance
from intake.conversation.values import Conversation, KnownCase, Reply, Said, Step, Surroundings, Turn, button_data, voice_of

__all__ = [
    "Action",
    "AddToCase",
    "AskAdvocate",
    "AskStatus",
    "AskWithdrawal",
    "CloseRoute",
    "Conversation",
    "KnownCase",
    "LeaveGroup",
    "MarkProblem",
    "NewMatter",
    "NotHappy",
    "NotSafe",
    "OpenCase",
    "Reply",
    "Said",
    "SetRole",
    "Step",
    "Surroundings",
    "Turn",
    "Wishes",
    "advance",
    "button_data",
    "voice_of",
]
