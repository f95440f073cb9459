"""PDF, workbooks, slides, OpenDocument and HEIC come out as they were, and say no more who made them, when and where."""

import io
import random
import struct
import zipfile
import zlib

import pikepdf
import pytest
import xlsxwriter
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String
from PIL import Image, ImageDraw
from pypdf import PdfReader

from intake.letters.heic_pictures import NOTHING, without_camera
from intake.letters.notes import bare
from tests.desk.test_letters_files import HOME, jpeg
from tests.desk.test_word_files import word_file

WHO = ("Dilys Harper", "Rhys Vale", "C:\\Users\\harper", "RV Laptop")


def pdf(*, password: str = "", signed: bool = False) -> bytes:
    made, out = Pdf.new(), io.BytesIO()
    page = made.add_blank_page(page_size=(200, 200))
    page.Contents = made.make_stream(b"BT /F 12 Tf 9 99 Td (Nobody came.) Tj ET q 9 0 0 9 0 0 cm /P Do Q")
    font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
    photo = Stream(made, jpeg(), Type=Name.XObject, Subtype=Name.Image, Width=8, Height=8, Filter=Name.DCTDecode)
    photo.ColorSpace, photo.BitsPerComponent = Name.DeviceRGB, 8
    photo.Metadata = made.make_stream(b"<x>Rhys Vale</x>", Type=Name.Metadata)
    page.Resources = Dictionary(Font=Dictionary(F=font), XObject=Dictionary(P=photo))
    page.PieceInfo = Dictionary(Word=Dictionary(Private=String("Dilys Harper")))
    note = Dictionary(Type=Name.Annot, Subtype=Name.Text, Rect=Array([0, 0, 9, 9]), T=String("Rhys Vale"), M=String("D:20260302"))
    note.Contents = String("on Friday")
    field = Dictionary(Type=Name.Annot, Subtype=Name.Widget, Rect=Array([0, 0, 9, 9]), T=String("field one"), FT=Name.Tx)
    page.Annots = Array([made.make_indirect(note), made.make_indirect(field)])
    made.Root.AcroForm = Dictionary(Fields=Array([page.Annots[1]]))
    with made.open_metadata() as noted:
        noted["dc:creator"] = ["Dilys Harper"]
    made.docinfo["/Author"], made.docinfo["/Creator"] = "Dilys Harper", "RV Laptop"
    if signed:
        made.Root.Signed = Dictionary(Type=Name.Sig, ByteRange=Array([0, 1, 2, 3]), Contents=String("x"))
    made.save(out, encryption=pikepdf.Encryption(owner=password, user=password) if password else False)
    return out.getvalue()


