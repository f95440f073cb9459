"""Writes the invented mails and the chat into a folder, with pages to walk through them and to sign them off."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from itertools import product
from pathlib import Path
from typing import Any

from bot.preview.samples import STATES, Sample, samples
from casework.council import Council
from notifications.discreet import bell
from notifications.rendering import MANNERS, build_mail, render
from procedures.terms import Channel, Notice
from templates import engine
from templates.screens import screens

SIGN_OFF = "needs sign-off by the council's safeguarding lead"
SHOWN_WHEN_LOCKED = 40
"""Characters of a message that a locked phone shows, about (people-and-safety.md §2.11)."""
WRITTEN_AT = datetime(2026, 6, 15, 7, 30, tzinfo=UTC)
VOICES = {"unknown": "someone unknown", "child": "a young person", "adult": "an adult"}


def write_preview(folder: Path, council: Council, language: str, notice: Notice | None = None) -> list[dict[str, str]]:
    """Write every mail as .html, .txt and .eml, an index and, for all notices, the chat; return a row for each mail."""
    mails = folder / "mails"
    mails.mkdir(parents=True, exist_ok=True)
    written = [_write_mail(mails, one, council, language) for one in samples(notice)]
    page = {"council": council, "lang": engine.known_language(language), "title": f"What {council.service_name} says"}
    groups = list(_groups(written, language))
    _write(folder / "index.html", engine.render("_preview/index.html", language, {**page, "groups": groups, "chat": not notice}))
    if not notice:
        chat = {"messages": list(_messages(council, language)), "screens": list(_screens(council, language))}
        facts = {**page, **chat, "shown_when_locked": SHOWN_WHEN_LOCKED}
        _write(folder / "chat.html", engine.render("_preview/chat.html", language, facts))
    return written


def _write_mail(mails: Path, sample: Sample, council: Council, language: str) -> dict[str, str]:
    rendered = render(sample.notice, Channel.EMAIL, language, sample.facts, council)
    manner = MANNERS[sample.notice]
    mail = build_mail(
        rendered,
        message_id=f"<{sample.name}@preview.invalid>",
        date=WRITTEN_AT,
        service_name=council.service_name,
        from_address=council.from_address,
        recipient="someone@example.org",
        auto=manner.auto,
        is_bulk=manner.is_bulk,
    )
    _write(mails / f"{sample.name}.html", rendered.html or "")
    _write(mails / f"{sample.name}.txt", f"Subject: {rendered.subject}\n\n{rendered.text}\n")
    (mails / f"{sample.name}.eml").write_bytes(mail.as_bytes())
    return {"notice": sample.notice.value, "form": sample.form, "subject": rendered.subject, "name": sample.name}


def _write(file: Path, text: str) -> None:
    file.write_text(text, encoding="utf-8")


def _groups(written: list[dict[str, str]], language: str) -> Iterator[dict[str, Any]]:
    """The mails of each notice, with what it is."""
    names = engine.read_words("_preview/notices.toml", language)
    for notice in dict.fromkeys(row["notice"] for row in written):
        mails = [row for row in written if row["notice"] == notice]
        sources = engine.sources(f"{notice}/email.txt", language)
        yield {**names[notice], "mails": mails, "signed_by_lead": any(SIGN_OFF in source for source in sources)}


def _messages(council: Council, language: str) -> Iterator[dict[str, Any]]:
    """What the chat says by itself, bubble by bubble."""
    names = engine.read_words("_preview/notices.toml", language)
    for one in samples():
        if engine.has_template(f"{one.notice}/telegram.txt", language):
            said = render(one.notice, Channel.TELEGRAM, language, one.facts, council)
            rings = bell("", language) if MANNERS[one.notice].is_started_by_us else None
            yield {"name": names[one.notice]["name"], "form": one.form, "bubbles": said.parts, "bell": rings}


def _screens(council: Council, language: str) -> Iterator[dict[str, Any]]:
    """Every screen in each form that differs: to whom, by day or night, in which state."""
    every = screens(language)
    for name in every.screens:
        forms: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for readers, facts in _readers(name):
            text, rows = every.show(name, {**facts, "council": council}, "preview")
            forms.setdefault((text, tuple(button.label for row in rows for button in row)), []).append(readers)
        yield {"name": name, "forms": [_form(*form, to, council, len(forms) == 1) for form, to in forms.items()]}


def _form(text: str, buttons: tuple[str, ...], readers: list[str], council: Council, is_only: bool) -> dict[str, Any]:
    speaks_of_harm = any(number in text for number in ("999", "0800 1111", "116 123", council.contacts.night_phone))
    return {
        "text": text,
        "buttons": buttons,
        "readers": "" if is_only else ", or ".join(readers),
        "signed_by_lead": speaks_of_harm,
    }


def _readers(screen: str) -> Iterable[tuple[str, dict[str, Any]]]:
    states = STATES if screen == "status" else STATES[:1]
    for state, (voice, who), is_night in product(states, VOICES.items(), (False, True)):
        moment = f"{who}, {state.replace('_', ' ')}" if screen == "status" else who
        yield (
            f"{moment}, at night" if is_night else moment,
            {
                "voice": voice,
                "is_night": is_night,
                "state": state,
                "reference": "K7M-W92-RXHC",
                "read_by": "2026-06-16",
                "due_on": "2026-06-26",
                "reason": "We need to talk to one more person.",
                "parts": [{"due_on": "2026-07-10", "is_late": False}] if state == "looking" else [],
                "seen_from": "2026-06-15T08:00:00+00:00",
            },
        )
