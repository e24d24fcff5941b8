"""A finding of the audit: verdict, arithmetic and result in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sim.plan.checks.phrase import Phrase, listed, number, same
from sim.plan.checks.quoted import Relation
from sim.plan.document import Plan
from sim.plan.indicator import Indicator

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
    "small numbers": "罕见事件",
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
            text += f" = {self.computed.en}" if self.computed.en[0] in _NUMERIC else f", {self.computed.en}"
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
