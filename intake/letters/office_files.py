"""Workbooks, slides and OpenDocument files without who made them, when, and where a picture in them was taken.

What is in them stays, comments too: only the names and times beside those go. `.xlsx` and `.pptx` are packages like Word files
(ECMA-376, part 2), read as such; OpenDocument is a ZIP archive whose `meta.xml` and whose notes in `content.xml` name people.
"""

import io
import zipfile
from collections.abc import Set as AbstractSet

from docx.opc.oxml import serialize_part_xml
from docx.opc.package import OpcPackage
from docx.oxml import parse_xml
from docx.oxml.xmlchemy import BaseOxmlElement

from intake.letters.pictures import Untouched, without_notes
from intake.letters.word_files import FAULTS, LEFT_OUT, without_properties
from intake.letters.word_files import without_authors as without_authors_of_word

_SIGNED = ("_xmlsignatures/", "META-INF/documentsignatures.xml")
_NAMING = (
    *("/xl/workbook.xml", "/xl/persons/", "/xl/comments", "/xl/threadedComments/", "/xl/revisions/"),
    *("/ppt/commentAuthors.xml", "/ppt/authors.xml", "/ppt/comments/"),
)
"""The parts that name somebody. A sheet does not: it may be long, and is not read."""
_NAMES = {"author", "displayName", "userId", "providerId", "userName", "initials"}
_NAMED = {"cmAuthor", "author", "user", "person", "userInfo"}
"""Elements whose `name` is a person's; elsewhere it is a sheet's."""
_TIMES = {"dT", "dt", "created", "modified", "dateTime"}
_OF_A_NOTE = {"creator", "date", "date-string", "creator-initials"}
"""Of OpenDocument 1.3, part 3: 4.3.2.7 and on, 14.1, 19.635."""
_NO_META = (
    b'<?xml version="1.0" encoding="UTF-8"?><office:document-meta xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    b' office:version="1.3"><office:meta/></office:document-meta>'
)
_NO_TIME = "2000-01-01T00:00:00"


def without_authors(file: bytes, names: AbstractSet[str]) -> bytes:
    """Return the same office file without them; `names` are of what it holds. Raises Untouched where it must stay as it came.

    So it does for archives that are no office file: what lies in them is not looked at.
    """
    if any(name.startswith(_SIGNED) for name in names):
        raise Untouched("it is signed, and the signature would break")
    try:
        if "word/document.xml" in names:
            bare = without_authors_of_word(file)
        elif "[Content_Types].xml" in names:
            bare = _of_a_package(file)
        elif {"mimetype", "content.xml"} <= names:
            bare = _of_opendocument(file)
        else:
            raise Untouched("it is an archive")
    except FAULTS:
        raise Untouched("it is damaged, or locked with a password") from None
    if bare is file:
        raise Untouched("it is damaged, or locked with a password")
    return bare


def _of_a_package(file: bytes) -> bytes:
    package = OpcPackage.open(io.BytesIO(file))
    without_properties(package.core_properties)
    parts = list(package.iter_parts())
    for relations in (package.rels, *(part.rels for part in parts)):
        left_out = [
            key for key, one in relations.items() if not one.is_external and str(one.target_part.partname).startswith(LEFT_OUT)
        ]
        for key in left_out:
            del relations[key]
    for part in parts:
        if part.partname.startswith(_NAMING) and part.content_type.endswith("xml"):
            element = parse_xml(part.blob)
            _name_nobody(element)
            part._blob = serialize_part_xml(element)
        elif "/media/" in part.partname:
            part._blob = without_notes(part.blob) or part.blob
    out = io.BytesIO()
    package.save(out)
    return out.getvalue()


def _name_nobody(whole: BaseOxmlElement) -> None:
    for element in whole.iter("{*}*"):
        kind = _local(str(element.tag))
        if kind == "author" and element.text:
            element.text = ""  # of a comment in a sheet
        for attribute in list(element.attrib):
            name = _local(str(attribute))
            if name in _NAMES or (name == "name" and kind in _NAMED) or (name == "url" and kind == "absPath"):
                element.attrib[attribute] = ""
            elif name in _TIMES:
                element.attrib[attribute] = f"{_NO_TIME}Z"


def _of_opendocument(file: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as packed, zipfile.ZipFile(out, "w") as bare:
        if b"encryption-data" in packed.read("META-INF/manifest.xml"):
            raise Untouched("it is locked with a password")
        for one in packed.infolist():
            content = packed.read(one)
            name = one.filename.rpartition("/")[2]  # what is put in, like a chart, lies in a folder with a meta.xml of its own
            if name == "meta.xml":
                content = _NO_META
            elif name in ("content.xml", "styles.xml"):
                content = _without_names(content)
            else:
                content = without_notes(content) or content
            bare.writestr(zipfile.ZipInfo(one.filename), content, one.compress_type)
    return out.getvalue()


def _without_names(content: bytes) -> bytes:
    whole = parse_xml(content)
    for kind in ("annotation", "change-info"):
        for note in whole.iter(f"{{urn:oasis:names:tc:opendocument:xmlns:office:1.0}}{kind}"):
            for element in note.iterchildren("{*}*"):
                if (name := _local(str(element.tag))) in _OF_A_NOTE:
                    element.text = _NO_TIME if name == "date" else ""
    return bytes(serialize_part_xml(whole))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
