from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from paths import PARAMETERS, read_rows

from sim.errors import PlanError
from sim.plan import audit, audit_counts, audit_table, list_plans, load_plan
from sim.plan.checks.finding import JUDGEMENT, Finding

CASES = read_rows(Path(__file__).parent / "cases/worked_checks.csv")
COUNTS = {  # verdict: findings in nanyang, longhu, anyang, zhengzhou, xinxiang
    "consistent": (11, 18, 1, 3, 7),
    "rounding": (0, 3, 2, 0, 1),
    "inconsistent": (5, 23, 6, 2, 1),
    "doubtful": (1, 2, 1, 1, 0),
    "implied": (12, 11, 16, 10, 9),
    "improves": (17, 21, 10, 4, 0),
    "equal to baseline": (1, 1, 7, 0, 0),
    "laxer than baseline": (5, 6, 3, 5, 0),
    "falls below baseline": (0, 0, 0, 1, 0),
    "below own benchmark": (0, 5, 0, 0, 0),
    "note": (0, 0, 1, 1, 1),
}
UNIT = re.compile(r"per 10+( 000)?|(?<= )\(.*?line \d+\)")
PLANS = ("nanyang_13fyp", "longhu_13fyp", "anyang_14fyp", "zhengzhou_13fyp", "xinxiang_14fyp")


@pytest.fixture(scope="module")
def findings() -> list[Finding]:
    root = PARAMETERS
    return [f for name in list_plans(root) for f in audit(load_plan(root, name))]


def says(found: Finding, case: dict[str, str]) -> bool:
    """Same plan, class and indicators, and every number worked by hand is among the computed."""
    ids = set(case["indicator_ids"].split())
    same = (found.plan, found.check) == (case["plan"], case["class"])
    if not same or not ids <= set(found.indicator_ids):
        return False
    if case["line"] and found.line != int(case["line"]):
        return False
    values = [abs(v) / unit for v in found.values for unit in (1, 1e6)]
    for text in case["computed"].split():
        slack = 0.51 * 10 ** -len(text.partition(".")[2])
        if not any(abs(float(text) - v) <= max(slack, 0.006 * v) for v in values):
            return False
    return True


def test_every_worked_check_is_found_with_its_verdict(findings: list[Finding]):
    left = list(findings)
    lost = []
    for case in CASES:
        fits = [f for f in left if says(f, case)]
        right = [f for f in fits if f.verdict == case["verdict"]]
        if not right:
            lost.append((case["id"], case["class"], case["verdict"], [f.verdict for f in fits]))
            continue
        left.remove(right[0])
    assert len(CASES) == 235
    assert lost == []
    assert left == []


def test_count_by_plan_and_verdict(findings: list[Finding]):
    counts = audit_counts(findings)
    for verdict, expected in COUNTS.items():
        assert tuple(counts[p][verdict] for p in PLANS) == expected, verdict
    assert sum(sum(c.values()) for c in counts.values()) == 235


def test_only_the_numbering_rests_on_a_reader(findings: list[Finding]):
    assert [f.check for f in findings if f.basis == JUDGEMENT] == ["numbering"]


def test_table_speaks_both_languages(findings: list[Finding]):
    row = next(r for r in audit_table(findings) if r["check"] == "demography")
    assert row["message_en"].startswith("demography: 188000 - 5.0 per 1000 x 8772529 = 144137 net")
    assert row["message_zh"].startswith("人口恒等式：")
    assert "推算值" in row["message_zh"]
    horizon = next(r for r in audit_table(findings) if r["check"] == "plan horizon")
    assert horizon["message_zh"] == "规划期：6年，规划期为5年，超出规划期1年 → 备注"
    assert all(r["check_zh"] and r["verdict_zh"] for r in audit_table(findings))


def test_the_chinese_sentence_says_what_the_english_one_says(findings: list[Finding]):
    """No Latin word is left, and every number of the one stands in the other (million as 万)."""
    for f in findings:
        for part in (f.arithmetic, f.computed, f.stated):
            assert bool(part.en) == bool(part.zh), (f.plan, part)
            assert not re.search(r"[A-Za-z]{2,}", part.zh), (f.plan, part)
            if " million" in part.en or f.check == "unit" or part.en == "one population":
                continue
            said = [n.rstrip(".") for n in re.findall(r"(?<![\w.])\d[\d.]*(?!\w)", UNIT.sub("", part.en))]
            told = re.findall(r"[\d.]+", part.zh)
            assert all(n in told for n in said), (f.plan, part)


