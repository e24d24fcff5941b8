"""Faults of the command line, and of census tables given to `region new`."""

from __future__ import annotations

from refusals.fault import EXPERIMENT, RUN, Change, Fault, data, edit, folder_there, link, text

_TABLE = "county.csv"
_AGES = ["0", "1-4", *(f"{a}-{a + 4}" for a in range(5, 85, 5)), "85+"]
_SHEET = "age,male,female\n" + "".join(f"{a},{4000 - 30 * i},{3900 - 20 * i}\n" for i, a in enumerate(_AGES))
_NEW = ("region", "new", _TABLE, "--name", "云泽县", "--parent", "410500", "--lang", "en")


def _said(id_: str, did: str, more: tuple[str, ...], *says: str) -> Fault:
    return Fault(f"command-{id_}", did, says, {}, (*RUN, *more))


def _table(id_: str, did: str, change: Change, *says: str, args: tuple[str, ...] = ()) -> Fault:
    return Fault(
        f"table-{id_}",
        did,
        says if says[0].startswith("--") else (_TABLE, *says),
        {_TABLE: change},
        (*_without(args), *args),
    )


def _without(args: tuple[str, ...]) -> tuple[str, ...]:
    """The call less the options that a fault gives itself: each is given once."""
    at = [i for i, word in enumerate(_NEW) if word in args and word.startswith("--")]
    return tuple(word for i, word in enumerate(_NEW) if i not in at and i - 1 not in at)


def _wider(label: str, first: int, last: int) -> str:
    """The table with its `first` youngest groups as one, or its `last` oldest ones, under this label."""
    head, *rows = _SHEET.splitlines()
    cut = slice(0, first) if first > 1 else slice(len(rows) - last, len(rows))
    counts = [[int(n) for n in row.split(",")[1:]] for row in rows[cut]]
    rows[cut] = [",".join([label, *(str(sum(column)) for column in zip(*counts, strict=True))])]
    return "\n".join([head, *rows]) + "\n"


def _with(old: str, new: str) -> Change:
    assert old in _SHEET
    return text(_SHEET.replace(old, new, 1))


