"""An answer is drafted, checked, signed and sent; what leaves redacted is confirmed."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back advocate_late plan_review confirm_wall give_away authority"""
NEW_TASKS = "draft_answer check_answer sign_answer send_answer unopened"


def upgrade() -> None:
    change_tasks(f"{TASK_KIND} {NEW_TASKS}")
    op.create_table(
        "draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("letter", sa.LargeBinary(), nullable=False),
        sa.Column("child_letter", sa.LargeBinary(), nullable=True),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("signed_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_draft_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("case_reference", "stage", "version", name=op.f("uq_draft_case_reference_stage_version")),
    )
    op.create_index(op.f("ix_draft_case_reference"), "draft", ["case_reference"], unique=False)
    op.create_table(
        "draft_check",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("has_passed", sa.Boolean(), nullable=False),
        sa.Column("found", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_draft_check_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft_check")),
    )
    op.create_index(op.f("ix_draft_check_draft_id"), "draft_check", ["draft_id"], unique=False)
    op.create_table(
        "sent_letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("draft_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=40), nullable=False),
        sa.Column("recipient", sa.String(length=320), nullable=False),
        sa.Column("outbox_key", sa.String(length=300), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("sent_by", sa.String(length=320), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("delivered_on", sa.Date(), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=True),
        sa.Column("opened_on", sa.Date(), nullable=True),
        sa.CheckConstraint(f"way {one_of('email telegram post in_person')}", name=op.f("ck_sent_letter_way")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_sent_letter_case_reference")),
        sa.ForeignKeyConstraint(["draft_id"], ["draft.id"], name=op.f("fk_sent_letter_draft_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sent_letter")),
    )
    for column in ("case_reference", "draft_id", "outbox_key"):
        op.create_index(op.f(f"ix_sent_letter_{column}"), "sent_letter", [column], unique=False)
    op.create_table(
        "redaction",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("for_whom", sa.String(length=300), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("removed", sa.JSON(), nullable=False),
        sa.Column("extract", sa.Text(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=320), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_redaction_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_redaction")),
    )
    op.create_index(op.f("ix_redaction_case_reference"), "redaction", ["case_reference"], unique=False)


def downgrade() -> None:
    for table in ("redaction", "sent_letter", "draft_check", "draft"):
        op.drop_table(table)
    # An older program knows none of these tasks: what waits of them goes.
    op.execute(f"DELETE FROM task WHERE kind {one_of(NEW_TASKS)}")
    change_tasks(TASK_KIND)


def one_of(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def change_tasks(kinds: str) -> None:
    """What tasks there can be."""
    name = op.f("ck_task_task_kind")
    with op.batch_alter_table("task") as task:
        task.drop_constraint(name, type_="check")
        task.create_check_constraint(name, f"kind {one_of(kinds)}")
