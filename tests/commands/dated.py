"""Every option that takes a day, by desk: what it takes, and which days it refuses with which words.

A day is written YYYY-MM-DD, as a number of days from the one on which the command is given (`+1`), or as what is typed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from tests.commands.hearing import HEAD, MANAGER, OFFICER, Heard, the_day
from tests.commands.test_drafts import fill_in, ready

DAY = "DAY"
"""Stands for the day that is tried, and `~` for a space."""
NO_DATE = "is not a date of the form YYYY-MM-DD, like 2026-03-02"
FUTURE = "has not come"
EARLY = "is before it was received, on Monday 10 March 2025"
PAST = "has passed"
BEYOND = "lies outside the calendar"


@dataclass(frozen=True)
class Dated:
    """One option of one command, with everything else that the command needs."""

    words: str
    takes: str
    """A day that it takes."""
    refuses: Mapping[str, str] = field(default_factory=dict)
    """Days that cannot be, and the words that say so."""
    not_a_date: str = NO_DATE
    shows: bool = False
    """It changes nothing."""

    def typed(self, day: str, reference: str) -> list[str]:
        known = {"REF": reference, "OFFICER": OFFICER, "MANAGER": MANAGER, "NOW": str(the_day())}
        return [known.get(word, word).replace(DAY, _day(day)).replace("~", " ") for word in self.words.split()]


def _day(day: str) -> str:
    return str(the_day(int(day))) if day[:1] in "+-" and day[1:].isdigit() else day


@dataclass(frozen=True)
class Desk:
    """Commands of one kind, and what must be there before they are given; it returns the reference of its case."""

    ready: Callable[[Heard], str]
    commands: tuple[Dated, ...]


def done(heard: Heard, *words: str, person: str = OFFICER) -> str:
    said = heard(*words, person=person)
    assert said.code == 0, (words, said.flat)
    return said.out.strip()


def a_case(heard: Heard, received: str = "2025-03-10") -> str:
    """Statutory, by a parent, with two points of which one was upheld and put right."""
    words = ("--email", "r.green@family.example", "--from", "parent")
    reference = heard.log(*words, received=received)
    done(heard, "case", "route", reference, "statutory", "--why", "a looked-after child")
    done(heard, "case", "issue", "add", reference, "You moved me.")
    done(heard, "case", "issue", "add", reference, "Nobody calls.")
    return reference


def found_upon(heard: Heard) -> str:
    reference = a_case(heard)
    done(heard, "case", "issue", "find", reference, "1", "upheld", "--why", "no call was made")
    done(heard, "case", "remedy", reference, "1", "apology", "--what", "a letter", "--agreed-by", "Jo Field, manager")
    done(heard, "actions", "add", reference, "A call before each move.", "--owner", MANAGER, "--due", str(the_day(30)))
    done(heard, "case", "person", "add", reference, "advocate", "--name", "Ada Poole", "--address", "ada@advocates.example")
    return reference


def at_stage_2(heard: Heard) -> str:
    """Asked for on Tuesday 25 March 2025: day 25 is Thursday 1 May, day 65 Monday 30 June."""
    reference = a_case(heard)
    done(heard, "case", "record", reference, "s2_requested", "--on", "2025-03-25")
    return reference


def at_the_ombudsman(heard: Heard) -> str:
    reference = a_case(heard)
    done(heard, "case", "record", reference, "ombudsman_enquiry", "--why", "25 001 234: the whole file")
    return reference


def waiting(heard: Heard) -> str:
    reference = a_case(heard)
    ground = ("--ground", "criminal_proceedings", "--proceedings", "the trial at Leeds")
    done(heard, "hold", "put", reference, "--issue", "2", *ground, "--prejudice", "we could influence the witnesses")
    return reference


def in_danger(heard: Heard) -> str:
    reference = heard.log("--from", "parent", said="He hits me every night.")
    done(heard, "alert", "take", reference)
    return reference


def of_today(heard: Heard) -> str:
    return a_case(heard, received=str(the_day()))


def with_a_pool(heard: Heard) -> str:
    reference = at_stage_2(heard)
    for name in ("A. Person", "B. Person"):
        done(heard, "pool", "add", name, "--role", "investigator", "--role", "independent_person", "--checked-on", str(the_day()))
    done(heard, "pool", "appoint", "2", reference, "--role", "independent_person", "--declared", "knows nobody")
    return reference


def with_a_plan(heard: Heard) -> str:
    reference = a_case(heard)
    done(heard, "plan", "warn", reference, "--why", "threats by telephone", "--on", str(the_day(-10)))
    return reference


def signed(heard: Heard) -> str:
    reference = ready(heard)
    done(heard, "case", "draft", reference, "--out", "a.docx", person=MANAGER)
    fill_in(heard, "a.docx")
    done(heard, "case", "draft", reference, "--take", "a.docx", person=MANAGER)
    done(heard, "case", "check", reference)
    done(heard, "case", "sign", reference, person=HEAD)
    return reference


def with_a_joint_part(heard: Heard) -> str:
    reference = of_today(heard)
    asked = ("--with", "Anytown NHS Trust", "--consent", "signed the form", "--promised-for", str(the_day(1)), "--how", "by mail")
    done(heard, "joint", "ask", reference, *asked)
    return reference


def restored(heard: Heard) -> str:
    reference = a_case(heard)
    done(heard, "backup", "kept.zip")
    done(heard, "restore", "kept.zip")
    return reference


DESKS = {
    "a case": Desk(
        found_upon,
        (
            Dated("case record REF advocacy_offered --on DAY", "2025-03-10", {"+1": FUTURE, "2025-03-09": EARLY}),
            Dated("case record REF advocate_requested --on DAY", "2025-03-07", {"+1": FUTURE}),  # reg. 14(3)(b): asked before
            Dated("case correct REF received --why typed~wrong --on DAY", "2025-03-07", {"+1": FUTURE}),
            Dated(
                "case issue find REF 2 upheld --why none~was --on DAY",
                "2025-03-10",
                {"+1": FUTURE, "2025-03-06": "is before it was received"},
            ),
            Dated(
                "case issue confirm REF --how by~phone --on DAY",
                "2025-03-10",
                {"+1": FUTURE, "2025-03-06": "is before it was received"},
            ),
            Dated("case given REF 1 --on DAY", "+0", {"+1": FUTURE, "-1": "is before it was decided"}),
            Dated("case learn REF Call~first. --action Call --owner MANAGER --due DAY", "+0", {"-1": PAST}),
            Dated("case person appoint REF 2 --on DAY", "2025-03-10", {"+1": FUTURE}),
            Dated("case authority REF 1 on_behalf --child-says yes --asked-by me --asked-on DAY", "+0", {"+1": FUTURE}),
            Dated("case authority REF 1 own_right --until DAY", "+0", {"-1": PAST}),
            Dated(
                "case call REF --outcome no_answer --at DAY",
                "2025-10-26T01:30",  # an hour that there was twice
                {
                    "+1": "has not been made yet",
                    "2025-03-30T01:30": "No clock here showed 01:30",
                },
                "is not a moment, like 2026-03-02T16:20",
            ),
            Dated("case call REF --outcome not_now --again-on DAY", "+0", {"-1": PAST}),
            Dated("actions add REF Call --owner MANAGER --due DAY", "+0", {"-1": PAST}),
            Dated("actions move 1 DAY --why agreed~with~them", "+0", {"-1": PAST}),
            Dated(
                "actions done 1 --evidence a~note --on DAY",
                "2025-03-06",  # it may have been done already when the complaint came
                {"+1": FUTURE},
            ),
            Dated(
                "decide overrun REF --how she~agreed~by~phone --why we~want~to~hear~them --until DAY",
                "+1",
                {"+0": "is not to come"},
            ),
        ),
    ),
    "stage 2": Desk(
        at_stage_2,
        (
            Dated(
                "case record REF delay_notice --on 2025-05-01 --why many~files --until DAY",
                "2025-06-30",
                {
                    "2025-07-01": "the last day is Monday 30 June 2025",
                    "2025-05-01": "is within the first period",
                    "2025-06-21": "is no working day",
                    "2025-05-26": "is no working day",
                },
            ),
        ),
    ),
    "the Ombudsman": Desk(
        at_the_ombudsman,
        (
            Dated(
                f"case record REF ombudsman_decided --why 25~001~234:~upheld --action {MANAGER}~DAY~Train~them.",
                "+0",
                {"-1": PAST},
                "the form YYYY-MM-DD, like 2026-03-02.",
            ),
        ),
    ),
    "other proceedings": Desk(
        waiting,
        (
            Dated("hold ended REF --on DAY", "+0", {"+1": FUTURE, "-1": "is before the hold"}),
            Dated(
                "hold resubmitted REF --on DAY",
                "+0",
                {"+1": "cannot have been asked for on", "-1": "cannot have been asked for on"},
            ),
        ),
    ),
    "danger": Desk(
        in_danger,
        (
            Dated(
                "alert close REF --harm-by somebody_else --referred-to MASH --their-reference 5 --told it --at DAY~01:30",
                "2025-03-10",
                {
                    "+1": "would be in the future",
                    "2025-03-09": "is before these words came, on",
                    "2025-03-30": "No clock here showed 01:30",
                },
                "is not a moment of the form YYYY-MM-DD HH:MM, like 2026-03-02 23:40",
            ),
        ),
    ),
    "advocates": Desk(
        a_case,
        (
            Dated("advocacy offer REF --on DAY", "2025-03-10", {"+1": FUTURE, "2025-03-09": EARLY}),
            Dated("advocacy ask REF --on DAY", "2025-03-11", {"+1": FUTURE}),
            Dated("advocacy appoint REF --provider P --on DAY", "2025-03-11", {"+1": FUTURE, "2025-03-10": "is before"}),
        ),
    ),
    "answers": Desk(
        signed,
        (
            Dated("case sent REF --how post --on DAY", "+0", {"+1": FUTURE, "2025-03-09": "is before it was signed, on"}),
            Dated("case reached REF opened --on DAY", "+0", {"+1": FUTURE, "-1": "is before it was sent"}),
        ),
    ),
    "plans": Desk(
        with_a_plan,
        (
            Dated(
                "plan warn REF --why threats --on DAY",
                "2025-03-10",
                {"+1": FUTURE, "2025-03-09": "is before the case came, on Monday 10 March 2025"},
            ),
            Dated(
                "plan begin 1 --limits calls~on~Tuesdays --contact OFFICER --letter-on DAY",
                "+0",
                {"+1": "They must be told in writing", "-11": "They must be told in writing"},
            ),
            Dated("plan list --from DAY", "+1", shows=True),
            Dated("plan list --until DAY", "+1", shows=True),
        ),
    ),
    "joint replies": Desk(
        with_a_joint_part,
        (
            Dated(
                "joint ask REF --with Trust --consent signed --how mail --promised-for DAY",
                "+1",
                {"-1": "is over", "+90": "is due on"},
            ),
            Dated("joint came 1 --on DAY", "+0", {"+1": FUTURE, "-1": "is before they were asked, on"}),
        ),
    ),
    "the pool": Desk(
        with_a_pool,
        (
            Dated("pool add P. --role chair --checked-on DAY", "+0", {"+1": FUTURE}),
            Dated("pool add P. --role chair --from DAY", "+0"),
            Dated("pool add P. --role chair --from NOW --until DAY", "+0", {"-1": "they would never be there"}),
            Dated("pool check 1 --on DAY", "-1", {"+1": FUTURE}),
            Dated("pool appoint 1 REF --role investigator --declared nobody --on DAY", "+0", {"+1": FUTURE, "2025-03-09": EARLY}),
            Dated("pool hours 1 --time 1:00 --on DAY", "+0", {"+1": FUTURE, "-1": "is before they were appointed, on"}),
        ),
    ),
    "the council": Desk(
        a_case,
        (
            Dated(
                "cover add MANAGER --deputy OFFICER --until 2099-01-01 --from DAY",
                "2098-12-31",
                {"2099-01-02": "is before", "2000-01-01": "longer than a year"},
            ),
            Dated("cover add MANAGER --deputy OFFICER --from NOW --until DAY", "+0", {"-1": "is before"}),
            Dated("calendar holiday DAY --name Proclaimed", "2027-05-14", {"1999-05-14": BEYOND, "2099-05-14": BEYOND}),
            Dated(
                "calendar add --working-days 10 --from DAY",
                "2028-02-29",
                {"1999-05-14": BEYOND, "2099-05-14": BEYOND},
                shows=True,
            ),
            Dated("deadlines --procedure statutory --received DAY", "2028-02-29", {"2099-05-14": BEYOND}, shows=True),
            Dated(
                "deadlines --procedure statutory --received 2025-03-10 --event s2_requested=DAY",
                "2025-03-25",
                {"2099-05-14": BEYOND},
                shows=True,
            ),
            Dated(
                "log --by phone --words Nobody~calls. --received DAY",
                "+0",
                {"+1": "in the future", "1999-05-14": BEYOND},
                "is not a day or a moment",
            ),
            Dated("case list --date DAY", "+0", {"2099-05-14": BEYOND}, shows=True),
            Dated("remind --date DAY", "+0", {"2099-05-14": BEYOND}, shows=True),
            Dated("digest --date DAY", "+0", {"2099-05-14": BEYOND}, shows=True),
            Dated("report --to 2025-03-31 --from DAY", "2025-03-01", {"2025-04-01": "before it begins on"}, shows=True),
            Dated("report --from 2025-03-01 --to DAY", "2025-03-31", {"2025-02-28": "before it begins on"}, shows=True),
            Dated("report --year 2024-25 --as-at DAY", "+0", {"+1": FUTURE}, shows=True),
        ),
    ),
    "a restore": Desk(restored, (Dated("outbox release --drop-before DAY", "2025-01-01"),)),
}
