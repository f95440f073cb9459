"""Who is on a case, by what right, and from whom it is kept."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back advocate_late plan_review"""
NEW_TASKS = "confirm_wall give_away authority"


def one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)


def upgrade() -> None:
    change_tasks(f"{TASK_KIND} {NEW_TASKS}")
    op.create_table(
        "case_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "role",
            one_of(
                "case_role",
                "complainant child family advocate solicitor mp responsible_manager investigating_officer independent_person "
                "adjudicator panel_chair panel_member complained_about",
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("party_id", sa.Integer(), nullable=True),
        sa.Column("is_lead", sa.Boolean(), nullable=False),
        sa.Column("relation", sa.String(length=100), nullable=False),
        sa.Column("standing", one_of("standing", "S1 S2 S3 S4 S5 S6 S7 S8 S9 S10 S11 S12"), nullable=True),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=320), nullable=False),
        sa.Column("appointed_on", sa.Date(), nullable=True),
        sa.Column("appointed_by", sa.String(length=320), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_by", sa.String(length=320), nullable=False),
        sa.Column("ended_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_case_person_case_reference")),
        sa.ForeignKeyConstraint(["party_id"], ["party.id"], name=op.f("fk_case_person_party_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_person")),
    )
    with op.batch_alter_table("case_person", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_person_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_person_case_reference"), ["case_reference"], unique=False)
    op.create_table(
        "authority",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("basis", one_of("basis", "own_right on_behalf solicitor advocate mp"), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("scope", sa.Text(), nullable=False),
        sa.Column("child_view", sa.Text(), nullable=False),
        sa.Column("child_view_by", sa.String(length=320), nullable=False),
        sa.Column("child_view_on", sa.Date(), nullable=True),
        sa.Column("begins_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_authority_case_reference")),
        sa.ForeignKeyConstraint(["person_id"], ["case_person.id"], name=op.f("fk_authority_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
    )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_authority_person_id"), ["person_id"], unique=False)
    op.create_table(
        "case_link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("one_reference", sa.String(length=20), nullable=False),
        sa.Column("other_reference", sa.String(length=20), nullable=False),
        sa.Column("kind", one_of("link_kind", "family duplicate joint related"), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.CheckConstraint("one_reference < other_reference", name=op.f("ck_case_link_in_order")),
        sa.ForeignKeyConstraint(["one_reference"], ["cases.reference"], name=op.f("fk_case_link_one_reference")),
        sa.ForeignKeyConstraint(["other_reference"], ["cases.reference"], name=op.f("fk_case_link_other_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_link")),
        sa.UniqueConstraint("one_reference", "other_reference", name=op.f("uq_case_link_one_reference_other_reference")),
    )
    with op.batch_alter_table("case_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_link_other_reference"), ["other_reference"], unique=False)
    op.create_table(
        "wall",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("kind", one_of("wall_kind", "staff family"), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.String(length=320), nullable=False),
        sa.Column("confirmed_why", sa.Text(), nullable=False),
        sa.Column("lifted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lifted_by", sa.String(length=320), nullable=False),
        sa.Column("lifted_why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_wall_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wall")),
        sa.UniqueConstraint("key", name=op.f("uq_wall_key")),
    )
    with op.batch_alter_table("wall", schema=None) as batch_op:
        batch_op.create_index("ix_wall_address", ["address", "lifted_at"], unique=False)
        batch_op.create_index("ix_wall_case", ["case_reference", "lifted_at"], unique=False)


def downgrade() -> None:
    for table in ("wall", "case_link", "authority", "case_person"):
        op.drop_table(table)
    # An older program does not know these tasks, nor whom they are about.
    op.execute(f"DELETE FROM task WHERE kind {among(NEW_TASKS)}")
    change_tasks(TASK_KIND)


def among(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def change_tasks(kinds: str) -> None:
    """What tasks there can be."""
    name = op.f("ck_task_task_kind")
    with op.batch_alter_table("task") as task:
        task.drop_constraint(name, type_="check")
        task.create_check_constraint(name, f"kind {among(kinds)}")
