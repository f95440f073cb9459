"""The law book's data: clocks and calendars as TOML, read by `procedures.rulebook` and `procedures.working_days`."""
