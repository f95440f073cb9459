"""What somebody needs, by whose hands an answer went, and what may come first: mediation, and a provider's own answer."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"

EVENT = """received grounds_arose receipt_sent read route acknowledged reg11_info_sent interest_questioned interest_decided
    interest_refused late_accepted late_refused freeze_asked freeze_decided overrun_agreed transferred reopened
    wholly_held advocacy_offered advocate_requested advocate_appointed agreed_start complex_decided extended s1_reply_sent
    s1_reply_received s1_resolved terms_letter s2_requested s2_acknowledged s2_extended skip_s1_agreed record_draft
    record_final io_appointed ip_appointed delay_notice s2_notice_sent s2_notice_received s3_requested s3_acknowledged
    chair_appointed papers_out panel panel_report recommendations_received s3_response s3_late_accepted s3_late_refused
    early_referred prejudice_decided hold_letter concurrent_ended resubmitted complainant_knew withdrawal_asked withdrawn
    withdrawal_confirmed discussion agreed_end ombudsman_enquiry ombudsman_reply_by ombudsman_replied ombudsman_decided
    recommendations_by recommendations_done advice_received dp_acknowledged responded year_ended report_compiled assigned
    noted closed"""
NEW_EVENTS = "mediation_agreed mediation_ended provider_asked provider_answered"
MATTER = "interest late late_panel prejudice freeze early_referral overrun transfer reopening"
NEW_MATTER = "answer"
NEED = "easy_read large_print audio braille call writing interpreter bsl meeting_place more_time other"


def in_words(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def upgrade() -> None:
    change_words(
        EVENT.replace("recommendations_done advice", f"recommendations_done {NEW_EVENTS} advice"), f"{MATTER} {NEW_MATTER}"
    )
    op.create_table(
        "access_need",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "need", sa.Enum(*NEED.split(), name="need", native_enum=False, create_constraint=True, length=40), nullable=False
        ),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("who", sa.String(length=300), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=320), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_access_need_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_need")),
    )
    op.create_index(op.f("ix_access_need_case_reference"), "access_need", ["case_reference"])


def downgrade() -> None:
    op.drop_table("access_need")
    op.execute(f"DELETE FROM decision WHERE matter {in_words(NEW_MATTER)}")
    op.execute(f"DELETE FROM event WHERE name {in_words(NEW_EVENTS)}")
    change_words(EVENT, MATTER)


def change_words(events: str, matters: str) -> None:
    """Which events can happen and begin a clock, and what an officer may decide."""
    changes = (
        ("event", "name", "ck_event_event_name", events),
        ("deadline", "base_event", "ck_deadline_base_event", events),
        ("decision", "matter", "ck_decision_matter", matters),
    )
    for table, column, check, values in changes:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(check), type_="check")
            changed.create_check_constraint(op.f(check), f"{column} {in_words(values)}")
