"""Words that belong to children's law, in a complaint that was sent down the corporate way: the fault found most (law.md §6, 1).

Pure. It decides nothing: somebody looks a second time. Words, not the classifier's reading, since that is what was followed.
"""

import re
from collections.abc import Iterable

_SIGNS = {
    "child in need": r"child(?:ren)? in need|\bcin\b|section 17|\bs\.? ?17\b",
    "looked after": r"looked[- ]after|\blac\b|in (?:foster )?care\b|foster (?:carer|home|placement|family)|children'?s home|"
    r"placement|care (?:order|plan|leaver)|leaving care|pathway plan|personal adviser",
    "special guardianship": r"special guardian\w*|\bsgos?\b",
    "short breaks": r"short[- ]breaks?|respite|direct payments?",
    "adoption support": r"adoption (?:support|allowance)|post[- ]adoption",
}
_PATTERNS = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _SIGNS.items()}


def signs_of_childrens_law(texts: Iterable[str]) -> tuple[str, ...]:
    """What of children's law the words name, each once, in the order of the list above; nothing if they name none."""
    words = "\n".join(texts).replace("’", "'")
    return tuple(name for name, pattern in _PATTERNS.items() if pattern.search(words))
