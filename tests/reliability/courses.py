"""Commands that are ended again and again: what each writes, and when that is not whole."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml
from paperwork import as_text
from paths import ROOT
from working_folder import SMALL, make_workspace

from sim.errors import SimError
from sim.intact import intact
from sim.places import list_regions, place_censuses
from sim.plan import load_plan
from sim.saved import open_saved

PARTS = (".part", ".unfinished", ".hospital")
"""How names begin or end of what is not finished."""
KNOWN = """\
indicator,year,value,unit,source,quality
population_65,2023,84.5,万人,made up,A
doctors,2023,17100,person,made up,A
"""
_SERIES = ("results.nc", "timeseries.csv", "parameters.csv")
_RUN_ID = re.compile(r"(sweep-)?[0-9]{8}-")  # folders named after the time of start
_ONE = ("--workers", "1", "--quiet")


@dataclass(frozen=True)
class Course:
    """A command that is ended again and again in one working folder."""

    name: str
    arguments: Sequence[str | Path]
    work: Path
    """The working folder that it is called in."""
    written: Sequence[str]
    """What it writes, as patterns below the working folder: taken away before it begins anew."""
    same: Sequence[str]
    """Of it, what must come out the same, byte for byte."""
    fault: Callable[[Path], str]
    """What of the working folder is half-written under a finished name; empty if nothing is."""
    once: bool = False
    """Whether it is refused where its work is done already."""
    shown: Sequence[str] = ()
    """Of what it writes, what shows the run's id, which holds the time: it must be there, and whole."""

    @property
    def command(self) -> list[str]:
        """As it is started."""
        return [sys.executable, "-m", "sim", *map(str, self.arguments)]

    def paths(self, patterns: Sequence[str]) -> Iterator[Path]:
        """What is there of what it writes, leftovers aside."""
        for pattern in patterns:
            for path in sorted(self.work.glob(pattern)):
                if not any(part.endswith(PARTS) for part in path.relative_to(self.work).parts):
                    yield path

    def bytes(self) -> dict[str, bytes]:
        """What must be the same; run ids, which hold the time, are left out of the names."""
        found = {self._name(path): path.read_bytes() for path in self.paths(self.same)}
        return found | {self._name(path): b"" for path in self.paths(self.shown)}

    def _name(self, path: Path) -> str:
        return "/".join(part for part in path.relative_to(self.work).parts if not _RUN_ID.match(part))

    def clear(self) -> None:
        """Take away what it wrote, so that it begins anew."""
        for pattern in (*self.written, *(f"**/*{part}" for part in PARTS)):
            for path in list(self.work.glob(pattern)):
                shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)


def _runs(work: Path) -> Iterator[Path]:
    for path in (work / "outputs").glob("*/*"):
        if path.is_dir() and not path.name.startswith("."):
            yield path


def run_fault(work: Path) -> str:
    """Of run folders: every one that has a name can be read and is what it was written as."""
    for path in _runs(work):
        if "sweep" in path.name:
            if not (
                (path / "sweep.json").is_file() and (path / "sensitivity.csv").read_bytes().endswith(b"\n")
            ):
                return f"{path.name} is not whole"
            continue
        try:
            if "seconds" not in intact(path)["times"]:
                return f"{path.name} was not finished"
            open_saved(path)
        except SimError as error:
            return str(error)
        if wrong := next(filter(None, map(file_fault, path.rglob("*"))), ""):
            return wrong
    return ""


def file_fault(path: Path) -> str:
    """Of a file with a finished name: tables end with a line, packed files and pictures can be opened."""
    if not path.is_file() or any(part.endswith(PARTS) for part in path.parts):
        return ""
    if path.suffix in (".csv", ".html", ".json", ".yaml"):
        end = path.read_bytes()[-8:].rstrip()
        return "" if end and (path.suffix != ".html" or end.endswith(b"</html>")) else f"{path} is cut"
    if path.suffix == ".png":
        return "" if b"IEND" in path.read_bytes()[-12:] else f"{path} is cut"
    if path.suffix in (".docx", ".xlsx"):
        try:
            with zipfile.ZipFile(path) as file:
                bad = file.testzip()
        except zipfile.BadZipFile:
            bad = "all of it"
        return f"{path}: {bad}" if bad else ""
    return ""


