"""Faults of a place's tables: census, parameter table and record, region, yearly figures."""

from __future__ import annotations

import random

from paths import PARAMETERS
from refusals.fault import Change, Fault, data, edit, gone, swap, text

_REGION = "parameters/regions/410500_anyang"
_CENSUS = f"{_REGION}/census_2020.csv"
_OBSERVED = f"{_REGION}/observed.csv"
_SUPPLY = f"{_REGION}/supply.yaml"
_POPULATION = f"{_REGION}/population.yaml"
_FERTILITY = f"{_REGION}/fertility.yaml"
_MORTALITY = f"{_REGION}/mortality.yaml"


def _census(id_: str, did: str, change: Change, *says: str) -> Fault:
    return Fault(f"census-{id_}", did, (_CENSUS, *says), {_CENSUS: change})


def _cell(old: str) -> Change:
    """The count of women of age 0 as another text."""
    return swap("female,0,0,23023", f"female,0,0,{old}")


def _scaled(by: float) -> Change:
    def how(content: str) -> str:
        head, *rows = content.strip().split("\n")
        cells = [r.rsplit(",", 1) for r in rows]
        return "\n".join([head, *(f"{a},{float(v) * by:.10g}" for a, v in cells)]) + "\n"

    return edit(how)


def _drop(*starts: str) -> Change:
    return edit(lambda s: "".join(r for r in s.splitlines(keepends=True) if not r.startswith(starts)))


def _sexes(female: str, male: str) -> Change:
    return edit(lambda s: s.replace("female,", f"{female},").replace("\nmale,", f"\n{male},"))


def _with_method(content: str) -> str:
    return content + (
        "  metod:\n    name: {en: Method, zh: 方法}\n    unit: '1'\n    kind: method\n    value: parity\n"
        "    choices: [parity]\n    year: all\n    source: census_2020\n    basis: assumed\n    quality: C\n"
    )


