"""What the tables are made of: their words, how words are stored and checked, and how a row is made."""

from collections.abc import Callable
from enum import StrEnum
from functools import cache
from typing import Any, Self

from sqlalchemy import CheckConstraint, Connection, Index, MetaData, Table, TextClause, event
from sqlalchemy import Enum as SqlEnum
from sqlalchemy.orm import configure_mappers
from sqlalchemy.orm.instrumentation import manager_of_class
from sqlmodel import Field, SQLModel

from procedures.terms import REACHED_BY

SQLModel.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
METADATA: MetaData = SQLModel.metadata


class Row(SQLModel):
    """What every table is. Only its making differs from the library's, which sets each value through three layers.

    A letter leaves eleven rows; made so they take a fifth of the time. What a row was not given is its default, or not there.
    """

    # What would check a row's values is made when somebody asks for it: for all tables at each start it took a sixth of them.
    model_config = {"defer_build": True}  # pydantic reads it once, and copies it

    def __new__(cls, *_given: Any, **values: Any) -> Self:
        row = object.__new__(cls)
        for name in ("__pydantic_extra__", "__pydantic_private__"):
            object.__setattr__(row, name, None)
        if values:
            # SQLAlchemy would ask who listens to each row that is made, which takes as long as the rest; nobody does.
            manager_of_class(cls).setup_instance(row)
        else:  # the library is about to fill it from the database
            object.__setattr__(row, "__pydantic_fields_set__", set())
        return row

    def __init__(self, **values: Any) -> None:
        plain, made, known = _defaults_of(type(self))
        if not values.keys() <= known:
            raise TypeError(f"{type(self).__name__} has no {', '.join(sorted(values.keys() - known))}")
        here = self.__dict__
        here.update(plain)
        for name, make in made:
            if name not in values:
                here[name] = make()
        here.update(values)
        object.__setattr__(self, "__pydantic_fields_set__", set(values))


@cache
def _defaults_of(model: type[SQLModel]) -> tuple[dict[str, Any], tuple[tuple[str, Callable[[], Any]], ...], frozenset[str]]:
    """What a row's columns hold that it was not given: values, and what makes one for each row; and the names of all."""
    configure_mappers()  # what the first row of a kind would see to, if it asked
    fields = {name: field for name, field in model.model_fields.items() if not field.is_required()}
    made = {name: field.default_factory for name, field in fields.items() if field.default_factory is not None}
    plain = {name: field.default for name, field in fields.items() if name not in made}
    makers: Any = tuple(made.items())  # a factory of pydantic's may ask for the values; ours do not
    return plain, makers, frozenset(model.model_fields)


def stored(words: type[StrEnum], name: str, *, is_checked: bool = True) -> SqlEnum:
    """A column type that stores the words' values, and refuses others in the schema (CHECK)."""
    return SqlEnum(
        words,
        name=name,
        native_enum=False,
        create_constraint=is_checked,
        length=40,
        values_callable=lambda members: [member.value for member in members],
    )


def words(members: type[StrEnum], name: str, **more: Any) -> Any:
    """A field that holds one of the words."""
    return Field(sa_type=stored(members, name), **more)


def index_where(which: TextClause, name: str, *columns: str) -> Index:
    """An index over the rows of which something holds. `tell_postgresql` says so to PostgreSQL.

    Named here, `postgresql_where` would load what speaks to PostgreSQL at every start: as long as forty other modules.
    """
    return Index(name, *columns, sqlite_where=which, info={"where": which})


def tell_postgresql(table: Table) -> None:
    """Say of a table's indexes to PostgreSQL what SQLite was told: before it is made there, and before it is compared."""
    for index in table.indexes:
        if "where" in index.info:
            index.dialect_options["postgresql"]["where"] = index.info["where"]


@event.listens_for(Table, "before_create")
def _before_it_is_made(table: Table, connection: Connection, **_: Any) -> None:
    if connection.dialect.name == "postgresql":
        tell_postgresql(table)


def arrived_by(name: str) -> CheckConstraint:
    """Refuses a channel by which nothing can reach us."""
    return CheckConstraint(f"channel IN ({', '.join(repr(channel.value) for channel in REACHED_BY)})", name=name)


class LedgerResult(StrEnum):
    """What became of an arrival."""

    OPENED = "opened"
    ADDED = "added"
    AUTOMATIC = "automatic"
    ASKED = "asked"
    """A question, command or button press that changed no case."""
    QUARANTINED = "quarantined"
    RELEASED = "released"
    """Was in quarantine; a person dealt with it."""


