"""The figures of a report: pure, from counts, periods and a calendar to what `heard report --format json` prints."""
