"""For developers, when a version is released: `python -m tests.memory.make_released` keeps a database as this version writes it.

A short story is played on the rehearsal's wires; what it leaves, with rows in every table, becomes
`tests/memory/released/REVISION.db.gz`. Later versions must be able to take it up: `test_upgrades.py` sees to it.
"""

import asyncio
import gzip
import sqlite3
import tempfile
from contextlib import closing
from datetime import UTC, date, datetime, time
from email.message import EmailMessage
from itertools import pairwise
from pathlib import Path

from bot.rehearsal.stage import OFFICER, Stage, a_stage
from casework import actions
from casework.decisions.acknowledging import Acknowledging
from procedures.terms import Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases
from storage.migrating import HEAD, REVISIONS, migrate

RELEASED = Path(__file__).parent / "released"
MUM = "r.green@family.example"
BY_HAND = {
    "calendar_day": "INSERT INTO calendar_day (nation, day, name, is_working, added_at, added_by)"
    " VALUES ('england', '2027-05-14', 'Proclaimed', 0, '2026-03-02 15:00:00', 'officer@anytown.example')",
    "leader": "INSERT INTO leader (role, process, since) VALUES ('mailbox', 'p1', '2026-03-02 15:00:00')",
    "hold": "INSERT INTO hold (since, held_by, made_at, outbox_up_to, released_at, released_by, released, dropped) VALUES"
    " ('2026-02-01 09:00:00', 'root', '2026-01-31 02:00:00', 0, '2026-02-01 09:30:00', 'officer@anytown.example', 0, 0)",
    "access_need": "INSERT INTO access_need (case_reference, need, words, who, recorded_at, recorded_by, ended_by, ended_why)"
    " SELECT reference, 'easy_read', '', '', received_at, 'o@a.example', '', '' FROM cases ORDER BY reference LIMIT 1",
    "erased": "INSERT INTO erased (mark, erased_at, erased_by, door, validity, position)"
    " VALUES ('5f0c', '2026-03-02 15:00:00', 'o@a.example', 'mailbox:yoursay@mail.anytown.example/INBOX', '1', 7)",
    "taken_down": "INSERT INTO taken_down (arrival_id, taken_by, means, is_hour_known) SELECT id, 'o@a.example', 'letter', 0"
    " FROM arrival ORDER BY id LIMIT 1",
    "call": "INSERT INTO call (case_reference, called_at, recorded_at, called_by, means, outcome, spoke_with, agreed)"
    " SELECT reference, received_at, received_at, 'o@a.example', 'phone', 'spoke', 'R Green', 'We write on Friday'"
    " FROM cases ORDER BY reference LIMIT 1",
    "member_enquiry": "INSERT INTO member_enquiry (case_reference, member, name, constituent, has_consent)"
    " SELECT reference, 'mp', 'A Member MP', 'R Green', 1 FROM cases ORDER BY reference LIMIT 1",
    "advocacy": "INSERT INTO advocacy (case_reference, answer, provider, advocate, changed_at, changed_by)"
    " SELECT reference, 'accepted', 'Coram Voice', 'A Advocate', received_at, 'o@a.example' FROM cases"
    " ORDER BY reference LIMIT 1",
    "equality": "INSERT INTO equality (id, year, question, answer) VALUES ('5f0c', 2025, 'age', '16 to 17')",
    "cover": "INSERT INTO cover (person, deputy, from_on, until_on, made_at, made_by) VALUES ('o@a.example', 'd@a.example',"
    " '2026-03-02', '2026-03-06', '2026-03-02 15:00:00', 'o@a.example')",
    "pool_person": "INSERT INTO pool_person (id, name, address, phone, roles, tie, hourly_pence, added_at, added_by) VALUES"
    " (1, 'P Person', 'p@pool.example', '', '[\"investigator\"]', 'none', 3500, '2026-03-02 15:00:00', 'o@a.example')",
    "pool_appointment": "INSERT INTO pool_appointment (id, person_id, case_reference, role, appointed_on, declared, hourly_pence,"
    " ended_why, made_at, made_by) SELECT 1, 1, reference, 'investigator', '2026-03-02', 'none', 3500, '', received_at,"
    " 'o@a.example' FROM cases ORDER BY reference LIMIT 1",
    "pool_hours": "INSERT INTO pool_hours (appointment_id, worked_on, minutes, expenses_pence, what, recorded_at, recorded_by)"
    " VALUES (1, '2026-03-03', 90, 1250, 'files', '2026-03-03 15:00:00', 'o@a.example')",
    "behaviour_plan": "INSERT INTO behaviour_plan (case_reference, reason, warned_on, limits, contact, ended_why, made_at,"
    " made_by) SELECT reference, 'threats by telephone', '2026-03-02', '', '', '', received_at, 'o@a.example' FROM cases"
    " ORDER BY reference LIMIT 1",
    "draft": "INSERT INTO draft (id, case_reference, stage, version, made_at, made_by, letter, signed_by)"
    " SELECT 1, reference, 1, 1, received_at, 'm@a.example', x'504B', '' FROM cases WHERE reference NOT IN"
    " (SELECT case_reference FROM party WHERE address = 'r.green@family.example') ORDER BY reference LIMIT 1",
    "draft_check": "INSERT INTO draft_check (draft_id, made_at, made_by, has_passed, found)"
    " VALUES (1, '2026-03-02 15:00:00', 'o@a.example', 1, '[]')",
    "sent_letter": "INSERT INTO sent_letter (case_reference, draft_id, way, recipient, outbox_key, sent_on, sent_by)"
    " SELECT reference, 1, 'post', '', '', '2026-03-03', 'o@a.example' FROM cases ORDER BY reference LIMIT 1",
    "redaction": "INSERT INTO redaction (case_reference, for_whom, made_at, made_by, source, removed, extract, confirmed_by,"
    " given_by) SELECT reference, 'M Manager', received_at, 'o@a.example', 'Sam', '[]', 'Sam', '', '' FROM cases"
    " ORDER BY reference LIMIT 1",
    "issue": "INSERT INTO issue (case_reference, number, version, words, theme, wanted, made_at, made_by, why, is_withdrawn,"
    " confirmed_how, is_superseded) SELECT reference, 1, 1, 'Nobody called', 'delay', '', received_at, 'o@a.example', '', 0, '',"
    " 0 FROM cases ORDER BY reference LIMIT 1",
    "finding": "INSERT INTO finding (case_reference, number, stage, outcome, reason, found_on, recorded_at, recorded_by,"
    " is_superseded) SELECT reference, 1, 1, 'upheld', 'no call', '2026-03-02', received_at, 'o@a.example', 0 FROM cases"
    " ORDER BY reference LIMIT 1",
    "remedy": "INSERT INTO remedy (case_reference, number, stage, kind, what, amount_pence, agreed_by, decided_on, decided_by,"
    " recorded_at, given_on, given_by, is_superseded) SELECT reference, 1, 1, 'financial', 'for the delay', 15000, 'A Head',"
    " '2026-03-02', 'o@a.example', received_at, '2026-03-03', 'o@a.example', 0 FROM cases ORDER BY reference LIMIT 1",
    "lesson": "INSERT INTO lesson (id, case_reference, words, learned_on, recorded_at, recorded_by) SELECT 1, reference,"
    " 'Call first', '2026-03-02', received_at, 'o@a.example' FROM cases ORDER BY reference LIMIT 1",
    "action": "INSERT INTO action (id, case_reference, lesson_id, source, words, owner, team, due_on, first_due_on, made_at,"
    " made_by, evidence, done_by) SELECT 1, reference, 1, 'lesson', 'Call first', 'm@a.example', '', '2026-05-29',"
    " '2026-05-29', received_at, 'o@a.example', '', '' FROM cases ORDER BY reference LIMIT 1",
    "action_event": "INSERT INTO action_event (action_id, recorded_at, recorded_by, note) VALUES (1, '2026-03-02 15:00:00',"
    " 'o@a.example', 'given')",
    "action_reminder": "INSERT INTO action_reminder (action_id, due_on, rung, person, told_on) VALUES (1, '2026-05-29', 'due',"
    " 'm@a.example', '2026-05-29')",
    "praise": "INSERT INTO praise (case_reference, sharing, said_how, passed_to, recorded_at, recorded_by) SELECT reference,"
    " 'person_praised', 'by phone', 'Team North', received_at, 'o@a.example' FROM cases ORDER BY reference LIMIT 1",
    "decision": "INSERT INTO decision (case_reference, matter, is_yes, weighed, why, decided_on, decided_by, recorded_at)"
    " SELECT reference, 'freeze', 1, '[]', 'the move waits', '2026-03-02', 'o@a.example', received_at FROM cases"
    " ORDER BY reference LIMIT 1",
    "listened": "INSERT INTO listened (case_reference, chat_id, felt, said_on) SELECT reference, 7000000001, 'a_bit',"
    " '2026-03-09' FROM cases ORDER BY reference LIMIT 1",
    "place": "INSERT INTO place (arrival_id, case_reference, chat_id, sent_at, gone_at, latitude, longitude, within_metres,"
    " asked_by, asked_why, seen_by, seen_why) SELECT id, case_reference, 7000000001, '2026-03-02 15:00:00',"
    " '2026-03-05 15:00:00', 52.4862, -1.8904, 12.0, '', '', '', '' FROM arrival ORDER BY id LIMIT 1",
    "seal": "INSERT INTO seal (arrival_id, number, case_reference, sealed_at, sealed_by, why, asked_by, asked_why, seen_by,"
    " seen_why, lifted_by, lifted_why) SELECT arrival_id, 1, case_reference, '2026-03-02 15:00:00', 'o@a.example', 'a picture',"
    " '', '', '', '', '', '' FROM letter ORDER BY arrival_id LIMIT 1",
    "joint_part": "INSERT INTO joint_part (case_reference, body, they_lead, consent, issues, asked_on, promised_for,"
    " promised_how, ended_why, made_at, made_by) SELECT reference, 'NHS Trust', 0, 'signed', '[]', '2026-03-02', '2026-03-09',"
    " 'by mail', '', received_at, 'o@a.example' FROM cases WHERE reference IN (SELECT case_reference FROM party"
    " WHERE address = 'dad@family.example') LIMIT 1",
    "held_issue": "INSERT INTO held_issue (case_reference, number, ground, proceedings, prejudice, decided_on, decided_by,"
    " recorded_at, continued_in) SELECT reference, 1, 'criminal_proceedings', 'a trial', 'witnesses', '2026-03-02',"
    " 'o@a.example', received_at, '' FROM cases ORDER BY reference LIMIT 1",
    "alert": "INSERT INTO alert (task_key, taken_at, taken_by, closed_by, harm_by, referred_to, their_reference,"
    " designated_officer, child_told, decided_by, why) SELECT key, made_at, 'o@a.example', '', 'unknown', '', '', '', '', '', ''"
    " FROM task ORDER BY id LIMIT 1",
    "case_person": "INSERT INTO case_person (id, case_reference, role, name, address, phone, is_lead, relation, why, added_at,"
    " added_by, appointed_by, ended_by, ended_why) SELECT 1, reference, 'advocate', 'A Advocate', 'a@advocates.example', '', 0,"
    " '', '', received_at, 'o@a.example', '', '', '' FROM cases ORDER BY reference LIMIT 1",
    "authority": "INSERT INTO authority (case_reference, person_id, basis, evidence, scope, child_view, child_view_by, begins_on,"
    " recorded_at, recorded_by) SELECT case_reference, id, 'advocate', 'a signed instruction', '', '', '', '2026-03-02',"
    " added_at, 'o@a.example' FROM case_person WHERE id = 1",
    "case_link": "INSERT INTO case_link (one_reference, other_reference, kind, why, made_at, made_by) SELECT min(reference),"
    " max(reference), 'family', 'brothers', min(received_at), 'o@a.example' FROM cases",
    "wall": "INSERT INTO wall (key, case_reference, kind, address, name, why, made_at, made_by, confirmed_by, confirmed_why,"
    " lifted_by, lifted_why) SELECT 'w', reference, 'staff', 'm@a.example', 'M Manager', 'named', received_at, 'service', '', '',"
    " '', '' FROM cases WHERE reference NOT IN (SELECT case_reference FROM party WHERE address = 'r.green@family.example')"
    " ORDER BY reference LIMIT 1",
    "register": "INSERT INTO register (case_reference, reference, kind, procedure, directorate, service, team, received_on,"
    " source) SELECT reference, reference, 'complaint', 'statutory', 'children', 'Duty', '', received_on, '' FROM cases"
    " ORDER BY reference LIMIT 1",
    "register_issue": "INSERT INTO register_issue (case_reference, number, theme, outcome) SELECT reference, 1, 'delay', 'upheld'"
    " FROM cases ORDER BY reference LIMIT 1",
    "register_learning": "INSERT INTO register_learning (case_reference, action, owner) SELECT reference, 'Ring back', 'Head'"
    " FROM cases ORDER BY reference LIMIT 1",
    "ombudsman": "INSERT INTO ombudsman (body, body_reference, received_on, kind, directorate, service)"
    " VALUES ('lgsco', '26 000 001', '2026-03-02', 'assessment', 'children', '')",
    "activity": "INSERT INTO activity (measure, from_on, until_on, count, directorate)"
    " VALUES ('contacts', '2025-04-01', '2026-03-31', 16861, 'children')",
    "report": "INSERT INTO report (from_on, until_on, directorate, as_at, is_published, software, rules, figures, why, made_at,"
    " made_by) VALUES ('2025-04-01', '2026-03-31', '', '2026-04-01', 0, 'heard', 'england', '{}', '', '2026-04-01 09:00:00', '')",
    "export": "INSERT INTO export (made_at, made_by, what, which, row_count, sha256, software) VALUES ('2026-04-01 09:00:00',"
    " 'o@a.example', 'report csv', '2025-04-01 to 2026-03-31, as at 2026-04-01, staff', 412,"
    " '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08', 'heard')",
}
"""What no story on one SQLite file leads to."""


