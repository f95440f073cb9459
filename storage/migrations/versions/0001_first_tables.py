"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

PROCEDURE = """
    statutory corporate adults public_health data_protection other_body undecided
"""
RAISED_BY = """
    child care_leaver parent carer relative foster_carer advocate professional member_of_public unknown
"""
BASE_EVENT = """
    received grounds_arose receipt_sent read route acknowledged reg11_info_sent interest_questioned interest_decided
    advocacy_offered advocate_requested advocate_appointed agreed_start complex_decided extended s1_reply_sent
    s1_reply_received s1_resolved terms_letter s2_requested s2_acknowledged s2_extended skip_s1_agreed record_draft
    record_final io_appointed ip_appointed delay_notice s2_notice_sent s2_notice_received s3_requested s3_acknowledged
    chair_appointed papers_out panel panel_report recommendations_received s3_response prejudice_decided hold_letter
    concurrent_ended resubmitted complainant_knew withdrawal_asked withdrawn withdrawal_confirmed discussion
    advice_received dp_acknowledged responded assigned noted closed
"""
TASK_KIND = """
    confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back
"""


def upgrade() -> None:
    make_calendar_day()
    make_cases()
    make_conversation()
    make_door()
    make_heartbeat()
    make_arrival()
    make_classification()
    make_deadline()
    make_event()
    make_outbox()
    make_party()
    make_reminder()
    make_task()
    make_attachment()
    make_letter()


def downgrade() -> None:
    op.drop_table("letter")
    op.drop_table("attachment")
    op.drop_table("task")
    op.drop_table("reminder")
    op.drop_table("party")
    op.drop_table("outbox")
    op.drop_table("event")
    op.drop_table("deadline")
    op.drop_table("classification")
    op.drop_table("arrival")
    op.drop_table("heartbeat")
    op.drop_table("door")
    op.drop_table("conversation")
    op.drop_table("cases")
    op.drop_table("calendar_day")


def one_of(constraint: str, words: str) -> sa.Enum:
    """Text that is one of the words; the schema refuses others."""
    return sa.Enum(*words.split(), name=constraint, native_enum=False, create_constraint=True, length=40)


