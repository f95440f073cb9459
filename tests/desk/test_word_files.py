"""A Word file comes out as it was, and says no more who wrote it, when, and where its pictures were taken."""

import io
import struct
import zipfile
from collections.abc import Callable

from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

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


FOOTNOTE = (
    f'<w:footnotes {nsdecls("w")}><w:footnote w:id="1"><w:p><w:ins w:author="Rhys Vale" w:date="2026-03-02T09:14:07Z">'
    "<w:r><w:t>See my diary.</w:t></w:r></w:ins></w:p></w:footnote></w:footnotes>"
)
COVER = (
    f'<w:sdt {nsdecls("w")}><w:sdtPr><w:dataBinding w:xpath="/ns1:coreProperties[1]/ns0:title[1]" w:storeItemID="{{6C3C8BC8}}"/>'
    "<w:text/></w:sdtPr><w:sdtContent><w:p><w:r><w:t>What happened to Sam</w:t></w:r></w:p></w:sdtContent></w:sdt>"
)


def changed(file: bytes, change: Callable[[bytes], bytes]) -> bytes:
    """The same file, in what its list of contents says of each part, which is 46 bytes and more."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        count, at = len(packed.infolist()), packed.start_dir
    entries = bytearray(file[at:])
    place = 0
    for _ in range(count):
        entry = change(bytes(entries[place : place + 46]))
        entries[place : place + 46] = entry
        place += 46 + sum(struct.unpack("<HHH", entry[28:34]))
    return file[:at] + bytes(entries)


def damaged(file: bytes, name: str) -> bytes:
    """The same file, a part of which cannot be unpacked."""
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        at = packed.getinfo(name).header_offset
    start = at + 30 + sum(struct.unpack("<HH", file[at + 26 : at + 30]))
    return file[:start] + b"\xff" * 20 + file[start + 20 :]


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


def test_nobody_is_named_in_a_footnote_and_a_cover_page_says_what_it_said() -> None:
    document, out = Document(io.BytesIO(word_file())), io.BytesIO()
    document.core_properties.title = "What happened to Sam"
    document.element.body.insert(0, parse_xml(COVER))
    kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
    notes = Part(PackURI("/word/footnotes.xml"), kind, FOOTNOTE.encode(), document.part.package)
    document.part.relate_to(notes, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/footnotes")
    document.save(out)

    shown = parts(without_authors(out.getvalue()))

    assert b"Rhys" not in shown["word/footnotes.xml"]
    assert b"See my diary." in shown["word/footnotes.xml"]
    assert b"Sam" not in shown["docProps/core.xml"]
    assert b"What happened to Sam" in shown["word/document.xml"]
    assert b"dataBinding" not in shown["word/document.xml"]


def test_a_damaged_locked_or_strangely_packed_word_file_is_given_as_it_is() -> None:
    whole = word_file()
    locked = changed(whole, lambda entry: entry[:8] + bytes([entry[8] | 1]) + entry[9:])
    strange = changed(whole, lambda entry: entry[:10] + struct.pack("<H", 99) + entry[12:])
    for file in (damaged(whole, "word/document.xml"), damaged(whole, "docProps/core.xml"), locked, strange):
        assert file != whole
        assert without_authors(file) == file


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
