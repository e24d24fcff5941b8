"""The help of the command line in Chinese, by command and option; cli.py has the English beside each.

An option's text stands under its command where commands mean different things by it.
"""

from __future__ import annotations

from typing import Final

# path of a command -> what it does; the first sentence stands in the list of commands
COMMANDS: Final[dict[str, str]] = {
    "": """卫生规划够不够？

    由人口普查预测人口、疾病负担、需求和供给，检验规划目标：能否达标，是否够用，把握多大，定多少才够。

    结果写到标准输出，消息写到标准错误。退出码：0 完成，1 规划不足且给出了 --fail-on，2 输入有误，3 运行失败。
    """,
    "list": "列出可以运行和修改的内容；加 --in 或 --like 则列出普查中的地方。",
    "validate": "检查实验、参数或规划文件，一次列出全部错误。",
    "run": "运行实验：从人口普查到对规划的判定。",
    "sweep": """参数敏感性分析：哪个假设决定结论？

    \b
    结果（--of），末尾可加 @2035、@2025,2035、@2025..2035
    或 @all：
      beds_required.icu      results.nc 中的序列及分组
      beds_ratio             供给/需求
      beds_gap.icu           供给－需求
      nurses_required/doctors_required
                             两个序列相除，或 'a - b' 相减
      beds_per_1000:enough   规划的一行：required、available、
                             projected、ratio、gap、enough 或
                             reached（每次运行为0或1）
      '*_gap', '*:enough'    所有符合的

    列出若干数值或方法即为离散因素：oat、grid 逐个取，lhs、morris、sobol 等概率取。

    有多个情景时只分析第一个，除非用 --scenario 指明。
    """,
    "discover": "找出目标在什么情况下失守：对已存结果的参数给出几条界限（PRIM 方法）。",
    "reproduce": "重新运行并逐字节比较；有不同则退出码为 1。",
    "migrate": "把旧版实验（或运行的实验）改写为新版 FILE.new，并说明改动。",
    "audit": "在预测之前检查规划文件自身是否一致。",
    "questions": "35个规划问题逐一对照各规划并判定（会运行各实验）。",
    "plot": "由已存的运行、敏感性分析或回测结果画图。",
    "stress": "让规划床位承受逐日负荷：季节、星期、候床、疫情。",
    "occupancy-table": "生成不同规模、不同服务水平的病区可承受床位使用率表。",
    "dependency-table": "由公布的分组数据生成分程度、性别、单岁年龄的失能表。",
    "revise": "哪些目标才够用，每年要增加多少：列表并写 revise.csv。",
    "report": "把已存结果写成可放进规划文本的材料：结论、表、图、来源。",
    "cost": "规划、修订目标或建议方案分年的费用，以及预算能负担多少。",
    "propose": """为没有规划的地方列出指标表：多少才够，每年要增加多少。

    REGION 是文件夹中的地区，或普查中任何地方的代码。

    结果文件夹中写入 propose.csv 和 proposal.xlsx，并生成可供 run 运行的规划：
    parameters/plans/NAME 和 experiments/NAME.yaml。
    """,
    "explain": """列出判定背后的一串数字，直到参数及其层级和来源。

    INDICATOR：规划指标；也可以是本次运行的资源（beds）、序列（births）或参数。

    """,
    "compare": "比较两次运行：输入有何不同，哪些判定改变，成对差异。",
    "backtest": "拟合到某年，继续预测，与此后的实际数比较。",
    "calibrate": "用随附数据估计常数并写入记录（不指明则全部）。",
    "goal": "规划的预期寿命目标按年龄、死因分解需要什么。",
    "validation-page": "检验人口模型能重现多少，写成页面。",
    "plan": "把规划文件读成数据：起草、核对、采纳。",
    "plan draft": "读入规划文件（.docx、有文字的 .pdf、.xlsx、.txt），把各行列入核对工作簿。",
    "plan accept": "把核对工作簿中选定的行写成规划文件夹，并校验、审计。",
    "plan new": "为一个地方建立规划：国家要求、空白目标及其实验。",
    "plan learn": "由规划文件夹及其原文学习指标的说法（reading/synonyms.csv）。",
    "plan score": "用从其他规划学到的说法读每份文件，检验读得怎样。",
    "review": """用普查以来的统计数对运行的规划作中期评估：是否合拍，能否达标，是否够用，为何变化。

    用统计数重算该次运行的各次抽样；review.csv、review_parts.csv、review.xlsx 写在运行文件夹内。
    """,
    "region": "用普查表建立一个地区。",
    "region new": """由2020年普查分性别年龄表（.xlsx、.csv）建立可供 run 运行的地区。

    年龄分 0、1-4（或 0-4）、5-9……85+（或 80+）或单岁；性别按列或按行排列；中文或英文。

    表中每个合计都核对；有任何错误即逐格指出，不予采用。
    """,
    "schema": """输出某类文件的 JSON Schema，供编辑器补全和检查 YAML。

    \b
      healthplan schema experiment > experiment.schema.json
    文件首行写：
      # yaml-language-server: $schema=experiment.schema.json
    """,
    "datapackage": "把 parameters/ 描述为 Frictionless 数据包：parameters/datapackage.json。",
    "clean": """被中断或被强行终止的命令留下的东西：列出，加 --yes 则删除。

    正在运行的命令所用的、已完成的运行文件夹，一律不动。
    """,
    "docs": "随程序安装的手册：列出各页，或以 Markdown 输出 PAGE 一页。",
    "init": "建立含参数和示例实验的工作文件夹。",
}

