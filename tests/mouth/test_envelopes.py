"""What is in the envelope as its sender: a token that names the letter, where the mail server takes one."""

import pytest

from bot.rehearsal.post_office import MailFault, PostOffice
from notifications.senders import EmailSender, Undeliverable
from tests.mouth.test_senders import SAM, letter


async def test_the_envelope_names_the_letter_and_from_does_not(post: EmailSender, post_office: PostOffice) -> None:
    await post.send(letter(envelope_from="yoursay+b.abc@anytown.example"))

    [arrived] = post_office.letters_to(SAM)
    assert arrived.sender == "yoursay+b.abc@anytown.example"
    assert "yoursay@anytown.example" in arrived.message["From"]
    assert "+b." not in arrived.raw.decode()


async def test_a_server_that_takes_no_token_in_the_envelope_gets_every_letter_without(
    post: EmailSender, post_office: PostOffice, caplog: pytest.LogCaptureFixture
) -> None:
    """Microsoft 365 lets nobody send from an address that is not the mailbox's own; receipts must leave all the same."""
    post_office.lets_nobody_send_as_another = True
    own = post_office.council_address
    with_token = own.replace("@", "+b.abc@")

    await post.send(letter(from_address=own, envelope_from=with_token))
    await post.send(letter(from_address=own, envelope_from=with_token))

    assert [one.sender for one in post_office.letters_to(SAM)] == [own] * 2
    assert [record.getMessage() for record in caplog.records if "envelope" in record.getMessage()] == [
        "post takes no token in the envelope: a bounce that quotes nothing will find no letter"
    ]


@pytest.mark.parametrize(
    "said",
    [
        "553 5.7.1 <yoursay+b.abc@anytown.example>: Sender address rejected: not owned by user",
        "550 5.1.0 <yoursay+b.abc@anytown.example>: Sender address rejected: User unknown in local recipient table",
        "550 5.1.7 Sender address rejected",
        "554 5.1.8 <yoursay+b.abc@anytown.example>: Sender address rejected: Domain not found",
        "553 sorry, sender refused",
    ],
)
async def test_a_sender_that_is_refused_where_the_recipient_is_named_closes_nobodys_route(
    post: EmailSender, post_office: PostOffice, said: str
) -> None:
    """Postfix says so there by its own settings (smtpd_delay_reject); only the plain address tells whom it means."""
    post_office.says_of_other_senders = said
    own = post_office.council_address
    with_token = own.replace("@", "+b.abc@")

    await post.send(letter(from_address=own, envelope_from=with_token))
    await post.send(letter(from_address=own, envelope_from=with_token))

    assert [one.sender for one in post_office.letters_to(SAM)] == [own] * 2
    assert post_office.attempts == 3


async def test_where_the_plain_address_is_refused_too_its_answer_is_what_counts(
    post: EmailSender, post_office: PostOffice
) -> None:
    post_office.says_of_other_senders = "553 5.7.1 Sender address rejected: not owned by user"
    post_office.next_letters(MailFault.NO_SUCH_PERSON)
    own = post_office.council_address

    with pytest.raises(Undeliverable) as caught:
        await post.send(letter(from_address=own, envelope_from=own.replace("@", "+b.abc@")))

    assert caught.value.closes_route


async def test_a_recipient_that_is_refused_is_not_tried_again_without_a_token(post: EmailSender, post_office: PostOffice) -> None:
    post_office.next_letters(MailFault.NO_SUCH_PERSON)

    with pytest.raises(Undeliverable):
        await post.send(letter(envelope_from="yoursay+b.abc@anytown.example"))

    assert post_office.attempts == 1