def make_calendar_day() -> None:
    op.create_table(
        "calendar_day",
        sa.Column("nation", sa.String(length=40), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("is_working", sa.Boolean(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("nation", "day", name="pk_calendar_day"),
    )


def make_cases() -> None:
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(length=20), nullable=False),
        sa.Column("kind", one_of("kind", "complaint compliment comment enquiry"), nullable=False),
        sa.Column("procedure", one_of("procedure", PROCEDURE), nullable=False),
        sa.Column("suggested", one_of("suggested", PROCEDURE), nullable=False),
        sa.Column("channel", one_of("channel", "telegram email phone letter web in_person"), nullable=False),
        sa.Column("form", one_of("form", "written oral"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("raised_by", one_of("raised_by", RAISED_BY), nullable=False),
        sa.Column("risk", one_of("risk", "none distress safeguarding emergency"), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("owner", sa.String(length=320), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column("outcome", one_of("outcome", "upheld partially_upheld not_upheld no_finding"), nullable=True),
        sa.Column("is_imported", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("reference", name="pk_cases"),
    )
    op.create_index("ix_cases_open", "cases", ["closed_on", "team"])
    op.create_index("ix_cases_received_on", "cases", ["received_on"])


def make_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("state", sa.JSON(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_blocked", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("chat_id", name="pk_conversation"),
    )


def make_door() -> None:
    op.create_table(
        "door",
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("validity", sa.String(length=40), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_door"),
    )


def make_heartbeat() -> None:
    op.create_table(
        "heartbeat",
        sa.Column("loop", sa.String(length=60), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=200), nullable=False),
        sa.Column("trouble_since", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("loop", name="pk_heartbeat"),
    )


def make_arrival() -> None:
    op.create_table(
        "arrival",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("door", sa.String(length=300), nullable=False),
        sa.Column("wire", sa.String(length=20), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("validity", sa.String(length=40), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.Column("result", one_of("result", "opened added automatic asked quarantined released"), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("message_id", sa.String(length=1000), nullable=False),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("dealt_with_by", sa.String(length=320), nullable=False),
        sa.Column("dealt_with_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_arrival_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_arrival"),
    )
    op.create_index("ix_arrival_case_reference", "arrival", ["case_reference"])
    op.create_index("ix_arrival_message_id", "arrival", ["message_id"])
    op.create_index("ix_arrival_result_received", "arrival", ["result", "received_at"])


def make_classification() -> None:
    op.create_table(
        "classification",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("kind", one_of("classified_kind", "complaint compliment comment enquiry"), nullable=False),
        sa.Column("procedure", one_of("classified_procedure", PROCEDURE), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_classification_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_classification"),
    )
    op.create_index("ix_classification_case_reference", "classification", ["case_reference"])


def make_deadline() -> None:
    op.create_table(
        "deadline",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("clock", sa.String(length=60), nullable=False),
        sa.Column("procedure", one_of("deadline_procedure", PROCEDURE), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("clock_kind", "statutory guidance local advisory discretionary external"), nullable=False),
        sa.Column("rule_id", sa.String(length=120), nullable=False),
        sa.Column("base_event", one_of("base_event", BASE_EVENT), nullable=False),
        sa.Column("base_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("authority", sa.String(length=300), nullable=False),
        sa.Column("calendar_version", sa.String(length=80), nullable=False),
        sa.Column("trace", sa.JSON(), nullable=False),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_deadline_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_deadline"),
    )
    op.create_index("ix_deadline_case_reference", "deadline", ["case_reference"])
    op.create_index("ix_deadline_standing", "deadline", ["is_superseded", "due_on"])


def make_event() -> None:
    op.create_table(
        "event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("name", one_of("event_name", BASE_EVENT), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_event_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_event"),
    )
    op.create_index("ix_event_case", "event", ["case_reference", "happened_on"])


def make_outbox() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("notice", sa.String(length=60), nullable=False),
        sa.Column("channel", one_of("outbox_channel", "telegram email phone letter web in_person"), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("language", sa.String(length=12), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("in_reply_to", sa.String(length=1000), nullable=False),
        sa.Column("references", sa.JSON(), nullable=False),
        sa.Column("message_id", sa.String(length=300), nullable=False),
        sa.Column("urgency", sa.Integer(), nullable=False),
        sa.Column("state", one_of("outbox_state", "queued sending sent ambiguous failed cancelled held"), nullable=False),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("may_repeat", sa.Boolean(), nullable=False),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("wire_number", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_outbox_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("key", name="uq_outbox_key"),
    )
    op.create_index("ix_outbox_case_reference", "outbox", ["case_reference"])
    op.create_index("ix_outbox_due", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_message_id", "outbox", ["message_id"])
    op.create_index("ix_outbox_recipient", "outbox", ["channel", "recipient"])


def make_party() -> None:
    op.create_table(
        "party",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("role", one_of("party_role", "complainant advocate child"), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("is_closed", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_party_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_party"),
    )
    op.create_index("ix_party_address", "party", ["address"])
    op.create_index("ix_party_case_reference", "party", ["case_reference"])
    op.create_index("ix_party_chat_id", "party", ["chat_id"])


def make_reminder() -> None:
    op.create_table(
        "reminder",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("clock", sa.String(length=60), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_reminder_case_reference"),
        sa.PrimaryKeyConstraint("case_reference", "clock", "due_on", "rung", "person", name="pk_reminder"),
    )


def make_task() -> None:
    op.create_table(
        "task",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=300), nullable=False),
        sa.Column("kind", one_of("task_kind", TASK_KIND), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("detail", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_task_case_reference"),
        sa.PrimaryKeyConstraint("id", name="pk_task"),
        sa.UniqueConstraint("key", name="uq_task_key"),
    )
    op.create_index("ix_task_case_reference", "task", ["case_reference"])
    op.create_index("ix_task_open", "task", ["done_at", "due_at"])


def make_attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("arrival_id", sa.String(length=64), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=200), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("file_id", sa.String(length=300), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("problem", sa.String(length=200), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_attachment_arrival_id"),
        sa.PrimaryKeyConstraint("arrival_id", "number", name="pk_attachment"),
    )
    op.create_index("ix_attachment_next_try_at", "attachment", ["next_try_at"])


def make_letter() -> None:
    op.create_table(
        "letter",
        sa.Column("arrival_id", sa.String(length=64), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("channel", one_of("letter_channel", "telegram email phone letter web in_person"), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("sender", sa.String(length=320), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_number", sa.BigInteger(), nullable=False),
        sa.Column("is_unverified", sa.Boolean(), nullable=False),
        sa.Column("is_edit", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name="fk_letter_arrival_id"),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name="fk_letter_case_reference"),
        sa.PrimaryKeyConstraint("arrival_id", name="pk_letter"),
    )
    op.create_index("ix_letter_case_reference", "letter", ["case_reference"])
    op.create_index("ix_letter_chat_id", "letter", ["chat_id"])