def plan_fault(work: Path) -> str:
    """Of plan and region folders and experiments: each that is there can be read."""
    try:
        for folder in (work / "parameters" / "plans").glob("*/"):
            if not folder.name.startswith(".") and not (ROOT / folder.relative_to(work)).is_dir():
                load_plan(work / "parameters", folder.name)
        for folder in (work / "parameters" / "regions").glob("*/"):
            if not folder.name.startswith(".") and not (folder / "region.yaml").is_file():
                return f"{folder} has no region.yaml"
        list_regions(work)
    except SimError as error:
        return str(error)
    for path in (work / "experiments").glob("*.yaml"):
        if "name" not in yaml.safe_load(path.read_text("utf-8")):
            return f"{path} is cut"
    return run_fault(work) or next(filter(None, map(file_fault, work.glob("*.*"))), "")


def init_fault(work: Path) -> str:
    """Of a new working folder: both of its parts, or neither of them, but for the moment between them."""
    made = work / "new"
    for part in ("parameters", "experiments"):
        if (made / part).exists():
            here, there = (sum(p.is_file() for p in f.rglob("*")) for f in (made / part, ROOT / part))
            if here != there:
                return f"{part}: {here} of {there} files"
    return ""


def _experiment(work: Path, name: str, **changes: object) -> Path:
    content = {
        "schema": 1,
        "name": name,
        "regions": ["410500"],
        "years": {"base": 2020, "end": 2022},
        "test_years": [],
        "draws": {"n": 60, "seed": 7},
        **changes,
    }
    path = work / "experiments" / f"{name}.yaml"
    path.write_text(yaml.safe_dump(content), encoding="utf-8")
    return path


def _did(work: Path, *arguments: str | Path) -> str:
    command = [sys.executable, "-m", "sim", *map(str, arguments)]
    done = subprocess.run(command, cwd=work, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-600:]
    return done.stdout.strip()


def _own_runs(work: Path) -> list[Course]:
    """Runs: of one place, several, with counties, with charts on two processes; a sweep; a proposal."""
    _experiment(work, "small")
    _experiment(work, "places", regions=["410500", "410100", "410700"], draws={"n": 24, "seed": 7})
    _experiment(work, "counties", parts="counties", draws={"n": 8, "seed": 7})
    drawn = SMALL.replace("2030", "2026").replace("[2025, 2026]", "[2025]").replace("small", "drawn")
    (work / "experiments" / "drawn.yaml").write_text(drawn, encoding="utf-8")

    def run(
        name: str, title: str, *more: str, same: Sequence[str] = _SERIES, shown: Sequence[str] = ()
    ) -> Course:
        out = f"outputs/{name}"
        given = ("run", f"experiments/{name}.yaml", "--quiet", *more)
        kept, drawn = ([f"{out}/*/{s}" for s in files] for files in (same, shown))
        return Course(title, given, work, (out,), kept, run_fault, shown=drawn)

    sweep = ("sweep", "experiments/small.yaml", "--method", "lhs", "--n", "60", "--of", "beds_required@2022")
    sweep += ("--over", "inpatient.alos", "--over", "fertility.tfr_ratio", "--no-charts", *_ONE)
    tables = (*_SERIES, "adequacy.csv")
    made = ("outputs/made", "parameters/plans/made", "experiments/made.yaml")
    propose = ("propose", "410500", "--year", "2030", "--draws", "8", "--name", "made", *_ONE)
    proposed = ("outputs/made/*/propose.csv", "outputs/made/*/proposal.xlsx", f"{made[1]}/*", made[2])
    return [
        run("small", "run", "--no-charts", "--workers", "1", "--block-draws", "6"),
        run("places", "run of three places", "--no-charts", "--workers", "1", "--block-draws", "8"),
        run("counties", "run with counties", "--no-charts", "--workers", "1", same=(*tables, "parts.csv")),
        run("drawn", "run with charts", "--workers", "2", same=tables, shown=("charts/*.png", "tables.xlsx")),
        Course("sweep", sweep, work, ("outputs/small",), ("outputs/small/*/sensitivity.csv",), run_fault),
        Course("propose", propose, work, made, proposed, plan_fault),
    ]


