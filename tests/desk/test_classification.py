"""What the words of a message show, and the words that show it."""

import json
import re
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.classification import Command, Sort, classify, predict
from intake.classification.folding import fold
from intake.classification.phrases import _HAS_IDEOGRAPH, Phrasebook, Rule, _pattern
from intake.classification.wordlists import LISTS, _read
from procedures.terms import Kind, Procedure, Risk, Role, Route

HERE = Path(__file__).parent
_A_RULE = Rule("a rule", "kind", "complaint", 1, "a source")


def test_a_complaint_brings_its_reasons() -> None:
    text = "I want to complain. My daughter’s social worker has missed four visits."
    shown = classify(text, "Complaint")

    assert (shown.sort, shown.kind, shown.procedure, shown.route) == (
        Sort.COMPLAINT,
        Kind.COMPLAINT,
        Procedure.STATUTORY,
        Route.STAT,
    )
    assert (shown.role, shown.risk, shown.tier, shown.language) == (Role.PARENT, Risk.NONE, "", "en")
    found = {(reason.field, text[reason.start : reason.end]) for reason in shown.reasons if reason.place == "text"}
    assert ("kind", "I want to complain") in found
    assert ("matter", "social worker") in found
    assert all(reason.source and reason.rule for reason in shown.reasons)


def test_what_the_person_said_of_themselves_outranks_every_guess() -> None:
    shown = classify("my son's social worker never rings back", raised_by=Role.CHILD)

    assert (shown.role, shown.complainant) == (Role.CHILD, "child")
    assert classify("my son's social worker never rings back", raised_by=Role.UNKNOWN).role is Role.PARENT


def test_without_evidence_a_person_decides_and_it_counts_as_a_complaint() -> None:
    shown = classify("I am writing about what happened at the meeting on Tuesday.")

    assert (shown.kind, shown.procedure, shown.route) == (Kind.COMPLAINT, Procedure.UNDECIDED, Route.REVIEW)
    assert shown.question


@pytest.mark.parametrize(
    "text",
    [
        "kms",
        "k m s",
        "K.M.S",
        "unalive",
        "i want to un alive",
        "I want 2 die",
        "i wаnt to diе",
        "I want to d1e",
        "su1cide",
        "s\u200buicidal",
        "i cant go on anymore",
        "been cutting again",
        "she says she will kill herself",
        "no point in living",
        "i wish i was never born",
        "I do not want to die",
        "sh again",
        "nobody would notice if i was gone",
        "everyone would be better off without me",
        "ｋｍｓ",
        "i keep thinking about stepping in front of a train",
    ],
)
def test_words_of_self_harm_are_tier_b(text: str) -> None:
    """Misspelt, disguised, in look-alike letters, denied: recall comes first (people-and-safety.md 2.9, C19)."""
    shown = classify(text)

    assert shown.tier == "B"
    assert shown.risk in {Risk.SAFEGUARDING, Risk.EMERGENCY}


@pytest.mark.parametrize(
    "text",
    [
        "he hit me",
        "my dad hits me when he drinks",
        "he touched me",
        "i was raped",
        "they locked me in the cupboard",
        "he has a knife",
        "im scared to go home",
        "he wants me to do things",
        "they make me carry weed to leeds",
        "my foster dad slaps me",
        "i dont feel safe",
        "there are bruises on my grandson",
        "he is not hitting me",
        "she broke my arm",
        "he comes in my room at night",
        "I am not being hurt",
        "my ex has found out where we live",
        "mum leaves us on our own all night",
        "we have no food in the house",
        "he puts his hands round my neck",
    ],
)
def test_words_of_harm_are_tier_a(text: str) -> None:
    shown = classify(text)

    assert shown.tier == "A"
    assert shown.risk in {Risk.SAFEGUARDING, Risk.EMERGENCY}


@pytest.mark.parametrize(
    "text",
    [
        "im gonna do it tonight i got the pills",
        "a man is hitting a little boy right now",
        "hes locked me in and hes got a hammer",
        "ive wrote my letters. tell my PA it wasnt her fault. bye",
        "im 17 and got kicked out tonight, nowhere to sleep",
        "she hasnt come back and we dont know where she is",
        "ive taken all my meds",
    ],
)
def test_danger_now_is_an_emergency(text: str) -> None:
    assert classify(text).risk is Risk.EMERGENCY


