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
            "以普查人口为基础，按单岁和性别用队列要素法逐年推算：死亡按寿命表与预期寿命路径，生育按孩次递进并"
            "计入二孩、三孩政策的时间效应，迁移按本地净迁移及其年龄模式。每一年、每一格人口均满足平衡：年末等"
            "于年初加出生减死亡加净迁入。",
            "From the census, by single year of age and sex, cohorts are carried on year by year: deaths by "
            "life table and a path of life expectancy, births by parity with the timing of the two- and "
            "three-child policies, migration by the place's own net flow and its age pattern. Each cell "
            "balances in each year.",
        ),
    ),
    (
        ("需求。", "Need. "),
        (
            "按使用：分年龄性别的住院、门诊、失能照护和分娩乘以人口，得到床日与服务量，再按平均住院日、病床使"
            "用率、人员工时折成床位和人员；基年用本地实际使用校准。按标准：国家和规划自身的人均配置标准乘以人"
            "口。两者分别判定，互不替代。",
            "By use: admissions, visits, dependence and deliveries by age and sex times people give bed-days "
            "and services; length of stay, occupancy and working time turn them into beds and staff; the "
            "base year is anchored on what is used here. By norm: national standards times people. Both are "
            "judged, neither stands in for the other.",
        ),
    ),
    (
        ("供给。", "Supply. "),
        (
            "床位、托位等按本地趋势推算，增速逐年减半衰减；人员按进入与离退的存量流量推算。规划供给为目标如期"
            "实现后的水平，目标年之后保持该水平。",
            "Beds and slots go on by their trend, whose growth fades; staff by entrants and leavers. The "
            "plan's supply is its target reached in time and held on.",
        ),
    ),
    (
        ("判定。", "Verdict. "),
        (
            "全部参数按各自的不确定范围同时抽样{draws}次，每次抽样完整推算一遍；目标不低于需求的次数所占比例"
            "即够用的概率。概率不低于0.9判为够用，0.5至0.9偏紧，低于0.5不足；远超使用需求判为富余。概率离界限"
            "不足两个标准误的标为临界。",
            "All parameters are drawn together {draws} times from their ranges and the whole chain is run "
            "each time; the share of draws in which the target is no less than the need is the probability "
            "of being enough. 0.9 or more is adequate, 0.5 to 0.9 tight, less short; far above the need by "
            "use is surplus. Within two standard errors of a threshold it is on the line.",
        ),
    ),
    (
        ("局限。", "Limits. "),
        (
            "不含路程与可及半径，结论不计费用（费用另见运行文件夹的 costs.csv），不含传染病传播模型（疫情按给"
            "定波次）；跨地区就医计为净流入。判断假设一经本地核实，结论的把握即可提高。",
            "There are no travel times and no transmission of disease (an epidemic is a stated wave); no "
            "verdict reads costs (see costs.csv in the run's folder); patients across the border enter as "
            "one net flow. Each assumption that is counted here makes the verdicts surer.",
        ),
    ),
)
"""Lead and text; `{draws}`: of the run."""


def method(m: Material) -> list[Block]:
    """The paragraphs below their heading."""
    said = ((label(*lead, m.lang), label(*text, m.lang).format(draws=m.draws)) for lead, text in PARAGRAPHS)
    heading = Heading(label("六、测算方法", "6. Method", m.lang))
    return [heading, *(Text(text, lead=lead) for lead, text in said)]