def _of_a_run(work: Path) -> list[Course]:
    """What is written into a finished run's folder."""
    own = SMALL.replace("2030", "2026").replace("[2025, 2026]", "[2025]")
    (work / "experiments" / "saved.yaml").write_text(own.replace("small", "saved"), encoding="utf-8")
    (work / "known.csv").write_text(KNOWN, encoding="utf-8")
    given = ("run", "experiments/saved.yaml", "--no-charts", *_ONE)
    one, other = (Path(_did(work, *given, *more).splitlines()[-1]) for more in ((), ("--seed", "8")))
    here = one.relative_to(work).as_posix()

    def course(name: str, *arguments: str | Path, files: Sequence[str], kept: bool = False) -> Course:
        patterns = [f"{here}/{file}" for file in files]
        return Course(name, arguments, work, () if kept else patterns, patterns, run_fault)

    stress = ("stress", one, "--year", "2025", "--replications", "2", "--no-charts", *_ONE)
    return [
        course("stress", *stress, files=("hospital*.csv", "stress*.csv")),
        course("report to Word", "report", one, "--to", "docx", files=("report_*.docx",)),
        course("report to a page", "report", one, "--to", "html", files=("report_*.html",)),
        course("report to Excel", "report", one, "--to", "xlsx", files=("report_*.xlsx",)),
        course("compare", "compare", other, one, "--html", files=("compare*.html", "charts/compare*")),
        course("review", "review", one, "--known", "known.csv", files=("review*.*", "charts/review*")),
        course("revise", "revise", one, "--p", "0.7", files=("revise.csv",), kept=True),
    ]


def _of_documents(work: Path) -> list[Course]:
    """From a document to a plan folder, from a table to a region, a plan begun, a working folder."""
    as_text(work / "plan.txt")
    _did(work, "plan", "draft", "plan.txt", "--out", "marked.xlsx", "--lang", "zh")
    census = place_censuses(ROOT, "410581")[2020]
    lines = ["年龄,男,女"]
    ends = [*(s - 1 for s in census.starts[1:]), None]
    for g, (start, last) in enumerate(zip(census.starts, ends, strict=True)):
        label = f"{start}岁及以上" if last is None else f"{start}-{last}岁" if last > start else f"{start}岁"
        lines.append(f"{label},{census.counts[1, g]:.0f},{census.counts[0, g]:.0f}")
    (work / "census.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plans, regions = "parameters/plans", "parameters/regions"
    draft = ("plan", "draft", "plan.txt", "--out", "review_of_plan.xlsx", "--lang", "zh")
    accept = ("plan", "accept", "marked.xlsx", "--name", "taken", "--region", "410500", "--all-sure")
    accept += ("--replace", "--lang", "zh")
    region = ("region", "new", "census.csv", "--name", "云泽县", "--name-en", "Yunze", "--parent", "410500")
    begun = ("plan", "new", "begun", "--region", "410500")
    taken = (f"{plans}/taken/*", "experiments/taken.yaml")
    begins = (f"{plans}/begun", "experiments/begun.yaml")
    drafted, made = ("review_of*.xlsx",), f"{regions}/4199*"
    return [
        Course("plan draft", draft, work, drafted, drafted, plan_fault, once=True),
        Course("plan accept", accept, work, (f"{plans}/taken", taken[1]), taken, plan_fault),
        Course("plan new", begun, work, begins, (f"{begins[0]}/*", begins[1]), plan_fault, once=True),
        Course("region new", region, work, (made,), (f"{made}/*",), plan_fault, once=True),
        Course("init", ("init", "new"), work, ("new",), ("new/experiments/*",), init_fault, once=True),
    ]


def courses(place: Path, names: Sequence[str] = ()) -> list[Course]:
    """What is ended, in working folders below a place; those of the names alone, if any."""
    found = []
    for part, make in (("runs", _own_runs), ("saved", _of_a_run), ("papers", _of_documents)):
        (place / part).mkdir()
        found += make(make_workspace(place / part))
    unknown = set(names) - {course.name for course in found}
    assert not unknown, f"no such command: {unknown}"
    return [course for course in found if not names or course.name in names]
