"""`case …`: what a complaints officer does in a day."""

import sys
from typing import TYPE_CHECKING, Any

import typer
from typer.core import TyperGroup

from bot.cli.acting import act, write_to
from bot.cli.common import AS, JSON, ON, Answer, as_day, flag, print_json, run, safe, words_of
from casework.reference import may_be_a_registers, read_reference
from procedures.terms import Event, Kind, Notice, Outcome, Procedure

if TYPE_CHECKING:
    from casework.acting import Acting
    from storage.unit_of_work import UnitOfWork


class CaseOrCommand(TyperGroup):
    """`heard case K7M-W92-RXHC` is `heard case show K7M-W92-RXHC`: a reference is no command, and is what one has in hand."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.commands and read_reference(args[0]) is not None:
            args = ["show", *args]
        return super().resolve_command(ctx, args)


app = typer.Typer(cls=CaseOrCommand, no_args_is_help=True, help="See and handle cases. `heard case REFERENCE` shows one.")

REFERENCE = typer.Argument(metavar="REFERENCE", help="The case, like K7M-W92-RXHC; case and dashes do not matter.")
WHY = typer.Option("", "--why", help="The reason: it is kept with the decision.")
SAY = typer.Option([], "--say", metavar="NAME=WORDS", help="Words of the letter, by their name, like goes_on=…; again for each.")
CHECKED_BY = typer.Option("", "--checked-by", metavar="ADDRESS", help="Who read an answer before it was signed.")
SIGNED_BY = typer.Option("", "--signed-by", metavar="ADDRESS", help="Who signed it: a role of council.answers_signed_by.")
WRITTEN_BY = typer.Option("", "--written-by", metavar="ADDRESS", help="Who wrote it, where it was not whoever acts.")
EVENT = typer.Argument(metavar="EVENT", help="What happened, like advocate_appointed; `heard case steps` lists them.")


def event_of(text: str) -> Event:
    """The event that was typed, or a clear no with where they are listed."""
    try:
        return Event(text.strip().lower().replace("-", "_").replace(" ", "_"))
    except ValueError:
        raise Answer(f"{safe(text)[:40]!r} is no event. `heard case steps REFERENCE` lists them. Nothing was changed.") from None


def reference_of(text: str) -> str:
    """The reference that was typed, or a clear no. A register's own reference has no check symbol: it is taken as it stands."""
    found = read_reference(text)
    if found is None and may_be_a_registers(text):
        return text.strip()
    if found is None:
        raise Answer(
            f"{safe(text)[:40]!r} is not a reference: its check symbol does not hold. Check each letter. Nothing was changed."
        )
    return found


@app.command(name="list", epilog="Example: heard case list --open --json")
def list_cases(
    json: bool = JSON,
    open_only: bool = flag("--open", "Only cases that are open."),
    team: str = typer.Option("", "--team", help="Only this team's."),
    on: str = ON,
    route_doubt: bool = flag("--route-doubt", "Only corporate complaints whose words name what belongs to children's law."),
    training: bool = flag("--training", "Only cases to learn on, which no other list shows."),
    who: str = AS,
) -> None:
    """Every case with its state, its next date and its owner; the most urgent first."""
    if route_doubt:
        from bot.cli.doubts import print_route_doubts

        print_route_doubts(as_json=json, is_training=training)
        return
    from bot.cli.listing import every_case, print_list, summary

    day = as_day(on) if on else None
    found = run(lambda: every_case(day, team=team, open_only=open_only, training=training))
    if json:
        print_json([summary(one) for one in found])
    else:
        print_list(found)


@app.command(name="show", epilog="Example: heard case show K7M-W92-RXHC")
def show_case(reference: str = REFERENCE, json: bool = JSON, who: str = AS) -> None:
    """Everything about one case: what was written, where it stands, each date and how it was counted, what was sent.

    Once a person of the settings has looked (--as), the complainant hears that it is being read.
    """
    from bot.cli.case_page import print_case
    from bot.cli.showing import look_at

    wanted = reference_of(reference)
    found = run(lambda: look_at(wanted, who))
    if json:
        print_json(found)
    else:
        print_case(found)


@app.command(epilog="Example: heard case original K7M-W92-RXHC 1 > letter.eml")
def original(
    reference: str = REFERENCE,
    number: int = typer.Argument(1, help="Which of its messages, as `case show` numbers them."),
    is_whole: bool = typer.Option(False, "--whole", help="Put together a letter that came in pieces, once all are there."),
    why: str = typer.Option("", "--why", help="Why somebody must see it, where all of it is sealed (`case seal`)."),
    who: str = AS,
) -> None:
    """Write a message as it came, byte for byte, to stdout."""
    from bot.cli.showing import original_of

    wanted = reference_of(reference)
    sys.stdout.buffer.write(run(lambda: original_of(wanted, number, is_whole=is_whole, why=why, who=who)))


