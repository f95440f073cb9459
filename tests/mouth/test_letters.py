"""Every letter, under every procedure and to every reader, says what law.md §8 wants of it and nothing of another procedure."""

import re
from collections.abc import Iterator, Mapping
from itertools import product

import pytest

from bot.preview.letters import FACTS, FOR_THE_CHILD, facts_of, forms
from notifications.rendering import render
from procedures.answers import answers
from procedures.letters import After, Letters, LettersError, Level, letters, letters_from
from procedures.terms import Channel, Event, Notice, Procedure
from templates.readability import sentences, words_of
from tests.mouth import samples
from tests.mouth.table_of_letters import LESS, TABLE

CHANNELS = (Channel.EMAIL, Channel.TELEGRAM)

# What comes after an answer: to families, and to professionals
NEXT: Mapping[After, tuple[str, str]] = {
    After.STAGE_2: ("Two people from outside the team", "an Investigating Officer with an Independent Person"),
    After.PANEL: ("Three people who do not work for us", "a Review Panel of three independent people"),
    After.STAGE_2_OF_THE_CODE: ("A more senior manager looks at it again", "a review by a more senior manager"),
    After.INVESTIGATION: ("Someone who was not part of it", "an investigation by somebody who was not involved"),
    After.PANEL_IN_WRITING: ("Please ask in writing, within 28 days", "in writing within 28 days"),
    After.OMBUDSMAN: ("This was our last step", "This was the last step"),
    After.COMMISSIONER: ("ask the Information Commissioner", "made to the Information Commissioner"),
    After.PERSON: ("a person will look at it again", "A person will look at it again"),
}

VOICES = ("child", "young", "adult", "unknown", "professional")
FOUND = {"number": 1, "words": "My worker does not call.", "outcome": "upheld", "reason": "Sam did not call you in May."}
ISSUE = {**FOUND, "remedies": [{"kind": "payment", "what": "We will pay for the phone.", "amount": "£20"}]}


def written(notice: Notice, procedure: str = "", voices: tuple[str, ...] = VOICES) -> Iterator[tuple[str, dict[str, object]]]:
    """Each form of a letter with its plain facts, with words for what it is."""
    if notice in FACTS:
        for form in forms(notice, voices):
            if procedure in ("", form.procedure.value):
                yield f"{notice} {form.name}", facts_of(notice, form)
        return
    for number, facts in enumerate(samples.of(notice)):
        if notice is Notice.RESPONSE and (facts["stage"] != 1 or facts["outcome"] != "upheld"):
            continue
        if notice is Notice.ACKNOWLEDGEMENT and not facts["due_on"]:
            continue
        if procedure and facts.get("procedure") != procedure:
            continue
        for voice in voices if facts.get("voice") == "child" else ():
            yield (
                f"{notice} {number} to {voice}",
                {**facts, "voice": voice} | ({"issues": [ISSUE]} if notice is Notice.RESPONSE else {}),
            )


def said(notice: Notice, channel: Channel, facts: dict[str, object]) -> str:
    return " ".join(re.sub("[\u2066\u2069]", "", render(notice, channel, "en", facts, samples.COUNCIL).text).split())


def every_letter(voices: tuple[str, ...] = VOICES) -> Iterator[tuple[str, Notice, dict[str, object], str]]:
    for notice in (Notice.ACKNOWLEDGEMENT, Notice.RESPONSE, *FACTS):
        for name, facts in written(notice, voices=voices):
            for channel in CHANNELS:
                yield f"{name} by {channel}", notice, facts, said(notice, channel, facts)


@pytest.mark.parametrize("notice", sorted({row[0] for row in TABLE}))
def test_each_letter_says_all_that_it_must(notice: Notice) -> None:
    missing = []
    for _, item, _, procedures, pattern in (row for row in TABLE if row[0] is notice):
        for procedure in procedures:
            chosen = "" if notice is Notice.THANKS or notice is Notice.DP_ACKNOWLEDGEMENT else procedure
            letters_of_it = list(written(notice, chosen))
            assert letters_of_it, (notice, procedure)
            for name, facts in letters_of_it:
                for channel in CHANNELS if notice is not Notice.THANKS else CHANNELS[:1]:
                    if any(name.endswith(form) for form in LESS.get((notice, item), ())):
                        continue
                    if not re.search(pattern, said(notice, channel, facts), re.IGNORECASE):
                        missing.append(f"{name} by {channel}: {item}")

    assert not missing


