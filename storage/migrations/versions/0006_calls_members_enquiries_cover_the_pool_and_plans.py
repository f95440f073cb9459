"""Calls, members' enquiries, advocates, cover, the pool and behaviour plans."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

PROCEDURE = "statutory corporate adults public_health data_protection other_body undecided"
PROCEDURES = (
    ("cases", "procedure", "ck_cases_procedure"),
    ("cases", "suggested", "ck_cases_suggested"),
    ("classification", "procedure", "ck_classification_classified_procedure"),
    ("deadline", "procedure", "ck_deadline_deadline_procedure"),
)
TASK_KIND = """confirm_route safety look_for_harm place_letter asked_by_stranger cannot_reach withdrawal not_happy advocate
    many_letters ambiguous_sending call_back"""
NEW_TASKS = "advocate_late plan_review"


def one_of(values: str) -> str:
    return f"IN ({', '.join(repr(value) for value in values.split())})"


def upgrade() -> None:
    change_words(f"{PROCEDURE} member_enquiry", f"{TASK_KIND} {NEW_TASKS}")
    op.create_table(
        "cover",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person", sa.String(length=320), nullable=False),
        sa.Column("deputy", sa.String(length=320), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cover")),
    )
    with op.batch_alter_table("cover", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cover_person"), ["person"], unique=False)
    op.create_table(
        "equality",
        sa.Column("id", sa.String(length=32), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column(
            "question",
            sa.Enum(
                "age",
                "sex",
                "disability",
                "ethnicity",
                "orientation",
                "religion",
                name="equality_question",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(length=60), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_equality")),
    )
    with op.batch_alter_table("equality", schema=None) as batch_op:
        batch_op.create_index("ix_equality_year", ["year", "question"], unique=False)
    op.create_table(
        "pool_person",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("phone", sa.String(length=60), nullable=False),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column(
            "tie",
            sa.Enum("none", "officer", "member", "spouse", name="tie", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("dbs_on", sa.Date(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("hourly_pence", sa.Integer(), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_person")),
    )
    op.create_table(
        "advocacy",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "not_yet",
                "accepted",
                "declined",
                "has_one",
                name="offer_answer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("provider", sa.String(length=300), nullable=False),
        sa.Column("advocate", sa.String(length=300), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_advocacy_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", name=op.f("pk_advocacy")),
    )
    op.create_table(
        "behaviour_plan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("warned_on", sa.Date(), nullable=False),
        sa.Column("begins_on", sa.Date(), nullable=True),
        sa.Column("limits", sa.Text(), nullable=False),
        sa.Column("contact", sa.String(length=320), nullable=False),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_behaviour_plan_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_behaviour_plan")),
    )
    with op.batch_alter_table("behaviour_plan", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_behaviour_plan_case_reference"), ["case_reference"], unique=False)
    op.create_table(
        "call",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("called_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("called_by", sa.String(length=320), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "phone",
                "video",
                "letter",
                "visit",
                "web_form",
                "social_media",
                "email",
                "chat",
                name="call_means",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "spoke",
                "no_answer",
                "message_left",
                "wrong_number",
                "not_now",
                name="call_outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("spoke_with", sa.String(length=300), nullable=False),
        sa.Column("agreed", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_call_case_reference")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
    )
    with op.batch_alter_table("call", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_call_case_reference"), ["case_reference"], unique=False)
    op.create_table(
        "member_enquiry",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "member",
            sa.Enum("mp", "councillor", name="member", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("constituent", sa.String(length=300), nullable=False),
        sa.Column("has_consent", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_member_enquiry_case_reference")),
        sa.PrimaryKeyConstraint("case_reference", name=op.f("pk_member_enquiry")),
    )
    op.create_table(
        "pool_appointment",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "investigator",
                "independent_person",
                "chair",
                "panel_member",
                name="pool_role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("appointed_on", sa.Date(), nullable=False),
        sa.Column("declared", sa.Text(), nullable=False),
        sa.Column("hourly_pence", sa.Integer(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("ended_why", sa.String(length=1000), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_pool_appointment_case_reference")),
        sa.ForeignKeyConstraint(["person_id"], ["pool_person.id"], name=op.f("fk_pool_appointment_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_appointment")),
    )
    with op.batch_alter_table("pool_appointment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_appointment_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_pool_appointment_person_id"), ["person_id"], unique=False)
    op.create_table(
        "pool_hours",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("worked_on", sa.Date(), nullable=False),
        sa.Column("minutes", sa.Integer(), nullable=False),
        sa.Column("expenses_pence", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=1000), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by", sa.String(length=320), nullable=False),
        sa.ForeignKeyConstraint(["appointment_id"], ["pool_appointment.id"], name=op.f("fk_pool_hours_appointment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pool_hours")),
    )
    with op.batch_alter_table("pool_hours", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pool_hours_appointment_id"), ["appointment_id"], unique=False)
    op.create_table(
        "taken_down",
        sa.Column("arrival_id", sa.String(length=64), nullable=False),
        sa.Column("taken_by", sa.String(length=320), nullable=False),
        sa.Column(
            "means",
            sa.Enum(
                "phone",
                "video",
                "letter",
                "visit",
                "web_form",
                "social_media",
                "email",
                "chat",
                name="taken_means",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("is_hour_known", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["arrival_id"], ["arrival.id"], name=op.f("fk_taken_down_arrival_id")),
        sa.PrimaryKeyConstraint("arrival_id", name=op.f("pk_taken_down")),
    )


def downgrade() -> None:
    op.drop_table("taken_down")
    op.drop_table("pool_hours")
    op.drop_table("pool_appointment")
    op.drop_table("member_enquiry")
    op.drop_table("call")
    op.drop_table("behaviour_plan")
    op.drop_table("advocacy")
    op.drop_table("pool_person")
    op.drop_table("equality")
    op.drop_table("cover")
    # An older program knows no member's enquiry: it stays an enquiry, without its clock.
    op.execute("DELETE FROM deadline WHERE procedure = 'member_enquiry'")
    for table, column, _ in PROCEDURES:
        changed = sa.table(table, sa.column(column))
        op.execute(sa.update(changed).where(changed.c[column] == "member_enquiry").values({column: "undecided"}))
    op.execute(f"DELETE FROM task WHERE kind {one_of(NEW_TASKS)}")
    change_words(PROCEDURE, TASK_KIND)


def change_words(procedures: str, tasks: str) -> None:
    """Under which procedures a case can be, and what tasks there can be."""
    task = (("task", "kind", "ck_task_task_kind"), tasks)
    for (table, column, check), words in (*((one, procedures) for one in PROCEDURES), task):
        with op.batch_alter_table(table) as changed:
            changed.drop_constraint(op.f(check), type_="check")
            changed.create_check_constraint(op.f(check), f"{column} {one_of(words)}")