class OutboxState(StrEnum):
    """Where a message that leaves has got to."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    AMBIGUOUS = "ambiguous"
    """A crash or a lost connection left it unknown whether it arrived; a person decides."""
    FAILED = "failed"
    CANCELLED = "cancelled"
    HELD = "held"
    """Kept back after a restore, until a person releases it."""


class PartyRole(StrEnum):
    """What a person is on a case."""

    COMPLAINANT = "complainant"
    ADVOCATE = "advocate"
    CHILD = "child"


class TaskKind(StrEnum):
    """What a member of staff must look at."""

    CONFIRM_ROUTE = "confirm_route"
    SAFETY = "safety"
    LOOK_FOR_HARM = "look_for_harm"
    PLACE_LETTER = "place_letter"
    ASKED_BY_STRANGER = "asked_by_stranger"
    CANNOT_REACH = "cannot_reach"
    WITHDRAWAL = "withdrawal"
    NOT_HAPPY = "not_happy"
    ADVOCATE = "advocate"
    MANY_LETTERS = "many_letters"
    AMBIGUOUS_SENDING = "ambiguous_sending"
    CALL_BACK = "call_back"
    ADVOCATE_LATE = "advocate_late"
    """Asked for, and not appointed in three working days: an alarm."""
    PLAN_REVIEW = "plan_review"
    CONFIRM_WALL = "confirm_wall"
    GIVE_AWAY = "give_away"
    """Whoever had the case is walled from it: somebody else is to have it."""
    AUTHORITY = "authority"
    DRAFT_ANSWER = "draft_answer"
    CHECK_ANSWER = "check_answer"
    SIGN_ANSWER = "sign_answer"
    SEND_ANSWER = "send_answer"
    UNOPENED = "unopened"
    """An answer in the chat that was not opened in two working days."""
    INTEREST = "interest"
    LATE_COMPLAINT = "late_complaint"
    LATE_PANEL = "late_panel"
    PANEL_REASONS = "panel_reasons"
    FREEZE = "freeze"
    DELAY_NOTICE = "delay_notice"
    STATEMENT = "statement"
    HOLD_REVIEW = "hold_review"
    ROUTE_DOUBT = "route_doubt"
    PRAISE = "praise"
    JOINT_PART = "joint_part"
    """What another body promised for a joint reply is due."""
    ANNUAL_REPORT = "annual_report"


class HarmBy(StrEnum):
    """Whose harm a safety alert turned out to be about, as far as a person can say."""

    STAFF = "staff"
    CARER = "carer"
    SOMEBODY_ELSE = "somebody_else"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


class Means(StrEnum):
    """How somebody and a member of staff spoke, or how words reached a desk."""

    PHONE = "phone"
    VIDEO = "video"
    LETTER = "letter"
    VISIT = "visit"
    WEB_FORM = "web_form"
    SOCIAL_MEDIA = "social_media"
    EMAIL = "email"
    CHAT = "chat"


class CallOutcome(StrEnum):
    """What became of a call."""

    SPOKE = "spoke"
    NO_ANSWER = "no_answer"
    MESSAGE_LEFT = "message_left"
    WRONG_NUMBER = "wrong_number"
    NOT_NOW = "not_now"
    """They answered, and would rather talk another time."""


class Member(StrEnum):
    """Who asks for a constituent."""

    MP = "mp"
    COUNCILLOR = "councillor"


class OfferAnswer(StrEnum):
    """What they said to the offer of an advocate."""

    NOT_YET = "not_yet"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    HAS_ONE = "has_one"


class Question(StrEnum):
    """What is asked for equality's sake, of whoever likes to answer."""

    AGE = "age"
    SEX = "sex"
    DISABILITY = "disability"
    ETHNICITY = "ethnicity"
    ORIENTATION = "orientation"
    RELIGION = "religion"


class PoolRole(StrEnum):
    """What a person of the pool does on a case."""

    INVESTIGATOR = "investigator"
    INDEPENDENT_PERSON = "independent_person"
    CHAIR = "chair"
    PANEL_MEMBER = "panel_member"


class Tie(StrEnum):
    """How a person of the pool stands to the council (SI 2006/1738, reg. 2)."""

    NONE = "none"
    OFFICER = "officer"
    MEMBER = "member"
    SPOUSE = "spouse"
    """Married to, or the civil partner of, an officer or member."""