LINE = [
    Fault("command-unknown", "is not known", ("runn",), {}, ("runn", EXPERIMENT)),
    Fault("command-no-file", "names no file", ("EXPERIMENT",), {}, ("run",)),
    Fault(
        "command-file-gone",
        "names a file that is not there",
        ("experiments/smal.yaml", "did you mean", "small.yaml"),
        {},
        ("run", "experiments/smal.yaml"),
    ),
    _said("option", "has a misspelt option", ("--drews", "9"), "--drews", "--draws"),
    _said("draws-negative", "asks for -1 draws", ("--draws", "-1"), "--draws", "-1", "0<=x<=1000000"),
    _said(
        "draws-fraction", "asks for one and a half draws", ("--draws", "1.5"), "--draws", "'1.5'", "integer"
    ),
    _said(
        "draws-many",
        "asks for a million million draws",
        ("--draws", "1000000000000"),
        "--draws",
        "1000000000000",
    ),
    _said("draws-fullwidth-text", "asks for draws in words", ("--draws", "二百"), "--draws", "'二百'"),
    _said("seed", "has a seed beyond the generator", ("--seed", str(2**63)), "--seed", str(2**63)),
    _said("seed-negative", "has a seed below 0", ("--seed", "-1"), "--seed", "-1"),
    _said("workers", "asks for no worker", ("--workers", "0"), "--workers", "0"),
    _said("lang", "asks for a language that there is none of", ("--lang", "fr"), "--lang", "'fr'", "zh"),
    _said(
        "set-form",
        "sets something without a value",
        ("--set", "inpatient.alos"),
        "--set inpatient.alos",
        "name=value",
    ),
    _said(
        "set-unknown",
        "sets a parameter that is not there",
        ("--set", "inpatient.also=8"),
        "inpatient.also",
        "did you mean 'inpatient.alos'",
    ),
    _said(
        "set-text", "sets a number to a word", ("--set", "inpatient.alos=eight"), "inpatient.alos", "eight"
    ),
    _said(
        "set-comma",
        "sets a number with a decimal comma",
        ("--set", "inpatient.alos=8,5"),
        "inpatient.alos",
        "8,5",
    ),
    _said(
        "set-range",
        "sets a value out of its limits",
        ("--set", "inpatient.alos=8000"),
        "inpatient.alos",
        "8000",
        "want",
    ),
    _said("set-nan", "sets no number", ("--set", "inpatient.alos=.nan"), "inpatient.alos", "nan"),
    _said("set-yaml", "sets something that is no YAML", ("--set", "inpatient.alos={"), "--set"),
    _said(
        "scenario",
        "asks for a scenario that is not there",
        ("--scenario", "refrence"),
        "'refrence'",
        "did you mean 'reference'",
    ),
    _said(
        "mcse",
        "asks for a precision that nothing reaches",
        ("--until-mcse", "0.0000001"),
        "--until-mcse",
        "outside",
    ),
    _said("mcse-nan", "asks for no precision", ("--until-mcse", "nan"), "--until-mcse", "nan"),
    _said("scheduler", "names a scheduler that is none", ("--scheduler", "here"), "here"),
    _said("fail-on", "asks to fail on a verdict that is none", ("--fail-on", "bad"), "--fail-on", "'bad'"),
    Fault(
        "command-out-file",
        "writes below a file",
        ("--out experiments/small.yaml/x", "is a file", "give a folder"),
        {},
        (*RUN, "--out", "experiments/small.yaml/x"),
    ),
    Fault(
        "command-out-parameters",
        "writes among the parameters",
        ("--out parameters/regions", "among the parameters", "such as outputs"),
        {},
        (*RUN, "--out", "parameters/regions"),
    ),
    _said(
        "out-home",
        "writes to a home that the shell did not write out",
        ("--out", "~"),
        "--out ~",
        "the shell",
    ),
    _said("known-nothing", "names no table of counts", ("--known", "410500="), "410500=", "names no file"),
    _said(
        "set-idle",
        "sets a parameter that no chosen method reads",
        ("--set", "dependency.dynamic_share=0.4"),
        "--set",
        "moves nothing",
        "dependency.hypothesis",
    ),
    _said(
        "set-early",
        "sets what a place's inputs are made by",
        ("--set", "observation.stock_error={multiply: 1.1}"),
        "--set",
        "observation.stock_error moves nothing here",
        "change it in",
    ),
    _said(
        "set-tens",
        "sets ten times the beds",
        ("--set", "supply.beds_base=28"),
        "5.76 per 1000",
        "4.86 times",
        "{multiply: 4.86} if it is meant",
    ),
    Fault("command-out-empty", "writes to nowhere", ("--out", "is empty"), {}, (*RUN, "--out", "")),
    Fault(
        "command-out-nul",
        "writes to a name with a zero byte",
        ("U+0000", "leave it out"),
        {},
        (*RUN, "--out", "a\0b"),
    ),
    Fault(
        "command-out-line",
        "writes to a name of two lines",
        ("U+000A", "leave it out"),
        {},
        (*RUN, "--out", "a\nb"),
    ),
    Fault(
        "command-out-bytes", "writes to a name that is no text", ("U+DCFF",), {}, (*RUN, "--out", "a\udcff")
    ),
    Fault(
        "command-out-long",
        "writes to a name of 300 letters",
        ("File name too long", "check the path"),
        {},
        (*RUN, "--out", "x" * 300),
    ),
    Fault("command-file-nul", "names a file with a zero byte", ("U+0000",), {}, ("validate", "a\0b")),
    Fault(
        "command-file-long",
        "names a file of 300 letters",
        ("File name too long",),
        {},
        ("validate", "x" * 300),
    ),
    Fault("init-nul", "begins in a folder with a zero byte", ("U+0000",), {}, ("init", "a\0b")),
    Fault("init-line", "begins in a folder of two lines", ("U+000A",), {}, ("init", "a\nb")),
    _said("draws-twice", "asks for draws twice", ("--draws", "4", "--draws", "5"), "--draws is given 2"),
    _said("seed-twice", "gives two seeds", ("--seed", "4", "--seed=5"), "--seed is given 2 times", "once"),
    Fault(
        "command-known-loop",
        "has counts in a link to itself",
        ("loop.csv", "levels of symbolic links"),
        {"loop.csv": link("loop.csv")},
        (*RUN, "--known", "loop.csv"),
    ),
    Fault(
        "propose-region-none",
        "proposes for no region",
        ("REGION", "is empty", "give a value"),
        {},
        ("propose", "", "--year", "2030"),
    ),
    Fault(
        "propose-region-short",
        "proposes for a code of five digits",
        ("REGION", "'41050'", "six-digit"),
        {},
        ("propose", "41050", "--year", "2030"),
    ),
    Fault(
        "command-out-link",
        "writes to a link that leads nowhere",
        ("--out elsewhere", "leads nowhere", "give a folder"),
        {"elsewhere": link("/nonexistent/place")},
        (*RUN, "--out", "elsewhere"),
    ),
    Fault(
        "sweep-output",
        "sweeps an output that is not there",
        ("bedz_ratio", "did you mean"),
        {},
        ("sweep", EXPERIMENT, "--of", "bedz_ratio"),
    ),
    Fault(
        "sweep-over",
        "sweeps a parameter that is not there",
        ("inpatient.also",),
        {},
        ("sweep", EXPERIMENT, "--over", "inpatient.also", "--of", "beds_ratio@2030"),
    ),
    Fault(
        "sweep-n",
        "has a base sample that is no power of two",
        ("100", "power of two"),
        {},
        ("sweep", EXPERIMENT, "--method", "sobol", "--n", "100", "--of", "beds_ratio@2030"),
    ),
    Fault(
        "sweep-year",
        "sweeps a year beyond the end",
        ("2090",),
        {},
        ("sweep", EXPERIMENT, "--of", "beds_ratio@2090"),
    ),
    Fault(
        "propose-year",
        "proposes for the past",
        ("--year", "1999"),
        {},
        ("propose", "410500", "--year", "1999"),
    ),
    Fault(
        "propose-region",
        "proposes for a place that is not there",
        ("999999",),
        {},
        ("propose", "999999", "--year", "2030"),
    ),
    Fault(
        "propose-p",
        "asks for a probability above 1",
        ("--p", "90"),
        {},
        ("propose", "410500", "--year", "2030", "--p", "90"),
    ),
    Fault(
        "propose-name",
        "is to have a name with a slash",
        ("--name", "'a/b'", "'a_b'"),
        {},
        ("propose", "410500", "--year", "2030", "--name", "a/b"),
    ),
    Fault("list-what", "lists something that there is none of", ("regoins",), {}, ("list", "regoins")),
    Fault(
        "backtest-years",
        "scores years before those fitted to",
        ("2010",),
        {},
        ("backtest", EXPERIMENT, "--fit-to", "2020", "--score-to", "2010"),
    ),
    Fault(
        "validate-gone",
        "checks a file that is not there",
        ("nowhere.yaml", "no such file"),
        {},
        ("validate", "nowhere.yaml"),
    ),
    Fault(
        "validate-csv",
        "checks a table that nobody knows",
        ("x.csv",),
        {"x.csv": text("a\n1\n")},
        ("validate", "x.csv"),
    ),
    Fault(
        "migrate-gone",
        "migrates a file that is not there",
        ("nowhere.yaml",),
        {},
        ("migrate", "nowhere.yaml"),
    ),
    Fault("init-there", "makes a working folder where there is one", ("parameters",), {}, ("init", ".")),
    Fault(
        "outside",
        "is run outside a working folder",
        ("parameters", "healthplan init"),
        {"../lonely.yaml": text("schema: 1\nname: a\nregions: ['410500']\nyears: {base: 2020, end: 2035}\n")},
        ("run", "../lonely.yaml"),
    ),
    Fault(
        "parameters-limits",
        "has a limit that is no number",
        ("parameters/limits.csv", "line 2"),
        {
            "parameters/limits.csv": edit(
                lambda s: "\n".join(
                    [
                        s.split("\n")[0],
                        *[
                            ",".join(
                                [
                                    s.split("\n")[1].split(",")[0],
                                    s.split("\n")[1].split(",")[1],
                                    "low",
                                    *s.split("\n")[1].split(",")[3:],
                                ]
                            )
                        ],
                        *s.split("\n")[2:],
                    ]
                )
            )
        },
        RUN,
    ),
]

