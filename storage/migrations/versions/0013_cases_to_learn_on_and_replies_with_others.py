"""Cases to learn on, replies that go together with another body's, and the report that is owed for a year."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"

EVENT = """received grounds_arose receipt_sent read route acknowledged reg11_info_sent interest_questioned interest_decided
    interest_refused late_accepted late_refused freeze_asked freeze_decided overrun_agreed transferred reopened wholly_held
    advocacy_offered advocate_requested advocate_appointed agreed_start complex_decided extended s1_reply_sent
    s1_reply_received s1_resolved terms_letter s2_requested s2_acknowledged s2_extended skip_s1_agreed record_draft
    record_final io_appointed ip_appointed delay_notice s2_notice_sent s2_notice_received s3_requested s3_acknowledged
    chair_appointed papers_out panel panel_report recommendations_received s3_response s3_late_accepted s3_late_refused
    early_referred prejudice_decided hold_letter concurrent_ended resubmitted complainant_knew withdrawal_asked withdrawn
    withdrawal_confirmed discussion agreed_end ombudsman_enquiry ombudsman_reply_by ombudsman_replied ombudsman_decided
    recommendations_by recommendations_done advice_received dp_acknowledged responded assigned noted closed"""
NEW_EVENTS = "year_ended report_compiled"
TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back advocate_late plan_review confirm_wall give_away authority draft_answer
    check_answer sign_answer send_answer unopened interest late_complaint late_panel panel_reasons freeze delay_notice
    statement hold_review route_doubt praise"""
NEW_TASKS = "joint_part annual_report"


def in_words(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def upgrade() -> None:
    op.add_column("cases", sa.Column("is_training", sa.Boolean(), nullable=False, server_default=sa.false()))
    change_words(EVENT.replace("responded assigned", f"responded {NEW_EVENTS} assigned"), f"{TASK_KIND} {NEW_TASKS}")
    op.create_table(
        "joint_part",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("body", sa.String(length=300), nullable=False),
        sa.Column("they_lead", sa.Boolean(), nullable=False),
        sa.Column("consent", sa.Text(), nullable=False),
        sa.Column("issues", sa.JSON(), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("promised_for", sa.Date(), nullable=False),
        sa.Column("promised_how", sa.Text(), nullable=False),
        sa.Column("came_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_joint_part_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_joint_part")),
    )
    op.create_index(op.f("ix_joint_part_case_reference"), "joint_part", ["case_reference"])


def downgrade() -> None:
    op.drop_table("joint_part")
    # An older program would remind of, and write about, what was made up to learn on: it is closed, and of the past.
    op.execute("UPDATE cases SET is_imported = true, closed_on = coalesce(closed_on, received_on) WHERE is_training")
    op.drop_column("cases", "is_training")
    op.execute(f"DELETE FROM deadline WHERE base_event {in_words(NEW_EVENTS)}")
    op.execute(f"DELETE FROM event WHERE name {in_words(NEW_EVENTS)}")
    op.execute(f"DELETE FROM task WHERE kind {in_words(NEW_TASKS)}")
    change_words(EVENT, TASK_KIND)


def change_words(events: str, tasks: str) -> None:
    """Which events can happen and begin a clock, and what a member of staff may have to look at."""
    changes = (
        ("event", "name", "ck_event_event_name", events),
        ("deadline", "base_event", "ck_deadline_base_event", events),
        ("task", "kind", "ck_task_task_kind", tasks),
    )
    for table, column, check, values in changes:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(check), type_="check")
            changed.create_check_constraint(op.f(check), f"{column} {in_words(values)}")
