"""What a file is by its first bytes, whatever its name says (people-and-safety.md 9.3, A4 and A5)."""

_BEGINS: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "PDF"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"\x89PNG\r\n\x1a\n", "PNG picture"),
    (b"GIF8", "GIF picture"),
    (b"II*\0", "TIFF picture"),
    (b"MM\0*", "TIFF picture"),
    (b"PK\x03\x04", "ZIP archive or office file"),
    (b"PK\x05\x06", "ZIP archive or office file"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old office file"),
    (b"{\\rtf", "RTF text"),
    (b"OggS", "Ogg sound"),
    (b"ID3", "MP3 sound"),
    (b"#!AMR", "AMR sound"),
    (b"Rar!", "RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "7-Zip archive"),
    (b"\x1f\x8b", "gzip archive"),
    (b"MZ", "program"),
    (b"\x7fELF", "program"),
    (b"L\0\0\0\x01\x14\x02\0", "Windows shortcut"),
    (b"#!", "program"),
)
_OFFICE = {
    "docx",
    "xlsx",
    "pptx",
    "docm",
    "xlsm",
    "pptm",
    "odt",
    "ods",
    "odp",
    "zip",
    "pages",
    "numbers",
    "key",
    "jar",
    "apk",
    "epub",
}
_ENDINGS: dict[str, set[str]] = {
    "PDF": {"pdf"},
    "JPEG picture": {"jpg", "jpeg", "jpe", "jfif"},
    "PNG picture": {"png"},
    "GIF picture": {"gif"},
    "TIFF picture": {"tif", "tiff", "dng", "nef", "cr2"},
    "WebP picture": {"webp"},
    "HEIC picture": {"heic", "heif", "avif"},
    "film": {"mp4", "m4v", "m4a", "mov", "3gp", "3g2", "qt"},
    "ZIP archive or office file": _OFFICE,
    "old office file": {"doc", "xls", "ppt", "msg", "msi", "pub", "vsd", "db"},
    "RTF text": {"rtf", "doc"},
    "Ogg sound": {"ogg", "oga", "opus", "ogv"},
    "MP3 sound": {"mp3"},
    "AMR sound": {"amr"},
    "WAV sound": {"wav"},
    "RAR archive": {"rar"},
    "7-Zip archive": {"7z"},
    "gzip archive": {"gz", "tgz"},
    "program": {"exe", "dll", "com", "scr", "sh", "py"},
    "web page or script": {"htm", "html", "xml", "svg", "xhtml", "mht", "hta"},
    "Windows shortcut": {"lnk"},
}
_RUNS = {"program", "Windows shortcut", "web page or script"}
_RUNS_BY_NAME = {
    "exe",
    "scr",
    "com",
    "bat",
    "cmd",
    "js",
    "jse",
    "vbs",
    "vbe",
    "wsf",
    "hta",
    "lnk",
    "ps1",
    "jar",
    "msi",
    "iso",
    "img",
}
_MACROS = {"docm", "xlsm", "pptm", "dotm", "xltm", "xlam"}


def kind_of(content: bytes) -> str:
    """Return what a file is, in a word or two; empty where its first bytes do not say."""
    for mark, kind in _BEGINS:
        if content.startswith(mark):
            return kind
    if content[4:8] == b"ftyp":
        return "HEIC picture" if content[8:12] in {b"heic", b"heix", b"mif1", b"msf1", b"avif", b"hevc"} else "film"
    if content.startswith(b"RIFF"):
        return {b"WEBP": "WebP picture", b"WAVE": "WAV sound"}.get(content[8:12], "")
    begins = content[:1_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    is_markup = begins.startswith((b"<!doctype", b"<html", b"<?xml", b"<svg", b"<script"))
    return "web page or script" if is_markup else ""


def warning_of(name: str, content: bytes) -> str:
    """Return what staff should know before they open a file: it is not what its name says, or it does something when opened."""
    kind, ending = kind_of(content), name.rpartition(".")[2].lower() if "." in name else ""
    if kind in _RUNS or ending in _RUNS_BY_NAME:
        return f"It is a {kind or 'file that runs when it is opened'}: do not open it."
    if ending in _MACROS:
        return "It is an office file with macros: open it only where none can run."
    if kind and ending and ending not in _ENDINGS[kind]:
        return f"Its name ends in .{ending}, but it is a {kind}: take care."
    if ending in set().union(*_ENDINGS.values()) and content and not kind and ending not in {"db", "sh", "py", "mp3", "key"}:
        return f"Its name ends in .{ending}, but it is nothing of the kind: take care."
    return ""
