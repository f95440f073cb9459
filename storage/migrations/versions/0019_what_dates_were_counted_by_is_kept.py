"""What the dates of open cases were counted by is kept, so that a change of it is seen."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.create_table(
        "counted_by",
        sa.Column("part", sa.String(length=60), nullable=False),
        sa.Column("version", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("part", name=op.f("pk_counted_by")),
    )


def downgrade() -> None:
    op.drop_table("counted_by")
