"""The web page of a saved run: one file, no network, and controls that work in a browser."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
from document.edit import change, copied
from paths import read_rows

from sim.document import write_report
from sim.intact import write_meta

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
browser = pytest.mark.skipif(BROWSER is None, reason="no Chromium is installed")
LIBRARY = "echarts.common.min.js"


@pytest.fixture(scope="module")
def pages(small_run: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = copied(small_run, tmp_path_factory.mktemp("page"))
    return {lang: write_report(folder, "html", lang) for lang in ("zh", "en")}


def data_of(page: Path) -> dict[str, Any]:
    text = page.read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    assert found
    return dict(json.loads(found[1]))


def seen(page: Path, tmp_path: Path, script: str, width: int = 0) -> tuple[Any, list[str]]:
    """What a script says of the page in a browser, and the errors on its console.

    width: of the screen in pixels, by a frame; 0: of a desktop.
    """
    driven = tmp_path / "driven.html"
    say = "window.parent === window ? document.title = JSON.stringify(said) : parent.postMessage(said, '*');"
    head = "const $ = (q) => document.querySelector(q); let said;"
    tail = f"<script>(function () {{ {head} {script}; {say} }})();</script>"
    driven.write_text(page.read_text(encoding="utf-8") + tail, encoding="utf-8")
    opened = driven
    if width:
        opened = tmp_path / "frame.html"
        opened.write_text(
            "<script>onmessage = (e) => { document.title = JSON.stringify(e.data); };</script>"
            f'<iframe src="driven.html" style="width:{width}px;height:2000px;border:0"></iframe>'
        )
    command = [
        str(BROWSER),
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path}/profile",
        "--enable-logging=stderr",
        "--window-size=1280,1600",
        "--virtual-time-budget=5000",
        "--dump-dom",
        opened.as_uri(),
    ]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
    errors = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    title = re.search(r"<title>(.*?)</title>", done.stdout, re.DOTALL)
    assert title, done.stdout[-500:]
    assert title[1].startswith(("{", "[")), errors
    return json.loads(title[1].replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")), errors


def test_it_is_one_file_that_asks_for_nothing(pages: dict[str, Path]):
    for page in pages.values():
        text = page.read_text(encoding="utf-8")
        own = text.replace((Path(write_report.__code__.co_filename).parent / "web" / LIBRARY).read_text(), "")
        assert len(own) < len(text) - 500_000  # the library is inside
        assert re.findall(r'(?:src|href)="(?!data:,")[^"]*"', own) == []
        assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|<svg", own)


def test_its_figures_are_those_of_the_run(pages: dict[str, Path], small_run: Path):
    data = data_of(pages["zh"])
    line = next(
        text.split(",")
        for text in (small_run / "timeseries.csv").read_text().splitlines()
        if text.startswith("reference,410500,beds_required,total,2025,")
    )
    at = data["years"].index(2025)
    found = [side[at] for side in data["series"]["beds_required.total"]["values"]["reference|410500"]]
    assert found == [float(f"{float(v):.9g}") for v in line[7:]]
    assert len(data["scenarios"]) == 2
    start = ("reference", "population", "total", "2020")
    people = next(
        float(row["central"])
        for row in read_rows(small_run / "timeseries.csv")
        if (row["scenario"], row["variable"], row["group"], row["year"]) == start
    )
    bars = sum(map(sum, data["pyramid"]["reference|410500"][0]))
    assert bars == pytest.approx(people, rel=1e-5)


@pytest.mark.slow
def test_another_verdict_is_shown(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={"verdict": "surplus"})
    data = data_of(write_report(folder, "html", "en"))
    rows = [row for row in data["rows"] if "General practitioners" in row["name"]]
    assert {row["verdict"] for row in rows} == {"surplus"}


@pytest.mark.slow
def test_no_text_of_a_run_can_end_the_script(small_run: Path, tmp_path: Path):
    folder = copied(small_run, tmp_path)
    change(folder, "adequacy_detail.csv", gps_per_10000={"name_en": "</script><b>GPs"})
    page = write_report(folder, "html", "en")
    assert "</script><b>" not in page.read_text(encoding="utf-8")
    assert any("</script><b>GPs" in row["name"] for row in data_of(page)["rows"])


def test_same_run_same_bytes_and_both_languages_say_the_same(pages: dict[str, Path]):
    zh, en = data_of(pages["zh"]), data_of(pages["en"])
    assert zh["series"].keys() == en["series"].keys()
    assert [row["verdict"] for row in zh["rows"]] == [row["verdict"] for row in en["rows"]]
    assert zh["words"].keys() == en["words"].keys()
    assert not re.search(r"[\u4e00-\u9fff]", json.dumps([en["words"], [r["said"] for r in en["rows"]]]))
    text = pages["zh"].read_bytes()
    assert write_report(pages["zh"].parent, "html", "zh").read_bytes() == text


@browser
@pytest.mark.slow
def test_every_control_works_and_nothing_is_said_on_the_console(pages: dict[str, Path], tmp_path: Path):
    script = """
    const pick = (id, value) => { $(id).value = value; $(id).dispatchEvent(new Event('change')); };
    const rows = () => document.querySelectorAll('#table tbody tr').length;
    const painted = [...document.querySelectorAll('.chart canvas')].map((c) => c.width > 0 && c.height > 0);
    said = { ready: document.documentElement.dataset.ready, painted: painted, rows: rows() };
    said.before = $('#about').textContent;
    pick('#s', 'shorter_stays');
    said.after = $('#about').textContent;
    pick('#k', 'nurses');
    said.main = $('#main-title').textContent;
    $('#y').value = 2026; $('#y').dispatchEvent(new Event('input'));
    said.year = [$('#gaps-title').textContent, $('#pyramid-title').textContent, location.hash];
    document.querySelector('#tiles [data-verdict=short]').click();
    said.chosen = rows();
    $('#table tbody tr').click();
    said.detail = [!$('#detail').hidden, $('#detail').textContent];
    const old = document.documentElement.dataset.theme;
    $('#theme').click();
    said.theme = [old, document.documentElement.dataset.theme];
    window.dispatchEvent(new Event('beforeprint'));
    said.print = [document.documentElement.dataset.theme, $('#main canvas').clientWidth];
    """
    said, errors = seen(pages["en"], tmp_path, script)
    assert errors == []
    assert said["ready"] == "yes"
    assert said["painted"] == [True] * 5
    data = data_of(pages["en"])
    mine = [row for row in data["rows"] if row["s"] == "reference"]
    assert said["rows"] == len(mine)
    assert "Reference" in said["before"]
    assert "shorter stays" in said["after"]
    assert said["main"].startswith("Registered nurses")
    assert [text.endswith("2026") for text in said["year"][:2]] == [True, True]
    assert "k=nurses" in said["year"][2]
    low = [row for row in data["rows"] if row["s"] == "shorter_stays" and row["verdict"] == "short"]
    assert said["chosen"] == len(low) > 0
    assert said["detail"][0]
    assert low[0]["said"] in said["detail"][1]
    assert said["theme"] in (["light", "dark"], ["dark", "light"])
    assert said["print"] == ["light", 660]


@browser
@pytest.mark.slow
@pytest.mark.parametrize("width", [0, 390])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_nothing_is_wider_than_the_screen(pages: dict[str, Path], tmp_path: Path, lang: str, width: int):
    script = """
    const rows = document.querySelectorAll('#table tbody tr');
    rows[0].click();
    const wide = [...document.querySelectorAll('main *, header *, #controls *')].filter((n) =>
      !n.closest('.scroll') && n.getBoundingClientRect().right > innerWidth + 1).map((n) => n.tagName + n.id);
    said = [document.documentElement.scrollWidth <= innerWidth, wide, innerWidth];
    """
    said, errors = seen(pages[lang], tmp_path, script, width)
    assert errors == []
    assert said[:2] == [True, []]
    assert said[2] == (width or 1280)


@pytest.mark.slow
@browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_names_can_be_read_on_a_phone(pages: dict[str, Path], tmp_path: Path, lang: str):
    """No name is broken into letters: the column of names keeps its width beside figures and verdicts."""
    script = """
    const box = (node) => node.getBoundingClientRect(), table = $('#table');
    const rows = [...table.tBodies[0].rows], over = box(table).right - box(table.parentElement).right;
    said = [Math.min(...rows.map((row) => box(row.cells[0]).width)), over, rows.length];
    """
    (least, over, rows), errors = seen(pages[lang], tmp_path, script, 390)
    assert errors == []
    assert least >= 100
    assert over <= 1
    assert rows > 10


@browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_printed_charts_share_pages(pages: dict[str, Path], tmp_path: Path, lang: str):
    """Table and five charts on five pages of A4 at most: each chart took a page when it was printed twice."""
    out = tmp_path / "page.pdf"
    command = [str(BROWSER), "--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=5000"]
    command += [f"--user-data-dir={tmp_path}/profile", f"--print-to-pdf={out}", pages[lang].as_uri()]
    subprocess.run(command, capture_output=True, timeout=120, check=True)
    found = [int(n) for n in re.findall(rb"/Count (\d+)", out.read_bytes())]
    assert 2 <= max(found) <= 5


CHOICES = """
const pick = (id, value) => { $(id).value = value; $(id).dispatchEvent(new Event('change')); };
const data = JSON.parse($('#data').textContent), last = data.years.length - 1;
const plain = document.createElement('p');
const option = (id) => echarts.getInstanceByDom($(id)).getOption();
said = [];
const note = (s, r, name, year, chart, at) => {
  const point = { dataIndex: at, axisValue: String(data.years[at]) };
  plain.innerHTML = option('#' + chart).tooltip[0].formatter([point]);
  said.push([s, r, name, data.years[year], chart, plain.textContent]);
};
for (const [s] of data.scenarios) for (const [r] of data.regions) {
  pick('#s', s); pick('#r', r);
  for (const one of data.items) {
    if ($(`#k option[value="${one.id}"]`).disabled) continue;
    pick('#k', one.id);
    for (const at of [0, Math.floor(last / 2), last]) note(s, r, one.id, at, 'main', at);
    note(s, r, one.id, last, 'scenarios', last);
  }
  for (const year of [0, last]) {
    $('#y').value = data.years[year]; $('#y').dispatchEvent(new Event('input'));
    if ($('#gaps').parentElement.hidden) continue;
    option('#gaps').yAxis[0].data.forEach((name, i) => note(s, r, name, year, 'gaps', i));
  }
}
"""
"""Every scenario, place and resource is chosen in turn; what hovering over its charts says."""


def figures(text: str) -> list[float]:
    """The numbers of a hover text."""
    found = re.findall(r"(?<![\d.,])-?\d[\d,]*(?:\.\d+)?", text)
    return [float(number.replace(",", "")) for number in found]


def near(shown: float, true: float) -> bool:
    """As the page writes it: whole from 1,000 on, two decimals from 1 on."""
    size = abs(true)
    return abs(shown - true) <= (
        0.51 if size >= 1000 else 0.051 if size >= 100 else 0.0051 if size >= 1 else 1e-4
    )


@browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_choice_shows_the_figures_of_the_run(
    pages: dict[str, Path], small_run: Path, tmp_path: Path, lang: str
):
    """Each hover text of each choice has the numbers of timeseries.csv and the source."""
    assert wrong_choices(pages[lang], small_run, tmp_path) == []


def joined(name: str) -> str:
    """A name without the spaces at which it may be broken."""
    return "".join(name.split())


def wrong_choices(page: Path, run: Path, tmp_path: Path) -> list[str]:
    """Hover texts without a number that the run has, and those without the source."""
    data = data_of(page)
    series = {
        (r["scenario"], r["region"], f"{r['variable']}.{r['group']}", int(r["year"])): r
        for r in read_rows(run / "timeseries.csv")
    }
    items = {item["id"]: item for item in data["items"]}
    said, errors = seen(page, tmp_path, CHOICES)
    wrong = list(errors)
    assert len(said) > 50
    for s, r, k, year, chart, text in said:
        item = items.get(k) or next(x for x in data["items"] if joined(x["name"]) == joined(k))
        sides = item["series"]
        keys = {
            "main": list(sides.values()),
            "scenarios": [sides.get("required") or sides.get("people")],
            "gaps": [sides.get("required"), sides.get("projected")],
        }[chart]
        points = ("p50", "p10", "p90") if chart == "main" else ("p50",)
        rows = [series[s, r, key, year] for key in keys if (s, r, key, year) in series]
        true = [float(row[point]) for row in rows for point in points if row[point]]
        if chart == "gaps":
            true.append(true[1] - true[0])
        shown = figures(text.partition(data["source"])[0])
        lost = [x for x in true if not any(near(n, x) for n in shown)]
        if lost or not true or data["source"] not in text:
            wrong.append(f"{s} {r} {k} {year} {chart}: {lost} not in {text!r}")
    return wrong


@pytest.mark.slow
@browser
def test_legend_and_names_are_whole(pages: dict[str, Path], tmp_path: Path):
    """Bands follow their line's name, the plan's target has its square, names of resources are not cut."""
    script = """
    const option = (id) => echarts.getInstanceByDom($(id)).getOption();
    const legend = option('#main').legend[0].data, axis = option('#gaps').yAxis[0];
    said = {legend: legend.map((x) => x.name), square: legend.map((x) => x.icon || ''),
            names: axis.data, unit: option('#pyramid').xAxis[0].name};
    """
    said, errors = seen(pages["en"], tmp_path, script)
    assert errors == []
    assert said["legend"][:2] == ["Need, 80% band", "Supply by trend, 80% band"]
    assert said["square"][said["legend"].index("Plan target")] == "path://M0 0H14V14H0Z"
    whole = {joined(item["name"]) for item in data_of(pages["en"])["items"]}
    assert {joined(name) for name in said["names"]} <= whole
    assert said["unit"] == "persons"
    assert len(said["names"]) > 10


@pytest.mark.slow
@browser
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_heading_names_what_is_drawn(pages: dict[str, Path], tmp_path: Path, lang: str):
    """All lines and marks of the legend, bands apart, and the plan's target only where it is drawn."""
    script = """
    const data = JSON.parse($('#data').textContent);
    said = data.items.filter((x) => !x.series.people).map((one) => {
      $('#k').value = one.id; $('#k').dispatchEvent(new Event('change'));
      const legend = echarts.getInstanceByDom($('#main')).getOption().legend[0].data.map((x) => x.name);
      return [one.name, $('#main-title').textContent, legend.filter((x) => !x.endsWith(data.words.band))];
    });
    """
    said, errors = seen(pages[lang], tmp_path, script)
    assert errors == []
    target = data_of(pages[lang])["words"]["target"]
    assert {target in drawn for _, _, drawn in said} == {True, False}
    joint = "、" if lang == "zh" else ", "
    for name, heading, drawn in said:
        assert heading.lower() == f"{name} · {joint.join(drawn)}".lower()


