"""A letter is read whole and believed in nothing. The letters are in tests/letters, named for what they are."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from intake.arrival import Arrival, Attachment, Letter, Wire
from intake.letters import Unreadable, identity_of, read_letter, received_at_of, split_mbox
from intake.letters.automatic import MAY_BE_A_PERSON

LETTERS = Path(__file__).parents[1] / "letters"
OURS = ("yoursay@anytown.example",)
MORNING = datetime(2026, 3, 2, 9, 14, 7, tzinfo=UTC)


def arrival(raw: bytes) -> Arrival:
    return Arrival("mailbox:yoursay@mail.anytown.example/INBOX", Wire.EMAIL, raw, MORNING)


def read(name: str) -> Letter:
    raw = (LETTERS / f"{name}.eml").read_bytes()
    return read_letter(arrival(raw), boundary="mx.anytown.example", our_addresses=OURS)


def test_a_plain_letter_is_read_field_by_field() -> None:
    letter = read("plain_complaint")

    assert letter.words == "Dear team,\n\nNobody has visited since January.\n\nDilys Harper"
    assert (letter.subject, letter.sender, letter.sender_name) == ("Visits", "dilys.harper@post.example", "Dilys Harper")
    assert (letter.message_id, letter.references) == ("<m1@post.example>", ())
    assert letter.recipients == ("yoursay@anytown.example",)
    assert (letter.is_automatic, letter.attachments, letter.quoted) == (False, (), "")


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("out_of_office", "auto-submitted"),
        ("bounce_dsn", "auto-submitted"),
        ("bounce_delayed", "null return path"),
        ("mailing_list", "precedence list"),
        ("own_letter", "own address"),
        ("web_form", "no-reply sender"),
    ],
)
def test_a_machines_letter_says_why_it_is_one(name: str, reason: str) -> None:
    letter = read(name)

    assert (letter.is_automatic, letter.automatic_reason) == (True, reason)
    assert letter.words


def test_a_person_who_says_so_is_a_person() -> None:
    """`Auto-Submitted: no` is a human, and X-Auto-Response-Suppress only asks for no automatic answer."""
    assert read("person_named_auto_submitted_no").automatic_reason == ""


def test_letters_through_a_shared_mailbox_or_a_form_may_be_a_persons() -> None:
    reasons = {read(name).automatic_reason for name in ("shared_mailbox_of_a_group", "web_form", "mailing_list")}

    assert reasons <= MAY_BE_A_PERSON
    assert read("out_of_office").automatic_reason not in MAY_BE_A_PERSON


def with_a_null_path(headers: str = "Subject: Visits\r\n", words: str = "Nobody came.", kind: str = "text/plain") -> str:
    who = "" if "From:" in headers else "From: dilys.harper@post.example\r\n"
    return f"Return-Path: <>\r\n{who}{headers}Content-Type: {kind}\r\n\r\n{words}\r\n"


def test_a_null_path_alone_makes_nobody_a_machine() -> None:
    """RFC 3834, 2 says that machines send so. Some gateways send what people wrote so, too."""
    plain, said_no = with_a_null_path(), with_a_null_path("Subject: Visits\r\nAuto-Submitted: no\r\n")
    found = {read_letter(arrival(raw.encode())).automatic_reason for raw in (plain, said_no)}

    assert found == {"null return path with a named sender"} <= MAY_BE_A_PERSON


@pytest.mark.parametrize(
    "raw",
    [
        with_a_null_path("Subject: Automatic reply: Visits\r\n"),
        with_a_null_path("Subject: AUTO: Dilys Harper is out of the office\r\n"),
        with_a_null_path("Subject: Undeliverable: Visits\r\n"),
        with_a_null_path("Subject: Nicht zugestellt\r\n"),
        with_a_null_path("Subject: Read: Visits\r\n"),
        with_a_null_path(words="550 5.1.1 <owen.price@old.example>"),
        with_a_null_path("Subject: Visits\r\nX-Failed-Recipients: owen.price@old.example\r\n"),
        with_a_null_path("Subject: Visits\r\nPrecedence: list\r\n"),
        with_a_null_path("To: yoursay+b.aaaabbbbccccddddeeeeffff22@anytown.example\r\n"),
        with_a_null_path("From: postmaster@old.example\r\n"),
        with_a_null_path("From: MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@old.example\r\n"),
        with_a_null_path("From: <>\r\n"),
        with_a_null_path(kind="multipart/report"),
        with_a_null_path(kind='multipart/mixed; boundary="B"', words="--B\r\nContent-Type: message/delivery-status\r\n\r\n--B--"),
    ],
)
def test_with_a_null_path_what_says_any_more_of_a_machine_is_one(raw: str) -> None:
    letter = read_letter(arrival(raw.encode()))

    assert (letter.is_automatic, letter.automatic_reason) == (True, "null return path")


def test_bulk_is_a_machines_word_only_where_the_letter_itself_says_it() -> None:
    """A server that passes a letter on writes above it (RFC 5321, 4.4); some write `Precedence: bulk` over what people wrote."""
    passed_on = b"Received: by one.example\r\n"
    begun = b"From: dilys.harper@post.example\r\nSubject: Visits\r\n\r\nNobody came.\r\n"
    found = [
        read_letter(arrival(raw + begun)).automatic_reason
        for raw in (
            b"Precedence: bulk\r\n" + passed_on,
            passed_on + b"Precedence: bulk\r\n",
            b"Precedence: junk\r\n" + passed_on,
            b"Precedence: bulk\r\nList-Id: <news.one.example>\r\n" + passed_on,
            b"Precedence: bulk\r\nAuto-Submitted: auto-replied\r\n" + passed_on,
        )
    ]

    assert found == ["precedence bulk of a relay", "precedence bulk", "precedence junk", "mailing list", "auto-submitted"]


def test_automatic_reply_in_the_subject_alone_is_no_proof() -> None:
    plain = (LETTERS / "plain_complaint.eml").read_bytes()
    raw = plain.replace(b"Subject: Visits", b"Subject: Automatic reply: is all I ever get")

    assert not read_letter(arrival(raw)).is_automatic
    assert read_letter(arrival(raw.replace(b"Subject:", b"In-Reply-To: <x@anytown.example>\r\nSubject:"))).is_automatic


@pytest.mark.parametrize(
    "subject", ["Delivery delay of my son's bed", "Delivery failure of her wheelchair", "Undelivered: a bed", "Returned mail"]
)
def test_a_subject_of_somebodys_own_makes_no_returned_letter_and_one_with_a_failure_below_it_does(subject: str) -> None:
    head = f"From: a@post.example\r\nSubject: {subject}\r\n\r\n"
    theirs, returned = f"{head}The bed has not come in 5 weeks.\r\n", f"{head}Unable to deliver this to <b@post.example>.\r\n"

    assert read_letter(arrival(theirs.encode())).automatic_reason == ""
    assert read_letter(arrival(returned.encode())).automatic_reason == "subject of a returned letter"


@pytest.mark.parametrize(
    ("name", "message_id", "recipient", "for_ever"),
    [
        ("bounce_dsn", "<receipt-7f3@anytown.example>", "dilys.harper@post.example", True),
        ("bounce_delayed", "<receipt-8a1@anytown.example>", "dilys.harper@post.example", False),
        ("bounce_in_words_only", "<receipt-9c2@anytown.example>", "owen.price@old.example", True),
        ("out_of_office", "", "", False),
        ("plain_complaint", "", "", False),
    ],
)
def test_a_bounce_names_the_letter_that_failed(name: str, message_id: str, recipient: str, for_ever: bool) -> None:
    letter = read(name)

    assert (letter.failed_message_id, letter.failed_recipient, letter.failure_is_permanent) == (message_id, recipient, for_ever)


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Successful Mail Delivery Report", "Your message was delivered to mum@family.example: 2.0.0 Ok"),
        (
            "Relayed: We got your message",
            "Delivery is complete, but no notification was sent: mum@family.example",
        ),
        ("Read: We got your message", "Your message was read on Monday."),
        ("Warning: could not send message for past 4 hours", "451 4.4.1 mum@family.example. We will keep trying."),
        ("Out of office", "I am away. Write to jo@family.example."),
    ],
)
def test_a_letter_of_a_mail_system_that_tells_of_no_failure_brings_none_of_ours_back(subject: str, body: str) -> None:
    told = f"From: mailer-daemon@family.example\nTo: yoursay@anytown.example\nSubject: {subject}\n\n{body}\n\n"
    ours = "Message-ID: <receipt-7f3@anytown.example>\nSubject: We got your message\n"

    assert read_letter(arrival((told + ours).encode())).is_automatic
    assert read_letter(arrival((told + ours).encode())).failed_message_id == ""
    failed = told.replace(subject, "Post zwrotna").replace(body, "550 mum@family.example")
    assert read_letter(arrival((failed + ours).encode())).failed_message_id == "<receipt-7f3@anytown.example>"


def test_html_is_read_as_a_reader_sees_it_and_hidden_words_are_marked() -> None:
    assert read("html_only").words == ("Dear team,\n\nThe taxi never came.\nI paid £40.\n\n⟦he is not safe⟧\n\nMonday\nTuesday")


@pytest.mark.parametrize(
    ("name", "sender"), [("no_from", ""), ("two_froms", ""), ("pupil_display_name_trick", "stranger@evil.example")]
)
def test_who_wrote_is_read_strictly(name: str, sender: str) -> None:
    assert read(name).sender == sender


@pytest.mark.parametrize(
    ("value", "sender", "name"),
    [
        ("a@Post.Example", "a@post.example", ""),
        ("a@post.example (Dilys)", "a@post.example", "Dilys"),
        ('"Harper, Dilys" <a@post.example>', "a@post.example", "Harper, Dilys"),
        ("Harper, Dilys <a@post.example>", "a@post.example", "Harper, Dilys"),
        ("=?utf-8?q?Harper=2C_Dilys?= <a@post.example>", "a@post.example", "Harper, Dilys"),
        ("a@post.example, b@post.example", "", ""),
        ("a@post.example <b@evil.example>", "", "a@post.example"),
        ("Family: a@post.example, b@post.example;", "", "Family: a@post.example, b@post.example;"),
        ("<a@post.example> <b@post.example>", "", ""),
        ("<a@post.example", "", ""),
        ('"', "", ""),
        ("(c):", "", ""),
        ("<>", "", ""),
        ("", "", ""),
        ("undisclosed", "", ""),
        ("<a@post.example>\r\n Bcc: b@evil.example", "", None),
    ],
)
def test_from_in_all_its_shapes(value: str, sender: str, name: str | None) -> None:
    letter = read_letter(arrival(f"From: {value}\r\n\r\nhello\r\n".encode()))

    assert letter.sender == sender
    assert name is None or letter.sender_name == name or not sender


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("no_message_id", "Nobody has visited."),
        ("no_date", "Nobody has visited."),
        ("no_body", ""),
        ("only_words_no_headers", "Dear council\n\nnobody ever rings me back. I have no headers."),
        ("boundary_missing", "The boundary was lost on the way."),
        ("boundary_folded", "Folded."),
        ("nul_and_bare_cr", "First line\nSecond line\nThird line"),
        ("latin_1", "La visite a été annulée. It cost £40."),
        ("gb2312", "没有人回复我的电话。镕"),
        ("unknown_charset", "It cost £40, and Zoë is upset."),
    ],
)
def test_what_others_lose_is_kept(name: str, words: str) -> None:
    assert read(name).words == words


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("latin_1", "Visite annulée"),
        ("gb2312", "投诉信"),
        ("encoded_word_cut_in_a_character", "Åsa är så led"),
        ("injected_subject", "Hello Bcc: all@anytown.example"),
        ("nul_and_bare_cr", "Visits"),
    ],
)
def test_a_subject_is_one_clean_line(name: str, subject: str) -> None:
    assert read(name).subject == subject


def test_a_letter_may_be_only_its_files() -> None:
    letter = read("attachment_only")

    assert letter.words == ""
    assert letter.attachments == (
        Attachment("my letter.pdf", "application/pdf", 309),
        Attachment("part-3.jpg", "image/jpeg", 62, kind="photo"),
    )


def test_a_winmail_file_is_named_for_what_it_is() -> None:
    assert read("winmail").attachments == (Attachment("winmail.dat", "application/ms-tnef", 7),)


def test_a_file_name_is_safe_to_show() -> None:
    assert read("boundary_missing").attachments[0].name == "evilgnp.exe"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("outlook_reply", "Still nothing. I want the next step.\n\nDilys"),
        ("gmail_reply_in_polish", "Dzień dobry, nadal nikt nie odpowiada. Proszę o tłumacza."),
        ("iphone_reply_wrapped_introduction", "stop\n\nSent from my iPhone"),
        ("answers_between_the_lines", "Nobody came.\n\n\nOn Friday."),
        ("html_reply_gmail", "I am still waiting.\n\nDilys"),
    ],
)
def test_the_new_words_stand_apart_from_the_quoted_ones(name: str, words: str) -> None:
    letter = read(name)

    assert letter.words == words
    assert letter.quoted


@pytest.mark.parametrize("name", ["body_that_looks_like_headers", "forwarded_complaint"])
def test_when_in_doubt_everything_is_kept(name: str) -> None:
    raw = (LETTERS / f"{name}.eml").read_bytes()

    assert read(name).words.encode() == raw.partition(b"\n\n")[2].strip()


def test_words_are_never_empty_where_the_letter_is_not() -> None:
    head = b"Subject: Re: x\nIn-Reply-To: <x@a.example>\n\n"
    raw = head + b"On 2 Mar 2026 at 09:15, Your Say <y@a.example> wrote:\n> I wrote my answer inside\n"

    assert read_letter(arrival(raw)).words.endswith("> I wrote my answer inside")


def test_a_letter_enclosed_in_another_is_content() -> None:
    assert read("forward_as_attachment").words == (
        "Please see hers below.\n\nThree broken promises\n\nYou promised three times and nothing came."
    )


@pytest.mark.parametrize(
    ("name", "said"),
    [("trusted_sender", "pass"), ("failed_dmarc", "fail"), ("forged_results", "none"), ("plain_complaint", "none")],
)
def test_only_the_boundary_vouches_for_a_sender(name: str, said: str) -> None:
    assert read(name).authentication == said


@pytest.mark.parametrize(
    "results",
    [
        "mx.other.example; dmarc=pass header.from=post.example",
        "mx.anytown.example; dmarc=pass header.from=evil.example",
        "mx.anytown.example; dkim=pass header.d=evil.example; spf=pass smtp.mailfrom=post.example",
        'mx.anytown.example; x="; dmarc=pass header.from=post.example"',
        "mx.anytown.example (; dmarc=pass header.from=post.example)",
        "; dmarc=pass header.from=post.example",
        "",
    ],
)
def test_nothing_else_vouches_for_a_sender(results: str) -> None:
    raw = f"Authentication-Results: {results}\r\nFrom: a@post.example\r\n\r\nhello".encode()

    assert read_letter(arrival(raw), boundary="mx.anytown.example").authentication == "none"


def test_without_a_boundary_in_the_settings_nobody_is_vouched_for() -> None:
    assert read_letter(arrival((LETTERS / "trusted_sender.eml").read_bytes())).authentication == ""


def test_a_letter_that_comes_twice_is_one() -> None:
    """Line ends, Received, X- headers and DKIM differ from delivery to delivery; the letter doesn't."""
    raw = (LETTERS / "plain_complaint.eml").read_bytes()
    trace = b"X-Spam: no\nReceived: by imap\n\tid 3\nDKIM-Signature: x\nReceived: from retry"
    again = raw.replace(b"\r\n", b"\n").replace(b"Received: from out", trace)

    assert identity_of(again) == identity_of(raw) == read("plain_complaint").identity


