"""A Word file comes out as it was, and says no more who wrote it, when, and where its pictures were taken."""

import io
import zipfile

from docx import Document
from docx.oxml import OxmlElement
from docx.oxml.ns import qn

from intake.letters import word_files
from intake.letters.word_files import without_authors
from tests.desk.test_letters_files import HOME, jpeg


def word_file() -> bytes:
    document, out = Document(), io.BytesIO()
    document.core_properties.author, document.core_properties.last_modified_by = "Dilys Harper", "Rhys Vale"
    document.add_picture(io.BytesIO(jpeg()))
    words = document.add_paragraph("Nobody came.")
    document.add_comment(words.runs, text="on Friday", author="Rhys Vale", initials="RV")
    added = OxmlElement("w:ins")
    added.set(qn("w:author"), "Rhys Vale")
    added.set(qn("w:date"), "2026-03-02T09:14:07Z")
    added.append(words.add_run(" Twice.")._r)
    words._p.append(added)
    document.save(out)
    return out.getvalue()


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def test_a_word_file_says_the_same_and_no_more_who_wrote_it() -> None:
    before = word_file()

    shown = without_authors(before)

    for noted in (b"Dilys", b"Rhys", b"RV", b"2026-03-02", HOME):
        assert any(noted in part for part in parts(before).values())
        assert [name for name, part in parts(shown).items() if noted in part] == []
    document = Document(io.BytesIO(shown))
    assert b"Nobody came." in parts(shown)["word/document.xml"]
    assert b" Twice." in parts(shown)["word/document.xml"]
    assert [comment.text for comment in document.comments] == ["on Friday"]
    assert len(document.inline_shapes) == 1
    assert not {"docProps/app.xml", "docProps/thumbnail.jpeg"} & set(parts(shown))


def test_what_is_no_word_file_or_is_broken_is_given_as_it_is() -> None:
    sheet = io.BytesIO()
    with zipfile.ZipFile(sheet, "w") as packed:
        packed.writestr("xl/workbook.xml", "<a/>")
    whole = word_file()
    for file in (b"", b"words", b"%PDF-1.7", sheet.getvalue(), whole[:400], whole[: len(whole) // 2]):
        assert without_authors(file) == file
    broken = io.BytesIO()
    with zipfile.ZipFile(broken, "w") as packed:
        for name, content in parts(whole).items():
            packed.writestr(name, content[:50] if name.endswith("document.xml") else content)
    assert without_authors(broken.getvalue()) == broken.getvalue()


def test_a_word_file_that_unpacks_to_too_much_is_not_opened() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as packed:
        for name, content in parts(word_file()).items():
            packed.writestr(name, content)
        with packed.open("word/media/large.bin", "w") as large:
            for _ in range(word_files.MOST_UNPACKED // 1_000_000 + 1):
                large.write(bytes(1_000_000))

    assert without_authors(bomb.getvalue()) == bomb.getvalue()