MANY = """
const data = JSON.parse($('#data').textContent);
const looks = echarts.getInstanceByDom($('#scenarios')).getOption().series.filter((x) => x.name)
  .map((x) => JSON.stringify([x.lineStyle.color, x.lineStyle.type, x.symbol]));
const charts = ['#main', '#scenarios', '#pyramid', '#structure'].map((id) => {
  const chart = echarts.getInstanceByDom($(id)), model = chart.getModel().getComponent('legend');
  const box = chart.getViewOfComponentModel(model).group.getBoundingRect();
  const top = chart.getOption().grid[0].top;
  return [id, box.height + 22 <= top + 1, box.width <= $(id).clientWidth, chart.getHeight() - top > 100];
});
const gaps = echarts.getInstanceByDom($('#gaps')), names = gaps.getOption().yAxis[0].data;
const lines = Math.max(...names.map((name) => name.split('\\n').length));
const pitch = (gaps.getHeight() - 40) / names.length;
const joined = names.every((name) => !/^[）)，、。]/m.test(name) && !/[（(]$/m.test(name));
said = { looks, charts, room: pitch / (lines * 13), joined };
"""
"""What the charts look like: rooms of legends, names in lines, the looks of scenarios."""


@browser
@pytest.mark.slow
@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("width", [0, 390])
@pytest.mark.parametrize("many", [2, 18])
def test_legends_and_names_have_room(
    pages: dict[str, Path], tmp_path: Path, lang: str, width: int, many: int
):
    """No legend lies over its chart or is cut, no two scenarios look alike, names are broken where read."""
    data = data_of(pages[lang])
    (first, name), *_ = data["scenarios"]
    long = {
        "zh": "（少子、外流、利用增长、住院更短更少）",
        "en": " (few births, people leave, use grows, stays are shorter)",
    }
    data["scenarios"] = [[f"{first}{i}" if i else first, f"{name} {i}{long[lang]}"] for i in range(many)]
    for series in data["series"].values():
        own = series["values"][f"{first}|410500"]
        series["values"] = {f"{code}|410500": own for code, _ in data["scenarios"]}
    page = tmp_path / "many.html"
    text = pages[lang].read_text(encoding="utf-8")
    held = json.dumps(data, ensure_ascii=False).replace("</", "<\\/")
    head, mark, tail = text.partition('<script type="application/json" id="data">')
    page.write_text(f"{head}{mark}{held}</script>{tail.partition('</script>')[2]}", encoding="utf-8")
    said, errors = seen(page, tmp_path, MANY, width)
    assert errors == []
    assert len(set(said["looks"])) == len(said["looks"]) == many
    assert [chart for chart in said["charts"] if not all(chart[1:])] == []
    assert said["room"] >= 1 or width
    assert said["joined"]


