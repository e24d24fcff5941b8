"""The command as a user meets it: help, exit codes, streams, run folders, and what it refuses."""

from __future__ import annotations

import csv
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import click
import pytest
import yaml
from paths import ROOT
from working_folder import SMALL

import sim.cli
from sim.cli import cli as group
from sim.plan.audit import SERIOUS
from sim.saved.row_table import row_of
from sim.saved.row_table import write as write_adequacy

TINY = """\
schema: 1
name: tiny
regions: ["410500"]
years: {base: 2020, end: 2021}
test_years: [2021]
draws: {n: 0}
"""


@pytest.fixture
def tiny(workspace: Path) -> Path:
    path = workspace / "experiments" / "tiny.yaml"
    path.write_text(TINY, encoding="utf-8")
    return path


@pytest.fixture
def no_tables(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the tables out of a run, for tests that are about streams and folders."""

    def write(setup: object, folder: Path, *_: object, **__: object) -> None:
        row = row_of({"region": "410500", "scenario": "reference", "indicator_id": "beds", "name_zh": "床位"})
        row.unit, row.year, row.verdict, row.p_enough = "beds", 2025, "short", 0.1
        write_adequacy(folder, [row])

    monkeypatch.setattr("sim.run_folder.write_tables", write)


# help and start-up


@pytest.mark.parametrize("name", [None, *sorted(group.commands)])
def test_help_of_every_command(cli, name: str | None, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("HEALTHPLAN_LANG", "en")
    done = cli(*([name] if name else []), "--help")
    assert done.code == 0
    assert done.err == ""
    assert "Usage: healthplan" in done.out
    if name:
        command = group.commands[name]
        assert command.help
        for option in command.params:
            assert not isinstance(option, click.Option) or option.help, option.name


def test_the_commands_of_the_issue_are_there():
    assert {"list", "validate", "run", "audit", "plot", "init"} <= set(group.commands)


def test_the_command_line_is_light():
    """No numpy, xarray, pandas or matplotlib for `healthplan --help`."""
    code = "import sys, sim.cli; print(*sorted(m.partition('.')[0] for m in sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"numpy", "xarray", "pandas", "matplotlib", "scipy", "pydantic", "yaml", "netCDF4"}
    assert not heavy & set(done.stdout.split())


@pytest.mark.slow
def test_python_m_sim_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "sim", "run", "no_such.yaml"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={**os.environ, "HEALTHPLAN_LANG": "en"},
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert "no_such.yaml | no such file" in done.stderr
    assert "Traceback" not in done.stderr


def test_version(cli):
    assert cli("--version").out.strip().endswith("0.2.0")


# a run: streams, folder, exit codes


def test_streams_settings_seed_and_exit_code(cli, tiny: Path, tmp_path: Path, no_tables, monkeypatch):
    """Results on stdout, messages on stderr; what was set stands in run.json; 1 means short."""
    monkeypatch.setattr("sim.report.adequacy_text", lambda rows, lang, **draws: f"{len(rows)} rows, {lang}")
    done = cli(
        "run",
        tiny,
        "--out",
        tmp_path,
        "--no-charts",
        "--workers",
        1,
        "--draws",
        1,
        "--seed",
        9,
        "--set",
        "adequacy.tight=0.4",
        "--fail-on",
        "short",
    )
    assert done.code == 1
    assert done.err.splitlines()[0].startswith("第 1/1 块")
    table, *summary, folder = done.out.splitlines()
    assert table == "1 rows, zh"
    assert any("按使用 ▼ 不足 1" in line for line in summary)
    assert not any("healthplan " in line for line in summary)  # short in a pipe
    assert Path(folder).parent == tmp_path / "tiny"
    meta = json.loads((Path(folder) / "run.json").read_text(encoding="utf-8"))
    assert meta["experiment"]["draws"] == {"n": 1, "seed": 9}
    assert meta["settings"] == [["adequacy.tight", 0.4]]
    assert any("adequacy.tight: 0.5 -> 0.4" in line for line in meta["log"])


def test_the_run_folder_holds_what_is_promised(small_run: Path):
    for name in ("run.json", "results.nc", "adequacy.csv", "timeseries.csv"):
        assert (small_run / name).stat().st_size > 0
    beside = [p.name for p in small_run.parent.iterdir() if p.name != ".unfinished"]
    assert beside == [small_run.name]  # no half-made folder is left


@pytest.mark.slow
def test_two_runs_in_one_second_do_not_overwrite(cli, tiny: Path, tmp_path: Path, no_tables, monkeypatch):
    """And --quiet prints the path only."""
    monkeypatch.setattr("sim.run.runner.run_id", lambda setup, started: "same")
    done = [cli("run", tiny, "--out", tmp_path, "--no-charts", "--workers", 1, "--quiet") for _ in range(2)]
    folders = [Path(d.out.strip()) for d in done]
    assert [f.name for f in folders] == ["same", "same-2"]
    assert [d.err for d in done] == ["", ""]
    first, second = (f / "results.nc" for f in folders)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize(
    ("verdicts", "fail_on", "code"),
    [
        (("short", "adequate"), "short", 1),
        (("tight",), "short", 0),
        (("tight",), "tight", 1),
        (("short",), "tight", 1),
        (("adequate", "surplus", "not_tested"), "tight", 0),
        (("short",), None, 0),
    ],
)
def test_exit_code_1_means_the_plan_is_that_bad(verdicts, fail_on, code):
    from sim.commands.run import _exit_code

    rows = [row_of({"indicator_id": "beds_per_1000", "verdict": v}) for v in verdicts]
    assert _exit_code(rows, fail_on) == code


def test_exit_code_minds_targets_only_not_needs_without_one():
    from sim.commands.run import _exit_code

    rows = [row_of({"indicator_id": "question_08_care_workers", "verdict": "short"})]
    assert _exit_code(rows, "tight") == 0


def test_list_takes_a_plan_or_refuses_it(cli):
    one = cli("list", "plans", "--plan", "longhu_13fyp", cwd=ROOT)
    assert one.code == 0
    assert "longhu_13fyp" in one.out
    assert "anyang_14fyp" not in one.out
    refused = cli("list", "regions", "--plan", "longhu_13fyp", cwd=ROOT)
    assert refused.code == 2
    assert "--plan | does not go with 'regions' | leave it out" in refused.err


@pytest.mark.slow
def test_a_dry_run_writes_nothing(cli, tiny: Path, tmp_path: Path):
    done = cli("run", tiny, "--out", tmp_path / "new", "--dry-run")
    assert done.code == 0
    assert "1 scenarios x 1 regions x 1 draws, 2 years: 1 blocks" in done.out
    assert not (tmp_path / "new").exists()


def test_a_failed_run_is_exit_code_3_and_leaves_no_folder(cli, tiny: Path, tmp_path: Path, monkeypatch):
    from sim import run_folder

    def fail(*_, **__):
        raise OSError(28, "No space left on device", "results.nc")

    monkeypatch.setattr(run_folder, "write_tables", fail)
    done = cli("run", tiny, "--out", tmp_path, "--no-charts", "--workers", 1, translated=True)
    assert done.code == 3
    assert "运行失败：" in done.err
    assert "No space left on device | " in done.err
    assert "Traceback" not in done.err
    assert [p.name for p in (tmp_path / "tiny").iterdir()] == [".unfinished"]


def test_an_output_folder_that_is_a_file(cli, tiny: Path, tmp_path: Path):
    taken = tmp_path / "taken"
    taken.write_text("")
    done = cli("run", tiny, "--out", taken, "--no-charts")
    assert done.code == 2  # known before the run
    assert f"{taken} is a file | give a folder" in done.err
    assert "Traceback" not in done.err


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_output_folder(cli, tiny: Path, tmp_path: Path):
    tmp_path.chmod(0o500)
    try:
        done = cli("run", tiny, "--out", tmp_path / "x", "--no-charts")
    finally:
        tmp_path.chmod(0o700)
    assert done.code == 2
    assert f"{tmp_path} may not be written to" in done.err


def test_a_fault_of_ours_is_not_taken_for_a_short_plan(cli, monkeypatch):
    """Python itself would leave with 1, which means "the plan is short"."""

    def broken(*_):
        raise ZeroDivisionError("oh")

    monkeypatch.setattr("sim.commands.listing.listing", broken)
    for lang, said in (("en", "healthplan itself failed"), ("zh", "healthplan 自身出错")):
        done = cli("list", "--lang", lang)
        assert done.code == 3
        assert f"{said}: ZeroDivisionError: oh" in done.err


_NOT_KEPT = (
    ("en", "stopped; what was not finished is not kept: the same command begins anew\n"),
    ("zh", "已停止；未完成的部分不保留，再次运行同一命令将从头开始\n"),
)
_KEPT = (
    ("en", "stopped; what was computed is kept: the same command goes on from there\n"),
    ("zh", "已停止；已算完的部分已保留，再次运行同一命令即可接着算\n"),
)


def _by_ctrl_c(*_, **__):
    raise KeyboardInterrupt


@pytest.mark.parametrize(
    ("place", "command"),
    [
        ("sim.commands.listing.listing", ("list",)),
        ("sim.commands.plan.read_review", ("plan", "accept", "x.xlsx", "--name", "x")),
        ("sim.run.runner.compute_all", ("run", "{tiny}", "--out", "{out}", "--no-charts", "--quiet")),
    ],
)
def test_stopped_with_nothing_to_go_on_from(cli, tiny: Path, tmp_path: Path, monkeypatch, place, command):
    monkeypatch.setattr(place, _by_ctrl_c)
    (tmp_path / "x.xlsx").write_bytes(b"")
    given = [word.format(tiny=tiny, out=tmp_path / "out") for word in command]
    for lang, said in _NOT_KEPT:
        done = cli(*given, "--lang", lang, cwd=ROOT)
        assert (done.code, done.err.lstrip("\n")) == (3, said)


@pytest.mark.slow
def test_stopped_with_blocks_to_go_on_from(cli, tiny: Path, tmp_path: Path, monkeypatch):
    """After the blocks, before their tables; what is reproduced in a folder that goes has nothing."""
    given = ("run", tiny, "--out", tmp_path, "--no-charts", "--quiet", "--workers", "1")
    with monkeypatch.context() as stopped:
        stopped.setattr("sim.run.runner._assemble", _by_ctrl_c)
        for lang, said in _KEPT:
            done = cli(*given, "--lang", lang)
            assert (done.code, done.err.lstrip("\n")) == (3, said)
    done = cli(*given)
    assert done.code == 0, done.err
    monkeypatch.setattr("sim.run.runner._assemble", _by_ctrl_c)
    again = cli("reproduce", done.out.strip(), "--lang", "en")
    assert (again.code, again.err.lstrip("\n").splitlines()[-1:]) == (3, [_NOT_KEPT[0][1].strip()])


# list, audit, validate, init


@pytest.mark.parametrize(
    ("what", "words"),
    [
        ("regions", ("410500", "安阳市", "440507")),
        ("plans", ("anyang_14fyp", "已检验", "未检验")),
        ("indicators", ("beds_per_1000", "ratio")),
        ("parameters", ("inpatient.alos", "adequacy.after_target", "hold_ratio")),
        ("experiments", ("experiments/anyang_14fyp.yaml", "2020-2035")),
    ],
)
def test_list(cli, what: str, words: tuple[str, ...]):
    done = cli("list", what, cwd=ROOT)
    assert (done.code, done.err) == (0, "")
    for word in words:
        assert word in done.out


@pytest.mark.slow
def test_the_size_of_a_path_or_a_table_is_not_listed_as_its_value(cli):
    for place in ((), ("--in", "130400")):
        done = cli("list", "parameters", *place, cwd=ROOT)
        (line,) = [x for x in done.out.splitlines() if x.startswith("supply.beds_growth ")]
        assert re.fullmatch(r"supply.beds_growth +（\d+个值） .*", line)


def test_an_audit_says_how_many_findings_are_serious_and_lists_them(cli):
    """The count of its head is that of the lines below it, and of the serious rows of --csv."""
    plans = ("example_anyang_15fyp", "anyang_14fyp")
    for plan in plans:
        said = cli("audit", plan, cwd=ROOT).out
        rows = list(csv.DictReader(cli("audit", plan, "--csv", cwd=ROOT).out.splitlines()))
        serious = [r for r in rows if r["verdict"] in SERIOUS]
        listed = [line for line in said.splitlines() if line.startswith("  [")]
        assert len(listed) == len(serious)
        assert said.rstrip().endswith("没有需要处理的") == (not serious)
    assert serious


def test_list_names_every_experiment_that_is_wrong(cli, workspace: Path):
    path = workspace / "experiments" / "wrong.yaml"
    path.write_text("schema: 1\n", encoding="utf-8")
    try:
        done = cli("list", "experiments", cwd=workspace)
    finally:
        path.unlink()
    assert done.code == 0
    assert "wrong.yaml" in done.out


def test_audit_as_csv(cli):
    done = cli("audit", "anyang_14fyp", "--csv", cwd=ROOT)
    found = list(csv.DictReader(done.out.splitlines()))
    assert done.code == 0
    assert len(found) > 20
    assert {r["verdict"] for r in found} >= {"consistent"}


def test_a_finding_is_no_formula_in_the_csv(cli, monkeypatch):
    from sim.commands import audited

    found = audited.audit_table
    swapped = lambda findings: [{**row, "computed": "=1+1"} for row in found(findings)]  # noqa: E731
    monkeypatch.setattr(audited, "audit_table", swapped)
    rows = list(csv.DictReader(cli("audit", "anyang_14fyp", "--csv", cwd=ROOT).out.splitlines()))
    assert {row["computed"] for row in rows} == {"'=1+1"}


def test_init_makes_a_working_folder(cli, tmp_path: Path):
    done = cli("init", tmp_path / "new")
    assert done.code == 0
    assert "healthplan run experiments/anyang_14fyp.yaml" in done.out
    listed = [cli("list", "regions", cwd=at).out for at in (tmp_path / "new", ROOT)]
    assert listed[0] == listed[1]
    again = cli("init", tmp_path / "new")
    assert again.code == 2
    assert "exists already | choose another folder" in again.err


@pytest.mark.slow
def test_a_run_in_the_working_folder_goes_to_its_outputs(cli, tmp_path: Path):
    folder = tmp_path / "new"
    cli("init", folder)
    (folder / "experiments" / "tiny.yaml").write_text(TINY, encoding="utf-8")
    ran = cli("run", "experiments/tiny.yaml", "--no-charts", "--quiet", cwd=folder)
    assert ran.code == 0, ran.err
    assert (folder / "outputs" / "tiny").is_dir()


def test_outside_a_working_folder_the_remedy_is_init(cli, tmp_path: Path):
    done = cli("list", "plans", cwd=tmp_path)
    assert done.code == 2
    assert "no folder 'parameters' here or above | run `healthplan init DIR`" in done.err


# refusals: exit code 2, no traceback, place | wrong | remedy, nothing written


@pytest.fixture
def refused(cli, tmp_path: Path) -> Callable[..., list[str]]:
    """Function: `run` with these arguments must be refused cleanly -> the faults, one a line."""

    def run(path: Path, *arguments: str | Path) -> list[str]:
        out = tmp_path / "outputs"
        done = cli("run", path, "--out", out, "--no-charts", *arguments)
        assert done.code == 2, done.out + done.err
        assert done.out == ""
        assert "Traceback" not in done.err
        assert not out.exists()
        title, *lines = done.err.strip().splitlines()
        assert title.endswith("Error:")
        for line in lines:
            assert line.count(" | ") >= 2, line  # a place, what is wrong, a remedy
        return lines

    return run


@pytest.mark.slow
def test_faults_of_experiment_plan_and_parameters_are_told_together(refused, damaged: Path):
    """Five faults in five files, one message."""
    parameters = damaged / "parameters"
    inpatient = parameters / "national" / "inpatient.yaml"
    inpatient.write_text(inpatient.read_text("utf-8").replace("unit: day\n", "unit: dya\n", 1))
    population = parameters / "national" / "population_reference_2020.csv"
    lines = population.read_text("utf-8").splitlines()
    population.write_text("\n".join([*lines[:30], *lines[31:], "male,7,-5"]))
    indicators = parameters / "plans" / "anyang_14fyp" / "indicators.csv"
    indicators.write_text(indicators.read_text("utf-8").replace("beds_per_1000,", "bedz,", 1))
    path = damaged / "experiments" / "small.yaml"
    content = {**yaml.safe_load(SMALL), "regions": ["410500", "410501"]}
    content["overrides"] = {"shorter": {"fertility.tfr_chang": 1}}
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    text = "\n".join(refused(path, "--set", "no.such=1"))
    for part in (
        "small.yaml: regions | no region '410501' | did you mean '410500'?",
        "unit 'dya' unknown",
        "population_reference_2020.csv: line 203 | sex=male, age=7 stands twice",
        "indicators.csv",
        "'bedz'",
    ):
        assert part in text


def test_all_parameters_wrong_in_one_experiment_are_told_together(refused, experiment):
    """Overrides, settings and the plan's region, each with its remedy."""
    path = experiment(
        plan="xinxiang_14fyp",
        overrides={
            "shorter": {
                "inpatient.aloz": 1,
                "inpatient.alos.tertiry": 1,
                "inpatient.occupancy_target": 130,
                "population.base": {"multiply": -1},
                "adequacy.after_target": "hold_rati",
                "childcare.wish": "many",
                "emergency.icu_days": {},
            }
        },
    )
    text = "\n".join(refused(path, "--set", "fertility.tfr=.nan", "--set", "inpatient.alos={times: 2}"))
    for part in (
        "plan | 'xinxiang_14fyp' is a plan of region 410700 | write regions: ['410700']",
        "overrides.shorter | no parameter 'inpatient.aloz' | did you mean 'inpatient.alos'?",
        "overrides.shorter | inpatient.alos has no 'tertiry' | did you mean 'tertiary'?",
        "inpatient.occupancy_target = 130 gives 130 percent | want 20 to 100",
        'population.base = {"multiply": -1} gives -',
        "adequacy.after_target: no method 'hold_rati' | did you mean 'hold_ratio'?",
        "childcare.wish = 'many' | a number or {year: number} is wanted",
        "emergency.icu_days = {} | give a number or {year: number}",
        "--set | fertility.tfr = nan | a finite number is wanted",
        "--set | inpatient.alos = {'times': 2} | write a number, {year: number}, or one of",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("changes", "wrong"),
    [
        ({"plan": "anyang_15fyp"}, "plan | no plan 'anyang_15fyp' | did you mean 'anyang_14fyp'?"),
        (
            {"years": {"base": 2015, "end": 2030}},
            "years | base 2015, but the base population is of 2020 | write base: 2020",
        ),
        ({"years": {"base": 2020, "end": 2090}}, "no value for 20"),
        ({"parameters": ["national", "standard"]}, "no such parameter set | did you mean 'standards'?"),
    ],
)
def test_what_an_experiment_names_must_exist(refused, experiment, changes, wrong: str):
    assert any(wrong in line for line in refused(experiment(**changes)))


def test_thresholds_in_the_wrong_order(refused, experiment):
    lines = refused(experiment(), "--set", "adequacy.tight=0.95")
    assert lines == ["adequacy | tight 0.95, adequate 0.9 | want 0 <= tight <= adequate <= 1"]


def test_an_unknown_scenario_names_the_nearest(refused, experiment):
    lines = refused(experiment(), "--scenario", "shorter_stay")
    assert "no scenario 'shorter_stay' | did you mean 'shorter_stays'?" in lines[0]


@pytest.mark.parametrize(
    ("name", "remedy"),
    [
        ("two_child", "there are reference, shorter_stays; of the standard set "),
        ("fertility_lwo@high", "did you mean 'fertility_low@high'? there are reference"),
        ("shorter_stay@low", "did you mean 'shorter_stays'? there are"),
        ("payment_reform@middle", "write payment_reform@low or payment_reform@high"),
        ("fertility_low@", "write fertility_low@low or fertility_low@high"),
    ],
)
def test_an_unknown_scenario_is_told_all_that_there_are(refused, experiment, name: str, remedy: str):
    (line,) = refused(experiment(), "--scenario", name)
    assert f"no scenario '{name}' | {remedy}" in line
    if "there are" in line:
        assert "payment_reform" in line
        assert "(NAME@low and NAME@high are the ends of its range)" in line


def test_every_unknown_scenario_is_told(refused, experiment):
    lines = refused(experiment(), "--scenario", "one", "--scenario", "two")
    assert ["'one'" in lines[0], "'two'" in lines[1], len(lines)] == [True, True, 2]


def test_an_override_that_no_scenario_has_is_refused(refused, experiment):
    """By run and by validate: what acts on nothing is no experiment."""
    path = experiment(scenarios={"reference": []})
    (line,) = refused(path)
    assert "overrides.shorter | no scenario has it: nothing of it would act | name it in one" in line


def test_text_faults_through_the_command(refused, experiment):
    assert "is not UTF-8" in refused(experiment((SMALL + "title: 安阳\n").encode("gbk")))[0]
    assert "stands twice" in refused(experiment(SMALL + "name: again\n"))[0]
    assert "the file is empty" in refused(experiment(b""))[0]


def test_paths_that_are_not_experiments(refused, workspace: Path):
    folder = workspace / "experiments"
    assert "did you mean" in refused(folder / "smal.yaml")[0]
    assert "is a folder | give a file" in refused(folder)[0]
    assert "cannot be read: Not a directory" in refused(folder / "small.yaml" / "x")[0]
    assert "name is missing" in " ".join(
        refused(workspace / "parameters" / "national" / "inpatient.yaml")
    ).replace(": name | is", " name is")


@pytest.mark.parametrize(
    "arguments",
    [
        ("run",),
        ("run", "x.yaml", "--draws", "many"),
        ("run", "x.yaml", "--draws", "-1"),
        ("run", "x.yaml", "--fail-on", "shorter"),
        ("run", "x.yaml", "--set", "no-equals"),
        ("run", "x.yaml", "--worker", "2"),
        ("list", "region"),
        ("list", "indicators", "--plan", "nope"),
        ("audit", "nope"),
        ("plot", "nope"),
        ("validate",),
        ("validate", "nope.yaml"),
        ("nope",),
        (),
    ],
)
def test_usage_errors_are_exit_code_2(cli, workspace: Path, arguments: tuple[str, ...]):
    done = cli(*arguments, cwd=workspace)
    assert done.code == 2
    assert done.out == ""
    assert done.err
    assert "Traceback" not in done.err


def test_an_unreadable_module_is_never_imported_for_help():
    assert sim.cli.cli is group


LOADED = """
import sys
from sim.cli import main
sys.argv[1:] = ["list", "scenarios"]
main()
print(*sys.modules, file=sys.stderr)
"""


def test_a_list_loads_what_it_reads_and_no_more():
    how = {"cwd": ROOT, "capture_output": True, "text": True, "check": True}
    loaded = set(subprocess.run([sys.executable, "-c", LOADED], **how).stderr.split())
    assert "sim.config.standard" in loaded
    assert not loaded & {"numpy", "pandas", "xarray", "scipy", "matplotlib", "sim.config.experiment"}
