"""What a chat brings: places, doorbells, and whether they felt listened to."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    op.create_table(
        "listened",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "felt",
            sa.Enum("yes", "a_bit", "no", name="felt", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_listened_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", "chat_id", name=op.f("pk_listened")),
    )
    with op.batch_alter_table("listened", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_listened_said_on"), ["said_on"], unique=False)

    op.create_table(
        "place",
        sa.Column("arrival_id", sa.String(length=64), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("chat_id", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("within_metres", sa.Float(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("asked_by", sa.String(length=320), nullable=False),
        sa.Column("asked_why", sa.Text(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_by", sa.String(length=320), nullable=False),
        sa.Column("seen_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name=op.f("fk_place_arrival_id")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_place_case_reference")),
        sa.PrimaryKeyConstraint("arrival_id", name=op.f("pk_place")),
    )
    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_place_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_chat_id"), ["chat_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_place_gone_at"), ["gone_at"], unique=False)

    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.add_column(sa.Column("earlier_numbers", sa.JSON(), server_default="[]", nullable=False))
        batch_op.add_column(sa.Column("is_bell", sa.Boolean(), server_default=sa.false(), nullable=False))


def downgrade() -> None:
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.drop_column("is_bell")
        batch_op.drop_column("earlier_numbers")

    with op.batch_alter_table("place", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_place_gone_at"))
        batch_op.drop_index(batch_op.f("ix_place_chat_id"))
        batch_op.drop_index(batch_op.f("ix_place_case_reference"))

    op.drop_table("place")
    with op.batch_alter_table("listened", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_listened_said_on"))

    op.drop_table("listened")
