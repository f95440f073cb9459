"""Alerts that somebody takes up, alarms by a way of their own, and what waits at a door."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

BEFORE = "telegram email phone letter web in_person"
HARM_BY = "staff carer somebody_else nobody unknown"


def one_of(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def upgrade() -> None:
    with op.batch_alter_table("heartbeat") as heartbeat:
        heartbeat.add_column(sa.Column("waiting", sa.Integer(), nullable=False, server_default="0"))
        heartbeat.add_column(sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("heartbeat") as heartbeat:
        heartbeat.alter_column("waiting", server_default=None)
    change_ways_out(f"{BEFORE} alarm")
    op.create_table(
        "alert",
        sa.Column("task_key", sa.String(length=300), nullable=False),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_by", sa.String(length=320), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.String(length=320), nullable=False),
        sa.Column("harm_by", sa.String(length=40), nullable=False),
        sa.Column("referred_to", sa.String(length=300), nullable=False),
        sa.Column("referred_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("their_reference", sa.String(length=100), nullable=False),
        sa.Column("designated_officer", sa.String(length=300), nullable=False),
        sa.Column("child_told", sa.Text(), nullable=False),
        sa.Column("decided_by", sa.String(length=300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.CheckConstraint(f"harm_by {one_of(HARM_BY)}", name=op.f("ck_alert_harm_by")),
        sa.ForeignKeyConstraint(["task_key"], ["task.key"], name=op.f("fk_alert_task_key")),
        sa.PrimaryKeyConstraint("task_key", name=op.f("pk_alert")),
    )


def downgrade() -> None:
    op.drop_table("alert")
    # An older program knows no alarm: what was rung, or waits to be, goes.
    op.execute("DELETE FROM outbox WHERE channel = 'alarm'")
    change_ways_out(BEFORE)
    with op.batch_alter_table("heartbeat") as heartbeat:
        heartbeat.drop_column("waiting_since")
        heartbeat.drop_column("waiting")


def change_ways_out(values: str) -> None:
    """Which channels a message may leave by."""
    name = op.f("ck_outbox_outbox_channel")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_constraint(name, type_="check")
        outbox.create_check_constraint(name, f"channel {one_of(values)}")