def test_the_book_of_letters_names_each_item_of_the_table_and_by_what_force() -> None:
    for notice, item, level, procedures, _ in TABLE:
        for procedure in procedures:
            rule = letters().of_notice(notice, Procedure(procedure or "statutory"))
            assert rule is not None, (notice, procedure)
            found = {one.name: one for one in rule.items_for(Procedure(procedure or "statutory"))}
            assert item in found and found[item].level.value == level, (notice, procedure, item)
            assert found[item].authority


@pytest.mark.parametrize("step", After)
def test_whatever_comes_next_is_said_to_every_reader_of_an_answer(step: After) -> None:
    """A nation's own next step, too: in plain words for families, in the field's words for professionals."""
    _, facts = next(written(Notice.RESPONSE, "statutory"))
    shown = {
        (voice, channel): said(Notice.RESPONSE, channel, {**facts, "voice": voice, "next_step": step.value, "ask_within": 28})
        for voice, channel in product(VOICES, CHANNELS)
    }

    plain, formal = NEXT[step]
    assert [who for who, text in shown.items() if (formal if who[0] == "professional" else plain) not in text] == []


def test_no_letter_says_what_is_wrong_under_its_procedure_or_at_its_stage() -> None:
    wrong = []
    for name, notice, facts, text in every_letter():
        never = [r"\byou must\b", r"\byou have to ask\b", r"\bfill in\b", r"\bif we do not hear\b", r"\bonly ask the Ombudsman\b"]
        procedure, stage = facts["procedure"], facts.get("stage", 1)
        if (procedure, stage) in (("statutory", 1), ("statutory", 2), ("corporate", 1)) and notice is not Notice.PANEL_REPORT:
            never += [r"\b(our|the) last (step|answer)\b", r"\bfinal (answer|response)\b"]
        if procedure == "corporate":
            never += [r"\bpanel\b", r"\bstage 3\b", r"Children Act (way|1989, s\. 26\(3)", r"SI 2006/1738", r"Independent Person"]
        if procedure in ("adults", "public_health", "data_protection", "other_body"):
            never += [r"\bstage [23]\b", r"\bpanel\b", r"Children Act way"]
        if procedure in ("statutory", "adults"):
            never += [r"Complaint Handling Code"]
        if stage == 1 and procedure == "statutory":
            # stage 2 has no time limit: twenty days are asked for, and never a condition
            never += [
                r"stage 2[^.]*\. [^.]*\b(must|only|no later)\b",
                r"within 20 working days(?!\. That is about four weeks\. You can still ask later| helps)",
            ]
        wrong += [f"{name}: {words}" for words in never if re.search(words, text, re.IGNORECASE)]

    assert not wrong


def test_the_next_step_is_named_before_the_ombudsman_and_never_in_its_place() -> None:
    for name, notice, facts, text in every_letter():
        if notice not in (Notice.RESPONSE, Notice.CLOSURE, Notice.TERMS, Notice.S2_RESPONSE):
            continue
        after = letters().after(Procedure(str(facts["procedure"])), int(str(facts["stage"]))).step
        step = {After.STAGE_2: "stage 2", After.STAGE_2_OF_THE_CODE: "stage 2", After.PANEL: "stage 3"}.get(after)
        if step:
            end = text[text.rindex("still not right" if notice is not Notice.TERMS else "kee" if "kee" in text else "not kept") :]
            assert re.search(rf"{step}.*Ombudsman", end), name


@pytest.mark.parametrize("notice", [Notice.RESPONSE, Notice.S2_RESPONSE, Notice.S3_RESPONSE, Notice.CLOSURE])
def test_the_rules_for_drafts_find_the_right_next_step_in_the_letters_made_here(notice: Notice) -> None:
    """`procedures/answers.toml` judges what people type; what we make ourselves must pass it too."""
    for name, facts in written(notice):
        rule = answers().next_steps.get((Procedure(str(facts["procedure"])), int(str(facts["stage"]))))
        if rule is None:
            continue
        text = said(notice, Channel.EMAIL, facts)
        for pattern in rule.must:
            assert pattern.search(text), (name, pattern.pattern)
        for pattern in rule.never:
            assert not pattern.search(text), (name, pattern.pattern)
        assert not rule.independent or "Ombudsman" in text, name


