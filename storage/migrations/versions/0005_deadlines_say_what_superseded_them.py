"""Deadlines say what superseded them; a date that both agree on, and the dates that the Ombudsman sets."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

BEFORE = """received grounds_arose receipt_sent read route acknowledged reg11_info_sent interest_questioned interest_decided
    advocacy_offered advocate_requested advocate_appointed agreed_start complex_decided extended s1_reply_sent s1_reply_received
    s1_resolved terms_letter s2_requested s2_acknowledged s2_extended skip_s1_agreed record_draft record_final io_appointed
    ip_appointed delay_notice s2_notice_sent s2_notice_received s3_requested s3_acknowledged chair_appointed papers_out panel
    panel_report recommendations_received s3_response prejudice_decided hold_letter concurrent_ended resubmitted complainant_knew
    withdrawal_asked withdrawn withdrawal_confirmed discussion advice_received dp_acknowledged responded assigned noted closed"""
ADDED = """agreed_end ombudsman_enquiry ombudsman_reply_by ombudsman_replied ombudsman_decided recommendations_by
    recommendations_done"""


def one_of(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def upgrade() -> None:
    with op.batch_alter_table("deadline") as deadline:
        deadline.add_column(sa.Column("supersedes", sa.Integer(), nullable=True))
        deadline.add_column(sa.Column("superseded_at", sa.DateTime(timezone=True), nullable=True))
        deadline.add_column(sa.Column("superseded_why", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("deadline") as deadline:
        deadline.alter_column("superseded_why", server_default=None)
    change_events(BEFORE.replace("advice_received", f"{ADDED} advice_received"))


def downgrade() -> None:
    # An older program knows none of these: what was dated by them goes, and its clocks are counted again from what stays.
    op.execute(f"DELETE FROM deadline WHERE base_event {one_of(ADDED)}")
    op.execute(f"DELETE FROM event WHERE name {one_of(ADDED)}")
    change_events(BEFORE)
    with op.batch_alter_table("deadline") as deadline:
        deadline.drop_column("superseded_why")
        deadline.drop_column("superseded_at")
        deadline.drop_column("supersedes")


def change_events(values: str) -> None:
    """Which events can happen to a case, and which a clock can begin with."""
    for table, column, check in (("event", "name", "ck_event_event_name"), ("deadline", "base_event", "ck_deadline_base_event")):
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(check), type_="check")
            changed.create_check_constraint(op.f(check), f"{column} {one_of(values)}")
