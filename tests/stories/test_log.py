"""The log of a whole story, at DEBUG: what happened, and nobody it happened to.

Every other story ends with the same look through its log (conftest.py); this one goes everywhere once.
"""

from bot.rehearsal import errors
from bot.rehearsal.post_office import MailFault
from casework.reference import new_reference
from procedures.terms import Procedure
from storage.tables import ArrivalRow
from tests.stories.conftest import everything_written
from tests.stories.letters import answer_to, bounce_of, mail, sample
from tests.stories.log import OF_OURS, WORD
from tests.stories.town import OFFICER, Town

MUM, UNCLE = "rosalind.greenaway@family.example", "uncle.bartholomew@elsewhere.example"
SAM, KIT = 70_010_001, 70_010_002


async def test_the_log_of_a_whole_story_names_nobody_and_repeats_no_word(town: Town) -> None:
    town.post.next_letters(MailFault.TRY_LATER)
    town.post.next_letters(MailFault.NO_SUCH_PERSON)
    await town.opens()
    sam, kit = town.person(SAM), town.person(KIT, "Katarzyna")
    await town.gets(mail(MUM, "The marmalade incident, with Priyanka and the trombone. I complain.", name="Rosalind Greenaway"))
    sam.says("my foster dad Bartholomew hit me with the trombone")
    kit.says("thank you Priyanka for the marmalade")
    await town.filed(3)
    case = await town.case(chat=SAM)
    await town.gets(
        mail(UNCLE, f"status {case.reference}", name="Bartholomew", number=2),
        mail(UNCLE, f"status {new_reference()}", name="Bartholomew", number=3),
        sample("out_of_office"),
        b" \r\n\r\n",
    )
    town.api.next_calls(errors.too_many_requests(1))
    sam.says("/check")
    town.api.updates.put_raw({"update_id": town.api.updates.new_id(), "message": {"text": "Katarzyna and the marmalade"}})
    await town.filed(9)
    await town.goes_on(minutes=1)
    await town.route(case.reference, Procedure.STATUTORY, "Bartholomew fosters")
    await town.acknowledge(case.reference, "Bartholomew hit you with the trombone.", wanted="No more trombone.")
    await town.at_rest()
    receipt = (town.letters_to(MUM) or town.letters_to(OFFICER.address))[0]
    await town.gets(bounce_of(receipt), answer_to(receipt, "And the trombone too, says Priyanka.", sender=MUM))
    await town.filed(11)
    sam.blocks()
    await town.filed(12)
    await town.mailbox.goes_away()
    await town.log_says("loop hurt loop=mailbox")
    await town.mailbox.comes_back()
    await town.log_says("loop well again loop=mailbox")
    await town.closes()

    written = await everything_written(town)
    assert {"marmalade", "trombone", "Priyanka", "Bartholomew", "Katarzyna"} <= set(WORD.findall(written)) - OF_OURS
    assert len(await town.rows(ArrivalRow)) == 12
    assert len(town.log.lines) > 30
    assert {line.split(" ")[1] for line in town.log.lines} >= {"info", "warning", "error"}
    town.log.names_nobody(written, (town.api.token, town.post.password, "Rosalind", "Greenaway"))