async def play(folder: Path) -> None:
    """A young person in the chat, a parent by email, a letter from before the calendar, an officer, a date that passes."""
    async with a_stage(folder, moment_at_the_desk(date(2026, 3, 2), time(14, 40))) as stage:
        sam = stage.person(1001, "Sam")
        sam.says("they are moving me on friday and no one told me why. i dont want to leave my school")
        await sam.hears("Your number is")
        sam.sends_photo(b"a picture", caption="this is my room")
        await stage.post.deliver(a_letter_with_a_scan(), at=stage.clock.now())
        await stage.letter(MUM, 1)
        await stage.post.deliver(a_letter_with_a_scan(), at=datetime(1995, 3, 13, 10, tzinfo=UTC))
        await stage.write("dad@family.example", "Tom", "My daughter", "I want to complain: the social worker never came.")
        await stage.letter("dad@family.example", 1)
        async with stage.memory.reading() as uow:
            of_mum, *_ = [case.reference for case in await cases.find_all(uow) if case.channel == "email"]
        async with stage.memory.unit_of_work() as uow:
            await actions.route(uow, of_mum, Procedure.STATUTORY, "her son is looked after", await stage.acting(OFFICER))
        async with stage.memory.unit_of_work() as uow:
            letter = Acknowledging(issues=("Nobody has telephoned.",), answerer_name="Jo Field")
            await actions.acknowledge(uow, of_mum, letter, await stage.acting(OFFICER))
        await stage.letter(MUM, 2)
        await stage.move_to(date(2026, 3, 31), time(9, 30))
        await told(stage)


