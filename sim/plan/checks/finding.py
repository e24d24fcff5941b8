"""A finding of the audit, and how a check finds the figures it compares."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sim.errors import PlanError, fault
from sim.plan.checks.phrase import Phrase, listed, number, same
from sim.plan.document import Plan
from sim.plan.figure import Figure
from sim.plan.head import read_pair
from sim.plan.indicator import Indicator
from sim.textfile import did_you_mean

CHECKS = {
    "implied population": "隐含人口",
    "implied population: agreement": "隐含人口是否一致",
    "implied rate": "隐含比率",
    "implied births": "隐含出生数",
    "implied admissions": "隐含住院人次",
    "implied visits": "隐含诊疗次数",
    "implied length of stay": "隐含住院日",
    "implied target counts": "目标对应的数量",
    "count vs rate": "数量与比率",
    "coverage vs count": "覆盖率与人数",
    "sum of parts": "分项之和",
    "difference": "增量",
    "growth": "增长率",
    "share": "占比",
    "ratio": "比值",
    "weighted mean": "加权平均",
    "count stated twice": "数量前后不一",
    "stated twice": "同一指标两处表述",
    "target vs baseline": "目标与基期",
    "target vs own benchmark": "目标与自引标准",
    "target in counts": "目标折算数量",
    "rate change": "变化幅度",
    "small numbers": "小数事件",
    "plan coherence": "规划协调性",
    "plan horizon": "规划期",
    "demography": "人口恒等式",
    "definition": "定义",
    "unit": "单位",
    "table vs text": "表与正文",
    "missing data": "缺失数据",
    "numbering": "编号",
}
VERDICTS = {
    "consistent": "一致",
    "rounding": "舍入差异",
    "inconsistent": "不一致",
    "doubtful": "存疑",
    "implied": "推算值",
    "improves": "优于基期",
    "equal to baseline": "与基期持平",
    "laxer than baseline": "宽于基期",
    "falls below baseline": "低于基期",
    "below own benchmark": "低于自引标准",
    "note": "备注",
}
_IMPLIED_VALUE = re.compile(r"implied (\d{4}) value")
_NUMERIC = "0123456789+-每"  # a result that may follow an equals sign
ARITHMETIC = "arithmetic"
JUDGEMENT = "reader's judgement"


@dataclass(frozen=True)
class Finding:
    """One check of a document against itself.

    `arithmetic`, `computed` and `stated` are its parts in words, `values` the computed numbers;
    `basis` is "arithmetic" or "reader's judgement" where a person, not a rule, saw it.
    """

    plan: str
    check: str
    indicator_ids: tuple[str, ...]
    arithmetic: Phrase
    values: tuple[float, ...]
    computed: Phrase
    stated: Phrase
    verdict: str
    location: str
    line: int
    basis: str = ARITHMETIC
    comment_en: str = ""
    comment_zh: str = ""

    @property
    def message_en(self) -> str:
        """The finding as an English sentence."""
        text = f"{self.check}: {self.arithmetic.en}"
        if self.computed:
            text += f" = {self.computed.en}"
        if self.stated:
            text += f"; the plan says {self.stated.en}"
        return f"{text} -> {self.verdict}" + (f" ({self.comment_en})" if self.comment_en else "")

    @property
    def message_zh(self) -> str:
        """The finding as a Chinese sentence."""
        computed = self.computed.zh
        text = f"{check_zh(self.check)}：{self.arithmetic.zh}"
        if computed:
            text += f" = {computed}" if computed[0] in _NUMERIC else f"，{computed}"
        if self.stated:
            text += f"；文件写{self.stated.zh}"
        tail = f"（{self.comment_zh}）" if self.comment_zh else ""
        return f"{text} → {VERDICTS[self.verdict]}{tail}"


def check_zh(check: str) -> str:
    """Chinese name of a check; "implied 2015 value" carries its year."""
    match = _IMPLIED_VALUE.fullmatch(check)
    return f"隐含{match[1]}年值" if match else CHECKS[check]


_REF = re.compile(
    r"(?:(?P<plan>\w+):)?(?P<id>\w+)@(?P<year>[\d-]*)(?:!(?P<kind>\w+))?"
    r"(?:~(?P<scope>[^#]+))?(?:#(?P<line>\d+))?"
)
Relation = Mapping[str, Any]


class Watched(Mapping[str, Any]):
    """A relation that remembers which of its keys a check has read."""

    def __init__(self, relation: Mapping[str, Any]) -> None:
        self._relation = relation
        self.seen = {"check", "ids", "comment", "location", "line", "population"}

    def __getitem__(self, key: str) -> Any:
        self.seen.add(key)
        return self._relation[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._relation)

    def __len__(self) -> int:
        return len(self._relation)

    def unread(self) -> list[str]:
        """Keys that no check has asked for: misspelt or in the wrong place."""
        return [key for key in self._relation if key not in self.seen]


@dataclass
class Figures:
    """The figures of a plan by reference `id@year!kind~scope#line` (the last three optional)."""

    plan: Plan
    used: list[Indicator] = field(default_factory=list)

    def pick(self, ref: str) -> Indicator:
        """The one statement that `ref` names, e.g. "beds_per_1000@2015#64".

        Raises PlanError if none fits, or if several fit that print different values.
        """
        place = f"{self.plan.id}/relations.yaml"
        match = _REF.fullmatch(ref)
        if match is None:
            raise PlanError(fault(place, f"'{ref}' is not a reference", "write id@year"))
        plan = self.plan if not match["plan"] else self.plan.cited.get(match["plan"])
        if plan is None:
            wrong = f"'{ref}': plan '{match['plan']}' is not cited"
            raise PlanError(fault(place, wrong, f"add it to cites: [{match['plan']}]"))
        found = [
            i
            for i in plan.rows(match["id"], match["kind"] or "")
            if i.year == match["year"]
            and i.value is not None
            and (match["kind"] or i.operator != "change" or "-" in i.year or i.kind == "target")
            and (match["scope"] is None or i.scope == match["scope"])
            and (match["line"] is None or i.line == int(match["line"]))
        ]
        if not found:
            known = [f"{i.id}@{i.year}" for i in plan.indicators]
            raise PlanError(fault(place, f"no figure '{ref}'", did_you_mean(ref, known)))
        if len({(i.text, i.unit.name, i.operator) for i in found}) > 1:
            lines = ", ".join(f"#{i.line}" for i in found)
            raise PlanError(fault(place, f"'{ref}' has several values", f"add one of {lines}"))
        self.used.append(found[0])
        return found[0]

    def picks(self, refs: Sequence[str]) -> list[Indicator]:
        """The statements that several references name."""
        return [self.pick(ref) for ref in refs]

    def figure(self, ref: str) -> Figure:
        """The printed figure, in its printed unit."""
        return self.pick(ref).figure

    def model(self, ref: str) -> Figure:
        """The figure in the model's unit: rates and shares as fractions."""
        return model(self.pick(ref))

    def people(self, relation: Relation) -> Figure:
        """Population behind the plan's ratios: count / rate, by the relation or the plan."""
        own = relation.get("population")
        place = f"{self.plan.id}/relations.yaml"
        pair = self.plan.population if own is None else read_pair(own, f"{place}: population")
        if pair is None:
            raise PlanError(fault(place, "no population", "give population: {count: ..., rate: ...}"))
        count, rate = self._quiet(pair.count), self._quiet(pair.rate)
        return model(count) / model(rate)

    def _quiet(self, ref: str) -> Indicator:
        found = self.pick(ref)
        self.used.pop()
        return found

    def ids(self) -> tuple[str, ...]:
        """Indicators used so far, once each."""
        return tuple(dict.fromkeys(i.id for i in self.used))