@pytest.mark.parametrize("change", [(b"January", b"February"), (b"Subject: Visits", b"Subject: Visit"), (b"<m1@", b"<m2@")])
def test_a_letter_that_differs_is_another(change: tuple[bytes, bytes]) -> None:
    raw = (LETTERS / "plain_complaint.eml").read_bytes()

    assert identity_of(raw.replace(*change)) != identity_of(raw)


def test_an_imported_letter_came_when_the_topmost_received_says() -> None:
    now = datetime(2026, 6, 1, tzinfo=UTC)
    raw = (LETTERS / "plain_complaint.eml").read_bytes()
    without = raw.replace(b"Received:", b"X-Was:")

    assert received_at_of(raw, now) == datetime(2026, 3, 2, 9, 14, 7, tzinfo=UTC)
    assert received_at_of(without, now) == datetime(2026, 3, 2, 9, 13, 58, tzinfo=UTC)
    assert received_at_of(without.replace(b"2026 09:13", b"2099 09:13"), now) == now
    assert received_at_of(without, now, now.date()) == now
    assert received_at_of(without.replace(b"Date: Mon, 2 Mar 2026", b"Date: 99 Nul 0000"), now) == now


def test_an_mbox_file_holds_many_letters() -> None:
    file = (
        b"From a@x Mon Mar  2 09:14:07 2026\nFrom: a@x\n\nOne\n\nFrom now on I want letters.\n>From Monday too.\n\n"
        b"From b@x Tue Mar  3 10:00:00 2026\nFrom: b@x\n\nTwo\n"
    )

    assert list(split_mbox(file)) == [
        b"From: a@x\n\nOne\n\nFrom now on I want letters.\nFrom Monday too.\n\n",
        b"From: b@x\n\nTwo\n",
    ]
    assert list(split_mbox(b"From: a@x\n\nOne\n")) == [b"From: a@x\n\nOne\n"]
    assert list(split_mbox(b" \n")) == []