def test_what_differs_in_a_scenario_is_told_where_it_is_chosen(pages: dict[str, Path], small_run: Path):
    """The figures of each scenario are those of parameters.csv: they stood for the first one alone."""
    data = data_of(pages["en"])
    rows = read_rows(small_run / "parameters.csv")
    moved = {r["parameter"] for r in rows if r["scenario"] == "shorter_stays"}
    other = data["other"]["shorter_stays|410500"]
    assert {row[0] for row in other} == moved == {"inpatient.alos"}
    (first,) = [row for row in data["given"] if row[0] == "inpatient.alos"]
    (told,) = [row for row in other if row[0] == "inpatient.alos"]
    assert first[2] != told[2]


@pytest.mark.slow
@browser
def test_every_assumption_is_listed_and_found(pages: dict[str, Path], small_run: Path, tmp_path: Path):
    """The table has every parameter of the place once, with range and source; the search narrows it."""
    data = data_of(pages["zh"])
    rows = [r for r in read_rows(small_run / "parameters.csv") if r["region"] == "410500"]
    assert {row[0] for row in data["given"]} == {r["parameter"] for r in rows}
    assert len(data["given"]) == len({r["parameter"] for r in rows})
    stay = next(row for row in data["given"] if row[0] == "inpatient.base_occupancy")
    assert "%" in stay[2]
    assert stay[3]
    assert data["sources"][stay[6]]
    script = """
    const count = () => $("#given").tBodies[0].rows.length, before = count();
    $("#find").value = "病床使用率"; $("#find").oninput();
    const rows = [...$("#given").tBodies[0].rows], narrowed = count();
    const each = rows.every((row) => (row.textContent + row.title).includes("病床使用率"));
    said = {before, narrowed, each, shown: $("#given-count").textContent};
    """
    said, errors = seen(pages["zh"], tmp_path, script)
    assert errors == []
    assert said["before"] == len(data["given"])
    assert 0 < said["narrowed"] < 20
    assert said["each"]
    assert said["shown"] == f"{said['narrowed']} / {said['before']}"


@pytest.mark.slow
@browser
def test_years_of_history_stand_on_a_grey_ground(small_run: Path, tmp_path: Path) -> None:
    """Of a run whose base is 2025; without history nothing is marked."""
    folder = copied(small_run, tmp_path)
    ask = (
        "const o = echarts.getInstanceByDom($('#main')).getOption();"
        "said = o.series.flatMap((x) => x.markArea ? x.markArea.data : [])"
    )
    plain, errors = seen(write_report(folder, "html", "en"), tmp_path, ask)
    assert (plain, errors) == ([], [])
    meta = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    write_meta(folder, {**meta, "history": [2021, 2022, 2023, 2024, 2025]})
    page = write_report(folder, "html", "en")
    assert data_of(page)["history"] == 2025
    ((start, end),), errors = seen(page, tmp_path, ask)
    assert errors == []
    assert (start["name"], start["xAxis"], end["xAxis"]) == ("history", "2020", "2025")
