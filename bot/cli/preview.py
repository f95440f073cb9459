"""`preview`: everything that the service says, with invented facts, to be read and signed off before the doors open."""

from pathlib import Path

import typer

from bot.cli.common import JSON, err, print_json, safe
from procedures.terms import Notice


def add_to(app: typer.Typer) -> None:
    """Put this command on the command line."""
    app.command(epilog="Example: heard preview --out words-to-sign-off")(preview)


def preview(
    notice: str = typer.Argument("", metavar="[NOTICE]", help="Only this notice, like receipt or digest.", show_default=False),
    folder: Path = typer.Option(Path("heard-preview"), "--out", help="Where the pages are written."),
    language: str = typer.Option("en", "--language", help="In this language; what it lacks is in English."),
    json: bool = JSON,
) -> None:
    """Write every mail and every chat screen with invented facts into a folder, to read and sign off. Nothing is sent.

    The names and numbers to call are those of the settings. Open index.html in a browser; each mail is there as a page,
    as text, and as a letter (.eml) for a mail reader.
    """
    from bot.preview.folder import write_preview
    from bot.settings import load
    from templates.engine import languages

    known = [one.value for one in Notice if one is not Notice.SCREEN]
    if notice and notice not in known:
        raise typer.BadParameter(f"{safe(notice)[:40]!r} is not a notice. Known are: {', '.join(known)}.")
    if language not in languages():
        raise typer.BadParameter(f"There are no words in {safe(language)[:20]!r}. There are: {', '.join(sorted(languages()))}.")
    written = write_preview(folder, load(doors=False).council, language, Notice(notice) if notice else None)
    if json:
        print_json([{**row, "folder": str(folder)} for row in written])
    err().print(f"{len(written)} mails are in {folder}: open {folder / 'index.html'} in a browser. Nothing was sent.")