@pytest.mark.parametrize(
    "text",
    [
        "I was dying of laughter at the day out",
        "your team are killing it",
        "id be in jail or dead if it wasnt for my PA",
        "the trip was the bomb",
        "I am dying to know when you will pay me",
        "do you want blood on your hands before you change a bulb",
        "he smashed his exams",
        "you dragged me into this and dragged your feet",
        "the boiler is broken",
        "my stuff went missing in the move",
        "please shoot me an email",
        "the kids went mental for it",
        "she kicked up a fuss",
    ],
)
def test_what_only_sounds_alarming_is_left_alone(text: str) -> None:
    assert classify(text).risk in {Risk.NONE, Risk.DISTRESS}


def test_a_threat_is_told_apart() -> None:
    assert classify("I'll burn the office down tonight").tier in {"threat", "A"}
    assert classify("watch your back").tier == "threat"


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mój ojczym mnie bije, boję się wracać do domu", "pl"),
        ("أبي يضربني كل يوم وأنا خائف", "ar"),
        ("Mae fy ngweithiwr cymdeithasol wedi newid", "cy"),
        ("Mi smo tukaj, prosimo za pomoč", ""),
    ],
)
def test_a_language_without_reviewed_lists_is_looked_at_by_a_person(text: str, language: str) -> None:
    shown = classify(text)

    assert (shown.language, shown.needs_translation, shown.needs_a_look) == (language, True, True)
    assert not classify("My social worker never rings me back").needs_a_look


def test_a_message_too_long_to_read_whole_is_looked_at_by_a_person() -> None:
    assert classify("word " * 50_000).needs_a_look


@pytest.mark.parametrize(
    ("text", "subject", "command"),
    [
        ("status", "Re: We got your message", Command.STATUS),
        ("Status please.\n\nThanks\nDilys", "", Command.STATUS),
        ("", "STATUS K7M-W92-RXH4", Command.STATUS),
        ("Thanks", "status", Command.STATUS),
        ("STOP", "", Command.STOP),
        ("stop\n\nSent from my iPhone", "Re: x", Command.STOP),
        ("Please do not stop looking into this", "", None),
        ("stop ignoring me", "", None),
        ("stop\nignoring me", "", None),
        ("Stop\n\nI mean it. My son is still waiting for his transport and you know it.", "", None),
        ("next step", "", Command.NEXT_STEP),
        ("Not happy!", "", Command.NOT_HAPPY),
        ("not ok", "", Command.NOT_HAPPY),
        ("I am not happy with how you spoke to me", "", None),
        ("advocate", "", Command.ADVOCATE),
        ("an advocate told me to write", "", None),
        ("call me", "", Command.CALL),
        ("read", "", Command.READ),
        ("nobody has rung me back about my son", "Re: status", None),
        ("nobody has rung me back about my son", "status", None),
        ("", "", None),
    ],
)
def test_a_command_stands_alone(text: str, subject: str, command: Command | None) -> None:
    """people-and-safety.md 3.3; E19 to E21, C34."""
    assert classify(text, subject).command is command


def test_where_is_it_is_a_request_for_status_and_no_complaint() -> None:
    shown = classify("Could you let me know how my complaint is getting on? Thank you.")

    assert (shown.kind, shown.is_status_request) == (Kind.ENQUIRY, True)


@pytest.mark.parametrize(
    ("text", "subject", "sort"),
    [
        ("I am out of the office until 4 May.", "Automatic reply: COMPLAINT ABOUT SOCIAL WORKER", Sort.SPAM_OR_AUTO),
        ("test test 123", "", Sort.SPAM_OR_AUTO),
        ("🙂", "", Sort.SPAM_OR_AUTO),
        ("Oh great, another new social worker. Well done guys, thats 7 now", "", Sort.COMPLAINT),
        ("how do i make a complaint about a social worker", "", Sort.ENQUIRY),
        ("I want to withdraw my complaint", "", Sort.ENQUIRY),
        ("I have had the stage 1 reply and do not accept it. Please take it to stage 2.", "", Sort.COMPLAINT),
        ("I'll go to the Ombudsman if my son's social worker does not ring", "", Sort.COMPLAINT),
    ],
)
def test_what_it_is(text: str, subject: str, sort: Sort) -> None:
    assert classify(text, subject).sort is sort


