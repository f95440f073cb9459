"""What the check finds in an answer, and what the Word file may not hold. Letters are the program's own, then mended."""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from casework.answers.checking_drafts import Known, Point, Rule, accept, check_letter
from casework.answers.word import Letterhead, NoPicture, NotTaken, Read, Role, read_letter, write_letter
from casework.council import Council
from procedures.answers import AnswersError, answers_from
from procedures.terms import Outcome, Procedure
from templates import engine, markup

REFERENCE = "K7M-W92-RXHC"
UPHELD, NOT_UPHELD = Outcome.UPHELD, Outcome.NOT_UPHELD
POINTS = (Point(1, "Nobody calls back.", UPHELD, has_remedy=True), Point(2, "You were moved.", NOT_UPHELD))
KNOWN = Known(
    reference=REFERENCE,
    procedure=Procedure.STATUTORY,
    stage=1,
    points=POINTS,
    received_on=date(2025, 3, 10),
    today=date(2025, 3, 20),
    due_on=date(2025, 3, 24),
    phones=(Council().contacts.phone,),
)
FOUND = {UPHELD: "Upheld: you were right.", NOT_UPHELD: "Not upheld: we do not agree.", None: None}
HEAD = Letterhead("Anytown Council", ("Civic Centre", "Anytown AN1 1AA"))


def words_of(known: Known, file: str = "adult") -> str:
    """The first draft of a letter with every place filled in."""
    issues = [
        {
            "number": point.number,
            "words": point.words.rstrip("."),
            "finding": FOUND[point.outcome],
            "finding_plain": "You were right." if point.outcome is UPHELD else "We do not agree.",
            "reasons": "We read the notes of June and July.",
        }
        for point in known.points
    ]
    facts = {
        "reference": known.reference,
        "voice": "adult",
        "procedure": known.procedure.value,
        "stage": known.stage,
        "name": "R Green",
        "received_on": known.received_on.isoformat(),
        "written_on": known.today.isoformat(),
        "contact": "Ravi Shah",
        "council": Council(),
        "issues": issues,
        "actions": ["Jo Field calls you each Friday, from 28 March 2025."],
        "is_upheld": True,
        "title": "Our answer",
    }
    return re.sub(
        r"\[[^\[\]]*\]", "That was wrong. We looked at the notes again.", engine.render(f"_letter/{file}.txt", "en", facts)
    )


def written(words: str) -> bytes:
    return write_letter(markup.blocks(words), HEAD, title="t", foot="f")


def letter(words: str) -> Read:
    return read_letter(written(words))


def stops(words: str, known: Known = KNOWN, child: str | None = None) -> list[str]:
    found = check_letter(letter(words), letter(child) if child else None, known)
    return [f"{one.rule.value}: {one.words}" for one in found if one.holds_it_up]


WORDS = words_of(KNOWN)


def test_a_letter_with_all_that_it_needs_passes() -> None:
    assert stops(WORDS) == []
    assert letter(WORDS).paragraphs[0].words == "Anytown Council"
    assert [one.words for one in letter(WORDS).paragraphs if one.role is Role.HEADING][:2] == [
        "1. Nobody calls back",
        "2. You were moved",
    ]


STAGES = [(Procedure.STATUTORY, stage) for stage in (1, 2, 3)] + [(Procedure.CORPORATE, 1), (Procedure.CORPORATE, 2)]
ALONE = [(one, 1) for one in (Procedure.ADULTS, Procedure.PUBLIC_HEALTH, Procedure.DATA_PROTECTION, Procedure.OTHER_BODY)]


@pytest.mark.parametrize(("procedure", "stage"), STAGES + ALONE)
def test_the_first_draft_offers_the_right_next_step_of_every_route(procedure: Procedure, stage: int) -> None:
    known = replace(KNOWN, procedure=procedure, stage=stage)

    assert stops(words_of(known), known) == []
    if stage < 3 and procedure in (Procedure.STATUTORY, Procedure.CORPORATE):
        other = replace(known, stage=stage % 2 + 1)
        assert any(one.startswith("next_step") for one in stops(words_of(other), known))


