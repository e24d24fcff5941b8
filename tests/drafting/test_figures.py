"""Figures in a text: what they say, and what is none."""

from __future__ import annotations

import pytest

from sim.drafting.figures import figures_in
from sim.drafting.numerals import chinese_number


@pytest.mark.parametrize(
    ("text", "value", "operator", "measure"),
    [
        ("床位达到570张以上", "570", ">=", "张"),
        ("门诊达到1,234.5万人次", "12345000", "=", "人次"),
        ("死亡率控制在9.8/10万以内", "9.8", "<=", "/10 万".replace(" ", "")),
        ("感染率低于6.2/万", "6.2", "<", "/万"),
        ("占比不低于 40 %", "40", ">=", "%"),
        ("≥ 95%", "95", ">=", "%"),
        ("＜3‰", "3", "<", "‰"),
        ("稳定在65%左右", "65", "=", "%"),
        ("医护比1：1.2", "1.2", "=", "比"),
        ("管理人数91.7 万人", "917000", "=", "人"),
        ("惠及居民150万余人", "1500000", ">=", "人"),
        ("总投资18.3亿元", "18.3", "=", "亿元"),
        ("床位41,084张", "41084", "=", "张"),
        ("床位2020张", "2020", "=", "张"),
        ("培养人才3—5名", "3-5", "=", "名"),
        ("新建1--2个重点专科", "1-2", "=", "个"),
        ("期望寿命提高1岁", "1", "change", "岁"),
        ("每年降低0.5个百分点", "-0.5", "change", "个百分点"),
        ("死亡率比2025年下降15%", "-15", "change", "%"),
        ("医药费用增幅降至10%", "10", "=", "%"),
        ("近视率由55%下降到50%", "55", "=", "%"),
        ("重点建设三十二个中心", "32", "=", "个"),
        ("至少建成2个团队", "2", ">=", "个"),
        ("每3万人口配置一辆救护车", "30000", "=", "人/辆"),
        ("比例达到百分之八十五以上", "85", ">=", "%"),
        ("百分之九十九点五", "99.5", "=", "%"),
        ("占比百分之七十至七十五", "70-75", "=", "%"),
        ("控制在千分之七以内", "7", "<=", "‰"),
        ("发病率为十万分之四十", "40", "=", "/10万"),
        ("比例达到七成半", "75", "=", "%"),
        ("半数以上乡镇卫生院", "50", ">=", "%"),
        ("超过半数的村", "50", ">", "%"),
        ("占比达四分之三", "75", "=", "%"),
        ("托位数翻两番", "300", "change", "%"),
    ],
)
def test_a_figure_says_value_operator_and_unit(text: str, value: str, operator: str, measure: str) -> None:
    figure = figures_in(text)[0]
    assert (figure.value, figure.operator, figure.measure) == (value, operator, measure)


@pytest.mark.parametrize(
    "text",
    [
        "到2030年建成",
        "2026—2030年",
        "《健康云泽2030行动计划》",
        "“十五五”时期",
        "三级甲等医院",
        "65岁以上老年人",
        "0—6岁儿童",
        "H7N9和5G",
        "专栏5 重点项目",
        "3.健全机制",
        "第2次会议",
        "文件〔2022〕46号",
        "建立一个体系",
        "十大专科",
    ],
)
def test_years_ages_grades_and_numbers_of_headings_are_no_figures(text: str) -> None:
    assert figures_in(text) == []


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("“四所医院”全部达到三级", "4", "医院达到三级"),
        ("十大专科达到省级重点专科水平", "10", "专科达到省级重点专科水平"),
        ("推进“三所医院”建设并达到二级甲等，", "3", "医院达到二级甲等"),
    ],
)
def test_so_many_that_are_to_reach_a_level_are_a_figure(text: str, value: str, name: str) -> None:
    figure = figures_in(text)[0]
    assert (figure.value, figure.name) == (value, name)


def test_yearly_and_approximate_are_told() -> None:
    assert figures_in("每年降低1个百分点")[0].yearly
    assert not figures_in("比2020年降低1个百分点")[0].yearly
    assert figures_in("27%左右")[0].approx


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十", 10),
        ("二十三", 23),
        ("三百零五", 305),
        ("一万二千", 12000),
        ("两", 2),
        ("二〇三〇", 2030),
        ("约", None),
    ],
)
def test_numbers_in_characters(text: str, value: int | None) -> None:
    assert chinese_number(text) == value
