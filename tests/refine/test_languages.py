"""Languages: sentences of ours, scripts, hints, and texts that tell nothing."""

from __future__ import annotations

import random

import pytest

from pipelines.reference import load_yaml
from pipelines.refine.languages import detect_languages

SENTENCES = {
    "en": "The city opened a new house where neighbours cook and learn together",
    "fr": "La ville a ouvert une nouvelle maison où les voisins cuisinent et apprennent ensemble",
    "de": "Die Stadt hat ein neues Haus eröffnet, in dem Nachbarn gemeinsam kochen und lernen",
    "es": "La ciudad abrió una nueva casa donde los vecinos cocinan y aprenden juntos",
    "ca": "La ciutat ha obert una nova casa on els veïns cuinen i aprenen plegats",
    "pt": "A cidade abriu uma nova casa onde os vizinhos cozinham e aprendem juntos",
    "it": "La città ha aperto una nuova casa dove i vicini cucinano e imparano insieme",
    "nl": "De stad heeft een nieuw huis geopend waar buren samen koken en leren",
    "sv": "Staden har öppnat ett nytt hus där grannar lagar mat och lär sig tillsammans",
    "nb": "Byen har åpnet et nytt hus hvor naboer lager mat og lærer sammen hver uke, og det er ikke bare for barn",
    "nn": "Byen har opna eit nytt hus der naboar lagar mat og lærer saman kvar veke, og det er ikkje berre for born",
    "da": "Byen har åbnet et nyt hus, hvor naboer laver mad og lærer sammen hver uge, og det er ikke kun for børn",
    "fi": "Kaupunki avasi uuden talon, jossa naapurit kokkaavat ja oppivat yhdessä",
    "et": "Linn avas uue maja, kus naabrid koos süüa teevad ja õpivad",
    "is": "Borgin opnaði nýtt hús þar sem nágrannar elda og læra saman",
    "pl": "Miasto otworzyło nowy dom, w którym sąsiedzi razem gotują i uczą się",
    "cs": "Město otevřelo nový dům, kde sousedé společně vaří a učí se",
    "sk": "Mesto otvorilo nový dom, kde susedia spoločne varia a učia sa",
    "hu": "A város új házat nyitott, ahol a szomszédok együtt főznek és tanulnak",
    "ro": "Orașul a deschis o casă nouă unde vecinii gătesc și învață împreună",
    "tr": "Belediye, komşuların birlikte yemek yapıp öğrendiği yeni bir ev açtı",
    "lt": "Miestas atidarė naujus namus, kuriuose kaimynai kartu gamina maistą ir mokosi",
    "lv": "Pilsēta atvēra jaunu namu, kur kaimiņi kopā gatavo ēst un mācās",
    "sl": "Mesto je odprlo novo hišo, kjer sosedje skupaj kuhajo in se učijo",
    "sq": "Qyteti hapi një shtëpi të re ku fqinjët gatuajnë dhe mësojnë së bashku",
    "sr": "Grad je otvorio novu kuću gde komšije zajedno kuvaju i uče, a posle podne dolaze i deca",
    "eu": "Udalak etxe berri bat ireki du, non auzokideek elkarrekin sukaldatu eta ikasten duten",
    "gl": "A cidade abriu unha nova casa onde os veciños cociñan e aprenden xuntos cada semana",
    "ga": "D'oscail an chathair teach nua ina mbíonn comharsana ag cócaireacht agus ag foghlaim le chéile",
    "mt": "Il-belt fetħet dar ġdida fejn il-ġirien isajru u jitgħallmu flimkien",
    "el": "Η πόλη άνοιξε ένα νέο σπίτι όπου οι γείτονες μαγειρεύουν μαζί",
    "uk": "Місто відкрило новий будинок, де сусіди разом готують і навчаються",
    "ru": "Город открыл новый дом, где соседи вместе готовят и учатся",
    "bg": "Градът отвори нова къща, където съседите готвят и учат заедно",
    "mk": "Градот отвори нова куќа каде што соседите заедно готват и учат",
    "he": "העיר פתחה בית חדש שבו השכנים מבשלים ולומדים יחד",
    "ar": "افتتحت المدينة بيتا جديدا يطبخ فيه الجيران ويتعلمون معا",
    "ja": "市は隣人が一緒に料理し学ぶ新しい家を開きました",
    "ko": "시는 이웃이 함께 요리하고 배우는 새로운 집을 열었습니다",
}  # fmt: skip


