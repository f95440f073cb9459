"""`case erase`: a case goes, and does not come back."""

import typer

from bot.cli.case import REFERENCE, WHY, reference_of
from bot.cli.common import AS, err, run


def add_to(app: typer.Typer) -> None:
    """Put this among the commands of a case."""
    app.command(epilog='Example: heard case erase K7M-W92-RXHC --why "six years after it was closed"')(erase)


def erase(reference: str = REFERENCE, why: str = WHY, who: str = AS) -> None:
    """Erase all of a closed case: its letters, files, dates and notes, and its words in kept reports. Two officers agree.

    The first one asks; nothing is erased until another gives the same command. Marks without words stay, so that a letter
    that is fetched or imported again, and a backup that is put back, do not bring it in. Figures that were printed stay.
    """
    from bot.cli.at_work import at_work

    name = reference_of(reference)

    async def doing() -> None:
        from bot.cli.acting import acting
        from bot.cli.importing import identities_of
        from bot.cli.registers import counted
        from casework.erasing import ask_or_erase
        from reports.keeping import forget
        from reports.promising import words_promised

        async with at_work() as at, at.memory.unit_of_work() as uow:
            officer = acting(at, who)
            words = await words_promised(uow, name)
            identities = await identities_of(uow, name)
            gone = await ask_or_erase(uow, name, why, identities, at.settings.erasure_key, officer)
            reports = await forget(uow, name, words) if gone else 0
        say = err().print
        if gone is None:
            say("You have asked, and it is on record. Nothing is erased until another officer gives the same command.")
            return
        say(f"{name} is erased: {counted(gone.rows, 'row')}, and its words in {counted(reports, 'kept report')}.")
        for door, copies in gone.copies.items():
            say(f"{counted(copies, 'letter')} of it may still lie in {door}: delete them there. They will not come in again.")
        say("Backups and copies made until now still hold it. `heard restore` erases it again in what it puts back.")

    run(doing)
