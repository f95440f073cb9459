"""Several processes share the work."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    op.create_table(
        "leader",
        sa.Column("role", sa.String(length=320), nullable=False),
        sa.Column("process", sa.String(length=40), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("role", name=op.f("pk_leader")),
    )
    with op.batch_alter_table("outbox") as outbox:
        # Rows that are there were claimed by nobody who is still at work.
        outbox.add_column(sa.Column("claimed_by", sa.String(length=40), nullable=False, server_default=""))
    with op.batch_alter_table("outbox") as outbox:
        outbox.alter_column("claimed_by", server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("claimed_by")
    op.drop_table("leader")