@pytest.mark.parametrize(
    ("check", "sentence"),
    [
        (
            "stated twice",
            "：≤19.42/10万（活产）（2025年，第35行）与≤9.5/10万（活产）（2025年，第88行），相差9.92",
        ),
        ("target in counts", "目标折算数量：23870的75% = 17902"),
        ("unit", "单位：千人口献血率：每千人15（2025年，第225行），合理范围为每千人2至60"),
        ("table vs text", "表与正文：每千人5.76（2025年，第37行），主要指标表中无此行 → 不一致"),
        (
            "implied target counts",
            "= 1073名医师（+342）、1288名护士（+569）、2146张床位（+1359）",
        ),
        ("coverage vs count", "按70%覆盖率为1310000人，占全部人口的14.9% → 存疑"),
        ("demography", "188000 - 每千人5.0 x 8772529 = 每年净迁入144137人（占增量的77%）"),
        ("numbering", "编号：有两个专栏5，缺专栏4 → 备注"),
    ],
)
def test_chinese_sentences_that_a_planner_reads(findings: list[Finding], check: str, sentence: str):
    assert any(f.check == check and sentence in f.message_zh for f in findings)


def write(copied: Path, old: str, new: str, table: str = "indicators.csv") -> list[Finding]:
    path = copied / "plans" / "anyang_14fyp" / table
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return audit(load_plan(copied, "anyang_14fyp"))


def verdicts(findings: list[Finding], check: str, indicator: str) -> Counter[str]:
    return Counter(f.verdict for f in findings if f.check == check and indicator in f.indicator_ids)


def test_verdicts_follow_the_figures(copied: Path):
    """The bed target moves from equal to better to worse when its figure moves."""
    row = "beds_per_1000,target,2025,=,5.76"
    assert verdicts(
        write(copied, row, row.replace("5.76", "6.5")), "target vs baseline", "beds_per_1000"
    ) == {"improves": 1}
    worse = write(copied, "beds_per_1000,target,2025,=,6.5", "beds_per_1000,target,2025,=,5")
    assert verdicts(worse, "target vs baseline", "beds_per_1000") == {"falls below baseline": 1}
    bound = write(copied, "beds_per_1000,target,2025,=,5,", "beds_per_1000,target,2025,>=,5,")
    assert verdicts(bound, "target vs baseline", "beds_per_1000") == {"laxer than baseline": 1}


def test_a_contradiction_mended_is_consistent(copied: Path):
    old = "maternal_mortality,target,2025,<=,19.42"
    found = write(copied, old, old.replace("19.42", "9.5"))
    assert not verdicts(found, "stated twice", "maternal_mortality")


def test_a_relation_without_its_figure_is_refused(copied: Path):
    with pytest.raises(PlanError) as refusal:
        write(copied, "pharmacists_per_1000@2020", "pharmacist_per_1000@2020", "relations.yaml")
    assert "relation 7" in str(refusal.value)
    assert "no figure 'pharmacist_per_1000@2020' | did you mean 'pharmac" in str(refusal.value)


def test_words_of_a_relation_in_one_language_are_refused(copied: Path):
    with pytest.raises(
        PlanError, match=r"seen \| 'two boxes' is not in both languages \| write \{en: \.\.\., zh: \.\.\.\}"
    ):
        write(
            copied,
            'seen: {en: "two boxes numbered 5, none numbered 4", zh: 有两个专栏5，缺专栏4}',
            "seen: two boxes",
            "relations.yaml",
        )


def test_a_misspelt_key_of_a_relation_is_refused(copied: Path):
    with pytest.raises(PlanError, match=r"ratio: unknown key 'procent' \| correct or delete it"):
        write(copied, "percent: true", "procent: true", "relations.yaml")


def test_an_unknown_check_and_a_vague_figure_are_refused_together(copied: Path):
    path = copied / "plans" / "anyang_14fyp" / "relations.yaml"
    text = path.read_text(encoding="utf-8").replace("check: rate change", "check: rate chance")
    path.write_text(text.replace("maternal_mortality@2025#88", "x@2025"), encoding="utf-8")
    with pytest.raises(PlanError) as refusal:
        write(copied, "nurses_per_1000@2025#37", "nurses_per_1000@2025", "relations.yaml")
    text = str(refusal.value)
    assert "unknown check 'rate chance' | did you mean 'rate change'?" in text
    assert "'nurses_per_1000@2025' has several values | add one of #37, #133" in text


def test_percentages_lie_apart_by_points_and_a_sign_stands_before_its_number(findings: list[Finding]):
    """18 % and 12 % differ by 6 percentage points, not by 6; 每千人>4.3, not >每千人4.3."""
    seen = 0
    for f in findings:
        assert not re.search(r"[≥≤><]每", f.message_zh), f.message_zh
        assert not re.search(r"文件写0(?![.\d])", f.message_zh), f.message_zh
        if f.check in ("stated twice", "target vs baseline") and re.search(r"\d%（\d{4}年", f.arithmetic.zh):
            assert f.computed.zh.endswith("个百分点") or f.computed.zh in ("数值相同", "无变化"), f.message_zh
            assert f.computed.en.endswith(" points") or f.computed.en in ("the same figure", "no change")
            seen += 1
    assert seen > 20