def test_every_letter_has_its_number_its_day_somebody_to_ask_another_format_and_a_way_to_stop() -> None:
    for notice in (Notice.RESPONSE, *FACTS):
        for name, facts in written(notice):
            text = said(notice, Channel.EMAIL, facts)
            for words in (
                str(facts["reference"]),
                "15 June 2026",
                "Ravi Shah",
                "01632 960 000",
                "large print, another language",
                "advocate",
            ):
                assert words in text, (name, words)
            is_over = notice in (Notice.CLOSURE, Notice.WITHDRAWAL_CONFIRMED, Notice.S3_RESPONSE, Notice.TRANSFERRED)
            if notice is Notice.RESPONSE:  # after the last step of a procedure there is nothing to stop
                is_over = (facts["procedure"], facts["stage"]) not in (("statutory", 1), ("statutory", 2), ("corporate", 1))
            if name.endswith(FOR_THE_CHILD):  # whoever complained may stop it, and not the child whom it is about
                is_over = True
            assert bool(re.search(r"To stop, reply 'stop'|can be withdrawn at any time", text)) != is_over, name


# What comes next, and which step sends which letter


def test_what_comes_next_is_named_for_every_stage_and_no_other() -> None:
    """law.md §1.6 to §1.9, §2.1, §3."""
    assert {(procedure.value, stage): one.step.value for (procedure, stage), one in letters().nexts.items()} == {
        ("statutory", 1): "stage_2",
        ("statutory", 2): "panel",
        ("statutory", 3): "ombudsman",
        ("corporate", 1): "stage_2_of_the_code",
        ("corporate", 2): "ombudsman",
        ("adults", 1): "ombudsman",
        ("public_health", 1): "ombudsman",
        ("data_protection", 1): "commissioner",
        ("other_body", 1): "person",
        ("undecided", 1): "person",
        ("member_enquiry", 1): "person",
    }
    with pytest.raises(LookupError):
        letters().after(Procedure.CORPORATE, 3)


def test_a_step_sends_the_letter_of_its_procedure() -> None:
    book = letters()

    def sent(event: Event, procedure: Procedure) -> str:
        found = book.of_step(event, procedure)
        return found.notice.value if found else ""

    assert sent(Event.COMPLEX_DECIDED, Procedure.STATUTORY) == "extension"
    assert sent(Event.DELAY_NOTICE, Procedure.STATUTORY) == "s2_delay"
    assert sent(Event.S2_EXTENDED, Procedure.CORPORATE) == "s2_delay"
    assert sent(Event.S2_REQUESTED, Procedure.STATUTORY) == "s2_acknowledgement"
    assert sent(Event.S2_REQUESTED, Procedure.CORPORATE) == ""
    assert sent(Event.S2_ACKNOWLEDGED, Procedure.CORPORATE) == "s2_acknowledgement"
    assert sent(Event.CLOSED, Procedure.ADULTS) == "closure"
    assert sent(Event.PANEL, Procedure.STATUTORY) == ""


def test_a_book_of_letters_with_mistakes_is_refused_with_each_of_them() -> None:
    text = """
    [[letter]]
    notice = "hold"
    says = "it waits"
    on = ["hold_letter"]
    colour = "red"
    [[letter]]
    notice = "terms"
    says = "what was agreed"
    on = ["closed"]
    items = [{ name = "terms", says = "the terms", level = "R" }]
    [[letter]]
    notice = "closure"
    says = "the end"
    on = ["closed"]
    [[letter]]
    notice = "hold"
    says = "the same again"
    on = ["closed"]
    [[next]]
    procedure = "statutory"
    stage = 1
    step = "nowhere"
    authority = "none"
    """
    with pytest.raises(LettersError) as refused:
        letters_from(text)

    for mistake in ("unknown key 'colour'", "authority is missing", "sends two letters", "'nowhere' is not a valid After"):
        assert mistake in str(refused.value)
    assert isinstance(letters(), Letters) and {item.level for rule in letters().letters for item in rule.items} == set(Level)


# What a professional reads


def test_a_professional_gets_the_formal_words_and_no_sentence_of_more_than_thirty() -> None:
    for name, notice, facts, text in every_letter(("professional",)):
        assert "someone on your side" not in text or notice in (Notice.ACKNOWLEDGEMENT, Notice.ADVOCATE_PENDING), name
        if facts["procedure"] == "statutory" and notice not in (Notice.CLOSURE, Notice.DP_ACKNOWLEDGEMENT):
            assert re.search(r"SI 2006/1738|Children Act 1989|reg\. \d+", text), name
        for sentence in sentences(text):
            assert len(sentence) <= 30, sentence
    assert words_of("A word.")
