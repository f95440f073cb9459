"""The reports of the investigating officer and of the independent person lie in the version that they go out with."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("draft", sa.Column("officer_report", sa.LargeBinary(), nullable=True))
    op.add_column("draft", sa.Column("independent_report", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("draft") as draft:
        draft.drop_column("independent_report")
        draft.drop_column("officer_report")
