"""The lexicon over all indicators and all its words."""

from __future__ import annotations

from paths import PARAMETERS, read_rows

from sim.drafting.lexicon import Lexicon
from sim.drafting.reading import Phrase, Reading

READING = PARAMETERS / "plans" / "reading"


def reading(phrase: str) -> Reading:
    return Reading(None, (Phrase(phrase),), "", "", "target", "2030", 1, "", "", phrase, in_table=True)


def test_every_indicator_is_found_by_its_own_name(lexicon: Lexicon) -> None:
    shared = {}
    for id_, entry in lexicon.words.indicators.items():
        shared.setdefault(lexicon.wording.plain(entry.name_zh), set()).add(id_)
    lost = [
        id_
        for id_, entry in lexicon.words.indicators.items()
        if lexicon.matches(reading(entry.name_zh))[0].id not in shared[lexicon.wording.plain(entry.name_zh)]
    ]
    assert lost == []


def test_learnt_phrases_are_of_known_indicators_once() -> None:
    phrases = [(r["indicator_id"], r["phrase"]) for r in read_rows(READING / "synonyms.csv")]
    known = {r["id"] for r in read_rows(PARAMETERS / "plans" / "indicator_dictionary.csv")}
    assert len(phrases) == len(set(phrases))
    assert {i for i, _ in phrases} <= known


def test_no_word_names_a_place() -> None:
    """Rules that knew a city would read that city's plan alone."""
    places = {r["name_zh"] for r in read_rows(PARAMETERS / "places" / "places.csv")}
    names = {p for p in places if len(p) > 2} | {p[:-1] for p in places if p.endswith("市") and len(p) > 2}
    words = "\n".join(p.read_text(encoding="utf-8") for p in sorted(READING.glob("*.csv")))
    assert [n for n in names - {"合作"} if n in words] == []  # a city that is called cooperation


def test_what_must_not_be_mixed_up_is_not(lexicon: Lexicon) -> None:
    for phrase, right in (
        ("婴儿死亡率", "infant_mortality"),
        ("5岁以下儿童死亡率", "u5_mortality"),
        ("健康预期寿命", "healthy_life_expectancy"),
        ("每千人口中医类别执业（助理）医师数", "tcm_doctors_per_1000"),
        ("每千常住人口执业（助理）医师数", "doctors_per_1000"),
        ("每千人口公立医院床位数", "public_hospital_beds_per_1000"),
        ("居民心理健康素养水平", "mental_health_literacy"),
    ):
        assert lexicon.matches(reading(phrase))[0].id == right
