"""The figures of a report become its tables, its sentences and its story.

`compose` takes the figures as data (what `--format json` prints, hidden cells and all), so that what was frozen years ago is
printed in every format as it was.
"""