def test_of_an_mbox_file_that_is_written_askew_no_letter_is_passed_over() -> None:
    """Without the empty line before a separator, behind a mark or empty lines, with CR alone; an empty one is its separator."""
    first, second = b"From a@x Mon Mar  2 09:14:07 2026\n", b"From b@x Tue Mar  3 10:00:00 2026\n"
    letters = [b"From: a@x\n\nOne\n", b"From: b@x\n\nTwo\n"]
    file = first + letters[0] + second + letters[1]

    assert list(split_mbox(file)) == letters
    assert list(split_mbox(b"\xef\xbb\xbf" + file)) == letters
    assert list(split_mbox(b"\n\n" + file)) == letters
    assert list(split_mbox(file.replace(b"\n", b"\r"))) == letters
    assert list(split_mbox(first)) == [first]
    assert list(split_mbox(first + b"\n" + second + letters[1])) == [first + b"\n", letters[1]]
    assert list(split_mbox(first + b"From: a@x\n\nFrom b@x Tue he came.\n")) == [b"From: a@x\n\nFrom b@x Tue he came.\n"]


@pytest.mark.parametrize("lines", ["\n", "\r\n", "\n\r"])
@pytest.mark.parametrize(
    ("charset", "mark"),
    [
        ("utf-8", b""),
        ("utf-16-le", b"\xff\xfe"),
        ("utf-16-be", b"\xfe\xff"),
        ("utf-16-le", b""),
        ("utf-16-be", b""),
        ("utf-32-le", b"\xff\xfe\0\0"),
        ("utf-32-be", b""),
    ],
)
def test_fifty_letters_of_an_mbox_file_are_fifty_however_it_was_saved(charset: str, mark: bytes, lines: str) -> None:
    each = "From a@x Mon Mar  2 09:14:07 2026\nFrom: a@x\nSubject: Nó {}\n\nNobody came.\n\n>From now on it is {}.\n\n"
    file = "".join(each.format(number, number) for number in range(50)).replace("\n", lines)

    found = list(split_mbox(mark + file.encode(charset)))

    assert len(found) == 50
    read = [read_letter(arrival(one)) for one in found]
    assert [one.subject for one in read] == [f"Nó {number}" for number in range(50)]
    assert read[49].words == "Nobody came.\n\nFrom now on it is 49."


@pytest.mark.parametrize("raw", [b"", b"\r\n\r\n", b"\0\0"])
def test_only_nothing_at_all_is_unreadable(raw: bytes) -> None:
    with pytest.raises(Unreadable):
        read_letter(arrival(raw))
