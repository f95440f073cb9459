"""The list of looks is found without a walk."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"

IS_OPEN = sa.text("closed_on IS NULL")


def upgrade() -> None:
    op.drop_index("ix_cases_remind", table_name="cases")
    op.create_index("ix_cases_remind", "cases", ["closed_on", "remind_from"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)


def downgrade() -> None:
    op.drop_index("ix_cases_remind", table_name="cases")
    op.create_index("ix_cases_remind", "cases", ["remind_from"], sqlite_where=IS_OPEN, postgresql_where=IS_OPEN)