def model(indicator: Indicator) -> Figure:
    """The printed figure in the model's unit."""
    return indicator.figure.scaled(indicator.unit.factor)


def finding(
    plan: Plan,
    check: str,
    rows: Iterable[Indicator],
    verdict: str,
    *,
    arithmetic: Phrase | str = "",
    values: Sequence[float] = (),
    computed: Phrase | str = "",
    stated: Phrase | str = "",
    relation: Relation | None = None,
    basis: str = ARITHMETIC,
) -> Finding:
    """A finding placed at the last of its rows; a text that is a str reads alike in both languages."""
    rows = list(rows)
    relation = relation or {}
    comment = relation.get("comment", {})
    last = max(rows, key=lambda i: i.line) if rows else None
    ids = relation.get("ids") or tuple(dict.fromkeys(i.id for i in rows))
    computed = computed or listed(same(number(v)) for v in values)
    return Finding(
        plan=plan.id,
        check=check,
        indicator_ids=tuple(ids),
        arithmetic=_phrase(arithmetic),
        values=tuple(values),
        computed=_phrase(computed),
        stated=_phrase(stated),
        verdict=verdict,
        location=last.location if last else str(relation.get("location", "")),
        line=last.line if last else int(relation.get("line", 0)),
        basis=basis,
        comment_en=comment.get("en", ""),
        comment_zh=comment.get("zh", ""),
    )


def _phrase(text: Phrase | str) -> Phrase:
    return same(text) if isinstance(text, str) else text