CENSUS = [
    Fault(
        "census-copy",
        "stands in a copy of a file, under another name",
        ("census_2020 (copy)", "names no year", "census_YEAR.csv"),
        {f"{_REGION}/census_2020 (copy).csv": text("sex,age_start,age_end,value\nfemale,0,0,1\n")},
    ),
    _census(
        "gbk",
        "saved in GBK, with a Chinese heading",
        edit(lambda s: s.replace("sex", "性别"), "gbk"),
        "line 1",
        "UTF-8",
        "GBK",
    ),
    _census("utf16", 'saved as "Unicode text" (UTF-16)', edit(str, "utf-16"), "line 1", "UTF-16"),
    _census("nul", "holds zero bytes", swap("23023", "23\x00023"), "line 2", "zero bytes"),
    _census(
        "semicolons",
        "has its columns parted by semicolons",
        edit(lambda s: s.replace(",", ";")),
        "line 1",
        "';'",
        "with commas",
    ),
    _census(
        "tabs",
        "has its columns parted by tabs",
        edit(lambda s: s.replace(",", "\t")),
        "line 1",
        "'\\t'",
        "with commas",
    ),
    _census(
        "fullwidth-commas",
        "has its columns parted by Chinese commas",
        edit(lambda s: s.replace(",", "，")),
        "line 1",
        "'，'",
        "with commas",
    ),
    _census(
        "decimal-comma",
        "has a decimal comma between quotes",
        _cell('"23023,5"'),
        "line 2",
        "value",
        "'23023,5'",
        "23023.5",
    ),
    _census(
        "thousands",
        "has a separator of thousands",
        _cell('"23,023"'),
        "line 2",
        "value",
        "'23,023'",
        "write 23023",
    ),
    _census(
        "thousands-unquoted",
        "has a separator of thousands that makes a cell more",
        _cell("23,023"),
        "line 2",
        "5 cells",
        "4",
    ),
    _census(
        "spaces",
        "has a blank between thousands",
        _cell("23 023"),
        "line 2",
        "value",
        "'23 023'",
        "write 23023",
    ),
    _census(
        "fullwidth",
        "has full-width digits",
        _cell("２３０２３"),
        "line 2",
        "value",
        "'２３０２３'",
        "write 23023",
    ),
    _census(
        "underscore",
        "has digits parted by a low line",
        _cell("23_023"),
        "line 2",
        "value",
        "'23_023'",
        "write 23023",
    ),
    _census("unit-in-cell", "has the unit in the cell", _cell("23023人"), "line 2", "value", "'23023人'"),
    _census("empty-cell", "has an empty cell", _cell(""), "line 2", "value", "''"),
    _census("dash", "has a dash for nobody", _cell("-"), "line 2", "value", "'-'"),
    _census("nan", "has no number", _cell("nan"), "line 2", "value", "nan"),
    _census(
        "infinite", "has a number beyond what a computer holds", _cell("1e999"), "line 2", "value", "1e999"
    ),
    _census("digits", "has a field of two million digits", _cell("9" * 2_000_000), "line", "field"),
    _census("negative", "has negative people", _cell("-23023"), "line 2", "value", "-23023", "0 or more"),
    _census(
        "age-fraction",
        "has an age with a fraction",
        swap("female,0,0,", "female,0.5,0,"),
        "line 2",
        "age_start",
        "'0.5'",
        "whole",
    ),
    _census(
        "age-words",
        "has an age in words",
        swap("female,0,0,", "female,不满1岁,0,"),
        "line 2",
        "age_start",
        "'不满1岁'",
        "whole",
    ),
    _census(
        "age-range",
        "has an age group in one cell",
        swap("female,1,4,", "female,1-4,4,"),
        "line 3",
        "age_start",
        "'1-4'",
        "age_end",
    ),
    _census(
        "age-swapped",
        "has first and last age swapped",
        swap("female,1,4,", "female,4,1,"),
        "line 3",
        "age_start 4",
        "age_end 1",
        "swap",
    ),
    _census(
        "age-beyond", "has an age of 1000", swap("female,1,4,", "female,1000,1004,"), "line 3", "1000", "100"
    ),
    _census(
        "ages-overlap",
        "has age groups that overlap",
        swap("female,1,4,", "female,0,4,"),
        "line 3",
        "age 0",
        "stands twice",
    ),
    _census(
        "ages-gap", "leaves an age group out", _drop("female,1,4", "male,1,4"), "0-0", "5", "without gap"
    ),
    _census(
        "no-open-age", "has no open age group", _drop("female,85", "male,85"), "80-84", "not open", "100"
    ),
    _census(
        "ages-start",
        "begins at age 5",
        _drop("female,0", "male,0", "female,1,", "male,1,"),
        "begins at age 5",
        "age 0",
    ),
    _census("sex-missing", "has one sex only", _drop("male"), "no row for sex=male", "both sexes"),
    _census(
        "sex-chinese",
        "calls the sexes 女 and 男",
        _sexes("女", "男"),
        "line 2",
        "sex",
        "'女'",
        "write female",
    ),
    _census(
        "sex-letters", "calls the sexes F and M", _sexes("F", "M"), "line 2", "sex", "'F'", "write female"
    ),
    _census("sex-numbers", "calls the sexes 2 and 1", _sexes("2", "1"), "line 2", "sex", "'2'", "female"),
    _census(
        "sex-capital",
        "calls the sexes Female and Male",
        _sexes("Female", "Male"),
        "line 2",
        "sex",
        "'Female'",
        "write female",
    ),
    _census(
        "sex-plural",
        "calls the sexes women and men",
        _sexes("women", "men"),
        "line 2",
        "sex",
        "'women'",
        "write female",
    ),
    _census(
        "sex-both",
        "has a row for both sexes together",
        edit(lambda s: s + "total,0,0,1\n"),
        "sex",
        "'total'",
        "female",
    ),
    _census(
        "row-twice",
        "has a row twice",
        edit(lambda s: s + "female,0,0,23023\n"),
        "age 0",
        "stands twice",
        "keep one",
    ),
    _census(
        "ragged",
        "has a row with a cell too few",
        swap("female,0,0,23023", "female,0,23023"),
        "line 2",
        "3 cells",
        "4",
    ),
    _census(
        "column-missing", "has no column of sexes", swap("sex,", "gender,"), "'sex' is missing", "gender"
    ),
    _census("column-twice", "has a column twice", swap("age_end", "age_start"), "'age_start' stands twice"),
    _census(
        "column-more",
        "has a column that nobody knows",
        edit(lambda s: "\n".join(f"{r},x" for r in s.strip().split("\n"))),
        "unknown column 'x'",
    ),
    _census("heading-alone", "has a heading and no rows", edit(lambda s: s.split("\n")[0] + "\n"), "no rows"),
    _census("empty", "is empty", data(b""), "empty"),
    _census("quote", "has a quote that is not closed", swap("female,0,0,23023", 'female,0,0,"23023'), "line"),
    _census("zero", "has nobody in it", _scaled(0), "nobody"),
    _census("per-10", "is in tens of people", _scaled(0.1), "looks 10 times too small", "persons"),
    _census("per-1000", "is in thousands of people", _scaled(1e-3), "looks 1,000 times too small", "persons"),
    _census(
        "per-10000",
        "is in ten thousands of people (万人)",
        _scaled(1e-4),
        "looks 10,000 times too small",
        "persons",
    ),
    _census("times-1000", "is a thousand times too large", _scaled(1e3), "looks 1,000 times too large"),
    _census(
        "huge",
        "is a table of 70 MB",
        data(b"sex,age_start,age_end,value\n" + b"female,0,0,1\n" * 5_400_000),
        "MB",
        "64 MB at most",
    ),
    _census(
        "value-year-swapped",
        "has the year where the count belongs",
        edit(
            lambda s: "\n".join(
                [s.split("\n")[0], *(r.rsplit(",", 1)[0] + ",2020" for r in s.strip().split("\n")[1:])]
            )
        ),
        "2020",
    ),
]

