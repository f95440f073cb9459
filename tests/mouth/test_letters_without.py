"""Each check of a letter can fail: a line is taken out of a template, and what it said is missed.

Every line of a letter's words (and of the parts that it takes in) is left out in turn. An item whose absence no such letter shows
would be found by its check in words that say something else.
"""

import re
from collections.abc import Callable, Iterator

import pytest
from jinja2 import BaseLoader, Environment, TemplateError
from jinja2.meta import find_referenced_templates

from procedures.terms import Notice
from templates import engine, markup
from tests.mouth import samples
from tests.mouth.table_of_letters import LESS, TABLE
from tests.mouth.test_letters import written

REQUIRED = [row for row in TABLE if row[2] == "R"]
VOICES = ("adult", "professional")


class Leaving(BaseLoader):
    """The templates as they lie on the disk, but for one text that stands in another's place."""

    def __init__(self) -> None:
        self.name, self.text = "", ""

    def get_source(self, environment: Environment, template: str) -> tuple[str, str | None, Callable[[], bool] | None]:
        text = self.text if template == self.name else on_disk(template)
        return text, None, lambda: text == (self.text if template == self.name else on_disk(template))


def on_disk(name: str) -> str:
    return engine._Folder(engine.ENGLISH).get_source(engine.text_environment(engine.ENGLISH), name)[0]


def parts_of(name: str) -> set[str]:
    """The files that a letter is made of."""
    found, left = set[str](), [name]
    while left:
        if (one := left.pop()) not in found:
            found.add(one)
            parsed = engine.text_environment(engine.ENGLISH).parse(on_disk(one))
            left += [taken for taken in find_referenced_templates(parsed) if taken]
    return found


def without_a_line(name: str, environment: Environment) -> Iterator[str]:
    """The file without each of its lines, as far as what is left is a template at all."""
    lines = on_disk(name).splitlines(keepends=True)
    for place, line in enumerate(lines):
        if not line.strip() or line.lstrip().startswith("{#"):
            continue
        less = "".join((*lines[:place], *lines[place + 1 :]))
        try:
            environment.parse(less)
        except TemplateError:
            continue
        yield less


@pytest.mark.prove
@pytest.mark.parametrize("notice", sorted({row[0] for row in REQUIRED}))
def test_what_a_letter_must_say_is_missed_once_its_line_is_left_out(notice: Notice) -> None:
    loader = Leaving()
    environment = engine.text_environment(engine.ENGLISH).overlay(loader=loader, auto_reload=True)
    path = f"{notice}/email.txt"
    checks = {
        (item, procedure): pattern for _, item, _, ways, pattern in (r for r in REQUIRED if r[0] is notice) for procedure in ways
    }
    forms = {key: list(forms_with(notice, *key)) for key in checks}
    assert all(forms.values()), "a letter of each procedure was made"
    missed = set[tuple[str, str, str]]()
    for name in parts_of(path):
        for less in without_a_line(name, environment):
            loader.name, loader.text = name, less
            for key, pattern in checks.items():
                for voice, facts in forms[key]:
                    if (*key, voice) not in missed and is_missed(pattern, said(environment, path, facts)):
                        missed.add((*key, voice))
    loader.name = ""

    for key, pattern in checks.items():
        for voice, facts in forms[key]:
            assert re.search(pattern, said(environment, path, facts), re.IGNORECASE), (key, voice)
    assert {(*key, voice) for key in checks for voice, _ in forms[key]} - missed == set()


def forms_with(notice: Notice, item: str, procedure: str) -> Iterator[tuple[str, dict[str, object]]]:
    """The first form of the letter to each reader that must say this."""
    for voice in VOICES:
        chosen = "" if notice is Notice.DP_ACKNOWLEDGEMENT else procedure
        fitting = (
            facts for name, facts in written(notice, chosen, (voice,)) if not name.endswith(LESS.get((notice, item), ("\0",)))
        )
        if (facts := next(fitting, None)) is not None:
            yield voice, {**facts, "council": samples.COUNCIL}


def is_missed(pattern: str, words: str) -> bool:
    """Whether the letter was made, and does not say it: where nothing could be made, no check was asked."""
    return bool(words) and not re.search(pattern, words, re.IGNORECASE)


def said(environment: Environment, path: str, facts: dict[str, object]) -> str:
    try:
        text = markup.plain(markup.blocks(environment.get_template(path).render(facts)))
    except (TemplateError, engine.MissingFact, engine.UnknownWord):
        return ""  # without that line it is no letter
    return " ".join(re.sub("[\u2066\u2069]", "", text).split())
