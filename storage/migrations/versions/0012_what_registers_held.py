"""What registers held, and reports as they were printed."""

from datetime import date

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"

IS_OURS = sa.text("recorded_by <> 'register'")
OUTCOMES = "upheld partially_upheld not_upheld no_finding"
DECISIONS = (
    "upheld upheld_maladministration_injustice not_upheld maladministration no_maladministration closed_without_investigation"
    " premature not_pursued out_of_jurisdiction"
)
PROCEDURES = "statutory corporate adults public_health data_protection other_body undecided member_enquiry"
ROLES = "child care_leaver parent carer relative foster_carer advocate professional member_of_public unknown"
THEMES = (
    "quality_of_service communication delay decision staff_conduct non_delivery assessment contact_arrangements placement"
    " financial_support policy_impact data_protection discrimination other"
)


def one_of(name: str, values: str) -> sa.Enum:
    return sa.Enum(*values.split(), name=name, native_enum=False, create_constraint=True, length=40)


def days(*names: str) -> list[sa.Column[date]]:
    return [sa.Column(name, sa.Date(), nullable=True) for name in names]


def outcome(stage: int) -> "sa.Column[str]":
    return sa.Column(f"stage_{stage}_outcome", one_of(f"stage_{stage}_outcome", OUTCOMES), nullable=True)


def of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f(f"fk_{table}_case_reference"))


def upgrade() -> None:
    register()
    what_hangs_on_it()
    activity()
    report()
    op.create_index("ix_event_own", "event", ["case_reference"], sqlite_where=IS_OURS, postgresql_where=IS_OURS)


def downgrade() -> None:
    op.drop_index("ix_event_own", table_name="event")
    for table in ("report", "activity", "ombudsman", "register_learning", "register_issue", "register"):
        op.drop_table(table)


def register() -> None:
    channels = "telegram email phone letter web in_person alarm"
    op.create_table(
        "register",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("reference", sa.String(length=200), nullable=False),
        sa.Column("kind", one_of("register_kind", "complaint compliment comment enquiry"), nullable=False),
        sa.Column("procedure", one_of("register_procedure", PROCEDURES), nullable=True),
        *(sa.Column(name, sa.Text(), nullable=False) for name in ("directorate", "service", "team")),
        sa.Column("channel", one_of("register_channel", channels), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("raised_by", one_of("register_raised_by", ROLES), nullable=True),
        sa.Column("on_behalf_of_child", sa.Boolean(), nullable=True),
        *days("resolved_informally_on", "stage_1_started_on", "stage_1_extended_on", "stage_1_responded_on"),
        outcome(1),
        *days("stage_2_requested_on", "stage_2_started_on", "stage_2_responded_on"),
        outcome(2),
        *days("stage_3_requested_on", "stage_3_panel_on", "stage_3_responded_on"),
        outcome(3),
        *days("withdrawn_on", "closed_on"),
        sa.Column("source", sa.Text(), nullable=False),
        of_case("register"),
        sa.PrimaryKeyConstraint("case_reference", name=op.f("pk_register")),
        sa.UniqueConstraint("reference", name=op.f("uq_register_reference")),
    )


def what_hangs_on_it() -> None:
    op.create_table(
        "register_issue",
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("theme", one_of("register_theme", THEMES), nullable=False),
        sa.Column("outcome", one_of("register_issue_outcome", OUTCOMES), nullable=True),
        of_case("register_issue"),
        sa.PrimaryKeyConstraint("case_reference", "number", name=op.f("pk_register_issue")),
    )
    op.create_table(
        "register_learning",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        *days("due_on", "done_on"),
        of_case("register_learning"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_register_learning")),
    )
    op.create_index("ix_register_learning_case_reference", "register_learning", ["case_reference"])
    op.create_table(
        "ombudsman",
        sa.Column("body", one_of("ombudsman_body", "lgsco lgo housing_ombudsman phso"), nullable=False),
        sa.Column("body_reference", sa.String(length=200), nullable=False),
        sa.Column("case_reference", sa.String(length=20), nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("kind", one_of("enquiry_kind", "assessment full_enquiry"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("outcome", one_of("ombudsman_outcome", DECISIONS), nullable=True),
        sa.Column("directorate", sa.Text(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        of_case("ombudsman"),
        sa.PrimaryKeyConstraint("body", "body_reference", name=op.f("pk_ombudsman")),
    )
    op.create_index("ix_ombudsman_case_reference", "ombudsman", ["case_reference"])


def activity() -> None:
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("measure", one_of("activity_measure", "contacts referrals open_cases children_in_care"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("directorate", sa.Text(), nullable=False),
        sa.CheckConstraint("from_on <= until_on", name=op.f("ck_activity_in_order")),
        sa.CheckConstraint("count >= 0", name=op.f("ck_activity_count")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
    )


def report() -> None:
    op.create_table(
        "report",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("until_on", sa.Date(), nullable=False),
        sa.Column("directorate", sa.Text(), nullable=False),
        sa.Column("as_at", sa.Date(), nullable=False),
        sa.Column("is_published", sa.Boolean(), nullable=False),
        sa.Column("software", sa.String(length=80), nullable=False),
        sa.Column("rules", sa.String(length=200), nullable=False),
        sa.Column("figures", sa.JSON(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.String(length=320), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report")),
    )
    op.create_index("ix_report_period", "report", ["from_on", "until_on", "as_at"])
