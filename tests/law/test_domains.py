"""Whose a domain is, by the public suffix list that is shipped with a package, and how mail servers write it."""

import pytest

from procedures.domains import are_of_one_organisation, as_servers_know_it


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("anytown.gov.uk", "anytown.gov.uk"),
        ("mail.anytown.gov.uk", "anytown.gov.uk"),
        ("post.hill.anytown.sch.uk", "hill.anytown.sch.uk"),
        ("mail.home.example", "home.example"),
        ("a.sam.github.io", "sam.github.io"),
        ("mail.anytown.onmicrosoft.com", "anytown.onmicrosoft.com"),
    ],
)
def test_domains_below_one_that_somebody_registered_are_of_one_organisation(one: str, other: str) -> None:
    """RFC 7489, 3.2: the organisational domain is the public suffix and one label more."""
    assert are_of_one_organisation(one, other) and are_of_one_organisation(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("", ""),
        ("gov.uk", "anytown.gov.uk"),
        ("othertown.gov.uk", "anytown.gov.uk"),
        ("anytown.sch.uk", "hill.anytown.sch.uk"),
        ("dale.anytown.sch.uk", "hill.anytown.sch.uk"),
        ("github.io", "sam.github.io"),
        ("kim.github.io", "sam.github.io"),
        ("onmicrosoft.com", "anytown.onmicrosoft.com"),
        ("othertown.onmicrosoft.com", "anytown.onmicrosoft.com"),
        ("trust.nhs.uk", "other.nhs.uk"),
        ("s3.eu-west-2.amazonaws.com", "other.s3.eu-west-2.amazonaws.com"),
        ("uk", "anytown.gov.uk"),
        ("xanytown.gov.uk", "anytown.gov.uk"),
        ("mail.anytown.gov.uk", "news.anytown.gov.uk"),  # the RFC would believe this; and then these, too:
        ("anytown.gov.uk.cjsm.net", "othertown.gov.uk.cjsm.net"),
        ("north.pnn.police.uk", "south.pnn.police.uk"),
        ("north.wales.nhs.uk", "south.wales.nhs.uk"),
    ],
)
def test_neither_a_public_suffix_nor_a_neighbour_makes_anybody_one_organisation(one: str, other: str) -> None:
    assert not are_of_one_organisation(one, other) and not are_of_one_organisation(other, one)


@pytest.mark.parametrize(
    ("written", "known"),
    [
        ("anna@bücher.example", "anna@xn--bcher-kva.example"),
        ("anna@BÜCHER.example", "anna@xn--bcher-kva.example"),
        ("anna@straße.example", "anna@xn--strae-oqa.example"),  # RFC 5891 keeps the sharp s, which the older rule made "ss"
        ("Anna@Home.example", "Anna@Home.example"),
        ("anna@почта.example", "anna@xn--80a1acny.example"),
        ("anna@p\u043est.example", "anna@p\u043est.example"),  # its o is a Cyrillic one: it is not to look like post.example
        ("anna@bü..example", "anna@bü..example"),
        *(
            (f"c.officer@{domain}", f"c.officer@{domain}")  # none of these is to become the council's anytown.gov.uk
            for domain in (
                "\uff41nytown.gov.uk",  # a full-width a
                "\u24d0nytown.gov.uk",  # a in a circle
                "anytown\u3002gov.uk",  # the dot of East Asia
                "any\u200btown.gov.uk",  # a space without width
                "any\u00adtown.gov.uk",  # a soft hyphen
                "anytown.gov.u\u212a",  # the sign of Kelvin
            )
        ),
        ("anna@" + "ü" * 300 + ".example", "anna@" + "ü" * 300 + ".example"),
    ],
)
def test_a_domain_of_other_letters_is_written_as_mail_servers_know_it(written: str, known: str) -> None:
    assert as_servers_know_it(written) == known
