"""The list of sources: each called in both languages, in Chinese by Chinese words."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml
from paths import PARAMETERS
from working_folder import Outcome

from sim.params import Source, read_sources
from sim.textfile import read_yaml

HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def shipped() -> dict[str, Source]:
    faults: list[str] = []
    found = read_sources(PARAMETERS, faults)
    assert faults == []
    return found


def test_each_title_is_of_its_language(shipped: dict[str, Source]):
    assert len(shipped) > 100
    assert {k: s.title.zh for k, s in shipped.items() if not HAN.search(s.title.zh)} == {}
    assert {k: s.title.en for k, s in shipped.items() if HAN.search(s.title.en)} == {}
    assert [k for k, s in shipped.items() if HAN.search(s.publisher_in("en"))] == []


def test_years_of_both_titles_agree(shipped: dict[str, Source]):
    """A title turned into the other language keeps its years."""

    def years(text: str) -> set[str]:
        return set(re.findall(r"(?<!\d)(?:19|20)\d\d(?!\d)", text))

    wrong = {
        k: (s.title.zh, s.title.en) for k, s in shipped.items() if not years(s.title.zh) >= years(s.title.en)
    }
    assert wrong == {}


def refusals(folder: Path, text: str) -> list[str]:
    (folder / "sources.yaml").write_text(text, encoding="utf-8")
    faults: list[str] = []
    read_sources(folder, faults)
    return [f.replace(str(folder), "P") for f in faults]


WANTED = "title: {zh: 中文名, en: English name}"


@pytest.mark.parametrize(
    ("entry", "said"),
    [
        ("{year: 2020}", f"P/sources.yaml: s.title | is missing | write {WANTED}"),
        ("{title: Census}", f"P/sources.yaml: s.title | 'Census' is in one language | write {WANTED}"),
        (
            "{title: {en: Census}}",
            f"P/sources.yaml: s.title.zh | is missing | say it in both languages: {WANTED}",
        ),
        (
            "{title: {en: Census, zh: ' '}}",
            f"P/sources.yaml: s.title.zh | is empty | say it in both languages: {WANTED}",
        ),
        (
            "{title: {en: C, zh: 普查}, publisher: NBS}",
            "P/sources.yaml: s.publisher | 'NBS' is in one language | "
            "write publisher: {zh: 中文名, en: English name}",
        ),
        (
            "{title: {en: C, zh: 普查}, titel: x}",
            "P/sources.yaml: s.titel | unknown key | did you mean 'title'?",
        ),
    ],
)
def test_a_source_in_one_language_is_refused(tmp_path: Path, entry: str, said: str):
    assert refusals(tmp_path, f"s: {entry}\n") == [said]


def test_a_folder_of_an_older_version_is_refused_in_one_sentence(damaged: Path, cli: Callable[..., Outcome]):
    """Each of its sources has one title: one sentence with the remedy, not a line for each of them."""
    for path in sorted((damaged / "parameters" / "sources").glob("*.yaml")):
        content = read_yaml(path)
        for entry in content.values():
            entry["title"] = entry["title"]["en"]
        path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")
    done = cli("run", "experiments/small.yaml", "--draws", "0", cwd=damaged)
    assert done.code == 2
    _, *lines = done.err.strip().splitlines()
    assert len(lines) == 1
    assert re.search(r"parameters \| is of an older version: (\d+) of its \1 sources", lines[0])
    assert "`healthplan init NEW`" in lines[0]


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        ("own", "公报"),
        ("unchecked", "公报（题名未核对）"),
        ("described", "公报"),
        ("translated", "公报（译名）"),
    ],
)
def test_a_chinese_title_says_where_it_is_no_title_of_its_own(kind: str, said: str):
    source = Source.model_validate({"title": {"zh": "公报", "en": "Bulletin"}, "chinese_title": kind})
    assert (source.title_in("zh"), source.title_in("en")) == (said, "Bulletin")


def test_a_shipped_title_in_title_marks_is_said_to_be_one():
    """《...》 claims a title: every source that writes one says whether it was found in these words."""
    found = read_sources(PARAMETERS, [])
    claimed = {key: s for key, s in found.items() if s.title.zh.startswith("《")}
    assert len(claimed) > 15
    assert [key for key, s in claimed.items() if s.chinese_title == "described"] == []