async def told(stage: Stage) -> None:
    """Wait for the morning's reminders and the late letters."""
    await stage.letter_saying(OFFICER.address, "late")
    while True:
        async with stage.memory.reading() as uow:
            connection = await uow.connection()
            waits = await connection.exec_driver_sql("SELECT count(*) FROM outbox WHERE state <> 'sent'")
            if not waits.scalar_one():
                return


def a_letter_with_a_scan() -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"Rosalind Green <{MUM}>", "yoursay@anytown.example", "My son"
    mail["Message-ID"] = "<letter.1@family.example>"
    mail.set_content("Nobody calls me back about my son, who is in foster care. I want to complain.")
    mail.add_attachment(b"%PDF-1.4 a scan", maintype="application", subtype="pdf", filename="scan.pdf")
    return mail.as_bytes()


def pack(file: Path, revision: str) -> None:
    """Keep a whole database in one small file; every table must have rows, or an upgrade of it would show nothing."""
    with closing(sqlite3.connect(file)) as memory:
        tables = [name for (name,) in memory.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        for table in tables:
            if not memory.execute(f"SELECT count(*) FROM {table}").fetchone()[0]:
                memory.execute(BY_HAND[table])
        memory.commit()
        memory.execute("PRAGMA journal_mode=DELETE")
        memory.execute("VACUUM")
    (RELEASED / f"{revision}.db.gz").write_bytes(gzip.compress(file.read_bytes(), mtime=0))


def between(folder: Path) -> None:
    """A revision that no release ended with: what the one before it left, brought to it."""
    for before, revision in pairwise(REVISIONS):
        if not (RELEASED / f"{revision}.db.gz").exists():
            file = folder / f"{revision}.db"
            file.write_bytes(gzip.decompress((RELEASED / f"{before}.db.gz").read_bytes()))
            asyncio.run(migrate(f"sqlite+aiosqlite:///{file}", revision, now=datetime(2026, 4, 1, tzinfo=UTC), makes_copy=False))
            pack(file, revision)


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(play(Path(folder)))
        pack(Path(folder, "heard.db"), HEAD)
        between(Path(folder))


if __name__ == "__main__":
    main()
