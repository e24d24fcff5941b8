"""The two languages in which everything is said."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal

from sim.catalogue.plan_words import PARTS
from sim.errors import ConfigError, fault

Lang = Literal["zh", "en"]
LANGS: tuple[Lang, ...] = ("zh", "en")
SETTING = "HEALTHPLAN_LANG"
_LOCALE = ("LC_ALL", "LC_MESSAGES", "LANG")  # the first that is set decides, as POSIX has it

# Words that say where in a document something stands; what else a locator says stays as it is written.
_LOCATORS = (
    (re.compile(r"\bsec (\d[\d.]*)"), r"第\1节"),
    (re.compile(r"\bitem (\d+)"), r"第\1项"),
    (re.compile(r"\brow (\d+)"), r"第\1行"),
    (re.compile(r"\bline (\d+)"), r"文本第\1行"),
    (re.compile(r"\bgoals (\d{4})"), r"\1年目标"),
    (re.compile(r"\bgoals\b"), "发展目标"),
    (re.compile(r"\bbox (\d+)"), r"专栏\1"),
    (re.compile(r"\b(?:page|p\.) ?(\d+)"), r"第\1页"),
    (re.compile(r"\btables ([A-Z]?\d[\d-]*) and ([A-Z]?\d[\d-]*)"), r"表\1、\2"),
    (re.compile(r"\btables ([A-Z]?\d[\d-]*) to ([A-Z]?\d[\d-]*)"), r"表\1至\2"),
    (re.compile(r"\btables? ([A-Z]?\d[\d-]*)"), r"表\1"),
    (re.compile(r"\bsheet (\S+)"), r"工作表\1"),
)


def preferred(environ: Mapping[str, str]) -> Lang:
    """The language that the environment asks for: HEALTHPLAN_LANG, else the locale.

    A locale of neither language reads English; where none is named (C, POSIX) it is Chinese, the
    language of the plans.  Raises ConfigError where HEALTHPLAN_LANG is neither.
    """
    wanted = environ.get(SETTING, "")
    for lang in LANGS:
        if wanted == lang:
            return lang
    if wanted:
        raise ConfigError(fault(SETTING, f"'{wanted}' is no language of healthplan", "write zh or en"))
    locale = next((environ[name] for name in _LOCALE if environ.get(name)), "C")
    word = re.split(r"[_.@-]", locale)[0].lower()
    return "zh" if word in ("zh", "c", "posix") else "en"


def label(zh: str, en: str, lang: Lang) -> str:
    """The text in a language."""
    return zh if lang == "zh" else en


def labels(lang: Lang, *pairs: tuple[str, str]) -> tuple[str, ...]:
    """Each (zh, en) in a language, as the heads of a table."""
    return tuple(label(zh, en, lang) for zh, en in pairs)


def said(text: str, lang: Lang) -> str:
    """The part in a language of sentences "en / zh; en / zh", as tables keep them.

    An English sentence may hold a semicolon of its own: what stands before it is English too.
    """
    pairs = [part.rpartition(" / ") for part in text.split("; ")]
    if lang == "en":
        return "; ".join(before or after for before, _, after in pairs)
    chinese = [after for _, slash, after in pairs if slash or any(c > "\u2e80" for c in after)]
    return "；".join(chinese) or text


_CHANGE = re.compile(r" ?\(change ([-−])?\+?([\d.]+ ?%?)\)")
_AND = re.compile(r" and (?=\d)")
_WORDS = re.compile(r"[a-z]{3,} [a-z]{2,}")  # English that is left


def located(text: str, lang: Lang) -> str:
    """Where in a document something stands, its common words (table, page, section) in the language.

    What holds other words too stays whole as it is: a sentence of two languages reads in neither.
    """
    if lang == "en":
        return text
    found = text
    for words, chinese in _LOCATORS:
        found = words.sub(chinese, found)
    found = _CHANGE.sub(lambda change: f"（{'减少' if change[1] else '增加'}{change[2]}）", found)
    found = _AND.sub("、", found)
    for part, chinese in PARTS.items():
        found = re.sub(rf"\b{part}\b", chinese, found)
    return text if _WORDS.search(found) else found