TABLES = [
    _table(
        "code-elsewhere",
        "is to have a code of another province",
        text(_SHEET),
        "--code",
        "'449901' lies in another province than 410500",
        "begins with 41",
        args=("--code", "449901"),
    ),
    _table(
        "name-turned",
        "is to have a name with a mark that turns the direction of writing",
        text(_SHEET),
        "--name",
        "RIGHT-TO-LEFT OVERRIDE",
        "leave it out",
        args=("--name", "云泽\u202e县"),
    ),
    _table(
        "name-long",
        "is to have a name of 300 letters",
        text(_SHEET),
        "--name",
        "300 characters",
        "at most 200",
        args=("--name", "县" * 300),
    ),
    _table(
        "rows-millions",
        "is a table of five million short rows",
        text(_SHEET + "5-9,1,1\n" * 5_000_000),
        "holds 5,000,020 lines",
        "500,000 at most",
    ),
    _table(
        "cells-millions",
        "is a table of a line of six million cells",
        text(_SHEET + "," * 6_000_000),
        "holds 6,000,040 cells",
        "5,000,000 at most",
    ),
    _table("gbk", "is in GBK, which was not said", text(_SHEET.replace("male", "男", 1), "gbk"), "UTF-8"),
    _table(
        "encoding",
        "is not in the encoding that was said",
        text(_SHEET.replace("age", "年龄") + "\n合"),
        "is not UTF-16",
        args=("--encoding", "utf-16"),
    ),
    _table("empty", "is empty", data(b""), "empty"),
    _table("folder", "is a folder", folder_there, "folder"),
    _table("no-ages", "has no age groups", text("a,b\n1,2\n"), "age groups", "85 and over"),
    _table("odd-age", "has an age group that nobody knows", _with("5-9", "pupils"), "'pupils'", "5-9"),
    _table("date", "has an age group that a spreadsheet took for a date", _with("5-9", "5月9日"), "'5月9日'"),
    _table(
        "gap",
        "leaves an age group out",
        text("".join(r for r in _SHEET.splitlines(True) if not r.startswith("20-24"))),
        "20",
    ),
    _table(
        "young-wide", "begins with the group 0-9", text(_wider("0-9", 3, 1)), "0-9 is wider", "give 0 apart"
    ),
    _table(
        "old-wide", "ends with 70 and over", text(_wider("70+", 1, 4)), "70+ is wider", "give 70-74 apart"
    ),
    _table("twice", "has an age group twice", text(_SHEET.replace("20-24", "15-19", 1)), "15"),
    _table(
        "one-sex",
        "has one sex",
        text("\n".join(r.rsplit(",", 1)[0] for r in _SHEET.split("\n")) + "\n"),
        "female",
    ),
    _table(
        "sexless",
        "does not say the sexes",
        text("\n".join(r.rsplit(",", 1)[0].replace("male", "people") for r in _SHEET.split("\n")) + "\n"),
        "sex",
    ),
    _table("negative", "has negative people", _with("4000", "-4000"), "row 2, column B", "-4000"),
    _table(
        "thousands",
        "has separators of thousands, which was not said",
        _with("4000", '"4,000"'),
        "row 2, column B",
        "4,000",
        "--thousands",
    ),
    _table("decimal", "has a fraction of a person", _with("4000", "4000.5"), "row 2, column B", "4000.5"),
    _table("words", "has words for a number", _with("4000", "四千"), "row 2, column B", "四千"),
    _table("fullwidth", "has a letter among the digits", _with("4000", "4OOO"), "row 2, column B", "4OOO"),
    _table(
        "sum",
        "has a printed sum that does not fit",
        text(_SHEET + "total,1,1\n"),
        "row 21, column B",
        "1 printed",
        "sum to 70,870",
    ),
    _table(
        "shares",
        "has shares, not people",
        text(_SHEET.replace("male,female", "male share,female share")),
        "no ages for male",
    ),
    _table(
        "unit",
        "is in ten thousands, which was not said",
        text(
            "\n".join(
                [
                    _SHEET.split("\n")[0],
                    *(f"{a},{(4000 - 30 * i) / 1e4},{(3900 - 20 * i) / 1e4}" for i, a in enumerate(_AGES)),
                ]
            )
            + "\n"
        ),
        "0.4",
    ),
    _table(
        "parent",
        "lies in a place that is not there",
        text(_SHEET),
        "--parent",
        "999999",
        args=("--parent", "999999"),
    ),
    _table(
        "code", "is to have a code of five digits", text(_SHEET), "--code", "41059", args=("--code", "41059")
    ),
    _table(
        "code-there",
        "is to have the code of a region that is there",
        text(_SHEET),
        "--code",
        "410500",
        args=("--code", "410500"),
    ),
    _table(
        "urban", "has more urban residents than people", text(_SHEET), "--urban", args=("--urban", "99999999")
    ),
    _table("huge", "is a table of 70 MB", data(b"1" * 70_000_000), "MB"),
    Fault(
        "table-gone",
        "is not there",
        ("nowhere.xlsx",),
        {},
        ("region", "new", "nowhere.xlsx", "--name", "x", "--parent", "410500"),
    ),
    Fault(
        "table-damaged",
        "is a damaged workbook",
        ("county.xlsx",),
        {"county.xlsx": data(b"PK\x03\x04")},
        ("region", "new", "county.xlsx", "--name", "x", "--parent", "410500"),
    ),
]

FAULTS = [*LINE, *TABLES]