RECORDS = [
    Fault(
        "record-misspelt-name",
        "misspells the name of a parameter",
        (f"{_REGION}/inpatient.yaml: base_ocupancy", "nothing reads it", "did you mean 'inpatient.base_occ"),
        {f"{_REGION}/inpatient.yaml": swap("  base_occupancy:", "  base_ocupancy:")},
    ),
    Fault(
        "record-copied-file",
        "stands in a copy of a file, under another name",
        (f"{_REGION}/supply (1).yaml", "nothing reads it", "did you mean 'supply."),
        {
            f"{_REGION}/supply (1).yaml": text(
                (PARAMETERS / f"{_REGION}/supply.yaml".removeprefix("parameters/")).read_text("utf-8")
            )
        },
    ),
    Fault(
        "record-file-ending",
        "stands in a file whose name ends in .yml",
        (f"{_REGION}/supply.yml", "would not be read", "must end in .yaml"),
        {f"{_REGION}/supply.yml": text("schema: 1\n")},
    ),
    Fault(
        "record-unread-method",
        "sets a named choice that nothing reads",
        (f"{_REGION}/fertility.yaml: metod", "nothing reads it", "did you mean 'fertility.method'"),
        {f"{_REGION}/fertility.yaml": edit(_with_method)},
    ),
    Fault(
        "record-unknown-key",
        "has a misspelt key",
        (_SUPPLY, "did you mean"),
        {_SUPPLY: swap("source:", "sourse:")},
    ),
    Fault(
        "record-no-unit",
        "states no unit",
        (_POPULATION, "registered_ratio", "unit"),
        {_POPULATION: swap("    unit: '1'\n", "")},
    ),
    Fault(
        "record-unit",
        "states a unit that is not known",
        (_POPULATION, "registered_ratio", "'persn'"),
        {_POPULATION: swap("unit: '1'", "unit: persn")},
    ),
    Fault(
        "record-source",
        "names a source that is not listed",
        (_POPULATION, "source", "'regional_communique'", "did you mean"),
        {_POPULATION: swap("source: regional_communiques", "source: regional_communique")},
    ),
    Fault(
        "record-text",
        "has text for a number",
        (_POPULATION, "registered_ratio", "1,172"),
        {_POPULATION: swap("value: 1.172", "value: '1,172'")},
    ),
    Fault(
        "record-quality",
        "grades itself E",
        (_POPULATION, "quality", "'E'"),
        {_POPULATION: swap("quality: D", "quality: E")},
    ),
    Fault(
        "record-range",
        "has a range that does not hold its centre",
        (_POPULATION, "range", "centre 1"),
        {_POPULATION: swap("low: 0.94", "low: 1.02")},
    ),
    Fault(
        "record-share",
        "has a share above 1",
        (_POPULATION, "urban_share", "5.304", "1"),
        {_POPULATION: swap("2020: 0.5304", "2020: 5.304")},
    ),
    Fault(
        "record-share-percent",
        "has a share in per cent",
        (_POPULATION, "urban_share", "looks like"),
        {
            _POPULATION: edit(
                lambda s: (
                    s.replace("2020: 0.5304", "2020: 53.04")
                    .replace("2021: 0.5407", "2021: 54.07")
                    .replace("2022: 0.5469", "2022: 54.69")
                    .replace("2030: 0.6109", "2030: 61.09")
                    .replace("2050: 0.6858", "2050: 68.58")
                )
            )
        },
    ),
    Fault(
        "record-year-fraction",
        "has a path with a fraction of a year",
        (_POPULATION, "urban_share", "2020.5"),
        {_POPULATION: swap("2020: 0.5304", "2020.5: 0.5304")},
    ),
    Fault(
        "record-year-twice",
        "has a year twice",
        (_POPULATION, "line", "2021", "stands twice"),
        {_POPULATION: swap("2022: 0.5469", "2021: 0.5469")},
    ),
    Fault(
        "record-year-value-swapped",
        "has value and year swapped",
        (_POPULATION, "urban_share"),
        {_POPULATION: swap("2020: 0.5304", "0.5304: 2020")},
    ),
    Fault(
        "record-two-kinds",
        "states a value and a path",
        (_POPULATION, "urban_share"),
        {_POPULATION: swap("    path:\n", "    value: 0.5\n    path:\n")},
    ),
    Fault(
        "record-table-up",
        "names a table outside its folder",
        (_POPULATION, "registered_ratio", "../../../secret.csv", "leaves the folder"),
        {_POPULATION: swap("value: 1.172", "table: ../../../secret.csv")},
    ),
    Fault(
        "record-table-gone",
        "names a table that is not there",
        (_REGION, "nowhere.csv"),
        {_POPULATION: swap("value: 1.172", "table: nowhere.csv\n    dims: [sex]")},
    ),
    Fault(
        "record-nan",
        "has no number",
        (_POPULATION, "registered_ratio", "nan"),
        {_POPULATION: swap("value: 1.172", "value: .nan")},
    ),
    Fault(
        "record-yes",
        "has `yes` for a number",
        (_POPULATION, "registered_ratio", "'yes'"),
        {_POPULATION: swap("value: 1.172", "value: yes")},
    ),
    Fault(
        "record-true",
        "has `true` for a number",
        (_POPULATION, "registered_ratio", "True"),
        {_POPULATION: swap("value: 1.172", "value: true")},
    ),
    Fault(
        "record-null",
        "has nothing for a number",
        (_POPULATION, "registered_ratio"),
        {_POPULATION: swap("value: 1.172", "value: null")},
    ),
    Fault(
        "region-code",
        "writes its code as a number",
        (f"{_REGION}/region.yaml", "code", "410500", "between quotes"),
        {f"{_REGION}/region.yaml": swap("'410500'", "410500")},
    ),
    Fault(
        "region-code-twice",
        "has the code of another region",
        ("region.yaml", "410100", "its own code"),
        {f"{_REGION}/region.yaml": swap("'410500'", "'410100'")},
    ),
    Fault(
        "region-name",
        "has no Chinese name",
        (f"{_REGION}/region.yaml", "name.zh", "missing"),
        {f"{_REGION}/region.yaml": swap("  zh: 安阳市\n", "")},
    ),
    Fault(
        "region-province",
        "names a province that is none",
        (f"{_REGION}/region.yaml", "province", "'Henan'", "six digits"),
        {f"{_REGION}/region.yaml": swap("province: '410000'", "province: Henan")},
    ),
    Fault("census-gone", "has no census", ("census",), {_CENSUS: gone}),
    Fault(
        "observed-unit",
        "has yearly figures in another unit",
        (_OBSERVED, "line 2", "unit", "'万人'", "person"),
        {_OBSERVED: swap(",person,", ",万人,")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-year",
        "has a year with a fraction",
        (_OBSERVED, "line 2", "year", "'2010.5'"),
        {_OBSERVED: swap("2010,", "2010.5,")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-swapped",
        "has value and year swapped",
        (_OBSERVED, "line 2", "year", "1130695"),
        {_OBSERVED: swap("2010,population_0-14,person,1130695", "1130695,population_0-14,person,2010")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-thousands",
        "has yearly figures with separators",
        (_OBSERVED, "line 2", "value", "'1,130,695'", "1130695"),
        {_OBSERVED: swap("1130695", '"1,130,695"')},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-negative",
        "has negative yearly figures",
        (_OBSERVED, "line 2", "-1130695", "0 or more"),
        {_OBSERVED: swap("1130695", "-1130695")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-unknown",
        "has an indicator that is not known",
        (_OBSERVED, "line 2", "'popluation_0-14'", "did you mean"),
        {_OBSERVED: swap("population_0-14", "popluation_0-14")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-twice",
        "has a year twice",
        (_OBSERVED, "line 41", "2010", "1130696", "1130695 of line 2", "keep one"),
        {_OBSERVED: edit(lambda s: s + s.split("\n")[1].replace("1130695", "1130696") + "\n")},
        ("validate", _OBSERVED),
    ),
    Fault(
        "observed-units-off",
        "has people ten times too many in one year",
        (_OBSERVED, "2010"),
        {_OBSERVED: swap("1130695", "11306950")},
        ("validate", _OBSERVED),
    ),
]


def shuffled(content: str) -> str:
    """The same rows in another order."""
    head, *rows = content.strip().split("\n")
    random.Random(1).shuffle(rows)
    return "\n".join([head, *rows]) + "\n"


FAULTS = [*CENSUS, *RECORDS]