@pytest.mark.parametrize(("procedure", "stage"), STAGES)
def test_the_childs_version_of_every_route_passes_too(procedure: Procedure, stage: int) -> None:
    known = replace(KNOWN, procedure=procedure, stage=stage, is_for_a_child=True)

    assert stops(words_of(known), known, words_of(known, "child")) == []


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        (r"## 2\. You were moved.*?(?=## )", "", "issue: Issue 2 (You were moved.) is not answered"),
        (r"Not upheld: we do not agree\.", "We looked at it.", "finding: Issue 2: it does not say what was found"),
        (r"Not upheld: we do not agree\.", "Upheld: you were right.", "finding: Issue 2: the letter says upheld, and not upheld"),
        (r"We read the notes of June and July\.", "So.", "issue: Issue 1: it gives no reasons"),
        (r"We are sorry\b", "We note this", "apology: Something is upheld, and nobody says sorry"),
        (r"You can ask for stage 2.*?(?=You can also ask the Local)", "", "next_step: It does not offer the right to stage 2."),
        (r"There is no time limit\.", "You must ask within 20 days.", "next_step: “You must ask within”: stage 2 has no time"),
        (r"You can also ask the Local Gov.*?0614\S*", "", "ombudsman: It does not name the Ombudsman"),
        (REFERENCE, "K7M-W92-RXHD", "reference: It does not name the reference"),
        (r"01632 960 000", "01632 960 001", "contact: It names no telephone number"),
        (r"on 10 March 2025", "on 11 March 2025", "date: It says that they wrote on 11 March 2025; it was received on 10 March"),
        (r"from 28 March 2025", "from Monday 28 March 2025", "date: “Monday 28 March 2025” is a Friday"),
        (r"from 28 March 2025", "from 31 June 2025", "date: “31 June 2025” is no day"),
        (r"We are sorry\b", "We are sorry if you felt that", "tone: “sorry if”"),
        (r"from 28 March 2025", "[date]", "placeholder: 1 place is still to be written: “[date]”"),
    ],
)  # fmt: skip
def test_what_is_missing_or_wrong_stops_the_letter(was: str, becomes: str, said: str) -> None:
    mended = re.sub(was, becomes, WORDS.replace("\u2066", "").replace("\u2069", ""), flags=re.DOTALL)
    assert mended != WORDS

    assert [one for one in stops(mended) if one.startswith(said)], stops(mended)


def test_upheld_without_a_decision_on_its_remedy_stops() -> None:
    """Law.md §6, fault 13: upheld, and nothing put right."""
    known = replace(KNOWN, points=(replace(POINTS[0], has_remedy=False), POINTS[1]))

    assert [one[:28] for one in stops(WORDS, known)] == ["remedy: Issue 1 is upheld, a"]


def test_somebody_elses_name_stops_until_the_second_person_says_why_it_may_stay() -> None:
    known = replace(KNOWN, others=("Petra Hill", "07700 900123", "p.hill@family.example", "Ann"))
    mended = WORDS.replace("Jo Field calls", "Petra Hill (07700 900 123) annually calls")
    found = check_letter(letter(mended), None, known)

    assert [one.rule for one in found if one.stops] == [Rule.NAMES, Rule.NAMES]
    assert not [one for one in accept(found, {Rule.NAMES: "she asked to be named"}) if one.holds_it_up]


def test_what_must_be_mended_cannot_be_accepted_away() -> None:
    found = check_letter(letter(WORDS.replace("stage 2", "next")), None, KNOWN)

    assert [one.rule for one in accept(found, {Rule.NEXT_STEP: "no time"}) if one.holds_it_up] == [Rule.NEXT_STEP]


