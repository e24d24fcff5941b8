"""Faults of files that went through other hands: sheets copied, units mixed, words for keys."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path

from paths import PARAMETERS
from refusals.fault import EXPERIMENT, Change, Fault, data, edit, folder_there, link, small, swap, text
from refusals.tables import _FERTILITY, _MORTALITY, _REGION, _SUPPLY, _census
from working_folder import SMALL

_OUTCOMES = f"{_REGION}/outcomes.yaml"
_PLACE = f"{_REGION}/region.yaml"
_INPATIENT = f"{_REGION}/inpatient.yaml"
_CHILD = "unit: per 1000\n    value: 1.13"


def _rows(how: Callable[[list[str]], list[str]]) -> Change:
    return edit(lambda s: "\n".join(how(s.strip().split("\n"))) + "\n")


def _cells(pattern: str, by: Callable[[int], str]) -> Change:
    """The counts of the rows that begin so as `by` makes them."""
    return edit(lambda s: re.sub(rf"(?m)^({pattern},)(\d+)$", lambda m: m[1] + by(int(m[2])), s))


def _exchanged(one: int, two: int) -> Change:
    def how(rows: list[str]) -> list[str]:
        made = rows[:1]
        for row in rows[1:]:
            cells = row.split(",")
            cells[one], cells[two] = cells[two], cells[one]
            made.append(",".join(cells))
        return made

    return _rows(how)


def _as_women(rows: list[str]) -> list[str]:
    women = [row for row in rows if row.startswith("female")]
    return [rows[0], *women, *(row.replace("female", "male") for row in women)]


def _of(path: str) -> Change:
    return data((PARAMETERS / path).read_bytes())


def _large(path: Path) -> None:
    """Five gigabytes, of which the disk holds nothing."""
    path.unlink()
    path.touch()
    os.truncate(path, 5_000_000_000)


CENSUS = [
    _census(
        "sexes-swapped",
        "has women where men belong",
        edit(lambda s: s.replace("female,", "#,").replace("male,", "female,").replace("#,", "male,")),
        "more girls than boys",
        "swap female and male",
    ),
    _census(
        "sex-copied",
        "has the women's column twice",
        _rows(_as_women),
        "as many men as women in every age group",
        "give the people of each sex",
    ),
    _census(
        "of-another",
        "is the table of another region",
        _of("regions/410100_zhengzhou/census_2020.csv"),
        "the table of 410100_zhengzhou",
        "give the people of this place",
    ),
    _census(
        "of-before",
        "is the table of the census before",
        _of("regions/410500_anyang/census_2010.csv"),
        "the people of 2010 again",
        "give those counted in 2020",
    ),
    _census(
        "group-per-10000",
        "has one age group in ten thousands",
        _cells("female,30,34", lambda n: f"{n / 1e4:.2f}"),
        "line 9",
        "value 26.16",
        "whole persons",
    ),
    _census(
        "group-times-10",
        "has one digit too many in a group",
        _cells("female,30,34", lambda n: f"{n}0"),
        "line 28",
        "231563 men beside 2615650 women from age 30",
        "another unit",
    ),
    _census(
        "group-zero",
        "has nobody in a group of one sex",
        _cells("female,30,34", lambda n: "0"),
        "line 9",
        "beside 0 women",
        "want 0.3 to 4",
    ),
    _census(
        "group-both",
        "has a group of both sexes a tenth as large",
        _cells("(?:fe)?male,30,34", lambda n: f"{n // 20}"),
        "line 9",
        "people from age 30",
        "want 0.12 to 8 times",
    ),
    _census("cut-off", "is cut off in its last figure", edit(lambda s: s.rstrip()[:-3]), "line 39", "16 men"),
    _census(
        "point",
        "has a point between thousands in one row",
        swap("female,0,0,23023", "female,0,0,23.023"),
        "line 2",
        "value 23.023",
    ),
    _census(
        "heading-again", "has its heading again in the middle", _rows(lambda r: [*r[:10], *r]), "line 11"
    ),
    _census(
        "boms", "begins with two byte order marks", edit(lambda s: "\ufeff\ufeff" + s), "2 byte order marks"
    ),
    _census(
        "zero-width-sex", "has a letter of no width in a sex", swap("female,0", "fe\u200bmale,0"), "line 2"
    ),
    _census("look-alike", "has a Cyrillic letter in a sex", swap("female,0", "f\u0435male,0"), "line 2"),
    _census("heading-chinese", "has a column in Chinese", swap("value", "人口数"), "'value' is missing"),
    _census("empty-columns", "has empty columns behind", _rows(lambda r: [f"{x},," for x in r]), "column ''"),
    _census("empty-rows", "has empty rows behind", _rows(lambda r: [*r, ",,,"]), "line 40", "whole number"),
    _census("title", "has a title above its heading", edit(lambda s: "安阳市人口\n" + s), "安阳市人口"),
    _census("note", "has a note below", _rows(lambda r: [*r, "注：统计局"]), "line 40", "1 cells"),
    _census("sum", "has a row of sums", _rows(lambda r: [*r, "合计,0,100,5477614"]), "line 40", "'合计'"),
    _census(
        "apostrophe", "has a number that is text in Excel", swap(",23023", ",'23023"), "line 2", "'23023"
    ),
    _census(
        "thousand-points",
        "has a point between the thousands of every row",
        edit(lambda s: re.sub(r",(\d+)(\d{3})\n", r",\1.\2\n", s)),
        "looks 1,000 times too small",
    ),
    _census(
        "x10",
        "has a digit too many in every row",
        edit(lambda s: re.sub(r",(\d+)\n", r",\g<1>0\n", s)),
        "looks 10 times too large",
    ),
    _census("ends-swapped", "has its columns of ages swapped", _exchanged(1, 2), "line 3", "swap them"),
    _census("ends-values", "has counts and last ages swapped", _exchanged(2, 3), "line 2", "outside 0..100"),
    _census(
        "open-999",
        "writes its open group as 85-999",
        edit(lambda s: s.replace("85,100", "85,999")),
        "line 20",
    ),
    _census(
        "open-plus", "writes its open group as 85+", edit(lambda s: s.replace("85,100", "85+,")), "'85+'"
    ),
    _census("open-89", "closes its open group", edit(lambda s: s.replace("85,100", "85,89")), "not open"),
    _census(
        "beyond-100", "has people of 101 and over apart", _rows(lambda r: [*r, "female,101,105,3"]), "101"
    ),
    _census("negative-age", "has an age below 0", swap("female,0,0", "female,-1,0"), "line 2", "-1..0"),
    _census("row-gone", "lacks one row", swap("female,0,0,23023\n", ""), "no row for sex=female, age 0"),
    _census("half", "is cut in its middle", edit(lambda s: s[: len(s) * 2 // 3]), "line 26"),
    _census(
        "shares",
        "has shares of its people",
        edit(lambda s: re.sub(r",(\d+)\n", lambda m: f",{int(m[1]) / 54776:.3f}\n", s)),
        "people, 5173188 in 2010",
    ),
    _census(
        "html",
        "is a web page",
        text("<html><table></table></html>"),
        "is a web page under the name .csv",
        "save it as .xlsx",
    ),
    _census(
        "xlsx",
        "is a workbook called .csv",
        data(b"PK\x03\x04\x14\x00\x06\x00" + bytes(range(200))),
        "is a workbook under the name .csv",
        "name it .xlsx",
    ),
    _census(
        "device", "is a link to a device that never ends", link("/dev/zero"), "is a device", "give a file"
    ),
]


def _year(new: str) -> Change:
    """The first year of the path of tfr_ratio as another text."""
    return edit(lambda s: re.sub(r"(?s)(tfr_ratio:.*?)2020:", rf"\g<1>{new}:", s, count=1))


def _record(id_: str, did: str, file: str, change: Change, *says: str) -> Fault:
    return Fault(f"record-{id_}", did, (file, *says), {file: change})


_TABLE, _SHARED = "parameters/national/adl_prevalence.csv", "parameters/observed_bounds.csv"
RECORDS = [
    Fault(
        "record-table-large",
        "has a table of five gigabytes, which is not read into memory",
        (_TABLE, "holds 5,000 MB", "is it the table?"),
        {_TABLE: _large},
    ),
    Fault(
        "record-labels-folder",
        "stands beside a list of labels that is a folder",
        ("parameters/labels.yaml", "is a folder"),
        {"parameters/labels.yaml": folder_there},
    ),
    Fault(
        "record-bounds-empty",
        "stands beside bounds of which one is empty",
        (_SHARED, "line 2", "high", "a number is wanted"),
        {_SHARED: _rows(lambda rows: [rows[0], re.sub(r"^([^,]*,[^,]*),[^,]*", r"\1,", rows[1]), *rows[2:]])},
    ),
    _record(
        "slipped", "has a point one place off", _SUPPLY, swap("5.76", "0.576"), "looks 10 times too small"
    ),
    _record(
        "per-10000",
        "states per 10,000 for per 1000",
        _SUPPLY,
        swap("unit: per 1000\n    value: 5.76", "unit: per 10000\n    value: 5.76"),
        "beds_base",
        "5.76 per 10000",
        "looks 10 times too small",
        "`unlike`",
    ),
    _record("tens", "has ten times the doctors", _SUPPLY, swap("2.98", "29.8"), "doctors_base", "too large"),
    _record("few", "has a tenth of the doctors", _SUPPLY, swap("2.98", "0.298"), "doctors_base", "too small"),
    _record(
        "gps", "has ten times the GPs", _SUPPLY, swap("value: 2.2\n", "value: 22\n"), "gps_base", "too large"
    ),
    _record(
        "childcare",
        "has ten times the slots",
        _SUPPLY,
        swap(_CHILD, _CHILD.replace("1.13", "11.3")),
        "childcare_slots_base",
        "5.68 times",
    ),
    _record(
        "infants", "has a tenth of the infant deaths", _OUTCOMES, swap("2.43", "0.243"), "infant_mortality"
    ),
    _record(
        "mothers",
        "states per 1000 for per 100,000",
        _OUTCOMES,
        swap("per 100000", "per 1000"),
        "maternal_mortality",
        "too large",
    ),
    _record("mothers-10", "has ten times the maternal deaths", _OUTCOMES, swap("13.40", "134"), "too large"),
    _record(
        "share-8", "has an occupancy of 8 for 80", _INPATIENT, swap("value: 80", "value: 8"), "occupancy"
    ),
    _record("share-1", "has 0.8 for 80 per cent", _INPATIENT, swap("value: 80", "value: 0.8"), "write 80"),
    _record(
        "gap", "has a life expectancy for a gap", _MORTALITY, swap("-0.1", "77.83"), "e0_gap", "-15 to 15"
    ),
    _record("serial", "has a date's number for a year", _FERTILITY, _year("45658"), "2150"),
    _record("date", "has a date for a year", _FERTILITY, _year("2020-01-01"), "2020-01-01"),
    _record("quoted", "has a year as text", _FERTILITY, _year('"2020"'), "'2020'"),
    _record("wide-year", "has a full-width year", _FERTILITY, _year("２０２０"), "２０２０"),
    _record("year-far", "was observed in 20200", _SUPPLY, swap("year: 2020", "year: 20200"), "year", "20200"),
    _record(
        "year-words", "was observed in 二〇二〇", _SUPPLY, swap("year: 2020", "year: 二〇二〇"), "二〇二〇"
    ),
    _record("year-none", "says not when", _SUPPLY, swap("    year: 2020\n", ""), "year", "is missing"),
    _record(
        "sd-percent",
        "has a deviation in per cent",
        _FERTILITY,
        swap("sd: {2020: 0.02,", "sd: {2020: 2,"),
        "sd 2",
        "0.02 for two per cent",
    ),
    _record("rho", "has a correlation of 97", _FERTILITY, swap("rho: 0.97", "rho: 97"), "rho", "97"),
    _record(
        "low-high",
        "has low above high",
        _SUPPLY,
        swap("low: 0.98, high: 1.02", "low: 1.02, high: 0.98"),
        "low",
    ),
    _record(
        "unit-chinese", "has a unit in Chinese", _SUPPLY, swap("unit: per 1000", "unit: 张/千人"), "张/千人"
    ),
    _record("value-unit", "has the unit in the value", _SUPPLY, swap("5.76", "5.76张"), "5.76张"),
    _record("value-span", "has a span for a value", _SUPPLY, swap("5.76", "5.7-5.8"), "5.7-5.8"),
    _record("value-comma", "has a decimal comma", _SUPPLY, swap("5.76", "5,76"), "5,76"),
    _record("value-na", "has NA for a value", _SUPPLY, swap("5.76", "NA"), "'NA'"),
    _record("value-list", "has a list for a value", _SUPPLY, swap("5.76", "[5.76]"), "beds_base"),
    _record("value-time", "has a value that YAML reads as a time", _SUPPLY, swap("5.76", "5:76"), "5:76"),
    _record(
        "zh-none", "has no Chinese name", _SUPPLY, swap(", zh: 千人口床位数（基年）", ""), "zh", "is missing"
    ),
    _record("basis", "has a basis that is not known", _SUPPLY, swap("measured", "measuredd"), "'measuredd'"),
    _record("indent", "is indented by a space too few", _SUPPLY, swap("    value", "   value"), "line"),
    _record(
        "name-twice", "has a name twice", _SUPPLY, swap("  doctors_base:", "  beds_base:"), "stands twice"
    ),
    _record("head", "misspells its head", _SUPPLY, swap("parameters:", "parameter:"), "'parameter'"),
    _record("gbk", "is saved in GBK", _SUPPLY, edit(str, "gbk"), "UTF-8", "GBK"),
]


def _place(id_: str, did: str, change: Change, *says: str) -> Fault:
    return Fault(f"region-{id_}", did, (_PLACE, *says), {_PLACE: change})


PLACES = [
    _place(
        "folder",
        "has another code than its folder",
        swap("'410500'", "'410501'"),
        "code 410501 in the folder 410500_anyang",
        "mend one of them",
    ),
    _place("above", "lies in a province with another code", swap("'410000'", "'440000'"), "begins with 41"),
    _place("level", "has a level that there is none of", swap("prefecture", "prefekture"), "did you mean"),
    _place(
        "key",
        "has a key that nothing reads",
        edit(lambda s: s + "populaton: 5\n"),
        "populaton",
        "unknown key",
    ),
    _place("name-number", "has a number for a name", swap("en: Anyang", "en: 5"), "name.en", "5", "as text"),
    _place(
        "split-group",
        "splits a group of its census that is never split",
        swap("level:", "split: {0-9: '410000'}\nlevel:"),
        "split",
        "0-9",
        "0-4",
    ),
    _place(
        "split-text",
        "says a split without a place",
        swap("level:", "split: 0-4\nlevel:"),
        "split",
        "the code",
    ),
    _place("name-list", "has a list for a name", swap("en: Anyang", "en: [Anyang]"), "name.en", "as text"),
    _place("code-blank", "has a blank behind its code", swap("'410500'", "'410500 '"), "six digits"),
    _place(
        "code-wide", "has its code in full-width digits", swap("'410500'", "'４１０５００'"), "six digits"
    ),
    _place("list", "is a list", text("- a\n"), "missing"),
    Fault(
        "region-lonely",
        "is not there: the folder says not whose it is",
        ("parameters/regions/420000_x", "has no region.yaml", "add it"),
        {"parameters/regions/420000_x/supply.yaml": text("schema: 1\n")},
    ),
    Fault(
        "region-copy",
        "is a copy in another folder",
        ("410500_anyang copy/region.yaml", "410500 is", "its own code"),
        {f"{_REGION} copy/region.yaml": _of("regions/410500_anyang/region.yaml")},
    ),
]


def _yaml(id_: str, did: str, old: str, new: str, *says: str) -> Fault:
    assert old in SMALL
    return Fault(f"hand-{id_}", did, (EXPERIMENT, *says), {EXPERIMENT: small(old, new)})


_PATH = "inpatient.alos: {multiply: {2020: 1, 2030: 0.9}}"
YAML = [
    _yaml("nested", "has a list in a scenario's list", "[shorter]", "[[shorter]]", "scenarios.shorter_stays"),
    _yaml("year-quoted", "has one year of a path in quotes", "2030: 0.9", '"2030": 0.9', "without quotes"),
    _yaml("merge", "merges keys by <<", "{n: 8", "{<<: {n: 9}, n: 8", "line 7", "<<", "write them out"),
    _yaml("wide-comma", "has a Chinese comma in a list", "[2025, 2030]", "[2025，2030]", "2025，2030"),
    _yaml("wide-bracket", "has Chinese brackets", "[2025, 2030]", "【2025, 2030】", "test_years", "a list"),
    _yaml("year-chinese", "has 年 behind a year", "end: 2030", "end: 2030年", "2030年", "whole number"),
    _yaml("hex", "has a hexadecimal year", "end: 2030", "end: 0x7EE", "0x7EE"),
    _yaml("years-single", "has one year where a list is wanted", "[2025, 2030]", "2025", "a list"),
    _yaml("years-before", "tests a year before its base", "[2025, 2030]", "[2015]", "2015 is outside"),
    _yaml("region-name", "names its region by name", '"410500"', '"安阳市"', "安阳市", "six-digit"),
    _yaml("region-blank", "has a blank behind a code", '"410500"', '"410500 "', "six-digit"),
    _yaml(
        "plan-path", "names its plan by a path", "plan: anyang", "plan: parameters/plans/anyang", "no plan"
    ),
    _yaml("plan-case", "names its plan in capitals", "plan: anyang", "plan: Anyang", "'anyang_14fyp'"),
    _yaml("plan-no", "has no for a plan", "plan: anyang_14fyp", "plan: no", "no plan 'no'"),
    _yaml("name-zh", "has a Chinese name", "name: small", "name: 安阳", "small letters"),
    _yaml("scenario-text", "has an override that is not in a list", "[shorter]", "shorter", "a list"),
    _yaml("scenario-null", "has a scenario without a list", "reference: []", "reference:", "a list"),
    _yaml("percent", "sets a percentage", _PATH, "inpatient.alos: 90%", "'90%'"),
    _yaml("with-unit", "sets a value with its unit", _PATH, "inpatient.alos: 8 days", "8 days"),
    _yaml("no", "sets a number to no", _PATH, "inpatient.alos: no", "'no'"),
    _yaml("empty", "sets a number to nothing", _PATH, "inpatient.alos:", "None"),
    _yaml("factor-90", "multiplies by a percentage", "2030: 0.9", "2030: 90", "873 day"),
    _yaml("range-key", "has a span of years as a key", "2030: 0.9", "2025-2030: 0.9", "2025-2030"),
    _yaml("operation", "misspells multiply", "multiply", "mutliply", "mutliply"),
    _yaml("table", "sets a file", _PATH, "inpatient.alos: {table: /etc/passwd}", "/etc/passwd"),
    _yaml(
        "label", "sets a label that there is none of", "inpatient.alos:", "inpatient.alos.value:", "'value'"
    ),
    _yaml(
        "place",
        "sets a parameter of another region",
        "inpatient.alos:",
        '"410100.inpatient.alos":',
        "did you",
    ),
    _yaml("tfr", "sets births per 1000 women", _PATH, "fertility.tfr: 1300", "per 1000", "write 1.3"),
    _yaml("srb", "sets a sex ratio per 100", _PATH, "fertility.srb: 109", "write 1.09"),
    _yaml("occupancy", "sets a share for per cent", _PATH, "inpatient.base_occupancy: 0.8", "write 80"),
    _yaml(
        "known-list", "gives local counts as a list", "schema: 1", "schema: 1\nknown: [x.csv]", "a mapping"
    ),
    _yaml(
        "results", "stores years beyond its end", "schema: 1", "schema: 1\nresults: {years: [2050]}", "2050"
    ),
    _yaml(
        "stress", "stresses years beyond its end", "schema: 1", "schema: 1\nhospital: {years: [2099]}", "2099"
    ),
    _yaml("binary", "has a name in base 64", "name: small", "name: !!binary aGVsbG8=", "as text"),
    _yaml(
        "year-none",
        "sets a path of no year of the run",
        _PATH,
        "inpatient.alos: {1999: 8}",
        "1999",
        "2020..2030",
    ),
    _yaml("year-late", "sets a path beyond its end", _PATH, "inpatient.alos: {multiply: {2099: 8}}", "2099"),
    _yaml(
        "infants-tens",
        "sets ten times the infant deaths",
        _PATH,
        "outcomes.infant_mortality: 24.3",
        "24.3 is 10 times the 2.43 per 1000 that it replaces",
        "{multiply: 10} if it is meant",
    ),
    _yaml(
        "infants-thousandth",
        "sets infant deaths by birth for those per 1000",
        _PATH,
        "outcomes.infant_mortality: 0.00243",
        "looks 1,000 times too small",
    ),
    _yaml(
        "doctors-tenth",
        "sets doctors per 100 for those per 1000",
        _PATH,
        "supply.doctors_base: 0.298",
        "2.98 per 1000",
        "looks 10 times too small",
    ),
    _yaml(
        "idle",
        "sets what no method in use reads",
        _PATH,
        "dependency.dynamic_share: 0.4",
        "moves nothing: dependency.hypothesis is constant_prevalence",
        "to dynamic_equilibrium too",
    ),
    _yaml(
        "idle-label",
        "sets a label of what no method in use reads",
        _PATH,
        "inpatient.occupancy_target.psychiatric: 90",
        "inpatient.occupancy_source is hospital_model",
        "planning_values",
    ),
    _yaml(
        "title-long",
        "has a title of a page",
        "name: small",
        f"name: small\ntitle: {{zh: 安阳, en: {'x' * 300}}}",
        "title.en",
        "300 characters",
        "at most 200",
    ),
    _yaml(
        "title-empty",
        "has an empty title",
        "name: small",
        'name: small\ntitle: {zh: "", en: Anyang}',
        "title.zh",
        "is empty",
    ),
    _yaml(
        "title-lines",
        "has a title of two lines",
        "name: small",
        'name: small\ntitle: {zh: 安阳, en: "An\\nyang"}',
        "title.en",
        "U+000A",
    ),
    Fault(
        "hand-leaving",
        "sends away more people than there are",
        ("migration.level (overrides.shorter)", "2500000 more people leave in 20", "fewer out-migrants"),
        {EXPERIMENT: small(_PATH, "migration.level: -2500000")},
    ),
    Fault("hand-html", "is a web page", (EXPERIMENT, "mapping"), {EXPERIMENT: text("<html>404</html>")}),
    Fault("hand-csv", "is a table", (EXPERIMENT, "mapping"), {EXPERIMENT: text("a,b\n1,2\n")}),
    Fault("hand-device", "is a device", (EXPERIMENT, "is a device"), {EXPERIMENT: link("/dev/zero")}),
]
