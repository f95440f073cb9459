"""What was found on each issue, what puts it right, what was learned and promised, and how far thanks may be told."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"

TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back advocate_late plan_review confirm_wall give_away authority draft_answer
    check_answer sign_answer send_answer unopened interest late_complaint late_panel panel_reasons freeze delay_notice
    statement hold_review route_doubt"""
NEW_TASKS = "praise"
OUTCOME = "upheld partially_upheld not_upheld no_finding"
THEME = """quality_of_service communication delay decision staff_conduct non_delivery assessment contact_arrangements placement
    financial_support policy_impact data_protection discrimination other"""
PROCEDURE = "statutory corporate adults public_health data_protection other_body undecided member_enquiry"
SHARING = "nobody person_praised anonymously with_words"
REMEDY = "apology explanation reconsideration service_put_right change_of_practice financial none"
SOURCE = "lesson remedy panel ombudsman"


def in_words(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    change_tasks(f"{TASK_KIND} {NEW_TASKS}")
    issues()
    remedies()
    lessons()
    actions()
    op.create_table(
        "praise",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("sharing", one_of("sharing", SHARING), nullable=False),
        sa.Column("said_how", sa.Text(), nullable=False),
        sa.Column("passed_to", sa.String(length=320), nullable=False),
        sa.Column("passed_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_praise_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", name=op.f("pk_praise")),
    )


def downgrade() -> None:
    op.execute(f"DELETE FROM task WHERE kind {in_words(NEW_TASKS)}")
    for table in ("praise", "action_reminder", "action_event", "action", "lesson", "remedy", "finding", "issue"):
        op.drop_table(table)
    change_tasks(TASK_KIND)


def issues() -> None:
    op.create_table(
        "issue",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("theme", one_of("theme", THEME), nullable=False),
        sa.Column("procedure", one_of("issue_procedure", PROCEDURE), nullable=True),
        sa.Column("wanted", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("split_from", sa.Integer(), nullable=True),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("confirmed_how", sa.Text(), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("number > 0 AND version > 0", name=op.f("ck_issue_counted_from_one")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_issue_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", "number", "version", name=op.f("pk_issue")),
    )
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("outcome", one_of("finding_outcome", OUTCOME), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stage BETWEEN 1 AND 3", name=op.f("ck_finding_stage_of_three")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_finding_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_finding")),
    )
    op.create_index("ix_finding_case", "finding", ["case_reference", "number"])


def remedies() -> None:
    op.create_table(
        "remedy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("kind", one_of("remedy_kind", REMEDY), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("amount_pence", sa.Integer(), nullable=True),
        sa.Column("agreed_by", sa.String(length=300), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("decided_by", sa.String(length=320), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_on", sa.Date(), nullable=True),
        sa.Column("given_by", sa.String(length=320), nullable=False),
        sa.Column("is_superseded", sa.Boolean(), nullable=False),
        sa.CheckConstraint("(kind = 'financial') = (amount_pence IS NOT NULL)", name=op.f("ck_remedy_money_has_an_amount")),
        sa.CheckConstraint("amount_pence > 0", name=op.f("ck_remedy_amount")),
        sa.CheckConstraint("stage BETWEEN 1 AND 3", name=op.f("ck_remedy_stage_of_three")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_remedy_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_remedy")),
    )
    op.create_index("ix_remedy_case", "remedy", ["case_reference", "number"])


def lessons() -> None:
    op.create_table(
        "lesson",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("learned_on", sa.Date(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_lesson_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index(op.f("ix_lesson_case_reference"), "lesson", ["case_reference"])


def actions() -> None:
    op.create_table(
        "action",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("lesson_id", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("source", one_of("action_source", SOURCE), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("owner", sa.String(length=320), nullable=False),
        sa.Column("team", sa.String(length=100), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("first_due_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("done_by", sa.String(length=320), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_action_case_reference")),
        sa.ForeignKeyConstraint(["lesson_id"], ["lesson.id"], name=op.f("fk_action_lesson_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action")),
    )
    op.create_index(op.f("ix_action_case_reference"), "action", ["case_reference"])
    op.create_index("ix_action_open", "action", ["done_on", "due_on"])
    op.create_table(
        "action_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_event_action_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_action_event")),
    )
    op.create_index(op.f("ix_action_event_action_id"), "action_event", ["action_id"])
    op.create_table(
        "action_reminder",
        sa.Column("action_id", sa.Integer(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("rung", sa.String(length=20), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["action_id"], ["action.id"], name=op.f("fk_action_reminder_action_id")),
        sa.PrimaryKeyConstraint("action_id", "due_on", "rung", "person", name=op.f("pk_action_reminder")),
    )


def change_tasks(values: str) -> None:
    name = op.f("ck_task_task_kind")
    with op.batch_alter_table("task") as task:
        task.drop_constraint(name, type_="check")
        task.create_check_constraint(name, f"kind {in_words(values)}")