def test_a_childs_answer_needs_a_version_in_their_words() -> None:
    known = replace(KNOWN, is_for_a_child=True)

    assert [one[:5] for one in stops(WORDS, known)] == ["child"]
    unanswered = re.sub(r"## 2\. .*?(?=## )", "", words_of(known, "child"), flags=re.DOTALL)
    assert stops(WORDS, known, unanswered)[0].startswith("issue: Child's version: Issue 2")


def test_long_sentences_a_late_day_and_blame_are_advice() -> None:
    long = "You failed to ring us " + "and so on " * 12 + "."
    found = check_letter(letter(WORDS.replace("That was wrong.", long)), None, replace(KNOWN, today=date(2025, 3, 26)))

    assert {one.rule for one in found if not one.stops} == {Rule.SENTENCE, Rule.TONE, Rule.LATE}
    assert not [one for one in found if one.holds_it_up]


def test_the_rules_are_read_strictly() -> None:
    with pytest.raises(AnswersError, match="unknown key 'colour'") as caught:
        answers_from('[[turn]]\nname = "draft"\ncolour = "red"\n[[tone]]\npattern = "("\nsays = "x"\nauthority = "y"\n')

    assert "authority is missing" in str(caught.value)
    assert "tone 1" in str(caught.value)


# the Word file


Change = Callable[[Any], object]


def edited(change: Change) -> bytes:
    """The letter after somebody changed its XML."""
    document = Document(io.BytesIO(written(WORDS)))
    change(document)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()


