"""The tables, and nothing else. Queries are named functions beside them.

What identifies a row is what it is: a case its reference, an arrival the digest of what came through which door.
So a whole filing can be written at once, and a second delivery meets the first one's key.
Moments are stored in UTC (SQLModel refuses naive ones), legal days as dates in Europe/London.
"""

from storage.columns import METADATA, HarmBy, LedgerResult, OutboxState, PartyRole, TaskKind
from storage.tables.casework import AlertRow, CaseRow, ClassificationRow, DeadlineRow, EventRow, PartyRow, ReminderRow, TaskRow
from storage.tables.chats import ListenedRow, PlaceRow
from storage.tables.daily import (
    AdvocacyRow,
    BehaviourPlanRow,
    CallRow,
    CoverRow,
    EqualityRow,
    JointPartRow,
    MemberEnquiryRow,
    PoolAppointmentRow,
    PoolHoursRow,
    PoolPersonRow,
    TakenDownRow,
)
from storage.tables.decisions import DecisionRow, HeldIssueRow
from storage.tables.drafts import DraftCheckRow, DraftRow, RedactionRow, SentLetterRow, Way
from storage.tables.issues import (
    ActionEventRow,
    ActionReminderRow,
    ActionRow,
    FindingRow,
    IssueRow,
    LessonRow,
    PraiseRow,
    RemedyRow,
)
from storage.tables.keeping import CalendarDayRow, CountedByRow, ErasedRow, HeartbeatRow, HoldRow, LeaderRow
from storage.tables.people import AccessNeedRow, AuthorityRow, CasePersonRow, LinkRow, WallRow
from storage.tables.post import ArrivalRow, AttachmentRow, ConversationRow, DoorRow, LetterRow, OutboxRow
from storage.tables.registers import (
    ActivityRow,
    ExportRow,
    OmbudsmanRow,
    RegisterIssueRow,
    RegisterLearningRow,
    RegisterRow,
    ReportRow,
)
from storage.tables.sealing import SealRow

__all__ = [
    "METADATA",
    "AccessNeedRow",
    "ActionEventRow",
    "ActionReminderRow",
    "ActionRow",
    "ActivityRow",
    "AdvocacyRow",
    "AlertRow",
    "ArrivalRow",
    "AttachmentRow",
    "AuthorityRow",
    "BehaviourPlanRow",
    "CalendarDayRow",
    "CallRow",
    "CasePersonRow",
    "CaseRow",
    "ClassificationRow",
    "ConversationRow",
    "CountedByRow",
    "CoverRow",
    "DeadlineRow",
    "DecisionRow",
    "DoorRow",
    "DraftCheckRow",
    "DraftRow",
    "EqualityRow",
    "ErasedRow",
    "EventRow",
    "ExportRow",
    "FindingRow",
    "HarmBy",
    "HeartbeatRow",
    "HeldIssueRow",
    "HoldRow",
    "IssueRow",
    "JointPartRow",
    "LeaderRow",
    "LedgerResult",
    "LessonRow",
    "LetterRow",
    "LinkRow",
    "ListenedRow",
    "MemberEnquiryRow",
    "OmbudsmanRow",
    "OutboxRow",
    "OutboxState",
    "PartyRole",
    "PartyRow",
    "PlaceRow",
    "PoolAppointmentRow",
    "PoolHoursRow",
    "PoolPersonRow",
    "PraiseRow",
    "RedactionRow",
    "RegisterIssueRow",
    "RegisterLearningRow",
    "RegisterRow",
    "RemedyRow",
    "ReminderRow",
    "ReportRow",
    "SealRow",
    "SentLetterRow",
    "TakenDownRow",
    "TaskKind",
    "TaskRow",
    "WallRow",
    "Way",
]
