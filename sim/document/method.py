"""The method in a page: people, need, supply, verdict, and what the model leaves out."""

from __future__ import annotations

from sim.catalogue.language import label
from sim.document.blocks import Block, Heading, Text
from sim.document.material import Material

Both = tuple[str, str]
"""A text in Chinese and in English."""
PARAGRAPHS: tuple[tuple[Both, Both], ...] = (
    (
        ("人口。", "People. "),
        (
            "由普查人口按单岁和性别用队列要素法逐年推算：死亡按寿命表和预期寿命路径，生育按孩次递进并计入"
            "二孩、三孩政策的时间效应，迁移按本地净迁移及其年龄模式；每年每格均满足人口平衡。",
            "From the census, by single year of age and sex, cohorts are carried on: deaths "
            "by life table and "
            "a path of life expectancy, births by parity with the timing of policies, migration by the "
            "place's own net flow and its age pattern. Each cell balances in each year.",
        ),
    ),
    (
        ("需求。", "Need. "),
        (
            "按使用：分年龄性别的住院、门诊、失能照护和分娩乘以人口，再按住院日、使用率、工时折成床位和人"
            "员，基年用本地实际使用校准。按标准：国家标准乘以人口。两者分别判定，互不替代。",
            "By use: admissions, visits, dependence and deliveries by age and sex times people; length of "
            "stay, occupancy and working time turn them into beds and staff; the base year is anchored on "
            "what is used here. By norm: national standards times people. Neither stands in for the other.",
        ),
    ),
    (
        ("供给。", "Supply. "),
        (
            "床位、托位等按本地趋势推算，增速逐年衰减；人员按进入与离退推算。规划供给为目标如期实现并保持"
            "的水平。",
            "Beds and slots go on by their trend, whose growth fades; staff by entrants and leavers. The "
            "plan's supply is its target reached in time and held on.",
        ),
    ),
    (
        ("判定。", "Verdict. "),
        (
            "全部参数按各自范围同时抽样{draws}次，每次完整推算；目标不低于需求的次数占比即够用的概"
            "率：不低于{adequate}够用，{tight}至{adequate}偏紧，低于{tight}不足，远超使用需求为富余（本地只收治部分"
            "居民等情形除外），离界限不足两个标准误为临界。",
            "All parameters are drawn together {draws} times and the whole chain is run each time; the share "
            "of draws in which the target is no less than the need is the probability of "
            "being enough: {adequate} or more adequate, {tight} to {adequate} tight, less short, far above "
            "the need surplus (but not where a place treats only part of its residents); within two standard "
            "errors of a threshold on the line.",
        ),
    ),
    (
        ("局限。", "Limits. "),
        (
            "不含路程与可及半径，判定不计费用，不含传染病传播模型（疫情按给定波次），跨地区就医计为净流入"
            "。判断假设经本地核实，结论的把握即可提高。",
            "There are no travel times, no costs in the verdicts and no transmission of disease (an epidemic "
            "is a stated wave); patients across the border enter as one net flow. Each assumption that is "
            "counted here makes the verdicts surer.",
        ),
    ),
)
"""Lead and text; `{draws}`, `{adequate}`, `{tight}`: of the run."""


def method(m: Material) -> list[Block]:
    """The paragraphs below their heading."""
    own = {"draws": m.draws, **m.thresholds}
    said = ((label(*lead, m.lang), label(*text, m.lang).format(**own)) for lead, text in PARAGRAPHS)
    heading = Heading(label("六、测算方法", "6. Method", m.lang))
    return [heading, *(Text(text, lead=lead, detail=True) for lead, text in said)]
