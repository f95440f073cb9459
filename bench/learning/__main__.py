"""`python -m bench.learning`: learn from the labelled messages, and write what is learned where the desk reads it.

Learning takes some minutes. The same messages give the same weights. What is printed was reached on messages by hands that
were left out of the learning, by weights and meanings alone. The held-back files are not looked at here
(`tests/desk/test_held_back.py` scores them).
"""

import sys

from bench.learning.examples import HERE, examples
from bench.learning.fitting import fit
from bench.learning.vectors import KEPT, unpack

OUT = HERE.parents[1] / "intake" / "classification" / "words"


def main() -> None:
    """Learn, and write."""
    files, figures = fit(examples(), unpack(KEPT.read_bytes()))
    for name, kept in files.items():
        (OUT / name).write_bytes(kept)
    for name, figure in figures.items():
        sys.stdout.write(f"{name:32} {figure:.3f}\n")
    sys.stdout.write(", ".join(f"{name}: {len(kept):,} bytes" for name, kept in files.items()) + "\n")


if __name__ == "__main__":
    main()
