"""Every number of a verdict's sentences, read back, is that of the tables: none is left unread."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from document.edit import change, copied
from paths import read_rows

from sim.document.material import Material, open_material
from sim.document.sentences import chance_text, verdict_sentences
from sim.saved.row import Row

Cells = dict[str, str]
N = r"([\d,]+(?:\.\d+)?)"
ABOUT = rf"(?:（约{N}(万|亿)?[^）]*?）)?"
UNITS = re.compile(r"/10万|/[千万]人|‰|（女=100）")
KEY = ("scenario", "region", "indicator_id", "year", "target", "location")
# A phrase, and of which cells its numbers are; those of revise.csv behind a point
PHRASES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (rf"按本地使用需{N}[^，（。]*{ABOUT}", ("required_p50", "required_count_p50")),
    (rf"按趋势预计为{N}", ("available_p50",)),
    (rf"按国家标准需{N}", ("need_norm_p50",)),
    (rf"90%把握够用需{N}", (".enough",)),
    (rf"建议目标{N}[^，（。]*{ABOUT}", (".proposed", ".count_p50")),
    (rf"年均(?:需新增|需补充|可减少){N}(万)?", (".per_year",)),
    (rf"其中补充离退{N}(万)?", (".replacement_per_year",)),
    (rf"保持该水平，{N}年起", ("level_short_year",)),
)
CHANCES = {
    r"按本地使用需[^。]*?够用的概率": "p_enough",
    r"按国家标准需[^。]*?够用的概率": "p_enough_norm",
    r"达标的概率": "p_reached",
}
KINDS = {
    "本地统计数": "share_counted_here",
    "外地统计数": "share_counted_elsewhere",
    "公开汇总数": "share_published",
    "按方法推算的参数": "share_derived",
    "判断假设": "share_judgement",
}


class Reading:
    """Sentences of one row, read phrase by phrase; wrong: what does not agree with its cell."""

    def __init__(self, text: str, cells: Cells, draws: int) -> None:
        self.text, self.cells, self.draws = text, cells, draws
        self.wrong: list[str] = []

    def read(self) -> list[str]:
        """All that is wrong, and what no phrase has read."""
        self._target()
        self._chances()
        self._evidence()
        for pattern, columns in PHRASES:
            self.text = re.sub(pattern, lambda m, of=columns: self._numbers(m, of), self.text)
        self.text = UNITS.sub("", self.text)
        return [*self.wrong, *(f"unread: {n}" for n in re.findall(N, self.text))]

    def _numbers(self, found: re.Match[str], columns: tuple[str, ...]) -> str:
        """Hold a phrase's numbers to their cells, what is in 万 being the last of them."""
        *levels, count = found.groups()[: len(columns)] if len(columns) > 1 else (found[1],)
        for text, column in zip(levels, columns, strict=False):
            self._hold(found[0], text, None, column)
        scale = found[found.re.groups] if found.re.groups > len(columns) else None
        self._hold(found[0], count, scale, columns[-1])
        return ""

    def _hold(self, phrase: str, text: str | None, scale: str | None, column: str) -> None:
        if text is None:
            return
        times = {"万": 1e4, "亿": 1e8}.get(scale or "", 1.0)
        half = 0.5 * 10.0 ** -len(text.partition(".")[2]) * times
        value, cell = float(text.replace(",", "")) * times, self.cells.get(column, "")
        if not cell or abs(abs(float(cell)) - value) > half * (1 + 1e-6):
            self.wrong.append(f"{phrase}: {column} {cell}")

    def _target(self) -> None:
        found = re.match(rf"(.*?)(\d{{4}})年目标(.*?){ABOUT}，(?=按|达标)", self.text)
        assert found is not None, self.text
        asked = re.findall(N, UNITS.sub("", found[3]))
        stated = [n.lstrip("+-") for n in re.findall(r"[\d.]+", self.cells["target"])]
        if found[2] != self.cells["year"] or asked != stated:
            self.wrong.append(f"{found[0]}: {self.cells['year']}, {self.cells['target']}")
        of_coverage = bool(self.cells.get("p_capacity"))  # the load of the target, not whom the trend covers
        column = "required_count_p50" if of_coverage else "available_count_p50"
        self._hold(found[0], found[4], found[5], column)
        self.text = self.text[found.end() :]

    def _chances(self) -> None:
        for before, column in CHANCES.items():
            found = re.search(rf"({before})((?:为|不低于|不超过)\d+%)", self.text)
            if found is None:
                continue
            if found[2] != chance_text(float(self.cells[column] or "nan"), self.draws, "zh"):
                self.wrong.append(f"{found[0]}: {column} {self.cells[column]}")
            self.text = self.text[: found.start(2)] + self.text[found.end(2) :]

    def _evidence(self) -> None:
        shares = {word: float(self.cells[c] or 0) for word, c in KINDS.items()}
        for share, word in re.findall(r"不确定性(?:的(\d+)%|几乎全部)来自(\w+?)(?=[，。])", self.text):
            most = max(shares.values())
            if shares.get(word) != most or f"{most:.0%}" != f"{share or 100}%":
                self.wrong.append(f"{share}% {word}: {shares}")
        first = re.search(r"应先查清“.*?”（占(\d+)%.*?）(?=。)", self.text)
        if first and f"({first[1]}%)" not in self.cells["find_first"]:
            self.wrong.append(f"{first[0]}: {self.cells['find_first']}")
        for part in (r"不确定性的\d+%", r"应先查清“.*?”（占\d+%.*?）(?=。)"):
            self.text = re.sub(part, "", self.text)


def cells_of(m: Material, row: Row) -> Cells:
    """The row's cells in adequacy.csv and its detail, and those of its revision behind a point."""
    folder = m.run.folder
    pairs = zip(read_rows(folder / "adequacy_detail.csv"), read_rows(folder / "adequacy.csv"), strict=True)
    wanted = (m.scenario, m.region, row.indicator_id, str(row.year), row.target, row.location)
    found = next({**detail, **short} for detail, short in pairs if tuple(detail[k] for k in KEY) == wanted)
    revised = (r for r in read_rows(folder / "revise.csv") if tuple(r[k] for k in KEY) == wanted)
    line = next((r for r in revised if r["p"] == "0.9"), {})
    return found | {f".{k}": v for k, v in line.items()}


def wrong_numbers(folder: Path) -> tuple[list[str], int]:
    m = open_material(folder, "zh")
    texts = [(verdict_sentences(m, row), cells_of(m, row)) for row in m.judged]
    numbers = sum(len(re.findall(N, text)) for text, _ in texts)
    return [w for text, cells in texts for w in Reading(text, cells, m.draws).read()], numbers


def test_each_number_in_a_sentence_is_that_of_the_tables(small_run: Path):
    wrong, numbers = wrong_numbers(small_run)
    assert wrong == []
    assert numbers > 100


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("column", "value"), [("required_p50", "9.87"), ("p_enough", "0.5"), ("available_count_p50", "77")]
)
def test_a_number_of_another_row_would_be_found(small_run: Path, tmp_path: Path, column: str, value: str):
    """The law reads: sentences of a run whose detail was changed no longer agree with its adequacy.csv."""
    m = open_material(small_run, "zh")
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={column: value})
    other = open_material(folder, "zh")
    row = next(r for r in m.judged if r.indicator_id == "gps_per_10000")
    changed = next(r for r in other.judged if r.indicator_id == "gps_per_10000")
    assert Reading(verdict_sentences(m, row), cells_of(m, row), m.draws).read() == []
    assert Reading(verdict_sentences(other, changed), cells_of(m, row), m.draws).read()