def test_a_prediction_has_the_shape_of_the_command_line() -> None:
    record = {
        "id": "x1",
        "channel": "telegram",
        "text": "my foster dad slaps me and nobody listens",
        "kind": "compliment",
        "procedure": "corporate",
    }

    shown = predict(record)

    assert list(shown) == [
        "id",
        "kind",
        "procedure",
        "route",
        "themes",
        "service",
        "complainant",
        "on_behalf",
        "issues",
        "risk",
        "language",
        "wants",
        "reasons",
    ]
    assert (shown["id"], shown["kind"], shown["procedure"], shown["risk"]) == ("x1", "complaint", "statutory", "safeguarding")
    assert all(list(reason) == ["field", "value", "in", "start", "end", "rule", "source"] for reason in shown["reasons"])
    json.dumps(shown)


@settings(max_examples=200, deadline=None)
@given(
    st.text(max_size=80),
    st.sampled_from(["nobody ", "he hit me ", "İ can’t ", "ﬁne ", "thank you ", "k\u200bm\u200bs ", "e\u0301 "]),
)
def test_every_reason_points_at_words_that_are_there(noise: str, words: str) -> None:
    text = f"{noise} {words}{noise}"

    for reason in classify(text, text).reasons:
        assert 0 <= reason.start <= reason.end <= len(text)


def test_folding_keeps_the_way_back() -> None:
    text = "He’s ﬁne, İ’m not: k\u200bm\u200bs"
    folded = fold(text)
    start = folded.text.index("kms")

    assert text[slice(*folded.span(start, start + 3))] == "k\u200bm\u200bs"


@pytest.mark.parametrize("name", LISTS)
def test_every_phrase_of_the_lists_matches_itself_and_has_a_source(name: str) -> None:
    for phrase, rule in _read(name):
        assert rule.source
        assert len(_pattern(phrase)) > 3 or (len(phrase) > 1 and _HAS_IDEOGRAPH.match(phrase))


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("(no-one|nobody) (has|ever) come", "so no one has come", "no one has come"),
        ("(no-one|nobody) (has|ever) come", "so noone ever come", "noone ever come"),
        ("(no-one|nobody) (has|ever) come", "no one came, nobody has", ""),
        ("(unsafe|not safe)", "it is not, safe", "not, safe"),
        ("(unsafe|not safe)", "unsafe!", "unsafe"),
        ("(unsafe|not safe)", "not so safe", ""),
        ("(my|our) (new)? social worker*", "our social workers", "our social workers"),
        ("(please)? treat this", "_treat_this", "treat_this"),
        ("plac* (the|a) child", "placing the child", "placing the child"),
        ("plac* (the|a) child", "plain the child", ""),
        (r"aged (1\d|9)", "aged 14", "aged 14"),
        ("left ... (in the cold|outside)", "left two hours outside", "left two hours outside"),
        ("left ... (in the cold|outside)", "left. Outside", ""),
        ("maternală (este|nu)", "asistenta maternală nu", "maternală nu"),
    ],
)
def test_a_phrase_is_found_where_its_words_stand(phrase: str, text: str, found: str) -> None:
    hits = Phrasebook([(phrase, _A_RULE)]).hits(fold(text))

    assert [text[hit.start : hit.end] for hit in hits] == [found] * bool(found)


def test_nothing_is_passed_over_that_trying_every_phrase_at_every_word_would_find() -> None:
    messages = [json.loads(line)["text"] for line in (HERE / "messages_dev.jsonl").read_text("utf-8").splitlines()]
    text = fold("\n".join(messages[::16]))
    phrases = [phrase for name in LISTS for phrase in _read(name)]
    places = [match.start() for match in re.finditer(r"[^\W_]+", text.text)]

    patient = {(rule, at) for words, rule in phrases for at in _tried(re.compile(_pattern(words)), text.text, places)}
    assert patient == {(hit.rule, hit.start) for hit in Phrasebook(phrases).hits(text)}


def _tried(pattern: re.Pattern[str], text: str, places: list[int]) -> list[int]:
    return [at for at in places if pattern.match(text, at)]


