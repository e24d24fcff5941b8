"""Faults of plans: their tables, their head, the documents that they are drafted from."""

from __future__ import annotations

from refusals.fault import Change, Fault, data, edit, gone, swap, text

_PLAN = "parameters/plans/anyang_14fyp"
_ROWS = f"{_PLAN}/indicators.csv"
_HEAD = f"{_PLAN}/plan.yaml"
_RULES = f"{_PLAN}/standards.csv"
_RELATIONS = f"{_PLAN}/relations.yaml"
_CHECK = ("validate", _PLAN)
_LINE = "life_expectancy,baseline,2020,=,77.83,years,,,all,sec 1.1 health indicators,14,"

_DOCTORS = "doctors_per_1000,target,2025,=,3.6,per 1000,resident,expected"


def _row(id_: str, did: str, change: Change, *says: str) -> Fault:
    return Fault(f"plan-{id_}", did, (_ROWS, *says), {_ROWS: change}, _CHECK)


def _cell(old: str, new: str) -> Change:
    """The first row with a text in it changed."""
    assert old in _LINE
    return swap(_LINE, _LINE.replace(old, new, 1))


def _file(id_: str, did: str, name: str, change: Change, *says: str) -> Fault:
    return Fault(f"plan-{id_}", did, (name, *says), {name: change}, _CHECK)


