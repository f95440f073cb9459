"""A million due dates at once, with numpy's business days beside them in the same rounds."""

import time
from datetime import date, timedelta

import numpy as np

from bench.measuring import Figures
from procedures.working_days import WorkingCalendar

WORKING_DAYS = 10


def measure(figures: Figures, count: int, rounds: int) -> None:
    """Our look-up and numpy's, in turns; both must say the same dates."""
    calendar = WorkingCalendar.of("england")
    starts = [date(2020, 1, 1) + timedelta(days=number % 4000) for number in range(count)]
    theirs = np.array(starts, "datetime64[D]")
    free = np.array([np.datetime64(day) for day in calendar.holidays])
    for _ in range(rounds):
        began = time.process_time()
        ours = calendar.add_many(starts, WORKING_DAYS)
        figures.note(f"{count:,} due dates at once, CPU", "s", time.process_time() - began, reach="under 0.3")
        began = time.process_time()
        found = np.busday_offset(theirs, WORKING_DAYS, roll="backward", holidays=free)
        figures.note("the same by numpy's business days, from its own array", "s", time.process_time() - began)
        if ours != found.astype(date).tolist():
            raise SystemExit("Our dates are not those of numpy: no figure counts.")