@pytest.mark.parametrize("phrase", ["* of it", "ab* (the|a) child", "... outside", "(a|b"])
def test_a_phrase_that_cannot_be_looked_for_is_refused(phrase: str) -> None:
    with pytest.raises(ValueError, match=r"begin with words|not closed"):
        Phrasebook([(phrase, _A_RULE)])


@pytest.mark.parametrize(
    "text",
    ["On " * 66_000, "nobody had the " * 14_000, "i want to die " * 15_000, "a" * 1_000_000, "ж " * 100_000, "my " * 70_000],
    ids=range(6),
)
def test_no_text_takes_long(text: str) -> None:
    began = time.process_time()

    classify(text)

    assert time.process_time() - began < 4


ALARM = {"safeguarding", "emergency"}


@pytest.mark.parametrize(
    ("file", "kinds", "procedures", "alarms", "false_alarms"),
    [("messages_dev.jsonl", 0.97, 0.95, 1.0, 0.03), ("messages_own.jsonl", 0.95, 0.92, 0.97, 0.04)],
)
def test_measured_on_labelled_messages(file: str, kinds: float, procedures: float, alarms: float, false_alarms: float) -> None:
    """Floors just under what is reached. Both files were seen while the lists were written: they guard, they don't promise."""
    gold = [json.loads(line) for line in (HERE / file).read_text("utf-8").splitlines()]
    pairs = [(record, predict(record)) for record in gold]
    complaints = [(record, shown) for record, shown in pairs if record["kind"] == "complaint"]
    in_danger = [shown["risk"] in ALARM for record, shown in pairs if record["risk"] in ALARM]
    out_of_danger = [shown["risk"] in ALARM for record, shown in pairs if record["risk"] not in ALARM]

    assert sum(record["kind"] == shown["kind"] for record, shown in pairs) / len(pairs) >= kinds
    assert sum(record["procedure"] == shown["procedure"] for record, shown in complaints) / len(complaints) >= procedures
    assert sum(in_danger) / len(in_danger) >= alarms
    assert sum(out_of_danger) / len(out_of_danger) <= false_alarms


def test_danger_in_many_voices_is_noticed_and_what_only_sounds_so_is_not() -> None:
    """115 messages in danger, 90 that only sound so, written before these lists were widened: then 52 were noticed, now 110.

    They guard what is reached. For what was never seen by whoever writes the lists see the next one.
    """
    told = [json.loads(line) for line in (HERE / "messages_danger.jsonl").read_text("utf-8").splitlines()]
    noticed = {one["id"]: classify(one["text"]).tier in {"A", "B", "threat"} for one in told}
    in_danger = [noticed[one["id"]] for one in told if one["risk"] != "none"]
    out_of_danger = [noticed[one["id"]] for one in told if one["risk"] == "none"]

    assert sum(in_danger) / len(in_danger) >= 0.95
    assert sum(out_of_danger) / len(out_of_danger) <= 0.02


def test_what_is_said_guardedly_is_mostly_left_to_the_person_who_reads_it() -> None:
    """263 messages by another hand that had not seen the lists, said as people say it who are ashamed, guarded or used to it.

    Of 134 in danger 36 are noticed by their words, 8 more for their language; of 129 that are not, 28 ring. These are floors, low
    as they are: whoever works on the lists measures here and does not read the messages.
    """
    told = [json.loads(line) for line in (HERE / "messages_unseen.jsonl").read_text("utf-8").splitlines()]
    shown = [(one["risk"] in ALARM, classify(one["text"])) for one in told]
    noticed = [is_danger and (reading.tier in {"A", "B", "threat"} or reading.needs_a_look) for is_danger, reading in shown]
    rings = [not is_danger and reading.tier in {"A", "B", "threat"} for is_danger, reading in shown]

    assert sum(noticed) >= 44
    assert sum(rings) <= 28


def test_nobody_who_tells_of_harm_is_thanked_for_praise() -> None:
    """By weight a report of few words, under the heading of a letter about a worker, is praise by two hundredths."""
    told = classify("He hits me every night. I am scared.", "Our social worker")

    assert told.sort in {Sort.COMPLAINT, Sort.SAFEGUARDING}
    assert told.risk is Risk.SAFEGUARDING
