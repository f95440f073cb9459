"""Invented facts for the letters of a case: each under every procedure that has it, to each kind of reader."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procedures.letters import letters
from procedures.terms import Notice, Procedure

REFERENCE = "K7M-W92-RXHC"
READERS = {"child": "a young person", "young": "a care leaver", "adult": "a parent", "professional": "an advocate"}
_ISSUES = ["My worker does not call me back.", "I had to move, and no one told me why."]
_ACTIONS = [
    {"what": "Sam will call you each Friday at 4.", "by": "2026-07-03"},
    {"what": "We will put the file right.", "by": None},
]
_FOUND = [
    {
        "number": number,
        "words": words,
        "outcome": outcome,
        "reason": reason,
        "remedies": [{"kind": "payment", "what": remedy, "amount": amount}] if remedy else [],
    }
    for number, words, outcome, reason, remedy, amount in (
        (1, _ISSUES[0], "upheld", "Sam had no phone in May, and no one else called.", "We will pay for your calls.", "£20"),
        (2, _ISSUES[1], "not_upheld", "Ada told you on 4 May. We know that it was hard to hear.", "", ""),
    )
]
_WORDS = "Sam is sorry, and so are we. Sam did not call you in May. That was wrong."
_WAYS = (Procedure.STATUTORY, Procedure.CORPORATE, Procedure.ADULTS, Procedure.PUBLIC_HEALTH, Procedure.DATA_PROTECTION)

FACTS: Mapping[Notice, Mapping[str, Any]] = {
    Notice.INTEREST_ACCEPTED: {
        "reason": "He stays with you each weekend, and he told us that he wants you to help him.",
        "start_on": "2026-06-15",
        "due_on": "2026-06-29",
    },
    Notice.LATE_ACCEPTED: {
        "reason": "You were ill until May, and the people who knew are still here.",
        "due_on": "2026-06-26",
    },
    Notice.FREEZE: {
        "decision": "waits",
        "reason": "You do well where you are, and no one has asked you yet.",
        "due_on": "2026-06-26",
    },
    Notice.LATER_START: {"start_on": "2026-07-06", "old_due_on": "2026-06-26", "due_on": "2026-07-20"},
    Notice.LATE_PANEL_ACCEPTED: {
        "reason": "Our letter went to your old home, so you had it late.",
        "start_on": "2026-06-12",
        "panel_by": "2026-07-24",
    },
    Notice.LATE_PANEL_REFUSED: {
        "reason": "All that you told us was found to be right, and three people could not give you more.",
        "why_late": "You were at your aunt's and had no phone. We do not blame you.",
        "worth": "Not much. You were right about each point, and we have done all that we said.",
        "start_on": "2026-06-12",
        "asked_by": "2026-06-05",
    },
    Notice.EARLY_REFERRAL: {
        "reason": "You do not want to wait for a panel. You want to ask for more money for the lost year.",
        "asked_by": "2026-06-30",
        "had_asked": False,
    },
    Notice.INTEREST_REFUSED: {"reason": "You met once, in 2019. We asked the child, and they do not know you."},
    Notice.LATE_REFUSED: {
        "reason": "The people who knew have left, and the notes from then are gone.",
        "sooner": "We think so. You had help from a lawyer at that time.",
        "fairly": "No. No one who was there can tell us what was said.",
    },
    Notice.HOLD: {
        "reason": "What Sam said on 4 May has to wait. A judge hears about it on 2 July. Two talks at once could spoil it.",
        "goes_on": "",
    },
    Notice.RESUBMIT: {"ended_on": "2026-06-12", "resubmit_by": "2027-06-12"},
    Notice.ADVOCATE_PENDING: {"appointed": False, "appointed_on": None, "arranging": "", "due_on": "2026-06-26"},
    Notice.EXTENSION: {
        "reason": "Three teams hold parts of the file, and we have to read them all.",
        "old_due_on": "2026-06-26",
        "due_on": "2026-07-10",
    },
    Notice.TERMS: {
        "terms": "Sam will call you each Friday. You will see your sister on 4 July.",
        "agreed_on": "2026-06-12",
        "actions": _ACTIONS,
    },
    Notice.S2_ACKNOWLEDGEMENT: {
        "issues": _ISSUES,
        "start_on": "2026-06-12",
        "due_on": "2026-07-17",
        "longest_on": "2026-09-14",
        "io_name": "Ada Bell",
        "ip_name": "Tom Field",
    },
    Notice.S2_DELAY: {
        "reason": "Two people who were there are away until 10 July, and we want to hear them.",
        "old_due_on": "2026-07-17",
        "due_on": "2026-08-14",
    },
    Notice.S2_RESPONSE: {"issues": _FOUND, "words": _WORDS, "outcome": "partially_upheld", "actions": _ACTIONS},
    Notice.S3_ACKNOWLEDGEMENT: {
        "start_on": "2026-06-12",
        "panel_by": "2026-07-24",
        "choices": "Monday 6 July at 2pm, or Thursday 9 July at 10am.",
        "papers_by": "2026-06-26",
    },
    Notice.PANEL_REPORT: {
        "met_on": "2026-07-09",
        "summary": "You had to move three times in one year. No one asked you first.",
        "recommendations": "Say sorry. Ask young people before each move. Pay for the bike that was lost.",
        "answer_by": "2026-08-06",
    },
    Notice.S3_RESPONSE: {
        "issues": _FOUND,
        "words": "They are right, and we are sorry. We will ask young people before each move.",
        "outcome": "upheld",
        "actions": _ACTIONS,
        "not_accepted": "We can not pay for the bike. It was found, and it is with your aunt.",
    },
    Notice.WITHDRAWAL_CONFIRMED: {"withdrawn_on": "2026-06-12", "still_looking": ""},
    Notice.REROUTED: {
        "reason": "We know more now about where you lived then.",
        "received_on": "2026-06-12",
        "due_on": "2026-06-26",
    },
    Notice.TRANSFERRED: {"body": "the Health Team", "reason": "You told us about the nurse. She works for them, not for us."},
    Notice.REOPENED: {
        "reason": "You wrote to us that the visits stopped again.",
        "was": "closed",
        "was_on": "2026-06-01",
        "due_on": "2026-06-26",
        "is_late": False,
        "again_by": None,
        "answered_on": None,
    },
    Notice.DP_ACKNOWLEDGEMENT: {"received_on": "2026-06-12"},
    Notice.CLOSURE: {"outcome": "upheld", "left_to_do": 2, "asks_about_them": True},
}
"""What each letter is about, besides whom it goes to and under which procedure."""

FOR_THE_CHILD = "where somebody else complained about them"
"""To the child whom it is about, in words that an officer gives for them."""
_OTHER_FORMS: Mapping[Notice, Mapping[str, Mapping[str, Any]]] = {
    Notice.ADVOCATE_PENDING: {"once there is one": {"appointed": True, "appointed_on": "2026-06-16", "due_on": "2026-06-30"}},
    Notice.EXTENSION: {"as they agreed": {"agreed": True}},
    Notice.INTEREST_ACCEPTED: {
        "with no date yet": {"due_on": None, "reason": ""},
        "where it starts later still": {"counts_from": "2026-06-22", "counts_since": "agreed_start", "due_on": "2026-07-06"},
        FOR_THE_CHILD: {"about_you": True, "reason": "Your gran wants you to see her more, and we will ask you about it."},
    },
    Notice.INTEREST_REFUSED: {
        FOR_THE_CHILD: {"about_you": True, "reason": "Your old coach asked us. You told Sam that you do not want that."},
    },
    Notice.LATE_ACCEPTED: {"with no date yet": {"due_on": None, "reason": ""}},
    Notice.FREEZE: {
        "where it goes on": {"decision": "goes_on", "reason": "The home shuts on Friday, and you would have no bed there."},
        "with no date yet": {"due_on": None, "reason": ""},
    },
    Notice.LATER_START: {
        "with no date yet": {"due_on": None, "old_due_on": None},
        "where it starts later still": {
            "counts_from": "2026-07-13",
            "counts_since": "advocate_appointed",
            "due_on": "2026-07-27",
        },
    },
    Notice.LATE_PANEL_ACCEPTED: {"with no date yet": {"panel_by": None, "reason": ""}},
    Notice.LATE_PANEL_REFUSED: {"after a second look": {"again": "yes"}, "with no days": {"start_on": None, "asked_by": None}},
    Notice.EARLY_REFERRAL: {
        "after they asked for a panel": {"asked_by": None, "had_asked": True},
        "after the time to ask": {"asked_by": None},
    },
    Notice.S2_ACKNOWLEDGEMENT: {"with no names yet": {"io_name": "", "ip_name": "", "issues": []}},
    Notice.CLOSURE: {"with nothing left to do": {"left_to_do": 0, "outcome": None}},
    Notice.HOLD: {"with what goes on": {"goes_on": "We go on with the move, and with the lost bike."}},
    Notice.REOPENED: {
        "after they stopped it": {"was": "withdrawn", "due_on": "2026-06-08", "is_late": True},
        "after it was passed on": {"was": "transferred", "reason": "They sent it back. It is for us to look into."},
        "where a refusal is looked at again": {"due_on": None, "again_by": "2026-06-22"},
        "where a panel is looked at again": {"due_on": None, "again_by": "2026-06-22", "again_what": "panel"},
        "after our answer": {"due_on": None, "answered_on": "2026-06-01"},
        "with no date yet": {"due_on": None},
    },
    Notice.RESUBMIT: {"with no date": {"ended_on": None, "resubmit_by": None}},
    Notice.S3_ACKNOWLEDGEMENT: {"with no days yet": {"panel_by": None, "choices": "", "papers_by": None}},
    Notice.TERMS: {"with no list": {"actions": [], "agreed_on": None}},
}
_STAGES: Mapping[Notice, tuple[int, ...]] = {
    **dict.fromkeys((Notice.S2_ACKNOWLEDGEMENT, Notice.S2_DELAY, Notice.S2_RESPONSE, Notice.EARLY_REFERRAL), (2,)),
    **dict.fromkeys((Notice.LATE_PANEL_ACCEPTED, Notice.LATE_PANEL_REFUSED, Notice.S3_ACKNOWLEDGEMENT), (3,)),
    **dict.fromkeys((Notice.PANEL_REPORT, Notice.S3_RESPONSE), (3,)),
    Notice.CLOSURE: (1, 2, 3),
}


@dataclass(frozen=True)
class Form:
    """A letter to one kind of reader under one procedure and stage."""

    procedure: Procedure
    stage: int
    voice: str
    other: str = ""
    """What else sets it apart."""

    @property
    def name(self) -> str:
        words = [f"to {READERS.get(self.voice, 'someone unknown')}", self.procedure.value.replace("_", " ")]
        words += [f"stage {self.stage}"] if self.stage > 1 else []
        return ", ".join([*words, self.other] if self.other else words)


def forms(notice: Notice, voices: tuple[str, ...] = tuple(READERS)) -> Iterator[Form]:
    """Every form of a letter: each procedure and stage that has it, each reader, each shape of its facts."""
    for procedure in _procedures(notice):
        for stage in _STAGES.get(notice, (1,)):
            if (procedure, stage) in letters().nexts:
                for voice in voices:
                    yield Form(procedure, stage, voice)
                    for other in _OTHER_FORMS.get(notice, {}):
                        if other != FOR_THE_CHILD or (voice == "child" and procedure is not Procedure.CORPORATE):
                            yield Form(procedure, stage, voice, other)


def some_forms(notice: Notice) -> Iterator[Form]:
    """Those that whoever signs the words off must see: every reader once, every procedure and shape once."""
    every = list(forms(notice, ("child", "adult", "professional")))
    first = every[0]
    for form in every:
        is_first_way = (form.procedure, form.stage) == (first.procedure, first.stage)
        if (form.voice == "child" and form.other and is_first_way) or (
            not form.other and (is_first_way or form.voice == "adult")
        ):
            yield form


def facts_of(notice: Notice, form: Form) -> dict[str, Any]:
    """The facts of one form."""
    after = letters().after(form.procedure, form.stage)
    more = _OTHER_FORMS[notice][form.other] if form.other else {}
    return {
        "reference": REFERENCE,
        "voice": form.voice,
        "procedure": form.procedure.value,
        "stage": form.stage,
        "next_step": after.step.value,
        "ask_within": after.ask_within,
        "ask_by": "2026-07-13" if notice is Notice.S2_RESPONSE and after.ask_within else None,
        "contact": "Ravi Shah",
        "written_on": "2026-06-15",
        **FACTS[notice],
        **more,
    }


def _procedures(notice: Notice) -> tuple[Procedure, ...]:
    rules = [rule for rule in letters().letters if rule.notice is notice]
    named = tuple(dict.fromkeys(procedure for rule in rules for procedure in rule.procedures))  # some have a rule a nation
    if notice is Notice.DP_ACKNOWLEDGEMENT:
        return (Procedure.DATA_PROTECTION, Procedure.STATUTORY)
    return named or (*_WAYS, Procedure.OTHER_BODY)
