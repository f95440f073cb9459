"""A case says when it wants a look."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"

IS_OPEN = sa.text("closed_on IS NULL")


def upgrade() -> None:
    op.add_column("cases", sa.Column("remind_from", sa.Date(), nullable=True))
    op.execute("UPDATE cases SET remind_from = received_on WHERE closed_on IS NULL")  # the next sweep looks at every one
    op.create_index("ix_cases_remind", "cases", ["remind_from"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def downgrade() -> None:
    op.drop_index("ix_cases_remind", table_name="cases")
    op.drop_column("cases", "remind_from")