ROWS = [
    _row(
        "gbk",
        "saved in GBK",
        edit(lambda s: s.replace("sec 1.1", "第1.1节"), "gbk"),
        "line 2",
        "UTF-8",
        "GBK",
    ),
    _row("utf16", "saved as UTF-16", edit(str, "utf-16"), "line 1", "UTF-16"),
    _row(
        "semicolons",
        "has its columns parted by semicolons",
        edit(lambda s: s.replace(",", ";")),
        "line 1",
        "';'",
    ),
    _row(
        "indicator",
        "has an indicator that is not known",
        _cell("life_expectancy", "life_expectency"),
        "2",
        "'life_expectency'",
        "did you mean",
    ),
    _row(
        "points-of-a-ratio",
        "states a change in points of a figure per 1000",
        swap(_DOCTORS, _DOCTORS.replace("=,3.6,per 1000", "change,0.6,percentage points")),
        "84",
        "0.6 percentage points",
        "2.98 is per 1000",
        "or in %",
    ),
    _row(
        "change-below-nothing",
        "states a fall by more than there is",
        swap(_DOCTORS, _DOCTORS.replace("=,3.6,per 1000", "change,-150,%")),
        "84",
        "-150 %",
        "to -1.49 per 1000",
        "check the figure",
    ),
    _row(
        "line-note",
        "has the mark of a note in a number",
        _cell(",14,", ",14①,"),
        "2",
        "'14①'",
        "write the line",
    ),
    _row("kind", "has a kind of row that is not known", _cell("baseline", "base"), "2", "kind", "'base'"),
    _row("year-text", "has a year in words", _cell("2020", "二〇二〇"), "2", "year", "'二〇二〇'"),
    _row("year-fraction", "has a year with a fraction", _cell("2020", "2020.5"), "2", "year", "'2020.5'"),
    _row("year-far", "has a year of another century", _cell("2020", "20200"), "2", "year", "20200"),
    _row(
        "swapped", "has value and year swapped", _cell("2020,=,77.83", "77.83,=,2020"), "2", "year", "77.83"
    ),
    _row("operator", "has an operator that is not known", _cell("=", "≈"), "2", "operator", "'≈'"),
    _row("value-text", "has a value in words", _cell("77.83", "约78"), "2", "value", "'约78'"),
    _row("value-comma", "has a decimal comma", _cell("77.83", '"77,83"'), "2", "value", "'77,83'"),
    _row(
        "value-thousands", "has a separator of thousands", _cell("77.83", '"7,783"'), "2", "value", "'7,783'"
    ),
    _row("value-empty", "has a target without a value", _cell("77.83", ""), "2", "value"),
    _row("value-nan", "has no number", _cell("77.83", "nan"), "2", "value", "nan"),
    _row(
        "value-large",
        "has a number beyond what a computer holds",
        _cell("77.83", "1e999"),
        "2",
        "value",
        "1e999",
    ),
    _row("value-off", "has a life expectancy ten times too high", _cell("77.83", "778.3"), "2", "778.3"),
    _row("unit", "has a unit that is not known", _cell("years", "yaers"), "2", "unit", "'yaers'"),
    _row(
        "unit-other",
        "has the unit of another indicator",
        _cell("years", "per 1000"),
        "2",
        "life_expectancy",
        "per 1000",
        "'years'",
    ),
    _row(
        "basis",
        "has a population basis that is not known",
        _cell("years,,", "years,everyone,"),
        "2",
        "'everyone'",
    ),
    _row(
        "line", "has a line of the document in words", _cell(",14,", ",vierzehn,"), "2", "line", "'vierzehn'"
    ),
    _row("twice", "has a row twice", swap(_LINE, f"{_LINE}\n{_LINE}"), "3", "life_expectancy"),
    _row("ragged", "has a row with a cell too few", swap(_LINE, _LINE[:-1]), "line 2", "11 cells", "12"),
    _row(
        "column",
        "has a misspelt column",
        swap("population_basis", "populaton_basis"),
        "'population_basis' is missing",
        "populaton_basis",
    ),
    _row("huge", "is a table of 70 MB", data(b"x" * 70_000_000), "MB", "64 MB at most"),
    _file("head-region", "has no region", _HEAD, swap('region: "410500"\n', ""), "region", "missing"),
    _file(
        "head-id",
        "has the name of another folder",
        _HEAD,
        swap("id: anyang_14fyp", "id: other"),
        "id",
        "other",
    ),
    _file("head-key", "has a misspelt key", _HEAD, edit(lambda s: s + "colour: red\n"), "colour"),
    _file("head-empty", "is empty", _HEAD, text(""), "empty"),
    _file("head-twice", "has a key twice", _HEAD, edit(lambda s: s + "schema: 1\n"), "'schema' stands twice"),
    _file(
        "head-period",
        "has a period that holds no calendar years",
        _HEAD,
        swap("period: [2021, 2025]", "period: [20210, 20250]"),
        "period",
        "[20210, 20250]",
    ),
    _file(
        "head-target",
        "has its target year beyond its period",
        _HEAD,
        swap("target_year: 2025", "target_year: 2205"),
        "target_year 2205",
        "[2021, 2025]",
    ),
    _file(
        "head-schema", "has a version in words", _HEAD, swap("schema: 1", "schema: true"), "schema", "True"
    ),
    _file(
        "head-nowhere",
        "is of a region that is no place",
        _HEAD,
        swap('region: "410500"', 'region: "999999"'),
        "region",
        "'999999' is no place that is known",
    ),
    _row(
        "year-distant",
        "has a target of 2052, not 2025",
        edit(lambda s: s.replace("target,2025,", "target,2052,", 1)),
        "target year 2052",
        "27 years after the plan's",
        "is 2025 meant?",
    ),
    _file(
        "rule-level",
        "has a rule whose level is misspelt",
        _RULES,
        swap(",,,city,", ",,,ctiy,"),
        "2",
        "level 'ctiy' is unknown",
        "did you mean 'city'",
    ),
    _file(
        "rule-output",
        "has a rule whose output is misspelt",
        _RULES,
        swap(",infectious beds,", ",infectous beds,"),
        "output 'infectous beds' is misspelt",
        "did you mean 'infectious beds'",
    ),
    _file(
        "rule-scale-span",
        "has a span for a scale",
        _RULES,
        edit(lambda s: s.replace(",pop,,,city", ",pop,3-5,,city", 1)),
        "scale '3-5' is a range",
        "one number",
    ),
    _row(
        "scope",
        "has a scope that is misspelt",
        edit(lambda s: s.replace(",,,all,", ",,,primary carre,", 1)),
        "scope 'primary carre' is misspelt",
        "did you mean 'primary care'",
    ),
    _row(
        "scope-case",
        "has a scope in other letters",
        edit(lambda s: s.replace(",,,all,", ",,,Tcm,", 1)),
        "scope 'Tcm'",
        "did you mean 'TCM'",
    ),
    _file(
        "rule-births",
        "has a rule for so many people that counts births",
        _RULES,
        swap(",per 1000,pop,", ",per 1000,births,"),
        "2",
        "input 'births' is no population",
        "write pop",
    ),
    _row("years-turned", "has years that run backwards", _cell("2020,=", "2025-2020,="), "2", "2025-2020"),
    _file(
        "rule-year", "has a rule of a year that is none", _RULES, swap(",,2025,", ",,2205,"), "year '2205'"
    ),
    _file("rule-scale", "has a rule that asks for nothing", _RULES, swap(",pop,,,", ",pop,0,,"), "scale '0'"),
    _file(
        "rule-twice",
        "has two rules of one id",
        _RULES,
        edit(lambda s: s.replace("nursing_bed_share,", "beds_total_ratio,", 1)),
        "3",
        "beds_total_ratio",
        "line 2",
    ),
    _file(
        "rule",
        "has a rule of a kind that is not known",
        _RULES,
        swap(",per_capita,", ",per_head,"),
        "2",
        "rule_type",
        "'per_head'",
    ),
    Fault(
        "plan-relations",
        "relates figures that it does not have",
        ("anyang_14fyp/relations.yaml", "relation 2", "@2035", "did you mean"),
        {_RELATIONS: swap("@2025", "@2035")},
        ("audit", "anyang_14fyp"),
    ),
    Fault("plan-rows-gone", "has no table of indicators", (_PLAN,), {_ROWS: gone}, _CHECK),
    Fault("plan-not-there", "is not there", ("anyang_15fp",), {}, ("audit", "anyang_15fp")),
]


