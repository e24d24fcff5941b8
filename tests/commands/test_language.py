"""Help, messages and tables follow --lang, then HEALTHPLAN_LANG, then the locale."""

from __future__ import annotations

import re
from collections.abc import Iterator

import click
import pytest
import yaml
from paths import ROOT
from working_folder import run_cli

from sim.catalogue.language import SETTING, preferred
from sim.cli import cli
from sim.commands.examples import EXAMPLES
from sim.commands.help import asked
from sim.commands.help_zh import COMMANDS, OPTIONS
from sim.errors import ConfigError

LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")
# option, HEALTHPLAN_LANG, LC_ALL, LC_MESSAGES, LANG -> the language; each line moves by its first word
LEVELS = [
    ("en", "zh", "zh_CN.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", "en"),
    ("zh", "en", "en_GB.UTF-8", "en_GB.UTF-8", "en_GB.UTF-8", "zh"),
    ("", "en", "zh_CN.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", "en"),
    ("", "zh", "en_GB.UTF-8", "en_GB.UTF-8", "en_GB.UTF-8", "zh"),
    ("", "", "en_GB.UTF-8", "zh_CN.UTF-8", "zh_CN.UTF-8", "en"),
    ("", "", "zh_TW", "en_GB.UTF-8", "en_GB.UTF-8", "zh"),
    ("", "", "", "en_GB.UTF-8", "zh_CN.UTF-8", "en"),
    ("", "", "", "zh_CN", "en_GB.UTF-8", "zh"),
    ("", "", "", "", "en_GB.UTF-8", "en"),
    ("", "", "", "", "zh_CN.GB18030", "zh"),
    ("", "", "", "", "fr_FR.UTF-8", "en"),
    ("", "", "", "", "C.UTF-8", "zh"),
    ("", "", "", "", "", "zh"),
]
levels = pytest.mark.parametrize(("option", "setting", "lc_all", "lc_messages", "lang", "said"), LEVELS)


def environment(setting: str, *locale: str) -> dict[str, str]:
    return {SETTING: setting, **dict(zip(LOCALE, locale, strict=True))}


@levels
def test_the_first_that_says_decides(
    option: str, setting: str, lc_all: str, lc_messages: str, lang: str, said: str
):
    environ = environment(setting, lc_all, lc_messages, lang)
    assert asked(["run", "X", "--lang", option] if option else ["run", "X"], environ) == said
    assert asked([f"--lang={option}"] if option else [], environ) == said


@pytest.mark.sampled(4)
@levels
def test_help_tables_and_findings_are_in_it(
    monkeypatch: pytest.MonkeyPatch,
    option: str,
    setting: str,
    lc_all: str,
    lc_messages: str,
    lang: str,
    said: str,
):
    for name, value in environment(setting, lc_all, lc_messages, lang).items():
        monkeypatch.setenv(name, value)
    given = ["--lang", option] if option else []
    table = run_cli("list", "plans", *given, cwd=ROOT).out
    findings = run_cli("audit", "longhu_13fyp", *given, cwd=ROOT).out
    told = run_cli("audit", *given, "--help", cwd=ROOT).out
    chinese = said == "zh"
    assert ("龙湖区卫生和计划生育事业发展" in table) == chinese
    assert ("Longhu district" in table) != chinese
    assert findings.startswith("结论" if chinese else "verdict")
    assert told.startswith("用法：" if chinese else "Usage: ")
    assert ("检查规划文件自身" in told) == chinese


def test_a_setting_that_is_no_language_is_refused(monkeypatch: pytest.MonkeyPatch):
    said = "HEALTHPLAN_LANG | 'fr' is no language of healthplan | write zh or en"
    with pytest.raises(ConfigError, match=re.escape(said)):
        preferred({SETTING: "fr"})
    monkeypatch.setenv(SETTING, "fr")
    done = run_cli("list", cwd=ROOT)
    assert (done.code, said in done.err, done.out) == (2, True, "")
    assert run_cli("list", "--lang", "en", cwd=ROOT).code == 0


def commands(command: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    """Every command by its path."""
    yield path, command
    for name, below in command.commands.items() if isinstance(command, click.Group) else ():
        yield from commands(below, f"{path} {name}".strip())


EVERY = dict(commands(cli))


def test_every_command_takes_a_language():
    """--lang before HEALTHPLAN_LANG before the locale, whatever the command."""
    lacking = [
        path for path, command in EVERY.items() if "--lang" not in {o for p in command.params for o in p.opts}
    ]
    assert lacking == []


def test_every_command_and_option_has_its_chinese():
    assert set(COMMANDS) == set(EVERY)
    needed = {
        (path, max(option.opts, key=len))
        for path, command in EVERY.items()
        for option in command.params
        if isinstance(option, click.Option)
    }
    lacking = {(p, o) for p, o in needed if f"{p} {o}" not in OPTIONS and o not in OPTIONS}
    assert lacking == set()
    used = {f"{p} {o}" if f"{p} {o}" in OPTIONS else o for p, o in needed} | {"--help"}
    assert set(OPTIONS) - used == set()


@pytest.mark.parametrize("path", [p for p, c in EVERY.items() if isinstance(c, click.Group)])
def test_a_list_of_commands_says_what_each_does(monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setenv(SETTING, "zh")
    told = run_cli(*path.split(), "--help").out
    names = dict(EVERY[path].commands) if isinstance(EVERY[path], click.Group) else {}
    lacking = [n for n in names if not re.search(rf"^  {n} +\S*[\u4e00-\u9fff]", told, re.MULTILINE)]
    assert names
    assert lacking == []


@pytest.mark.parametrize("path", EVERY)
def test_a_chinese_help_has_no_english_sentence(monkeypatch: pytest.MonkeyPatch, path: str):
    monkeypatch.setenv(SETTING, "zh")
    told = run_cli(*path.split(), "--help").out.partition("  例：")[0]  # what is typed is no sentence
    assert "用法：" in told
    left = re.findall(r"(?<![\w./-])[a-z]{2,} (?:[a-z]{2,} ){2,}[a-z]{2,}", told)
    assert left == []
    assert "default" not in told
    assert "required]" not in told


def test_the_waves_of_the_examples_are_waves_that_the_parameters_hold():
    known = yaml.safe_load((ROOT / "parameters/national/hospital.yaml").read_text(encoding="utf-8"))
    waves = known["parameters"]["wave_severity"]["values"]
    named = [w for lines in EXAMPLES.values() for line in lines for w in re.findall(r"--surge (\S+)", line)]
    assert named
    assert set(named) <= set(waves)