def with_part(name: str, content: bytes, *, of: bytes | None = None) -> bytes:
    held = io.BytesIO(of or written(WORDS))
    with zipfile.ZipFile(held, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr(name, content)
    return held.getvalue()


def marked(name: str, **attributes: str) -> Change:
    def change(document: Any) -> None:
        element = OxmlElement(name)
        for key, value in attributes.items():
            element.set(qn(f"w:{key}"), value)
        document.paragraphs[3]._p.append(element)

    return change


def hidden(document: Any) -> None:
    document.paragraphs[3].add_run("between us").font.hidden = True


def linked_picture(document: Any) -> None:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/image"
    document.part.relate_to("https://tracker.example/1.png", kind, is_external=True)


def link(to: str) -> Change:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink"
    return lambda document: document.part.relate_to(to, kind, is_external=True)


def field(words: str) -> Change:
    def change(document: Any) -> None:
        element = OxmlElement("w:instrText")
        element.text = words
        document.paragraphs[3].add_run()._r.append(element)

    return change


REFUSED: dict[str, Callable[[], bytes]] = {
    "tracked changes": lambda: edited(marked("w:ins", id="1", author="A")),
    "comments": lambda: edited(marked("w:commentRangeStart", id="1")),
    "hidden words": lambda: edited(hidden),
    "something outside": lambda: edited(linked_picture),
    "leads to something": lambda: edited(link("file://server/share/a.docx")),
    "fetches from elsewhere": lambda: edited(field(' INCLUDETEXT "C:\\\\x.docx" ')),
    "a macro": lambda: with_part("word/vbaProject.bin", b"x"),
    "an embedded object": lambda: with_part("word/embeddings/oleObject1.bin", b"x"),
    "unpacks to far more": lambda: with_part("word/media/image9.png", b"\0" * 20_000_000),
    "words of its own": lambda: with_part("customXml/item9.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a/>'),
    "is made of": lambda: parts(400),
    "has 5.": lambda: b"PK" + b"\0" * 5_500_000,
    "not a Word document": lambda: b"Dear Ms Green,",
    "old .doc form": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600,
    "damaged": lambda: with_document(b"<w:document"),
    "no words": lambda: empty(),  # noqa: PLW0108  # a fresh one for each test
}


def parts(count: int) -> bytes:
    held = io.BytesIO(written(WORDS))
    with zipfile.ZipFile(held, "a") as package:
        for number in range(count):
            package.writestr(f"word/x{number}.txt", b"x")
    return held.getvalue()


def with_document(xml: bytes) -> bytes:
    old, held = zipfile.ZipFile(io.BytesIO(written(WORDS))), io.BytesIO()
    with zipfile.ZipFile(held, "w") as package:
        for part in old.infolist():
            package.writestr(part.filename, xml if part.filename == "word/document.xml" else old.read(part))
    return held.getvalue()


def empty() -> bytes:
    held = io.BytesIO()
    Document().save(held)
    return held.getvalue()


@pytest.mark.parametrize("says", REFUSED)
def test_what_nobody_would_see_in_the_file_does_not_travel(says: str) -> None:
    with pytest.raises(NotTaken, match=re.escape(says)):
        read_letter(REFUSED[says]())


def test_plain_links_are_taken_and_the_names_of_those_who_edited_are_not() -> None:
    def somebody(document: Any) -> None:
        link("mailto:yoursay@council.example")(document)
        document.core_properties.last_modified_by = "Petra Hill"
        document.core_properties.comments = "ask legal"

    read = read_letter(edited(somebody), "Anytown Council")

    about = Document(io.BytesIO(read.content)).core_properties
    assert (about.author, about.last_modified_by, about.comments) == ("Anytown Council", "Anytown Council", "")
    assert read_letter(read.content).paragraphs == read.paragraphs


def test_words_in_tables_text_boxes_and_footers_are_read_once() -> None:
    def change(document: Any) -> None:
        document.add_table(1, 2).cell(0, 1).text = "in a table"
        document.sections[0].footer.paragraphs[0].text = "in the foot"

    read = read_letter(edited(change))

    assert [one.words for one in read.paragraphs].count("in a table") == 1
    assert read.beside == "in the foot"


def a_picture() -> bytes:
    """Four by two points of blue."""

    def chunk(kind: bytes, held: bytes) -> bytes:
        return struct.pack(">I", len(held)) + kind + held + struct.pack(">I", zlib.crc32(kind + held))

    lines = zlib.compress((b"\0" + b"\x20\x60\xa0" * 4) * 2)
    head = struct.pack(">IIBBBBB", 4, 2, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", lines) + chunk(b"IEND", b"")


def test_a_logo_that_is_no_picture_is_said() -> None:
    for logo in (b"GIF89a", a_picture()[:20]):
        with pytest.raises(NoPicture):
            write_letter((), replace(HEAD, logo=logo), title="t", foot="f")


def test_the_file_has_real_headings_a_picture_with_words_and_marks_what_is_left() -> None:
    made = write_letter(markup.blocks("# Title\n\n## One\n\nWords [here]."), replace(HEAD, logo=a_picture()), title="t", foot="f")
    document = Document(io.BytesIO(made))

    assert [one.style.name for one in document.paragraphs if one.style][3:] == ["Normal", "Heading 1", "Heading 2", "Normal"]
    assert document.inline_shapes[0]._inline.docPr.get("descr") == "Logo of Anytown Council"
    assert [run.text for run in document.paragraphs[-1].runs if run.font.highlight_color] == ["[here]"]
    # Allowed below: it fails the test where it is none
    assert document.sections[0].page_height.cm == pytest.approx(29.7, abs=0.01)  # type: ignore[union-attr]


def test_what_they_need_is_advice_with_its_rule_and_stops_nothing() -> None:
    """Equality Act 2010, s. 20: the check names it, and a second person sees that the answer comes to them so."""
    words = words_of(KNOWN)
    known = replace(KNOWN, needs=("large print", "a call, not letters: after school"))
    [advice] = [one for one in check_letter(letter(words), None, known) if one.rule is Rule.NEEDS]

    assert "large print; a call, not letters: after school" in advice.words and "Equality Act 2010, s. 20" in advice.authority
    assert not advice.stops and stops(words, known) == stops(words)
    assert Rule.NEEDS not in {one.rule for one in check_letter(letter(words), None, KNOWN)}