# option, or command and option -> what it means
OPTIONS: Final[dict[str, str]] = {
    "--lang": "语言；未给出时依次看 HEALTHPLAN_LANG 和系统语言。",
    "--version": "显示版本。",
    "--help": "显示本说明。",
    "--out": "结果文件夹所在位置。",
    "--set": "改变一个参数的值，例如 inpatient.alos_growth=-0.02。",
    "--scenario": "所用情景。",
    "run --scenario": "只运行这些情景。",
    "sweep --scenario": "只分析这些情景。",
    "--draws": "抽样次数。",
    "--seed": "全部随机数的种子。",
    "--workers": "进程数。",
    "--quiet": "不显示进度和表，只给出路径。",
    "--no-charts": "不画图。",
    "run --no-charts": "不画图；以后可用 plot 画。",
    "--dry-run": "只说明分多少块、多长时间、多少磁盘。",
    "sweep --dry-run": "只说明运行多少次、多长时间。",
    "--scheduler": "Dask 调度器地址。",
    "--region": "所用地区。",
    "--year": "年份。",
    "list --plan": "只列这个规划（用于 plans、indicators）。",
    "list --in": "普查中该地所辖的地方：名称、拼音或代码；与 parameters 同用时列出该地的参数。",
    "list --like": "普查中的地方：名称的一部分，拼音或代码的开头。",
    "run --known": "普查以来的地方统计数（.csv、.xlsx），预测由此出发。",
    "run --fail-on": "规划指标中有判定差到此程度即以 1 退出（question_* 行不计）。",
    "run --block-draws": "每块的抽样次数。",
    "run --parts": "在这一个地区之外，同时推算其组成部分（省、地级、县级），逐次抽样相加等于全域。",
    "run --until-mcse": "抽样逐次加倍，直到各概率的标准误达到 X。",
    "sweep --method": "取遍参数空间的方法。",
    "sweep --over": "一个参数：按其自身分布、取一个区间（8:10 或 x0.9:x1.1）、取若干值（8,9,11）或一种方法"
    "（单写名称则取全部选项）。",
    "sweep --of": "任一结果，写法见上。",
    "sweep --n": "基础样本数（sobol 取2的幂）、轨迹数或水平数。",
    "sweep --group": "合为一个因素的若干参数。",
    "discover --indicator": "规划中的一项指标。",
    "discover --year": "检验年份。",
    "discover --boxes": "最多列出几组界限。",
    "reproduce --keep": "把新的运行结果留在这里。",
    "migrate --write": "直接改写；旧文件另存为 FILE.old。",
    "audit --csv": "以 CSV 输出全部发现。",
    "questions --out": "把页面写到这个文件。",
    "plot --chart": "只画这张图。",
    "plot --list": "逐行列出图名，不画图。",
    "plot --format": "文件格式。",
    "plot --title": "自拟标题，用于单张图。",
    "plot --no-subtitle": "不要标题下的灰色小字。",
    "plot --style": "叠加在自带样式之上的 matplotlib 样式。",
    "stress --surge": "一次疫情高峰。",
    "stress --replications": "恰好重复这么多次。",
    "revise --p": "够用的概率。",
    "report --to": "公文版式（GB/T 9704）的 Word 文件、单个网页或工作簿。",
    "clean --yes": "删除；不加则只列出。",
    "clean --days": "只看这么多天没有动过的。",
    "cost --budget": "每年亿元。",
    "propose --year": "目标年。",
    "propose --to": "另加一个更晚的年份。",
    "propose --now": "以哪一年的水平为现状，建设从它起算。",
    "propose --p": "够用（达标）的概率。",
    "propose --name": "所生成规划的名称。",
    "compare --year": "比较哪一年。",
    "compare --scenario": "两次运行共同的情景。",
    "compare --region": "两次运行共同的地区。",
    "compare --html": "同时生成带图的网页，放在 RUN_B 的文件夹中。",
    "backtest --fit-to": "已知的最后一年：普查年或更晚。",
    "backtest --score-to": "与实际比较的最后一年。",
    "backtest --region": "只用这个地区。",
    "backtest --know": "比较期内哪些视为已知：全国路径、本地迁移。",
    "calibrate --check": "不写文件；有记录会改变则退出码为 1。",
    "calibrate --list": "列出各部分及其所用的数据表。",
    "validation-page --out": "写到哪个文件。",
    "plan draft --out": "核对工作簿。",
    "plan draft --period": "文件未写明规划期时给出。",
    "plan accept --name": "规划文件夹的名称，例如 handan_15fyp。",
    "plan accept --region": "工作簿未给出时的六位代码。",
    "plan accept --all-sure": "采纳“确定”表中未选 no 的全部行。",
    "plan accept --replace": "替换同名文件夹。",
    "plan new --region": "文件夹中的地区，或普查中的任何地方。",
    "plan new --base": "现状水平的年份。",
    "plan new --target": "目标的年份。",
    "plan new --end": "考察的最后一年。",
    "region new --name": "地区名称。",
    "region new --name-en": "英文名称。",
    "region new --parent": "所属的省或地市。",
    "region new --code": "六位代码。",
    "region new --encoding": ".csv 的编码。",
    "region new --sheet": "有多张工作表时用哪一张。",
    "region new --unit": "人数的单位。",
    "region new --thousands": "去掉千位分隔符（1,234）。",
    "region new --urban": "2020年城镇人口。",
    "region new --known": "普查以来的地方统计数，存为该地的 known.csv。",
    "review --known": "普查以来的地方统计数（.csv、.xlsx）。",
    "review --year": "以哪一年年末为准。",
    "review --scenario": "评估哪个情景。",
    "plan score --misses": "同时列出漏读的和读错的确定行。",
}

# what click and cli.py add in brackets, and the frame around a help
BRACKETS: Final[tuple[tuple[str, str], ...]] = (
    ("every one with a distribution", "所有带分布的参数"),
    ("every resource's ratio", "各类资源的比值"),
    ("the experiment's, oat", "实验文件所写，或 oat"),
    ("each experiment's", "各实验所写"),
    ("the first of both", "共有的第一个"),
    ("the last of both", "共有的最后一年"),
    ("the first free of", "第一个空号"),
    ("as above it", "同上级"),
    ("all cores", "全部核"),
    ("the first", "第一个"),
    ("the last", "最后一年"),
    ("required", "必填"),
    ("may be repeated", "可重复给出"),
    ("default: ", "默认："),
)
HEADINGS: Final[dict[str, str]] = {"Options": "选项", "Commands": "命令", "Usage: ": "用法："}
