"""Figures in a text: value, operator, unit, and whether it is a change, each with its place in the text.

A figure is a number that says how much; years, dates, numbers of headings, grades (三级), ages that
belong to a name (65岁以上老年人) and codes (H7N9) are none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from sim.drafting.numerals import PRINTED, chinese_number, joined, scaled
from sim.drafting.spoken import Spoken, spoken_in

_NUMBER = re.compile(
    rf"(?P<low>{PRINTED})\s*(?P<ppl>%|％|‰)?(?:\s*(?:-{{1,2}}|—{{1,2}}|–|~|～|至)\s*(?P<high>{PRINTED}))?"
)
_RATIO = re.compile(r"(?<!\d)1\s*[:：∶]\s*(\d+(?:\.\d+)?)")
_CHINESE = re.compile(r"[一二两三四五六七八九十百]+(?=\s*(?:张|名|家|所|个|项|支|种|类|辆|处|大|条|倍))")
_FOR_SO_MANY = re.compile(
    r"每\s*(?P<low>\d+(?:\.\d+)?)\s*(?P<a>万|千)?(?:\s*[-—–~～至]{1,2}\s*(?P<high>\d+(?:\.\d+)?)\s*(?P<b>万|千)?)?"
    r"(?:名|常住|服务)?(?:居民|人口?)(?:范围内)?(?:或每?个?(?:街道|乡镇)(?:办事处)?)?(?:至少|应|规划)?"
    r"(?:配[置备]|设[置立]?|建[设成]|办好|拥?有)?\s*(?:不少于|至少)?\s*[1一]\s*(?P<unit>[辆所个家])"
)
_BUNDLE = re.compile(  # “四所医院”全部达到三级, 十大专科达到省级水平: so many, each to reach what is named
    r"(?P<count>[二两三四五六七八九十]+)(?P<measure>[所个家大])(?P<what>[^，。；、“”]{1,12})[”\"]?[，,]?"
    r"(?:[建创并均都全部各]|建设){0,6}(?:达到|达标为|建成|创成|成为)(?P<reached>[^，。；、]{2,20})"
)
_ALL_OF = re.compile(
    r"(?:实现|达到|基本)?全面?覆盖(?!率)|所有的?(?!制|权)|全部(?!实行零)|均(?=[建设能开有配])"
)
_TIMES = {"百万": 1e6, "千万": 1e7, "万": 1e4, "亿": 1e8}
_UNIT = re.compile(
    r"\s*(?P<more>余|多)?\s*(?P<times>百万|千万|万|亿)?(?P<more2>余|多)?\s*"
    r"(?P<unit>个?百分点|[%％‰]|[/／]\s*(?:10|十)\s*万|[/／]\s*万|[/／]\s*千|[/／]\s*百万|人次|人份|"
    r"[张岁人名个家所处支项种类辆台例对次天日年元篇条门倍层位件]|分钟|小时|公里|千米|平方米|床|医院|中心)?"
    r"(?P<per>[/／](?:人年|千人口?|万人口?|人|年|千常住人口|所|床))?"
)
_NOT_BEFORE = re.compile(r"(?:第|专栏|表|图|附件|〔|\[|No\.?|[A-Za-z\-+＋]|\d[.:：]|每|健康中国)\s*$")
_AGE = re.compile(
    r"\s*[-—~至]?\s*\d*\s*(?:岁|周岁)(?:及?以[上下内]|组)?(?:的)?"
    r"(?:人|老|儿童|婴|居民|少年|青|学生|妇女|群|常住|城乡|女|男|失能)"
)
_DATE = re.compile(r"\s*(?:年|月|日|号|时|届|版|期|世纪|代)")
_GRADE = re.compile(r"\s*(?:级|甲|等|型|届|代|期工程|公里圈|米线|站式|G\b)")
_AGE_NAME = re.compile(r"\s*岁")
_BEFORE = (
    (">=", r"≥|＞=|>=|不低于|不少于|不小于|至少|最少|不得低于|不得少于|保底|大于等于|达到或超过"),
    ("<=", r"≤|<=|不高于|不超过|不大于|不多于|不得超过|小于等于|控制在不超过|至多|最多"),
    (">", r"＞|>|大于|高于|超过|超|多于|突破"),
    ("<", r"＜|<|小于|低于|少于"),
)
_AFTER = ((">=", r"(?:及|或|\(含\)|（含）)?以上|起"), ("<=", r"(?:及|或)?(?:以下|以内|之内)"))
_APPROX = re.compile(r"\s*(?:左右|上下)")
_CHANGE = re.compile(
    r"(?:(?P<up>提高|增加|增长|上升|提升|新增|增幅|净增|延长|递增|扩大)|"
    r"(?P<down>下降|降低|减少|压缩|下调|缩短|降幅|均降|递减|回落))"
    r"(?:了|约|近|幅度)?(?:分别)?(?:为|达)?(?P<level>到|至)?\s*(?:约|近|不低于|不少于|超过|≥|>)?\s*$"
)
_YEARLY = re.compile(r"(?:年均|每年|逐年|年平均|年度|年增长)[^，。；]{0,8}$")
_TO = re.compile(r"(?:到|至|达到?|为|在|成)\s*(?:约|近)?\s*$")


@dataclass(frozen=True)
class Figure:
    """A figure of a text: what it says, and where (`start`..`end`, the unit and 以上 included).

    value: printed number or range, multiplied out; operator: as in a plan; measure: the printed unit
    (%, ‰, /10万, 张, 人/千人口, ...; empty if none); approx: 左右; yearly: of a yearly change;
    lead: where the words that belong to the figure begin (不低于, 提高).
    name: what the figure's own words say it counts (“四所医院”达到三级); empty for most.
    """

    value: str
    operator: str
    measure: str
    start: int
    end: int
    lead: int
    approx: bool = False
    yearly: bool = False
    words: bool = False
    stated: bool = True
    name: str = ""


def figures_in(text: str) -> list[Figure]:
    """The figures of a text, in order, none within another."""
    found: list[Figure] = []
    for figure in sorted(_all(text), key=lambda f: (f.start, -f.end)):
        if not found or figure.start >= found[-1].end:
            found.append(figure)
    return found


def _all(text: str) -> Iterator[Figure]:
    for match in _RATIO.finditer(text):
        yield Figure(match[1], _operator(text, match.start())[0], "比", *match.span(), match.start())
    taken = [m.span() for m in _RATIO.finditer(text)]
    for match in _FOR_SO_MANY.finditer(text):
        taken.append(match.span())
        yield Figure(_people(match), "=", f"人/{match['unit']}", *match.span(), match.start())
    for said in spoken_in(text):
        taken.append((said.start, said.end))
        yield _spoken(text, said)
    for match in _NUMBER.finditer(text):
        if any(a <= match.start() < b for a, b in taken) or not _counts(text, match):
            continue
        low, high = joined(match["low"]), match["high"]
        yield _figure(text, low, joined(high) if high else "", match.start(), match.end(), match["ppl"] or "")
    for match in _CHINESE.finditer(text):
        if any(a <= match.start() < b for a, b in taken):
            continue
        count = chinese_number(match[0])
        if count is not None and _chinese_counts(text, match, count):
            yield _figure(text, str(count), "", match.start(), match.end(), "")
    for match in _BUNDLE.finditer(text):
        count = chinese_number(match["count"])
        if count is not None and not any(a <= match.start() < b for a, b in taken):
            measure = "个" if match["measure"] == "大" else match["measure"]
            name = f"{match['what']}达到{match['reached']}"
            yield Figure(str(count), "=", measure, *match.span(0), match.start(), name=name)
    for match in _ALL_OF.finditer(text):
        yield Figure("100", "=", "%", match.start(), match.end(), match.start(), words=True)


def _spoken(text: str, said: Spoken) -> Figure:
    """A figure from a number in words, with the operator on either side."""
    if said.change:
        return Figure(said.value, "change", said.measure, said.start, said.end, said.start)
    figure = _figure(text, *_ends(said.value), said.start, said.end, said.measure)
    over = said.over and figure.operator == "="
    return replace(figure, approx=figure.approx or said.approx, operator=">" if over else figure.operator)


def _ends(value: str) -> tuple[str, str]:
    low, _, high = value.partition("-")
    return low, high


def _people(match: re.Match[str]) -> str:
    """How many people one unit is for; a range where two numbers are printed."""
    times = {"万": 1e4, "千": 1e3}
    high_by = times.get(match["b"] or match["a"] or "", 1.0)
    low = scaled(match["low"], times.get(match["a"] or match["b"] or "", 1.0))
    return f"{low}-{scaled(match['high'], high_by)}" if match["high"] else low


def _figure(text: str, low: str, high: str, start: int, end: int, measure: str) -> Figure:
    """A figure from its number: the unit behind it, the operator on either side."""
    behind = _UNIT.match(text, end)
    more = False
    by = 1.0
    if behind and not (measure and not high):
        more = bool(behind["more"] or behind["more2"])
        money = (behind["unit"] or "") == "元" and behind["times"] in ("万", "亿")
        by = 1.0 if money else _TIMES.get(behind["times"] or "", 1.0)
        measure = (behind["times"] if money else "") + (behind["unit"] or measure) + (behind["per"] or "")
        measure = re.sub(r"\s", "", measure)
        end = behind.end() if (measure or by != 1 or more) else end
    measure = measure.replace("％", "%").replace("／", "/").replace("十万", "10万")
    value = scaled(low, by) + (f"-{scaled(high, by)}" if high and float(high) != float(low) else "")
    operator, lead, after, approx, stated = _signs(text, start, end)
    if more and operator == "=":
        operator = ">="
    sign, change, lead, yearly = _change(text, lead, start)
    if change:
        value = sign + value if "-" not in value and float(value) else value
        operator = "change"
    return Figure(value, operator, measure, start, after, lead, approx, yearly, stated=stated)


def _signs(text: str, start: int, end: int) -> tuple[str, int, int, bool, bool]:
    operator, lead = _operator(text, start)
    after, approx = end, False
    about = _APPROX.match(text, end)
    if about:
        after, approx = about.end(), True
    else:
        for sign, words in _AFTER:
            match = re.compile(rf"\s*(?:{words})").match(text, end)
            if match and operator in ("=", sign):
                operator, after = sign, match.end()
                break
    return operator, lead, after, approx, operator != "=" or approx


def _operator(text: str, start: int) -> tuple[str, int]:
    for sign, words in _BEFORE:
        match = re.search(rf"(?:{words})\s*(?:到|至)?\s*$", text[max(0, start - 10) : start])
        if match is None and sign == ">=":
            match = re.search(r"(?:至少|最少)[^，。；、\d]{0,6}$", text[max(0, start - 10) : start])
        if match:
            return sign, max(0, start - 10) + match.start()
    return "=", start


def _change(text: str, lead: int, start: int) -> tuple[str, bool, int, bool]:
    """Sign, whether the figure is a change, where its words begin, whether it is a yearly one."""
    window = text[max(0, lead - 12) : lead]
    match = _CHANGE.search(window)
    if match is None:
        to = _TO.search(window)
        return "", False, max(0, lead - 12) + to.start() if to else lead, False
    begins = max(0, lead - 12) + match.start()
    if match["level"]:
        return "", False, begins, False
    yearly = bool(_YEARLY.search(text[max(0, begins - 14) : begins]))
    return ("-" if match["down"] else ""), True, begins, yearly


def _counts(text: str, match: re.Match[str]) -> bool:
    """Whether a number says how much."""
    before, after = text[: match.start()], text[match.end() :]
    if re.search(r"[A-Za-z]$", before) or re.match(r"[A-Za-z]|[+＋]", after):
        return False
    if match["low"].startswith("0") and len(match["low"]) > 1 and "." not in match["low"]:
        return False
    if re.search(r"[“\"]\s*$", before) and not re.match(r"\s*(?:分钟|小时|公里)", after):
        return False
    if _NOT_BEFORE.search(before) or (_DATE.match(after) and not _years_long(before, match, after)):
        return False
    if re.fullmatch(r"(19|20)\d\d", match["low"]) and not re.match(
        r"\s*[张人名个家所例台辆元万余多处件项例床]", after
    ):
        return False
    if _GRADE.match(after) or _AGE.match(after) or (_AGE_NAME.match(after) and not _of_life(before)):
        return False
    if not before.strip() and re.match(r"\s*[.．、)）]\s*\D", after):
        return False
    return not re.match(r"\s*[”\"〕\]]|\s*号|[:：]\d\d", after) and not re.search(r"[/／]\s*$", before)


def _of_life(before: str) -> bool:
    """An age that is a figure: life expectancy, or a change of it."""
    return bool(re.search(r"寿命|年龄|[提增][高长加]|达到?|为|至|到$", before[-40:]))


def _years_long(before: str, match: re.Match[str], after: str) -> bool:
    return bool(re.match(r"\s*日(?!起|前|至|印)", after)) and "住院日" in before[-12:]


def _chinese_counts(text: str, match: re.Match[str], value: int) -> bool:
    """Whether a number in characters counts something: not 一个 in passing, not 十三五, not 第一."""
    before, after = text[: match.start()], text[match.end() :]
    if (
        re.search(r"[第每“之统同唯任某另各这那哪其再上下其中]\s*$|[二三四五六七八九十]$", before)
        and value < 10
    ):
        return False
    if re.match(r"\s*[“”\"]|\s*大(?!类)|\s*项(?:指标|制度|政策|任务|规划|工作|措施)", after):
        return False
    if re.search(r"[一二三四五六七八九]、$", before):
        return False
    if value == 1:
        return bool(re.search(r"每[^，。；]{1,24}$|至少\s*$", before)) and bool(
            re.match(r"\s*[个所家名辆]", after)
        )
    return value < 1000 and not re.match(r"\s*个(?:方面|体系|全面|统一|允许|机制|领先|结合|转变)", after)