def _draft(id_: str, did: str, name: str, change: Change, *says: str) -> Fault:
    return Fault(f"draft-{id_}", did, (name, *says), {name: change}, ("plan", "draft", name, "--lang", "en"))


DOCUMENTS = [
    _draft("empty", "is empty", "plan.txt", data(b""), "0 bytes"),
    _draft("no-number", "holds no number", "plan.txt", text("加强公共卫生体系建设。"), "holds no number"),
    _draft("doc", "is an old Word file", "plan.doc", data(b"\xd0\xcf\x11\xe0"), ".docx"),
    _draft("docx", "is a damaged Word file", "plan.docx", data(b"PK\x03\x04"), "damaged"),
    _draft("xlsx", "is a damaged workbook", "plan.xlsx", data(b"PK\x03\x04"), "damaged"),
    _draft("pdf", "is a damaged PDF", "plan.pdf", data(b"%PDF-1.7\n"), "damaged"),
    _draft("bytes", "is no text", "plan.txt", data(bytes(range(128, 256)) * 9), "UTF-8, UTF-16 or GBK"),
    _draft("period", "says no period", "plan.txt", text("卫生规划\n每千人口床位数达到7张。"), "--period"),
    Fault("draft-gone", "is not there", ("nowhere.docx", "no file"), {}, ("plan", "draft", "nowhere.docx")),
    Fault(
        "accept-text",
        "is no workbook",
        ("review.xlsx",),
        {"review.xlsx": text("no")},
        ("plan", "accept", "review.xlsx", "--name", "new_plan"),
    ),
    Fault(
        "accept-gone",
        "is not there",
        ("review.xlsx",),
        {},
        ("plan", "accept", "review.xlsx", "--name", "new_plan"),
    ),
    Fault(
        "new-there",
        "is to have the name of a plan that is there",
        ("anyang_14fyp",),
        {},
        ("plan", "new", "anyang_14fyp", "--region", "410500"),
    ),
    Fault(
        "new-name",
        "is to have a name with a slash",
        ("plan new", "'a/b'", "'a_b'"),
        {},
        ("plan", "new", "a/b", "--region", "410500"),
    ),
    Fault(
        "new-region",
        "is to be of a region that is not there",
        ("999999",),
        {},
        ("plan", "new", "x", "--region", "999999"),
    ),
    Fault(
        "new-years",
        "is to end before it begins",
        ("2030", "2025"),
        {},
        ("plan", "new", "x", "--region", "410500", "--base", "2030", "--target", "2025"),
    ),
]

FAULTS = [*ROWS, *DOCUMENTS]
