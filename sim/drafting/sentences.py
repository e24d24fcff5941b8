"""Running text: figures with the words that name them; years and scopes carried through a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from sim.drafting.calendar import Mention, Period, mentions
from sim.drafting.figures import Figure, figures_in
from sim.drafting.reading import Phrase, Reading
from sim.drafting.runs import SENTENCE, Run
from sim.drafting.timing import Times

_PARTS = re.compile(r"[，,：:；;]")
_LIST = re.compile(r"、|和|以及|及(?!其|以[上下])|与")
_CONNECTS = re.compile(r"^[\s、和及与至到(（）)]*(?:以及)?\s*$")
_LEADS = re.compile(
    r"^(?:\s|[，。、；：——\-“”\"）)]|[（(](?![^）)]*[）)])|全[市省县区]|[我本][市省县区]|辖区|到|至|截至|截止|力争|努力|争取|确保|使|将|其中|并|且|也|还|均|要|须|基本|同时|每年|年均|年末|年底|末|底|期间|时期|时|"
    r"(?:19|20)\d\d\s*(?:年|底|末)?|“?十[一二三四五六]五”?(?:期?末|期间|时期)?|全年|目前|现有|共有?|累计|达标|逐步|持续|继续|进一步|"
    r"\d+\s*[.．]|[（(][一二三四五六七八九十]+[）)])+"
)
_TAILS = re.compile(
    r"(?:\s|[“”\"，、：——]|达到?|到|至|为|是|在|有|占(?!比)|约|近|均|都|各|要|需|应|分别|保持|稳定|维持|控制|提高|提升|上升|下降|降低|减少|增加|增长|升|降|"
    r"力争|争取|实现|完成|不断|逐步|年均|每年|已|仅|只|可|能|(?<![占别护床])比(?!例)|较|与|相比|(?:19|20)\d\d\s*年(?:的|末|底)?|“?十[一二三四五六]五”?(?:期?末|期间)?|"
    r"了|由|从|拥有|始终|仍|就|等|建成|以|按照|每[个人]?|(?<=[率数比])的)+$"
)
_COUNTS = frozenset("个 家 所 处 支 项 种 类 名 人 辆 台 门 条 篇 大 件 ".split(" "))
_VERBS = re.compile(
    r"培养|培育|引进|新建|新创|新增|建设|建成|建立|建好|打造|创建|遴选|推广|获批|获得?|实施|开展|设立|选派|总量|总数|组建|改建|扩建|重点|办好|全市|分别|举办|每个"
)
_PER_NAMES = re.compile(
    r"[^，。]{0,6}?每?[千万](?:名|常住|户籍|服务|城市|城乡|农业|农村)*(?:人口|居民|人)(?:拥有)?"
)
_EACH = re.compile(
    r"每(?:个|所|家)?(?:县|乡镇|街道|行政村|村|社区|市|区|镇|机构|医院|中心)[^，。；]{0,44}$|各(?:县|乡镇|区)[^，。；]{0,16}至少[^，。；]{0,6}$"
)
_TOTALS = re.compile(r"总[量数]$")
_HAS_SUBJECT = re.compile(
    r".{0,12}(?:机构|医院|卫生院|卫生[室站]|服务站|中心)(?:应|能够?|可|掌握|提供|开展|应用)"
)
_AT_A_PLACE = 0.7  # worth of what is counted without the institutions that each are to have it
_BORROWED = 0.6  # worth of a name that stands at the next figure: never enough for a sure row
_SHARE_NAMES = re.compile(r"率|比例|占比|比重|水平|份额|覆盖|增速|增幅|占")


def read_run(run: Run, period: Period) -> list[Reading]:
    """The readings of a run of text, in order."""
    found: list[Reading] = []
    current: tuple[Mention, ...] = ()
    start = 0
    for piece in [*SENTENCE.finditer(run.text), None]:
        end = piece.end() if piece else len(run.text)
        sentence = run.text[start:end]
        figures = figures_in(sentence)
        named = mentions(sentence)
        times = Times(sentence, figures, named, period, run.past, current)
        reader = _Sentence(sentence, figures, run, times)
        for at, reading in reader.readings():
            end_of = reading.figure.end if reading.figure else at
            found.append(run.placed(reading, start + at, (start + at, start + end_of)))
        current = times.carried()
        start = end
    return found


@dataclass
class _Sentence:
    text: str
    figures: list[Figure]
    run: Run
    times: Times

    def readings(self) -> Iterator[tuple[int, Reading]]:
        last: tuple[Phrase, ...] = ()
        share = ""
        scopes: list[str] = []
        for group in self._groups():
            named, scopes = self._names(group, last, scopes)
            named = [(f, (*phrases, *self._implied(f, phrases, share))) for f, phrases in named]
            for figure, phrases, dealt in self.times.dealt(group, named):
                last = phrases if phrases and not figure.words else last
                share = _share_of(phrases) or share
                when = self.times.of(figure, dealt)
                each = self._each(figure)
                yield figure.start, self.run.reading(self.text, figure, phrases, when, each=each)

    def _implied(self, figure: Figure, phrases: tuple[Phrase, ...], share: str) -> Iterator[Phrase]:
        """Names of a share that the sentence says once, before or behind, for several groups.

        三级医院用药比例达到30%，二级医院达到45%; 三级医院50%的病人和二级医院70%的患者按临床路径管理.
        """
        if figure.measure != "%" or figure.operator == "change" or figure.words:
            return
        after = next((f for f in self.figures if f.start >= figure.end), None)
        if after and after.measure == "%" and self.text[figure.end : figure.end + 1] == "的":
            between = self.text[figure.end : after.lead]
            if re.search(r"[和及、][^，。；]*$", between) and "，" not in between:
                theirs = self._right(after)[0]
                yield from (Phrase(r, _BORROWED) for r in theirs)
                own = phrases[0].text if phrases else ""
                yield from (
                    Phrase(own + r[at:], _BORROWED) for r in theirs[:1] for at in range(2, len(r) - 3)
                )
        if not phrases or any(_SHARE_NAMES.search(p.text) for p in phrases):
            return
        own = phrases[0].text
        for size in range(min(len(own), 6), 1, -1):
            at = share.find(own[-size:])
            if at >= 0 and len(share) > at + size + 3:
                yield Phrase(share[at + size :], 0.9)
                return

    def _each(self, figure: Figure) -> bool:
        """Whether a figure is of each county, township, facility: 每个县建成1所."""
        return bool(_EACH.search(_shielded(self.text[: figure.start])[-60:]))

    def _groups(self) -> list[list[Figure]]:
        """Figures that stand in a row with nothing but 、 and 和 between them."""
        groups: list[list[Figure]] = []
        for figure in self.figures:
            if groups:
                between = self.text[groups[-1][-1].end : figure.lead]
                if _CONNECTS.match(between) and "(" not in between and "（" not in between:
                    groups[-1].append(figure)
                    continue
            groups.append([figure])
        return groups

    def _names(
        self, group: list[Figure], last: tuple[Phrase, ...], scopes: list[str]
    ) -> tuple[list[tuple[Figure, tuple[Phrase, ...]]], list[str]]:
        """Each figure of a group with its phrases; one of several names (均达到) stands once for each."""
        left = self._left(group[0])
        parts = _split(left)
        if len(group) == 1:
            figure = group[0]
            both = re.search(r"均|都|分别", self.text[max(0, figure.lead - 8) : figure.start])
            if both and len(parts) > 1:
                return [(figure, tuple(Phrase(v, 0.97, p) for v in _variants(p, parts))) for p in parts], []
            return [(figure, self._single(figure, left, last))], []
        count = len(group)
        group = _same_operator(group)
        if len(parts) < count:
            if len(scopes) == count:
                return [
                    (f, (Phrase(s + left), Phrase(left, 0.98))) for f, s in zip(group, scopes, strict=True)
                ], scopes
            return [(f, self._single(f, self._left(f) or left, last)) for f in group], []
        parts = [*parts[-count:]]
        tails = [Phrase(t, 0.9) for t in _share_tails(parts[-1])] if group[0].measure == "%" else []
        return [
            (f, (*(Phrase(v, 1.0, p) for v in _variants(p, parts)), *tails))
            for f, p in zip(group, parts, strict=True)
        ], _with_per(parts)

    def _single(self, figure: Figure, left: str, last: tuple[Phrase, ...]) -> tuple[Phrase, ...]:
        if figure.name:
            return Phrase(left + figure.name), Phrase(figure.name, 0.9)
        rights, follows = self._right(figure)
        right = rights[0] if rights else ""
        says = _VERBS.sub("", left)
        phrases: list[Phrase] = []
        per = _PER_NAMES.match(left)
        bare = _AT_A_PLACE if _HAS_SUBJECT.match(left) else 1.0
        if len(says) > 1 and not (per and follows):
            phrases.append(Phrase(left, 0.97 * bare if follows else 1.0))
            phrases += [Phrase(left.rsplit(mark, 1)[1], 0.96) for mark in "、的" if mark in left]
        phrases += [Phrase(r, bare if follows else 0.7) for r in rights if not per]
        if left and right:
            phrases += [Phrase(left + r, (1.0 if per else 0.95) if follows else 0.75) for r in rights]
        if last and len(says) > 1:
            before = _PER_NAMES.match(last[0].text)
            if before and not per and "每" not in left and not follows and "." in figure.value:
                phrases.insert(0, Phrase(before[0] + left, 0.95))
            total = _PER_NAMES.sub("", last[0].text)
            if _TOTALS.search(left) and before and total:
                phrases.append(Phrase(total + "总数"))
            if (
                figure.measure == "%"
                and figure.operator != "change"
                and not follows
                and not _SHARE_NAMES.search(left)
            ):
                phrases += [Phrase(last[0].text, 0.88), Phrase(left + last[0].text, 0.88)]
        if last and re.search(r"[（(][^）)]*占[^）)]{0,8}$", self.text[: figure.lead + 1]):
            return tuple(Phrase(p.text + "占比", p.weight) for p in last)
        return tuple(p for p in phrases if len(p.text) > 1) or last

    def _left(self, figure: Figure) -> str:
        """The words before a figure, back to the figure before it or the last part that names something."""
        before = max((f for f in self.figures if f.end <= figure.start), key=lambda f: f.end, default=None)
        start = before.end if before else 0
        text = _shielded(self.text[start : figure.lead])
        if before is not None and self._right(before)[1]:
            cut = max(text.rfind(c) for c in "，,；：")
            cut = cut if cut >= 0 else max(text.rfind(c) for c in "、和及")
            text = text[cut + 1 :] if cut >= 0 else ""
        for part in reversed(_PARTS.split(text)):
            bare = bare_name(part)
            if len(bare) > 1:
                return bare
        return ""

    def _right(self, figure: Figure) -> tuple[list[str], bool]:
        """Phrases behind a figure, and whether they are what it counts (80%的村卫生室, 5个中心)."""
        text = _shielded(self.text[figure.end :])
        after = (
            min((f.lead for f in self.figures if f.start > figure.start), default=len(self.text)) - figure.end
        )
        stop = re.search(r"[，。；：;（(”]|以上的?(?=[，。；])", text)
        whole = text[: stop.start()] if stop else text
        if after < len(whole) and re.search(r"[、和及与]\s*(?:[^、，]{0,6})$", whole[:after]):
            whole = re.sub(r"[、和及与][^、]{0,6}$", "", whole[:after])
        follows = (
            whole.startswith("的") or figure.words or (figure.measure in _COUNTS and len(whole.strip()) > 1)
        )
        whole = _TAILS.sub("", whole.strip().removeprefix("的"))
        found = [re.split(r"、", whole)[0] if "的" not in whole else whole]
        if "的" in whole:
            found.append(whole.rsplit("的", 1)[1])
        elif "、" in whole:
            found.append(whole)
        if figure.words:
            found.append(whole)
        found = [_TAILS.sub("", f).strip("·") for f in found]
        return [f for f in found if len(f) > 1], follows and any(len(f) > 1 for f in found)


def _share_of(phrases: Sequence[Phrase]) -> str:
    """The phrase that names a share; empty where none does."""
    return next((p.text for p in phrases if re.search(r"(?:率|比例|占比|比重)$", p.text)), "")


def bare_name(text: str) -> str:
    """A name without what leads to it (到2025年，力争) and what leads on to its figure (达到)."""
    bare = _TAILS.sub("", _LEADS.sub("", text.strip()))
    return _TAILS.sub("", bare).strip('（()） “”"·')


def _shielded(text: str) -> str:
    """Text whose lists within brackets, 县（市、区）, are no lists: their marks made neutral."""
    return re.sub(r"[（(][^（）()\d]{0,12}[、，,][^（）()\d]{0,12}[）)]", lambda m: "·" * len(m[0]), text)


def _same_operator(group: list[Figure]) -> list[Figure]:
    """分别不低于80%、60%, 控制在11‰、4‰以内: one sign holds for all that have none of their own."""
    first, last = group[0], group[-1]
    if first.operator != "=" and first.lead != first.start:
        sign = "-" if first.operator == "change" and first.value.startswith("-") else ""
        return [f if f.stated else replace(f, operator=first.operator, value=sign + f.value) for f in group]
    if last.operator in (">=", "<=") and not any(f.stated for f in group[:-1]):
        return [*(replace(f, operator=last.operator) for f in group[:-1]), last]
    return group


def _with_per(parts: Sequence[str]) -> list[str]:
    """The members of a list that begins with 每千人口, each with it."""
    per = _PER_NAMES.match(parts[0])
    return [p if per is None or _PER_NAMES.match(p) else per[0] + p for p in parts]


def _split(text: str) -> list[str]:
    return [p.strip() for p in _LIST.split(text) if p.strip()]


def _variants(part: str, parts: Sequence[str]) -> Iterator[str]:
    """A member of a list in full: with what the first one begins with or the last one ends with."""
    yield part
    first, last = parts[0], parts[-1]
    per = re.match(r".*?每?[千万百](?:名|常住|户籍|服务)*(?:人口|人|居民)?", first)
    if per and part is not first and not _PER_NAMES.match(part):
        yield per[0] + part
    if part is not last and not _SHARE_NAMES.search(part[-3:]):
        for at in range(max(1, len(last) - 12), len(last) - 1):
            yield part + last[at:]


def _share_tails(last: str) -> Iterator[str]:
    """What the members of a list may have a share of: the ends of the last one, 甲、乙医院药品占比."""
    if _SHARE_NAMES.search(last[-3:]):
        yield from (last[at:] for at in range(1, len(last) - 5))
