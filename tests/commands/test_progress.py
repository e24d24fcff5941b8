"""Progress goes on to the end: a line for each block, a word for each phase."""

from __future__ import annotations

import io

import pytest
from rich.cells import cell_len

from sim import run_folder
from sim.commands.run import Lines
from sim.run.jobs import side_by_side


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """As a terminal does."""
        return True


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", ("块", "表", "图")), ("en", ("block", "tables", "charts"))]
)
def test_in_a_pipe_every_phase_has_its_first_and_its_last_line(lang, words):
    stream = io.StringIO()
    lines = Lines(stream, lang)
    lines(1, 2, "reference/410500 draws 0..5")
    lines(2, 2, "reference/410500 draws 5..9")
    for phase in (run_folder.TABLES, run_folder.CHARTS):
        for done in range(4):
            lines.phase(phase, done, 3)
    said = stream.getvalue().splitlines()
    assert len(said) == 6
    for word, (one, other) in zip(words, (said[:2], said[2:4], said[4:]), strict=True):
        assert word in one
        assert word in other


@pytest.mark.parametrize("columns", [60, 100])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_on_a_terminal_one_line_moves_and_is_never_wider(lang, columns, monkeypatch):
    monkeypatch.setenv("COLUMNS", str(columns))
    stream = Terminal()
    lines = Lines(stream, lang)
    for done in range(1, 4):
        lines(done, 3, "a_scenario_with_a_long_name_that_goes_on_and_on/410500 draws 0..500")
    for done in range(13):
        lines.phase(run_folder.CHARTS, done, 12)
    told = stream.getvalue()
    assert told.count("\n") == 2  # the end of the blocks, and that of the charts
    assert all(cell_len(part) <= columns for part in told.replace("\n", "").split("\r"))


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_the_parts_of_a_phase_are_told_and_their_results_keep_their_order(workers):
    told: list[tuple[int, int]] = []
    found = side_by_side([_five, _seven, _five], workers, lambda done, total: told.append((done, total)))
    assert found == [5, 7, 5]
    assert told == [(0, 3), (1, 3), (2, 3), (3, 3)]


def _five() -> int:
    return 5


def _seven() -> int:
    return 7


def test_a_run_in_english_draws_english_charts_and_tables(tmp_path, monkeypatch):
    """What `draw` hands on is the language that it was given."""
    asked: list[tuple[str, str]] = []
    monkeypatch.setattr("sim.charts.chart_names", lambda folder: ["a", "b"])
    monkeypatch.setattr(
        "sim.charts.draw_charts", lambda folder, names, lang: asked.extend((n, lang) for n in names)
    )
    monkeypatch.setattr("sim.report.write_workbook", lambda folder, lang: asked.append(("tables", lang)))
    run_folder.draw(tmp_path, 1, "en")
    assert sorted(asked) == [("a", "en"), ("b", "en"), ("tables", "en")]
