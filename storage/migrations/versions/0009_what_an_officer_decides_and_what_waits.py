"""What an officer decides, what waits for other proceedings, and the tasks and events of both."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

EVENT = """received grounds_arose receipt_sent read route acknowledged reg11_info_sent interest_questioned interest_decided
    advocacy_offered advocate_requested advocate_appointed agreed_start complex_decided extended s1_reply_sent
    s1_reply_received s1_resolved terms_letter s2_requested s2_acknowledged s2_extended skip_s1_agreed record_draft
    record_final io_appointed ip_appointed delay_notice s2_notice_sent s2_notice_received s3_requested s3_acknowledged
    chair_appointed papers_out panel panel_report recommendations_received s3_response prejudice_decided hold_letter
    concurrent_ended resubmitted complainant_knew withdrawal_asked withdrawn withdrawal_confirmed discussion
    agreed_end ombudsman_enquiry ombudsman_reply_by ombudsman_replied ombudsman_decided recommendations_by
    recommendations_done advice_received dp_acknowledged responded assigned noted closed"""
NEW_EVENTS = """interest_refused late_accepted late_refused freeze_asked freeze_decided overrun_agreed transferred reopened
    wholly_held s3_late_accepted s3_late_refused early_referred"""
TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back advocate_late plan_review confirm_wall give_away authority draft_answer
    check_answer sign_answer send_answer unopened"""
NEW_TASKS = """interest late_complaint late_panel panel_reasons freeze delay_notice statement hold_review route_doubt"""
MATTER = "interest late late_panel prejudice freeze early_referral overrun transfer reopening"
GROUND = "court_or_tribunal disciplinary criminal_investigation criminal_proceedings"


def in_words(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    change_words(with_new(EVENT, "interest_decided", "s3_response"), f"{TASK_KIND} {NEW_TASKS}")
    op.create_table(
        "decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("matter", one_of("matter", MATTER), nullable=False),
        sa.Column("is_yes", sa.Boolean(), nullable=False),
        sa.Column("weighed", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_decision_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision")),
    )
    op.create_index("ix_decision_case", "decision", ["case_reference", "matter"])
    op.create_table(
        "held_issue",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ground", one_of("ground", GROUND), nullable=False),
        sa.Column("proceedings", sa.Text(), nullable=False),
        sa.Column("prejudice", sa.Text(), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("resubmitted_on", sa.Date(), nullable=True),
        sa.Column("continued_in", sa.String(length=20), nullable=False),
        sa.CheckConstraint("number >= 0", name=op.f("ck_held_issue_number_or_all")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_held_issue_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_issue")),
    )
    op.create_index("ix_held_issue_case", "held_issue", ["case_reference", "number"])
    op.create_index("ix_held_issue_ended", "held_issue", ["resubmitted_on", "ended_on"])


def downgrade() -> None:
    op.drop_table("held_issue")
    op.drop_table("decision")
    # An older program knows none of these: what was dated by them goes, and its clocks are counted again from what stays.
    op.execute(f"DELETE FROM deadline WHERE base_event {in_words(NEW_EVENTS)}")
    op.execute(f"DELETE FROM event WHERE name {in_words(NEW_EVENTS)}")
    op.execute(f"DELETE FROM task WHERE kind {in_words(NEW_TASKS)}")
    change_words(EVENT, TASK_KIND)


def with_new(values: str, *places: str) -> str:
    """The new events behind those beside which they stand in the law book's words."""
    first, second = NEW_EVENTS.split()[:9], NEW_EVENTS.split()[9:]
    for place, new in zip(places, (first, second), strict=True):
        values = " ".join(f"{word} {' '.join(new)}" if word == place else word for word in values.split())
    return values


def change_words(events: str, tasks: str) -> None:
    """Which events can happen to a case and begin a clock, and what a member of staff may have to look at."""
    changes = (
        ("event", "name", "ck_event_event_name", events),
        ("deadline", "base_event", "ck_deadline_base_event", events),
        ("task", "kind", "ck_task_task_kind", tasks),
    )
    for table, column, check, values in changes:
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(check), type_="check")
            changed.create_check_constraint(op.f(check), f"{column} {in_words(values)}")
