"""Faults of experiment files."""

from __future__ import annotations

from refusals.fault import EXPERIMENT, Fault, data, experiment, folder_there, link, small, text, written
from working_folder import SMALL

_AT = EXPERIMENT


def _with(**changes: object) -> dict[str, object]:
    return {"files": experiment(**changes)}


def _text(content: str) -> dict[str, object]:
    return {"files": written(content)}


def _bomb() -> str:
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for i in range(1, 9):
        levels.append(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]")
    return "\n".join(levels) + "\n" + SMALL


FAULTS = [
    Fault(
        "experiment-gbk",
        "saved by a Chinese spreadsheet or editor in GBK",
        (_AT, "line 2", "save the file as UTF-8", "GBK"),
        {_AT: text(SMALL.replace("name: small", "name: small # 安阳"), "gbk")},
    ),
    Fault(
        "experiment-utf16",
        'saved as "Unicode" (UTF-16)',
        (_AT, "line 1", "save the file as UTF-8", "UTF-16"),
        {_AT: text(SMALL, "utf-16")},
    ),
    Fault(
        "experiment-nul",
        "holds zero bytes",
        (_AT, "line 2", "zero bytes"),
        {_AT: data(SMALL.replace("small", "sm\0all").encode())},
    ),
    Fault(
        "experiment-control",
        "holds a control character",
        (_AT, "line 2", "U+0007", "take it out"),
        {_AT: data(SMALL.replace("small", "sm\7all").encode())},
    ),
    Fault("experiment-empty", "is empty", (_AT, "is empty"), {_AT: data(b"")}),
    Fault(
        "experiment-list", "is a list, not keys", (_AT, "is not a mapping of keys"), {_AT: text("- a\n- b\n")}
    ),
    Fault("experiment-folder", "is a folder", (_AT, "is a folder", "give a file"), {_AT: folder_there}),
    Fault(
        "experiment-tab",
        "is indented by a tab",
        (_AT, "line 6", "\\t"),
        {_AT: small("years: {", "years:\n\t{")},
    ),
    Fault(
        "experiment-bracket",
        "has a bracket that is not closed",
        (_AT, "line"),
        {_AT: small("[2025, 2030]", "[2025, 2030")},
    ),
    Fault(
        "experiment-key-twice",
        "has a key twice",
        (_AT, "line 3", "'name' stands twice", "line 2", "keep one"),
        {_AT: small("name: small", "name: small\nname: other")},
    ),
    Fault(
        "experiment-key-misspelt",
        "has a misspelt key",
        (_AT, "scenaros", "did you mean 'scenarios'"),
        **_with(scenaros={}),
    ),
    Fault("experiment-no-years", "has no years", (_AT, "years", "is missing"), **_with(years=None)),
    Fault(
        "experiment-alias-bomb",
        "has aliases that write out to a billion values",
        (_AT, "aliases write out to", "200000 at most"),
        **_text(_bomb()),
    ),
    Fault(
        "experiment-self",
        "holds itself by an alias",
        (_AT, "line 1", "holds itself by an alias"),
        **_text("sweep: &s {groups: *s}\n" + SMALL),
    ),
    Fault(
        "experiment-tag-python",
        "calls a program by a tag",
        (_AT, "line 1", "python/object"),
        **_text("title: !!python/object/apply:os.system ['ls']\n" + SMALL),
    ),
    Fault(
        "experiment-tag-own",
        "has a tag that is not known",
        (_AT, "line 1", "!mine"),
        **_text("title: !mine x\n" + SMALL),
    ),
    Fault(
        "experiment-deep",
        "is nested thousands deep",
        (_AT, "nested too deeply"),
        **_text("title: " + "[" * 5000 + "]" * 5000 + "\n" + SMALL),
    ),
    Fault(
        "experiment-two-documents",
        "holds two documents",
        (_AT, "line", "single document"),
        **_text(SMALL + "---\n" + SMALL),
    ),
    Fault(
        "experiment-region-number",
        "names a region by a number, which loses its zeros",
        (_AT, "regions", "410500"),
        **_with(regions=[410500]),
    ),
    Fault(
        "experiment-region-octal",
        "names a region by a number that begins with 0",
        (_AT, "line 3", "'041050'", "between quotes"),
        {_AT: small('"410500"', "041050")},
    ),
    Fault(
        "experiment-region-sexagesimal",
        "has a time where a whole number is wanted",
        (_AT, "line", "'20:25'", "between quotes"),
        {_AT: small("[2025, 2030]", "[20:25, 2030]")},
    ),
    Fault(
        "experiment-region-short",
        "names a region by five digits",
        (_AT, "regions", "'41050'", "six-digit"),
        **_with(regions=["41050"]),
    ),
    Fault(
        "experiment-region-unknown",
        "names a region that is not there",
        (_AT, "999999"),
        **_with(regions=["999999"], plan=None),
    ),
    Fault(
        "experiment-region-twice",
        "names a region twice",
        (_AT, "regions", "stands twice", "keep one"),
        **_with(regions=["410500", "410500"]),
    ),
    Fault(
        "experiment-no-region", "names no region", (_AT, "regions", "[]", "at least one"), **_with(regions=[])
    ),
    Fault(
        "experiment-name-slash",
        "has a slash in its name",
        (_AT, "name", "'a/b'", "small letters"),
        **_with(name="a/b"),
    ),
    Fault(
        "experiment-name-up",
        "has a name that leaves the folder",
        (_AT, "name", "'../x'", "small letters"),
        **_with(name="../x"),
    ),
    Fault(
        "experiment-name-control",
        "has a control character in a scenario's name",
        (_AT, "scenarios", "U+000A", "leave it out"),
        **_with(scenarios={"a\nb": []}),
    ),
    Fault(
        "experiment-name-long",
        "has a name of 300 characters",
        (_AT, "name", "300 characters", "at most 100"),
        **_with(name="a" * 300),
    ),
    Fault(
        "experiment-name-number",
        "has a number as its name",
        (_AT, "name", "2025", "between quotes"),
        **_with(name=2025),
    ),
    Fault(
        "experiment-scenario-slash",
        "has a scenario with a slash",
        (_AT, "scenarios", "'a/b'", "'a_b'"),
        **_with(scenarios={"a/b": []}),
    ),
    Fault(
        "experiment-scenario-device",
        "has a scenario called as a device of Windows",
        (_AT, "scenarios", "'con'", "device"),
        **_with(scenarios={"con": []}),
    ),
    Fault(
        "experiment-scenario-case",
        "has two scenarios that differ by case only",
        (_AT, "'Low'", "'low'", "rename"),
        **_with(scenarios={"low": [], "Low": []}),
    ),
    Fault(
        "experiment-scenario-true",
        "has a scenario whose name YAML reads as true",
        (_AT, "scenarios", "as text"),
        {_AT: small("reference: []", "true: []")},
    ),
    Fault(
        "experiment-no-scenario", "has no scenario", (_AT, "scenarios", "at least one"), **_with(scenarios={})
    ),
    Fault(
        "experiment-years-far",
        "asks for a thousand million years",
        (_AT, "years.end", "1000000000", "2100 or less"),
        **_with(years={"base": 2020, "end": 10**9}),
    ),
    Fault(
        "experiment-years-fraction",
        "ends in the middle of a year",
        (_AT, "years.end", "2030.5", "whole"),
        **_with(years={"base": 2020, "end": 2030.5}),
    ),
    Fault(
        "experiment-years-text",
        "has a year as text",
        (_AT, "years.end", "'2030'", "whole number"),
        **_with(years={"base": 2020, "end": "2030"}),
    ),
    Fault(
        "experiment-years-swapped",
        "ends before it begins",
        (_AT, "years", "2020", "2035", "later end"),
        **_with(years={"base": 2035, "end": 2020}, plan=None),
    ),
    Fault(
        "experiment-years-infinite",
        "ends never",
        (_AT, "years.end", "inf"),
        {_AT: small("end: 2030", "end: .inf")},
    ),
    Fault(
        "experiment-base-other",
        "begins before its base population was counted",
        (_AT, "years", "2019", "write base: 2020"),
        **_with(years={"base": 2019, "end": 2030}, plan=None),
    ),
    Fault(
        "experiment-plan-beyond",
        "ends before the plan's target year",
        (_AT, "2025", "2024", "write end: 2025"),
        **_with(years={"base": 2020, "end": 2024}, test_years=[2024]),
    ),
    Fault(
        "experiment-test-year-outside",
        "tests a year beyond its end",
        (_AT, "test_years", "2040", "2030"),
        **_with(test_years=[2040]),
    ),
    Fault(
        "experiment-test-year-twice",
        "tests a year twice",
        (_AT, "test_years", "2025 stands twice"),
        **_with(test_years=[2025, 2025]),
    ),
    Fault(
        "experiment-plan-unknown",
        "names a plan that is not there",
        (_AT, "plan", "'anyang_15fp'", "did you mean"),
        **_with(plan="anyang_15fp"),
    ),
    Fault(
        "experiment-plan-other-region",
        "tests a plan of another region",
        (_AT, "plan", "410100", "regions: ['410100']"),
        **_with(plan="zhengzhou_13fyp", years={"base": 2020, "end": 2030}),
    ),
    Fault(
        "experiment-draws-negative",
        "asks for -1 draws",
        (_AT, "draws.n", "-1", "0 or more"),
        **_with(draws={"n": -1}),
    ),
    Fault(
        "experiment-draws-fraction",
        "asks for one and a half draws",
        (_AT, "draws.n", "1.5", "whole"),
        **_with(draws={"n": 1.5}),
    ),
    Fault(
        "experiment-draws-many",
        "asks for a million million draws",
        (_AT, "draws.n", "1000000000000", "1000000"),
        **_with(draws={"n": 10**12}),
    ),
    Fault(
        "experiment-draws-true",
        "asks for `true` draws",
        (_AT, "draws.n", "True", "whole number"),
        **_with(draws={"n": True}),
    ),
    Fault(
        "experiment-seed-large",
        "has a seed beyond the generator",
        (_AT, "line 14", "19 digits", "18 at most"),
        **_with(draws={"n": 8, "seed": 2**63}),
    ),
    Fault(
        "experiment-seed-digits",
        "has a seed of thirty digits",
        (_AT, "line 7", "30 digits", "18 at most"),
        {_AT: small("seed: 7", "seed: " + "9" * 30)},
    ),
    Fault(
        "experiment-seed-negative",
        "has a seed below 0",
        (_AT, "draws.seed", "-7", "0 or more"),
        **_with(draws={"n": 8, "seed": -7}),
    ),
    Fault(
        "experiment-overflow",
        "sets a number beyond what a computer holds",
        (_AT, "inpatient.alos", "inf"),
        {_AT: small("2030: 0.9", "2030: 1.0e999")},
    ),
    Fault(
        "experiment-digits",
        "has a number of two million digits",
        (_AT, "line 13", "2000000 digits", "18 at most"),
        {_AT: small("2030: 0.9", "2030: " + "9" * 2_000_000)},
    ),
    Fault(
        "experiment-nan",
        "sets a parameter to no number",
        (_AT, "inpatient.alos", "nan"),
        {_AT: small("2030: 0.9", "2030: .nan")},
    ),
    Fault(
        "experiment-decimal-comma",
        "sets a number with a decimal comma",
        (_AT, "inpatient.alos", "8,5"),
        **_with(overrides={"shorter": {"inpatient.alos": "8,5"}}),
    ),
    Fault(
        "experiment-fullwidth",
        "sets a number in full-width digits",
        (_AT, "inpatient.alos", "８.５"),
        **_with(overrides={"shorter": {"inpatient.alos": "８.５"}}),
    ),
    Fault(
        "experiment-parameter-unknown",
        "sets a parameter that is not there",
        (_AT, "inpatient.aloss", "did you mean"),
        **_with(overrides={"shorter": {"inpatient.aloss": 8}}),
    ),
    Fault(
        "experiment-parameter-range",
        "sets a share above 1",
        (_AT, "inpatient.base_occupancy", "8500", "want"),
        **_with(overrides={"shorter": {"inpatient.base_occupancy": 8500}}),
    ),
    Fault(
        "experiment-parameter-unit",
        "sets a rate ten thousand times too large",
        (_AT, "fertility.srb", "1090000"),
        **_with(overrides={"shorter": {"fertility.srb": 1090000}}),
    ),
    Fault(
        "experiment-override-year",
        "sets a path with a year twice",
        (_AT, "line", "2030", "stands twice"),
        {_AT: small("{2020: 1, 2030: 0.9}", "{2020: 1, 2030: 0.9, 2030: 0.8}")},
    ),
    Fault(
        "experiment-override-unknown",
        "uses an override that it does not define",
        (_AT, "scenarios.shorter_stays", "'shortr'", "did you mean 'shorter'"),
        **_with(scenarios={"reference": [], "shorter_stays": ["shortr"]}),
    ),
    Fault(
        "experiment-override-conflict",
        "sets one parameter by two overrides of a scenario",
        (_AT, "inpatient.alos", "both set"),
        **_with(
            scenarios={"s": ["a", "b"]}, overrides={"a": {"inpatient.alos": 8}, "b": {"inpatient.alos": 9}}
        ),
    ),
    Fault(
        "experiment-override-method",
        "names a method that is not there",
        (_AT, "fertility.tfr_ratio"),
        **_with(overrides={"shorter": {"fertility.tfr_ratio": {"times": 2}}}),
    ),
    Fault(
        "experiment-parameters-up",
        "names a parameter set outside the folder",
        (_AT, "parameters", "leaves the folder"),
        **_with(parameters=["national", "../../etc"]),
    ),
    Fault(
        "experiment-parameters-absolute",
        "names a parameter set by an absolute path",
        (_AT, "parameters", "'/etc'", "leaves the folder"),
        **_with(parameters=["national", "/etc"]),
    ),
    Fault(
        "experiment-parameters-unknown",
        "names a parameter set that is not there",
        ("natinal", "did you mean"),
        **_with(parameters=["natinal", "standards"]),
    ),
    Fault(
        "experiment-parameters-missing",
        "leaves out the set of standards",
        ("no parameter set gives", "parameters"),
        **_with(parameters=["national"]),
    ),
    Fault(
        "experiment-parameters-of-another",
        "names the parameter set of another city",
        (_AT, "parameters", "'regions/410100_zhengzhou'", "410500", "leave it out"),
        **_with(parameters=["national", "standards", "regions/410100_zhengzhou"]),
    ),
    Fault(
        "experiment-scenario-formula",
        "has a scenario whose name a spreadsheet would compute",
        (_AT, "scenarios", "'=low'", "begins with =", "write 'low'"),
        **_with(scenarios={"=low": []}, overrides={}),
    ),
    Fault(
        "experiment-scenario-standard-empty",
        "lists a standard scenario without what it sets",
        (_AT, "scenarios.payment_reform", "is empty", "write payment_reform: [payment_reform]"),
        **_with(scenarios={"reference": [], "payment_reform": []}, overrides={}),
    ),
    Fault(
        "experiment-override-empty",
        "has an override that sets nothing",
        (_AT, "overrides.shorter", "sets nothing", "write a parameter"),
        **_with(overrides={"shorter": {}}),
    ),
    Fault(
        "experiment-migrants-crowd",
        "sets more newcomers a year than any place takes in",
        (_AT, "migration.level: 1200000 net migrants", "want at most", "exact"),
        **_with(overrides={"shorter": {"migration.level": 1_200_000}}),
    ),
    Fault(
        "experiment-migrants-twice",
        "sets people per thousand beside a number of people",
        (_AT, "add_per_1000 beside add", "write one of them"),
        **_with(overrides={"shorter": {"migration.level": {"add_per_1000": 2, "add": 3000}}}),
    ),
    Fault(
        "experiment-path-behind",
        "sets a path that begins after its end",
        (_AT, "inpatient.alos", "2040, 2050", "2020..2030"),
        **_with(overrides={"shorter": {"inpatient.alos": {2040: 9, 2050: 8}}}),
    ),
    Fault(
        "experiment-schema",
        "is of a schema that is not known",
        (_AT, "schema", "7", "write 1"),
        **_with(schema=7),
    ),
    Fault(
        "experiment-sweep-method",
        "sweeps by a method that is not there",
        (_AT, "sweep.method", "'sobl'"),
        **_with(sweep={"method": "sobl"}),
    ),
    Fault(
        "experiment-hospital-gone",
        "has a setting that is gone",
        (_AT, "hospital.run_days", "gone", "migrate"),
        **_with(hospital={"run_days": 365}),
    ),
    Fault(
        "experiment-title",
        "gives a title in one language",
        (_AT, "title.en", "is missing"),
        **_with(title={"zh": "安阳"}),
    ),
    Fault("experiment-link-loop", "is a link to itself", (_AT, "cannot be read"), {_AT: link("case.yaml")}),
    Fault(
        "experiment-many",
        "has six faults, all told at once",
        ("scenaros", "draws.n", "years.end", "regions", "name", "schema"),
        **_with(
            scenaros={}, draws={"n": -1}, years={"base": 2020, "end": "x"}, regions=[], name="A B", schema=3
        ),
    ),
    Fault(
        "experiment-quotes",
        "has quotes that are not closed",
        (_AT, "line"),
        {_AT: small('["410500"]', '["410500]')},
    ),
]
