"""Word files without what the program notes of who wrote them, when, at which firm, and where a picture in them was taken.

What is written in them stays, comments and tracked changes too: only the names and times beside those go. So do the ties by
which Word shows a noted title or author on a cover page: what stands there stays. A file is opened at staff's word, one at a
time, and only while it unpacks to no more than a letter may be.
"""

import io
import zipfile
import zlib
from datetime import UTC, datetime

from docx import Document
from docx.opc.coreprops import CoreProperties
from docx.opc.exceptions import PackageNotFoundError
from docx.opc.oxml import serialize_part_xml
from docx.opc.package import OpcPackage
from docx.opc.part import Part, XmlPart
from docx.oxml import parse_xml
from docx.oxml.ns import qn
from docx.oxml.xmlchemy import BaseOxmlElement

from intake.letters.pictures import without_notes

MOST_UNPACKED = 100_000_000
"""Bytes. More is not opened: a small file may hold a thousand times its size."""
_NOTED = ("author", "last_modified_by", "title", "subject", "keywords", "category", "comments", "content_status", "identifier")
_NO_TIME = datetime(2000, 1, 1, tzinfo=UTC)
LEFT_OUT = ("/docProps/app.xml", "/docProps/custom.xml", "/docProps/thumbnail", "/word/people.xml")
_NAMES_AND_TIMES = ("author", "initials", "date", "dateUtc", "userId", "providerId")
FAULTS = (
    PackageNotFoundError,
    zipfile.BadZipFile,
    zlib.error,
    RuntimeError,  # a ZIP with a password, one packed in a way that Python cannot unpack, elements too deep
    SyntaxError,  # what lxml cannot read
    KeyError,
    ValueError,
    AttributeError,
    EOFError,
    OSError,
)


def without_authors(file: bytes) -> bytes:
    """Return the same Word file without them; what is none, or cannot be opened, as it is."""
    if not _is_word(file):
        return file
    try:
        document = Document(io.BytesIO(file))
        without_properties(document.core_properties)
        _clean(document.part.package)
        out = io.BytesIO()
        document.save(out)
    except FAULTS:
        return file
    return out.getvalue()


def without_properties(properties: CoreProperties) -> None:
    """Empty what a package notes of itself, in any kind of office file."""
    for name in _NOTED:
        setattr(properties, name, "")
    properties.created = properties.modified = properties.last_printed = _NO_TIME
    properties.revision = 1


def _is_word(file: bytes) -> bool:
    if not file.startswith(b"PK\x03\x04"):
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(file)) as packed:
            unpacked = sum(one.file_size for one in packed.infolist())
            return "word/document.xml" in packed.namelist() and unpacked <= MOST_UNPACKED
    except (zipfile.BadZipFile, ValueError, OSError):
        return False


def _clean(package: OpcPackage) -> None:
    """Take the notes out of every part, and leave those out that are nothing else."""
    parts = list(package.iter_parts())
    for relations in (package.rels, *(part.rels for part in parts)):
        for key in [key for key, one in relations.items() if not one.is_external and _is_left_out(one.target_part)]:
            del relations[key]
    for part in parts:
        if isinstance(part, XmlPart):
            _name_nobody(part.element)
        elif part.partname.startswith("/word/media/"):
            part._blob = without_notes(part.blob) or part.blob  # the package has no other way to change what it does not read
        elif part.partname.startswith("/word/") and part.content_type.endswith("+xml"):
            element = parse_xml(part.blob)
            _name_nobody(element)
            part._blob = serialize_part_xml(element)


def _name_nobody(whole: BaseOxmlElement) -> None:
    """Take names and times from beside what is written, and the ties to properties that are now empty."""
    for tie in list(whole.iter(qn("w:dataBinding"))):
        tie.getparent().remove(tie)
    for element in whole.iter():
        for name in element.attrib:
            if (noted := str(name).rpartition("}")[2]) in _NAMES_AND_TIMES:
                element.attrib[name] = "2000-01-01T00:00:00Z" if noted.startswith("date") else ""


def _is_left_out(part: Part) -> bool:
    return str(part.partname).startswith(LEFT_OUT)
