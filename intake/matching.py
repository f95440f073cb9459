"""Which case is a letter about? A reference alone is a name, not a key: it never opens a case to a stranger."""

from dataclasses import dataclass
from enum import StrEnum

from casework.reference import references_in
from casework.representation import fold_address
from intake.arrival import Letter
from intake.letters import TOKEN_IN_ADDRESS
from storage.inbound import Known
from storage.tables import CaseRow

QUOTED_LOOKED_AT = 4000
"""Characters of quoted text in which a reference may stand."""


ANSWERED, RETURNED = "c", "b"
"""The mark before a token: in the address that people answer to, and in the envelope's, that a bounce comes back to."""


class Trust(StrEnum):
    """How sure it is that a letter belongs to a case."""

    KEY = "key"
    """A party of the case answers a letter of ours: it names our unguessable Message-ID or reply address."""
    THREAD = "thread"
    """A party of the case, but only the thread of their own letter or the reference says so: added, nothing said back."""
    NONE = "none"


@dataclass(frozen=True)
class Belonging:
    """What a letter belongs to. `claims` are cases that it names without right: for an officer, never told to the writer."""

    case: CaseRow | None
    trust: Trust
    claims: tuple[str, ...] = ()


def our_message_ids(letter: Letter, domain: str) -> tuple[str, ...]:
    """Ids of ours that a letter names: in its thread, or as the token of an address of ours that it was sent to."""
    return tuple(dict.fromkeys([*letter.references, *_ids_in_addresses(letter, domain)]))


def returned_ids(letter: Letter, domain: str) -> tuple[str, ...]:
    """Ids of ours that failed, the surest first: the address that a bounce came to names a letter, and so may what it quotes.

    Only a letter that says that something failed has any: who is away answers to the same address (RFC 3834, 4).
    """
    to = _ids_in_addresses(letter, domain, RETURNED) if letter.says_it_failed else ()
    return tuple(dict.fromkeys(one for one in (*to, letter.failed_message_id) if one))


def _ids_in_addresses(letter: Letter, domain: str, marks: str = ANSWERED + RETURNED) -> tuple[str, ...]:
    """The ids whose tokens stand in addresses, as they are and in lower case: some mail systems write addresses in capitals."""
    found = (TOKEN_IN_ADDRESS.search(recipient) for recipient in letter.recipients)
    tokens = (token for match in found if match and match[1].lower() in marks for token in (match[2], match[2].lower()))
    return tuple(dict.fromkeys(f"<{token}@{domain}>" for token in tokens))


def named_references(letter: Letter) -> tuple[str, ...]:
    """Case references that stand in the subject, the words or the quoted text."""
    return references_in("\n".join((letter.subject, letter.words, letter.quoted[:QUOTED_LOOKED_AT])))


def is_forged(letter: Letter) -> bool:
    """Whether the council's own boundary says that somebody else wrote this, or nobody is named."""
    return letter.authentication == "fail" or not letter.sender


def is_party(letter: Letter, case: str, known: Known) -> bool:
    """Whether the writer is on file for a case. A letter that failed the council's own check of its sender is nobody's."""
    if is_forged(letter):
        return False
    return case in known.by_address.get(fold_address(letter.sender), ())


def is_verified(letter: Letter, *, by_key: bool = False) -> bool:
    """Whether the writer is who the letter says: only to them is anything said of what is on file.

    With a boundary that vouches for senders: whom it passed (people-and-safety.md 6.2). Without one anybody may write any
    From, so only who answers a letter of ours by its key, which nobody but its reader knows (practice.md §3: an unverified
    request sends nothing to anybody on file).
    """
    return bool(letter.sender) and (letter.authentication == "pass" or (by_key and not letter.authentication))


def belongs(letter: Letter, known: Known, domain: str) -> Belonging:
    """Say which case a letter belongs to, and how sure that is."""
    ours = our_message_ids(letter, domain)
    by_key = [known.sent[one].case_reference for one in ours if one in known.sent]
    by_thread = [known.written[one] for one in letter.references if one in known.written]
    named = [one for one in named_references(letter) if one in known.cases]
    for references, trust in ((by_key, Trust.KEY), (by_thread, Trust.THREAD), (named, Trust.THREAD)):
        for reference in references:
            if reference and is_party(letter, reference, known) and reference in known.cases:
                sure = trust is Trust.KEY and is_verified(letter, by_key=True)
                return Belonging(known.cases[reference], Trust.KEY if sure else Trust.THREAD)
    claims = tuple(dict.fromkeys(one for one in (*by_key, *by_thread, *named) if one))
    return Belonging(None, Trust.NONE, claims)
