"""A child who writes in another language is heard as one who writes in English: with accents or without, in any script.

The lists of words/danger are by no speaker yet, so a person reads each such message whatever they find.
"""

from pathlib import Path

import pytest

from intake.classification import classify, wordlists
from intake.classification.folding import fold
from intake.classification.language import language_of
from intake.classification.phrases import Phrasebook, Rule
from intake.classification.wordlists import LISTS, WordListError, phrases_of, reviewed
from procedures.terms import Risk

ALARMS = {Risk.SAFEGUARDING, Risk.EMERGENCY}
IN_DANGER = (
    ("am", "አባቴ በየቀኑ ይመታኛል፣ በጣም እፈራለሁ"),
    ("ar", "زوج أمي يضربني كل ليلة ولا أريد أن أرجع"),
    ("bg", "Баща ми ме бие с колан, страх ме е да се прибера"),
    ("bn", "আমার চাচা আমাকে রোজ মারে, আমি বাসায় যেতে ভয় পাই"),
    ("ckb", "باوکم لێم دەدات و زۆر دەترسم"),
    ("cs", "Otčím mě bije a bojím se jít domů"),
    ("cy", "mae o'n fy nharo i bob nos a dwi ofn mynd adra"),
    ("de", "Mein Stiefvater schlägt mich fast jeden Abend, ich habe Angst vor ihm"),
    ("el", "Ο πατριός μου με χτυπάει κάθε βράδυ και φοβάμαι"),
    ("es", "mi padrastro me pega y tengo miedo de volver a casa"),
    ("fa", "پدرم مرا می‌زند و از او می‌ترسم"),
    ("fr", "mon beau-père me frappe et j'ai peur de rentrer"),
    ("gu", "મારા કાકા મને રોજ મારે છે અને મને ડર લાગે છે"),
    ("hi", "मेरे चाचा मुझे रोज़ पीटते हैं और मुझे डर लगता है"),
    ("hu", "az apám megver ha részeg és félek hazamenni"),
    ("it", "il mio patrigno mi picchia e ho paura di tornare a casa"),
    ("ku", "bavê min li min dide û ez ditirsim"),
    ("lt", "patėvis mane muša ir aš bijau grįžti namo"),
    ("lv", "patēvs mani sit un man ir bail iet mājās"),
    ("nl", "mijn stiefvader slaat mij en ik ben bang voor hem"),
    ("pa", "ਮੇਰਾ ਚਾਚਾ ਮੈਨੂੰ ਰੋਜ਼ ਕੁੱਟਦਾ ਹੈ ਤੇ ਮੈਨੂੰ ਡਰ ਲੱਗਦਾ ਹੈ"),
    ("pl", "wujek mnie bije i boję się wracać do domu"),
    ("ps", "پلار مې هره ورځ وهي او زه وېرېږم"),
    ("pt", "o meu tio bate-me e tenho medo de ir para casa"),
    ("ro", "unchiul mă bate și mi-e frică să merg acasă"),
    ("ru", "отчим меня бьёт, я боюсь идти домой"),
    ("sk", "otčim ma bije a bojím sa ísť domov"),
    ("so", "adeerkay wuu i garaacaa waana baqayaa"),
    ("sq", "njerku më rreh dhe kam frikë të shkoj në shtëpi"),
    ("sw", "baba wa kambo ananipiga na naogopa kurudi nyumbani"),
    ("ta", "என் மாமா என்னை தினமும் அடிக்கிறார், பயமாக இருக்கு"),
    ("ti", "ሓወቦይ ይሃርመኒ፡ እፈርሕ ኣለኹ"),
    ("tl", "sinasaktan ako ng tiyo ko at natatakot ako"),
    ("tr", "amcam beni dövüyor, eve gitmeye korkuyorum"),
    ("uk", "вітчим б'є мене, я боюся йти додому"),
    ("ur", "میرے چچا مجھے مارتے ہیں اور مجھے ڈر لگتا ہے"),
    ("vi", "chú hay đánh em, em sợ lắm"),
    ("zh", "叔叔每天打我，我不敢回家"),
)
WANTS_TO_DIE = (
    "Nie chcę już żyć",
    "nie chce juz zyc",
    "nu mai vreau să trăiesc",
    "ya no quiero vivir",
    "je ne veux plus vivre",
    "não quero mais viver",
    "Vorrei morire",
    "Ich will nicht mehr leben",
    "yaşamak istemiyorum",
    "не хочу більше жити",
    "не хочу больше жить",
    "لا أريد أن أعيش",
    "میں جینا نہیں چاہتی",
    "আমি মরে যেতে চাই",
    "मैं जीना नहीं चाहती",
    "我不想活了",
    "em không muốn sống nữa",
    "dwi ddim isio byw",
    "ma doonayo inaan noolaado",
)
NO_DANGER = (
    "Moja pracownica socjalna nie odbiera telefonu od marca, składam skargę",
    "Asistenta socială nu mi-a răspuns de trei săptămâni",
    "La trabajadora social canceló la reunión dos veces, quiero quejarme",
    "Je voudrais porter plainte, personne ne répond à mes appels",
    "Die Kurzzeitpflege wurde wieder abgesagt, ich möchte mich beschweren",
    "Koruyucu ailemle görüşme günü üç kez değişti",
    "Мені не відповідають на листи вже місяць, це скарга",
    "لم يرد أحد على رسالتي منذ شهر، هذه شكوى",
    "ہماری درخواست کا تین مہینے سے کوئی جواب نہیں آیا",
    "社工三个星期没有回我电话，我要投诉",
    "Nhân viên xã hội không trả lời điện thoại của tôi ba tuần nay",
    "Diolch am eich help gyda'r ysgol",
    "Mulțumesc doamnei Ana pentru tot",
    "Bugün günlerden pazartesi, görüşme günü yarın",
)