@app.command(epilog="Example: heard case assign K7M-W92-RXHC manager@council.example --as officer@council.example")
def assign(
    reference: str = REFERENCE,
    owner: str = typer.Argument(help="The address of a person in the settings."),
    team: str = typer.Option("", "--team", help="The team; the person's own by default."),
    who: str = AS,
) -> None:
    """Give a case to a person, who is reminded of its dates from then on."""
    from casework import actions

    wanted = reference_of(reference)
    act(who, lambda uow, by: actions.assign(uow, wanted, owner, by, team=team), f"{wanted} is with {owner}.")


@app.command(epilog='Example: heard case route K7M-W92-RXHC statutory --why "a looked-after child about a placement"')
def route(
    reference: str = REFERENCE,
    procedure: Procedure = typer.Argument(help="Under which procedure it is handled."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Confirm the route. Only an officer decides; the suggestion and its reasons stand in `case show`."""
    from casework.decisions import second_look

    wanted = reference_of(reference)
    done = f"{wanted} is handled as {procedure.value}."
    act(who, lambda uow, by: second_look.decide_route(uow, wanted, procedure, why, by), done)


@app.command(epilog='Example: heard case kind K7M-W92-RXHC complaint --why "there is a complaint inside the thanks"')
def kind(
    reference: str = REFERENCE, kind: Kind = typer.Argument(help="What it is after all."), why: str = WHY, who: str = AS
) -> None:
    """Say what a message is after all: a complaint, a compliment, a comment or an enquiry."""
    from casework import actions

    wanted = reference_of(reference)
    act(who, lambda uow, by: actions.change_kind(uow, wanted, kind, why, by), f"{wanted} is a {kind.value}.")


@app.command(
    epilog='Example: heard case acknowledge K7M-W92-RXHC --issue "You were moved and nobody told you why." '
    '--wanted "To stay at your school" --answered-by "Jo Field" --job "team manager"'
)
def acknowledge(
    reference: str = REFERENCE,
    issue: list[str] = typer.Option([], "--issue", help="What we understood, one for each point."),
    wanted: str = typer.Option("", "--wanted", help="What they would like to happen."),
    answered_by: str = typer.Option("", "--answered-by", help="Who will answer; leave it out where there is a risk."),
    job: str = typer.Option("manager", "--job", help="That person's job."),
    why: str = typer.Option("", "--why", help="Why this procedure, in words for the person."),
    not_ours: str = typer.Option("", "--not-ours", help="What we are not responsible for, and who is."),
    who: str = AS,
) -> None:
    """Send the acknowledgement: a person's letter, made ready here. The corporate clock runs from it."""
    from casework import actions
    from casework.decisions.acknowledging import Acknowledging

    case = reference_of(reference)
    letter = Acknowledging(issues=issue, wanted=wanted, answerer_name=answered_by, answerer_job=job, why=why, not_ours=not_ours)
    write_to(who, case, Notice.ACKNOWLEDGEMENT, lambda uow, by: actions.acknowledge(uow, case, letter, by))


@app.command(
    epilog="Example: heard case respond K7M-W92-RXHC --words-from answer.txt --checked-by m.fostering@anytown.gov.uk "
    "--signed-by head.of.service@anytown.gov.uk"
)
def respond(
    reference: str = REFERENCE,
    words: str = typer.Option("", "--words", help="The answer."),
    words_from: str = typer.Option("", "--words-from", metavar="FILE", help="The answer, from a text file (- for stdin)."),
    outcome: Outcome | None = typer.Option(None, "--outcome", help="What was found, where nobody has listed the issues."),
    checked_by: str = CHECKED_BY,
    signed_by: str = SIGNED_BY,
    written_by: str = WRITTEN_BY,
    who: str = AS,
) -> None:
    """Send the answer in your own words; the next step and the Ombudsman are named beneath them.

    To a complaint with who checked and who signed them; where both work here, `heard case draft` sees to it.
    """
    from casework.answers import hands

    case, said = reference_of(reference), words_of(words, words_from)
    went = hands.Hands(checked_by, signed_by, written_by)
    write_to(who, case, Notice.RESPONSE, lambda uow, by: hands.answer(uow, case, said, outcome, went, by))


@app.command(epilog="Example: heard case record K7M-W92-RXHC advocate_appointed --on 2026-03-05")
def record(
    reference: str = REFERENCE,
    event: str = EVENT,
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day it happened; today by default.", show_default=False),
    why: str = WHY,
    until: str = typer.Option("", "--until", metavar="YYYY-MM-DD", help="The date a delay notice promises.", show_default=False),
    say: list[str] = SAY,
    action: list[str] = typer.Option(
        [],
        "--action",
        metavar="'ADDRESS YYYY-MM-DD WORDS'",
        help="What was recommended, with who does it by when; again for each.",
    ),
    checked_by: str = CHECKED_BY,
    signed_by: str = SIGNED_BY,
    written_by: str = WRITTEN_BY,
    name: str = typer.Option("", "--name", help="Who was appointed: they are put on the case."),
    address: str = typer.Option("", "--address", help="Where who was appointed is written to."),
    independent: bool = flag("--independent", "Who was appointed is not of the council, nor married to one: you asked."),
    who: str = AS,
) -> None:
    """Record that something happened: an advocate, an extension, a withdrawal, any step of stages 2 and 3.

    Nobody types a due date: every date is counted again. What may be recorded now: `heard case steps REFERENCE`. The letter that
    belongs to the step leaves with it; --why is the reason that the person reads. Look first: `heard case letter`. What a panel,
    an adjudication or the Ombudsman recommended becomes an action with its owner: --action, once for each. An answer that
    went by another route needs who checked and who signed it. Who is appointed is named: --name, or they are on the case already.
    """
    from bot.cli.letters import said
    from bot.cli.recordable import refuse_if_decided_elsewhere, say_who_does_it, what_was_recommended
    from casework.answers.hands import Hands
    from casework.issues import recommendations
    from casework.people import appointing
    from casework.progress import Progress
    from procedures.people import CaseRole

    case, step = reference_of(reference), event_of(event)
    refuse_if_decided_elsewhere(step)
    day, promised = as_day(on) if on else None, as_day(until) if until else None
    words, recommended, numbers = said(say), what_was_recommended(action), list[int]()
    went = Hands(checked_by, signed_by, written_by)
    appointed = appointing.Newcomer(CaseRole.INVESTIGATING_OFFICER, name, address, is_independent=independent, why=why)

    async def recorded(uow: "UnitOfWork", by: "Acting") -> Progress:
        progress, made = await recommendations.record_with(
            uow, case, step, recommended, by, on=day, why=why, until=promised, say=words, hands=went
        )
        numbers.extend(made)
        await appointing.hold_the_office(uow, case, step, appointed, by)
        return progress

    act(who, recorded, f"{step.value} is recorded on {case}.")
    say_who_does_it(case, step, numbers)


@app.command(name="letter", epilog='Example: heard case letter K7M-W92-RXHC hold --why "The move waits for the judge."')
def letter_of(
    reference: str = REFERENCE,
    notice: str = typer.Argument(
        "", metavar="[LETTER]", help="Which letter, like extension; all are listed without.", show_default=False
    ),
    why: str = typer.Option("", "--why", help="The reason that the letter gives."),
    say: list[str] = SAY,
    send: bool = flag("--send", "Send it: its step is on record, and its letter has not gone."),
    json: bool = JSON,
    who: str = AS,
) -> None:
    """Look at a letter as it would leave today: its words, what it must say by law, how hard it is to read. Nothing is sent.

    Hard sentences stand between »…«. A letter leaves with its step (`heard case record`); --send is for a step that is on record
    without its letter.
    """
    from bot.cli import letters

    case, words = reference_of(reference), letters.said(say)
    if not notice:
        letters.list_letters(case, as_json=json)
    elif send:
        letters.send_letter(case, letters.notice_of(notice), words, why, who=who)
    else:
        letters.print_letter(case, letters.notice_of(notice), words, why, who=who, as_json=json)


@app.command(epilog='Example: heard case correct K7M-W92-RXHC acknowledged --on 2026-03-04 --why "the letter went a day later"')
def correct(
    reference: str = REFERENCE,
    event: str = EVENT,
    on: str = typer.Option("", "--on", metavar="YYYY-MM-DD", help="The day on which it truly happened.", show_default=False),
    never: bool = flag("--never", "It did not happen: take it back."),
    why: str = WHY,
    who: str = AS,
) -> None:
    """Give something on record its true day, or take it back; every date is counted again. The old entry stays, marked."""
    from casework import recording

    if bool(on) is never:
        raise typer.BadParameter("Give the true day with --on, or say --never.")
    case, step = reference_of(reference), event_of(event)
    day = as_day(on) if on else None
    act(who, lambda uow, by: recording.correct(uow, case, step, by, on=day, why=why), f"{step.value} of {case} is corrected.")


@app.command(name="steps", epilog="Example: heard case steps K7M-W92-RXHC --all")
def steps_of(
    reference: str = REFERENCE,
    json: bool = JSON,
    every: bool = flag("--all", "Also those whose turn has not come."),
    who: str = AS,
) -> None:
    """What may be recorded on a case now, with the rule for each; with --all also what may not, and why."""
    from bot.cli.recordable import print_steps, steps_on

    wanted = reference_of(reference)
    found = [one for one in run(lambda: steps_on(wanted)) if every or not one.why_not]
    print_steps(found, as_json=json)


@app.command(epilog='Example: heard case note K7M-W92-RXHC "Called; they prefer email."')
def note(reference: str = REFERENCE, words: str = typer.Argument(help="What to keep."), who: str = AS) -> None:
    """Keep a note for staff. It moves nothing and is sent to nobody."""
    from casework import actions

    case = reference_of(reference)
    act(who, lambda uow, by: actions.note(uow, case, words, by), f"The note on {case} is kept.")


@app.command(epilog='Example: heard case close K7M-W92-RXHC --why "answered, and no next step asked for"')
def close(reference: str = REFERENCE, why: str = WHY, who: str = AS) -> None:
    """Close a case that has had its answer."""
    from casework import actions

    case = reference_of(reference)
    act(who, lambda uow, by: actions.close(uow, case, why, by), f"{case} is closed.")