def unpacked(file: bytes) -> bytes:
    """All that a PDF holds, with nothing packed."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(file)) as opened:
        opened.save(out, compress_streams=False, object_stream_mode=pikepdf.ObjectStreamMode.disable, qdf=True)
    return out.getvalue()


def test_a_pdf_says_the_same_and_no_more_who_made_it() -> None:
    before, after = pdf(), bare(pdf())
    whole = unpacked(after.content)

    assert all(who in unpacked(before) for who in (b"Dilys Harper", b"Rhys Vale", b"RV Laptop")) and HOME in unpacked(before)
    assert after.says == ""
    assert not [who for who in (*WHO, "D:20260302") if who.encode() in whole] and HOME not in whole
    assert all(kept in whole for kept in (b"on Friday", b"field one"))
    read = PdfReader(io.BytesIO(after.content))
    assert "Nobody came." in read.pages[0].extract_text() and not read.metadata and read.xmp_metadata is None
    [picture] = read.pages[0].images
    assert picture.image is not None and picture.image.size == Image.open(io.BytesIO(jpeg())).size


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (pdf(password="secret"), "locked with a password"),
        (pdf(signed=True), "signed"),
        (pdf()[:-600], "damaged"),
        (b"%PDF-1.7 and nothing else", "damaged"),
    ],
)
def test_a_pdf_that_is_locked_signed_or_damaged_is_given_as_it_came_and_named(file: bytes, why: str) -> None:
    given = bare(file)

    assert given.content == file
    assert given.says.startswith("Nothing was taken out of it, because it is") and why in given.says


def holding(*, packed: bool, named: str = "photo.jpg", inner: bytes = b"") -> bytes:
    """A PDF with a photo on its page, packed once more or not, and a file put into it."""
    out = io.BytesIO()
    with Pdf.open(io.BytesIO(pdf())) as made:
        if packed:
            photo = made.pages[0].Resources.XObject.P
            parms = Array([pikepdf.Object.parse(b"null"), Dictionary(ColorTransform=1)])
            photo.write(zlib.compress(jpeg()), filter=Array([Name.FlateDecode, Name.DCTDecode]), decode_parms=parms)
        else:
            none = {"description": "", "mime_type": "", "creation_date": "", "mod_date": ""}
            made.attachments[named] = pikepdf.AttachedFileSpec(made, inner or jpeg(), filename=named, **none)
        made.save(out)
    return out.getvalue()


def test_a_photo_that_is_packed_in_a_pdf_or_put_into_it_says_no_more_where_it_was_taken() -> None:
    for file in (holding(packed=True), holding(packed=False), holding(packed=False, inner=pdf())):
        given = bare(file)

        assert given.says == "" and HOME not in unpacked(given.content)
        with Pdf.open(io.BytesIO(given.content)) as opened:
            assert not [who for one in opened.attachments.values() for who in WHO if who.encode() in one.get_file().read_bytes()]
            assert not [1 for one in opened.attachments.values() if HOME in one.get_file().read_bytes()]
    with Pdf.open(io.BytesIO(bare(holding(packed=True)).content)) as opened:
        photo = opened.pages[0].Resources.XObject.P
        assert Image.open(io.BytesIO(photo.read_raw_bytes())).size == Image.open(io.BytesIO(jpeg())).size
        assert photo.DecodeParms.ColorTransform == 1


def test_a_pdf_says_that_what_is_put_into_it_may_tell_more() -> None:
    given = bare(holding(packed=False, named="film.mp4", inner=b"\0\0\0\x18ftypmp42" + HOME))

    assert "take care who sees it" in given.says and b"Dilys Harper" not in unpacked(given.content)


def workbook() -> bytes:
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out)
    made.set_properties({"author": "Dilys Harper", "manager": "Rhys Vale", "company": "RV Laptop"})
    made.set_custom_property("who", "Rhys Vale")
    sheet = made.add_worksheet("Visits")
    sheet.write("A1", "Nobody came.")
    sheet.write_comment("A1", "on Friday", {"author": "Rhys Vale"})
    sheet.insert_image("C3", "photo.jpg", {"image_data": io.BytesIO(jpeg())})
    made.close()
    return with_part(
        out.getvalue(), "xl/workbook.xml", b"<fileVersion", b'<fileSharing userName="C:\\Users\\harper"/><fileVersion'
    )


def with_part(file: bytes, name: str, words: bytes, instead: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(file)) as old, zipfile.ZipFile(out, "w") as new:
        for one in old.infolist():
            content = old.read(one)
            assert one.filename != name or words in content
            new.writestr(one.filename, content.replace(words, instead) if one.filename == name else content)
    return out.getvalue()


def parts(file: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        return {name: packed.read(name) for name in packed.namelist()}


def names_in(file: bytes) -> list[str]:
    whole = b"".join(parts(file).values())
    return [who for who in WHO if who.encode() in whole] + (["home"] if HOME in whole else [])


def test_a_workbook_says_the_same_and_no_more_who_made_it() -> None:
    before, after = workbook(), bare(workbook())

    assert names_in(before) == [*WHO, "home"] and after.says == ""
    assert names_in(after.content) == []
    held = parts(after.content)
    assert b"Nobody came." in held["xl/sharedStrings.xml"] and b'name="Visits"' in held["xl/workbook.xml"]
    assert b"on Friday" in next(part for name, part in held.items() if "comments" in name)
    assert {name for name in parts(before) if name.startswith("xl/")} == {name for name in held if name.startswith("xl/")}


OPENDOCUMENT = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"


def opendocument(*, locked: bool = False, signed: bool = False) -> bytes:
    out = io.BytesIO()
    content = (
        f'<office:document-content xmlns:office="{OPENDOCUMENT}" xmlns:dc="http://purl.org/dc/elements/1.1/"><office:annotation>'
        "<dc:creator>Rhys Vale</dc:creator><dc:date>2026-03-02T09:14:07</dc:date>on Friday</office:annotation>Nobody came."
        "<dc:creator>a heading</dc:creator></office:document-content>"
    )
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet", zipfile.ZIP_STORED)
        made.writestr("META-INF/manifest.xml", "<encryption-data/>" if locked else "<manifest/>")
        made.writestr("meta.xml", "<meta>Dilys Harper RV Laptop C:\\Users\\harper</meta>")
        made.writestr("content.xml", content)
        for folder in ("", "Object 1/"):
            made.writestr(f"{folder}Pictures/1.jpg", jpeg())
        made.writestr("Object 1/meta.xml", "<meta>Dilys Harper</meta>")
        made.writestr("Object 1/content.xml", content)
        made.writestr("media/1.jpg", jpeg())
        if signed:
            made.writestr("META-INF/documentsignatures.xml", "<signature/>")
    return out.getvalue()


def test_an_opendocument_file_says_the_same_and_no_more_who_made_it() -> None:
    after = bare(opendocument())

    assert names_in(opendocument()) == [*WHO, "home"] and names_in(after.content) == []
    content = parts(after.content)["content.xml"]
    assert all(kept in content for kept in (b"on Friday", b"Nobody came.", b"a heading")) and b"2026-03-02" not in content
    assert next(iter(parts(after.content))) == "mimetype" and after.says == ""


def archive(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("_", "."), content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("file", "why"),
    [
        (opendocument(locked=True), "locked with a password"),
        (opendocument(signed=True), "signed"),
        (with_part(workbook(), "[Content_Types].xml", b"<Types", b"<Typ"), "damaged"),
        (archive(letter_txt=b"words"), "an archive"),
    ],
)
def test_an_office_file_that_is_locked_signed_or_damaged_is_given_as_it_came_and_named(file: bytes, why: str) -> None:
    given = bare(file)

    assert given.content == file and why in given.says


def test_a_word_file_is_done_as_before_and_one_that_is_signed_stays_as_it_came() -> None:
    signed = io.BytesIO(word_file())
    with zipfile.ZipFile(signed, "a") as packed:
        packed.writestr("_xmlsignatures/sig1.xml", "<Signature/>")

    assert names_in(bare(word_file()).content) == [] and bare(word_file()).says == ""
    assert bare(signed.getvalue()).content == signed.getvalue() and "signed" in bare(signed.getvalue()).says


def box(kind: bytes, *held: bytes) -> bytes:
    whole = b"".join(held)
    return struct.pack(">I4s", 8 + len(whole), kind) + whole


EXIF, XMP = b"\0\0\0\6Exif\0\0MM\0*" + HOME, b"<x:xmpmeta>" + HOME + b"</x:xmpmeta>"


def heic(*, in_idat: bool = False, version: int = 1, beyond: int = 0) -> bytes:
    """A picture of three items: what is seen, EXIF and XMP. Built by the standard: no writer of it is among our libraries."""
    seen = b"what is seen" * 9
    kinds = [(1, b"hvc1"), (2, b"Exif"), (3, b"mime")]
    infe = [box(b"infe", b"\2\0\0\0", struct.pack(">HH", number, 0), kind, b"\0") for number, kind in kinds]
    iinf = box(b"iinf", b"\0\0\0\0", struct.pack(">H", 3), *infe)

    def whole(start: int) -> bytes:
        places, at = b"", start
        for number, held in zip((1, 2, 3), (seen, EXIF, XMP), strict=True):
            offset = at - start if in_idat else at
            way = struct.pack(">H", int(in_idat)) if version else b""
            places += struct.pack(">H", number) + way + struct.pack(">HHII", 0, 1, offset + beyond, len(held))
            at += len(held)
        iloc = box(b"iloc", bytes([version, 0, 0, 0]), b"\x44\0", struct.pack(">H", 3), places)
        data = seen + EXIF + XMP
        meta = box(b"meta", b"\0\0\0\0", iinf, iloc, *([box(b"idat", data)] if in_idat else []))
        head = box(b"ftyp", b"heic\0\0\0\0mif1") + meta
        return head if in_idat else head + box(b"mdat", data)

    first = whole(0)
    return whole(first.index(seen))


@pytest.mark.parametrize("made", [heic(), heic(version=0), heic(in_idat=True)])
def test_a_heic_picture_keeps_what_is_seen_and_says_no_more_where_it_was_taken(made: bytes) -> None:
    given = bare(made)

    assert HOME in made and given.says == ""
    assert HOME not in given.content and len(given.content) == len(made)
    assert given.content.replace(NOTHING.ljust(len(EXIF), b"\0") + b" " * len(XMP), EXIF + XMP) == made


def test_avif_of_another_program_is_the_same_picture_without_its_notes() -> None:
    drawn, out = Image.new("RGB", (32, 32), "white"), io.BytesIO()
    ImageDraw.Draw(drawn).rectangle((4, 4, 20, 20), fill="red")
    exif = Image.Exif()
    exif[0x10F] = "Dilys Harper"
    drawn.save(out, "AVIF", exif=exif, xmp=b"<x>Rhys Vale</x>")
    after = bare(out.getvalue()).content

    assert all(who in out.getvalue() for who in (b"Dilys Harper", b"Rhys Vale"))
    assert not [who for who in (b"Dilys Harper", b"Rhys Vale") if who in after]
    with Image.open(io.BytesIO(after)) as now, Image.open(io.BytesIO(out.getvalue())) as then:
        assert now.tobytes() == then.tobytes()


def test_a_film_beside_a_heic_picture_is_not_given_out_with_it() -> None:
    """A box behind the picture, that no list names, as telephones write it for a picture that moves."""
    made = heic() + box(b"mpvd", box(b"ftyp", b"mp42\0\0\0\0"), box(b"moov", HOME))
    given = bare(made)

    assert HOME in made and HOME not in given.content and given.says == ""
    assert given.content.startswith(bare(heic()).content) and len(given.content) == len(made)


@pytest.mark.parametrize(
    "file",
    [
        heic(beyond=10_000),
        heic() + b"\xff" * 12,
        heic() + box(b"moov", HOME),
        box(b"ftyp", b"hevc\0\0\0\0msf1") + box(b"moov", HOME),
    ],
)
def test_a_heic_picture_that_cannot_be_followed_is_given_as_it_came_and_says_so(file: bytes) -> None:
    given = bare(file)

    assert given.content == file and given.says.startswith("Nothing was taken out of it, because")


def test_no_damage_breaks_the_reader_of_heic_pictures() -> None:
    assert without_camera(heic(beyond=10_000)) == b""
    assert without_camera(heic()[:40]) == b""
    chance, whole = random.Random(7), heic()
    for _ in range(2_000):
        cut = bytearray(whole[: chance.randrange(1, len(whole) + 1)])
        cut[chance.randrange(len(cut))] = chance.randrange(256)
        assert len(without_camera(bytes(cut))) in (0, len(cut))
