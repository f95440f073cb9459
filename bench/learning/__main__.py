"""`python -m bench.learning`: learn the weights from the labelled messages and write them where the desk reads them.

Learning takes a minute or two. The same messages give the same weights. What is printed was reached on messages by hands that
were left out of the learning; `--figures` tries that for every question, not for danger alone, and takes longer. The held-back
files are not looked at here (`tests/desk/test_held_back.py` scores them).
"""

import sys
from pathlib import Path

from bench.learning.examples import HERE, examples
from bench.learning.fitting import fit

OUT = HERE.parents[1] / "intake" / "classification" / "words" / "learned.bin"


def main() -> None:
    """Learn, and write."""
    kept, figures = fit(examples(), tries_all="--figures" in sys.argv)
    Path(OUT).write_bytes(kept)
    for name, figure in figures.items():
        sys.stdout.write(f"{name:32} {figure:.3f}\n")
    sys.stdout.write(f"{OUT.name}: {len(kept):,} bytes\n")


if __name__ == "__main__":
    main()
