"""What the daily work of this service adds to the measures: its counts, and the voluntary answers on equality of the year."""

from datetime import date

from casework.daily.equality import figures, financial_year
from storage.daily import equality_answers
from storage.daily_tallies import count_daily_work
from storage.unit_of_work import UnitOfWork

ANSWER = "equality"


async def daily_of(uow: UnitOfWork, period: tuple[date, date], as_at: date) -> dict[str, int]:
    """By name. `equality.age.16 to 17` is how many answered so; those of few, and what would tell of them, are not there."""
    answers = figures(await equality_answers(uow, financial_year(period[0])))
    bands = {f"{ANSWER}.{question}.{answer}": count for question, of in answers.items() for answer, count in of.items() if count}
    return await count_daily_work(uow, period, as_at) | bands