@pytest.mark.parametrize(("language", "text"), IN_DANGER)
def test_a_child_who_is_hit_and_afraid_is_heard(language: str, text: str) -> None:
    shown = classify(text)

    assert shown.risk in ALARMS
    assert any(reason.rule.startswith((f"danger/{language}:", "other_languages:")) for reason in shown.reasons)


def test_every_list_of_danger_has_its_sentence_here() -> None:
    assert [f"danger/{language}" for language, _ in IN_DANGER] == [name for name in LISTS if name.startswith("danger/")]


@pytest.mark.parametrize("text", WANTS_TO_DIE)
def test_somebody_who_wants_to_die_is_heard(text: str) -> None:
    shown = classify(text)

    assert (shown.risk in ALARMS, shown.tier) == (True, "B")


@pytest.mark.parametrize("text", NO_DANGER)
def test_what_is_no_danger_rings_nobody(text: str) -> None:
    assert classify(text).risk not in ALARMS


def test_a_turkish_day_is_no_gun() -> None:
    shown = classify("Ertesi gün bana haber verdiler")

    assert not [reason for reason in shown.reasons if reason.rule == "risk:violence"]
    assert classify("He has a gun").risk in ALARMS


@pytest.mark.parametrize(
    "text",
    [
        "please tell {} I am sorry",
        "tell {} and my mum I love them",
        "he threw the {} chair at me",
        "She left us by herself with {} since Friday",
        "I want to complain. He hit {} again and nobody came.",
    ],
)
def test_an_accent_in_a_name_takes_no_danger_from_english_words(text: str) -> None:
    plain, accented = classify(text.format("Zoe")), classify(text.format("Zoë"))

    assert (accented.risk, accented.tier, accented.language) == (plain.risk, plain.tier, plain.language)


def test_a_person_reads_what_no_speaker_has_reviewed() -> None:
    assert reviewed() == {"en"}
    assert all(classify(text).needs_a_look for language, text in IN_DANGER if language_of(fold(text)) != "en")
    assert not classify("Nobody rang me back about the contact").needs_a_look


def test_a_reviewer_stands_beside_the_day(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def written(by: str, on: str, tier: str = "A") -> None:
        words = f'language = "pl"\nreviewed_by = "{by}"\nreviewed_on = "{on}"\n{tier} = "bije mnie"\n'
        tmp_path.joinpath("danger", "pl.toml").write_text(words, "utf-8")
        wordlists.reviewed.cache_clear()

    tmp_path.joinpath("danger").mkdir()
    monkeypatch.setattr(wordlists, "_WORDS", tmp_path)
    monkeypatch.setattr(wordlists, "OF_DANGER", ("danger/pl",))
    try:
        for by, on, told in (
            ("A. Nowak", "", "go together"),
            ("", "2026-05-01", "go together"),
            ("A. Nowak", "May", "isoformat"),
        ):
            written(by, on)
            with pytest.raises(ValueError, match=told):
                reviewed()
        written("A. Nowak", "2026-05-01")
        assert reviewed() == {"en", "pl"}
        written("", "", tier="harm")
        with pytest.raises(WordListError, match="harm"):
            phrases_of("danger/pl")
    finally:
        wordlists.reviewed.cache_clear()


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("打我", "爸爸每天打我了", "打我"),
        ("喝醉 ... 打", "他喝醉了就打孩子", "喝醉了就打"),
        ("喝醉 ... 打", "他喝醉了。社工打电话", ""),
        ("boję się", "boje sie domu", "boje sie"),
        ("boje sie", "BOJĘ SIĘ domu", "BOJĘ SIĘ"),
        ("خائفة", "انا خائفه جدا", "خائفه"),
        ("می-زند", "مرا می‌زند", "می‌زند"),
    ],
)
def test_a_phrase_is_found_as_people_write_it(phrase: str, text: str, found: str) -> None:
    folded = fold(text)
    hits = Phrasebook([(phrase, Rule("a", "risk", "A", 1, "here"))]).hits(folded)

    assert [text[slice(*folded.span(hit.start, hit.end))] for hit in hits] == [found] * bool(found)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Bố dượng không cho con đi học và con rất buồn", "vi"),
        ("بابام به من زنگ نمیزنه و کسی کمک نمی‌کند", "fa"),
        ("هیچ کەس وەڵامم نادات و خێزانەکەم لێرە نییە", "ckb"),
        ("Детето ми е в приемно семейство и никой не отговаря, съжалявам", "bg"),
        ("我的社工不回电话", "zh"),
        ("ሓጋዚተይ ኣይትምልሰለይን", "ti"),
        ("kimse bana cevap vermiyor ve çok üzgünüm", "tr"),
        ("how do i complain", "en"),
    ],
)
def test_a_language_is_told(text: str, language: str) -> None:
    assert language_of(fold(text)) == language