@pytest.mark.parametrize(("language", "text"), SENTENCES.items())
def test_sentences(language: str, text: str) -> None:
    row = detect_languages([text]).iloc[0]
    assert row["language"] == language
    assert 0.34 <= row["language_confidence"] <= 1.0


def test_serbian_in_cyrillic() -> None:
    found = detect_languages(["Град је отворио нову кућу где комшије заједно кувају и уче"])
    assert found["language"].tolist() == ["sr"]


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "  ",
        "2017-2021",
        "https://city.example/en/news",
        "ICC",
        "Barcelona",
        "Rosa Luz",
        "!!!",
        5,
        float("nan"),
        ["en"],
        "A. B.",
    ],
)
def test_unknown_is_null(text: object) -> None:
    row = detect_languages([text]).iloc[0]  # type: ignore[list-item]
    assert row["language"] is None and row["language_confidence"] is None


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("sr", "Deca iz tri škole naslikala su zajedno veliki zid pored reke"),
        ("hr", "Djeca iz triju škola zajedno su oslikala velik zid uz rijeku"),
        ("sr", "Savet za mlade predlaže novi dom kulture u centru mesta"),
        ("hr", "Vijeće za mlade predlaže novi dom kulture u središtu mjesta"),
        ("sr", "Sledeći sastanak održaće se u nedelju posle podne u biblioteci"),
        ("hr", "Sljedeći sastanak održat će se u nedjelju poslijepodne u knjižnici"),
        ("sr", "Uspeh ovog programa pokazuje da saradnja ima smisla"),
        ("hr", "Uspjeh ovog programa pokazuje da suradnja ima smisla"),
        ("bs", "Uspjeh ovog programa pokazuje da saradnja sa općinom ima smisla, a izložba o historiji je u Sarajevu"),
    ],
)
def test_one_grammar_three_languages(language: str, text: str) -> None:
    assert detect_languages([text])["language"].tolist() == [language]


def test_a_single_code_is_a_hint_and_no_proof() -> None:
    english = SENTENCES["en"]
    assert detect_languages([english], "fr")["language"].tolist() == ["en"]
    unsure = "kultura muzika grad"
    told = {code: detect_languages([unsure], code)["language"][0] for code in ("hr", "sr", "bs")}
    assert told == {"hr": "hr", "sr": "sr", "bs": "bs"}


def test_candidates_exclude_others_unless_the_text_is_in_none_of_them() -> None:
    text = SENTENCES["nb"]
    assert detect_languages([text], [("da", "sv")])["language"][0] in ("da", "nb")
    assert detect_languages([SENTENCES["sr"]], [("en", "sr")])["language"][0] == "sr"
    assert detect_languages([SENTENCES["en"]], [("fi", "sv")])["language"][0] == "en"
    assert detect_languages([SENTENCES["el"]], [("fi", "sv")])["language"][0] == "el"


def test_declared_for_each_text() -> None:
    texts = [SENTENCES["fr"], SENTENCES["nn"], SENTENCES["pt"]]
    found = detect_languages(texts, [None, "no", ["pt-PT", "EN_gb"]])
    assert found["language"].tolist() == ["fr", "nn", "pt"]
    with pytest.raises(ValueError, match="2 elements for 3 texts"):
        detect_languages(texts, ["fr", "nn"])


def test_the_same_whatever_the_order() -> None:
    texts = [*SENTENCES.values(), *(text[:25] for text in SENTENCES.values())]
    first = dict(zip(texts, detect_languages(texts).itertuples(index=False, name=None), strict=True))
    random.Random(7).shuffle(texts)
    again = dict(zip(texts, detect_languages(texts).itertuples(index=False, name=None), strict=True))
    assert first == again


def test_a_language_that_no_source_writes_is_recognised_in_long_texts() -> None:
    somali = "Magaaladu waxay u furtay guri cusub dadka deriska ah si ay wax u wada kariyaan oo ay u bartaan luqadda"
    assert detect_languages([somali])["language"].tolist() == ["so"]


def test_data_file() -> None:
    known = load_yaml("language_markers.yaml")
    words = {code: list(group) for code, group in known["words"].items()}
    assert all(isinstance(word, str) and word == word.lower() for group in words.values() for word in group)
    stems = [stem for rule in known["stems"] for stem in rule["stems"]]
    assert all(isinstance(stem, str) and len(stem) > 2 for stem in stems)
    codes = {*known["languages"], *words, *(c for family in known["families"] for c in family)}
    assert all(isinstance(code, str) and len(code) == 2 for code in codes)
    assert set(words) <= set(known["languages"])
