"""Examples at the end of each command's `--help`: typed as they stand, the same in every language.

RUN is the folder of a saved run.
"""

from __future__ import annotations

from typing import Final

ANYANG = "experiments/anyang_14fyp.yaml"

# path of a command -> its examples
EXAMPLES: Final[dict[str, tuple[str, ...]]] = {
    "": ("healthplan init my_city", f"healthplan run {ANYANG}"),
    "list": (
        "healthplan list regions --like 安阳",
        "healthplan list indicators --plan anyang_14fyp",
        "healthplan list parameters --in 130400",
    ),
    "validate": (
        f"healthplan validate {ANYANG}",
        "healthplan validate parameters/national/inpatient.yaml",
    ),
    "run": (
        f"healthplan run {ANYANG} --dry-run",
        f"healthplan run {ANYANG} --draws 200 --scenario reference --scenario low_fertility"
        " --set inpatient.alos_growth=-0.02 --set inpatient.icu_share=2.5",
    ),
    "sweep": (
        f"healthplan sweep {ANYANG} --of beds_ratio@2035",
        f"healthplan sweep {ANYANG} --method sobol --n 256"
        " --over inpatient.alos --over fertility.tfr_ratio --dry-run",
    ),
    "discover": ("healthplan discover RUN --indicator beds_per_1000 --year 2025",),
    "reproduce": ("healthplan reproduce RUN --keep again",),
    "migrate": ("healthplan migrate experiments/old.yaml",),
    "audit": ("healthplan audit anyang_14fyp", "healthplan audit --csv > findings.csv"),
    "questions": ("healthplan questions --draws 200 --out questions.md",),
    "plot": (
        "healthplan plot RUN --list",
        "healthplan plot RUN --chart demand_beds --chart births_children --scenario low_fertility"
        " --format svg",
    ),
    "stress": ("healthplan stress RUN --year 2025 --year 2035 --surge winter_wave_2022",),
    "occupancy-table": ("healthplan occupancy-table --workers 2",),
    "dependency-table": ("healthplan dependency-table",),
    "revise": ("healthplan revise RUN --p 0.8 --p 0.95",),
    "report": ("healthplan report RUN --to docx", "healthplan report RUN --to html --lang en"),
    "cost": ("healthplan cost RUN --budget 12.5",),
    "propose": (
        "healthplan propose 130400 --year 2030 --to 2035",
        "healthplan propose 410500 --year 2030 --set inpatient.alos_growth=-0.02",
    ),
    "explain": ("healthplan explain RUN beds_per_1000 2025",),
    "compare": ("healthplan compare RUN_A RUN_B --year 2035 --html",),
    "backtest": (
        "healthplan backtest experiments/henan_prefectures.yaml --fit-to 2010 --score-to 2020"
        " --region 410500 --know nation --know migration",
    ),
    "calibrate": ("healthplan calibrate people --check",),
    "goal": (f"healthplan goal {ANYANG}",),
    "validation-page": ("healthplan validation-page --out validation.md",),
    "plan": ("healthplan plan draft plan.docx", "healthplan plan accept plan_review.xlsx --name my_city"),
    "plan draft": ("healthplan plan draft plan.docx --period 2026-2030",),
    "plan accept": (
        "healthplan plan accept plan_review.xlsx --name handan_15fyp --region 130400 --all-sure",
    ),
    "plan new": ("healthplan plan new handan_15fyp --region 130400 --base 2025 --target 2030",),
    "plan learn": ("healthplan plan learn anyang_14fyp=anyang.docx",),
    "plan score": ("healthplan plan score anyang_14fyp=anyang.docx --misses",),
    "review": ("healthplan review RUN --known known.csv",),
    "region": ("healthplan region new TABLE.xlsx --name 云泽县 --parent 410500",),
    "region new": (
        "healthplan region new TABLE.xlsx --name 云泽县 --parent 410500",
        "healthplan region new TABLE.csv --name 云泽县 --name-en Yunze --parent 410500"
        " --encoding gb18030 --unit 万人 --urban 120000",
    ),
    "schema": ("healthplan schema experiment > experiment.schema.json",),
    "datapackage": ("healthplan datapackage",),
    "clean": ("healthplan clean", "healthplan clean outputs/anyang_14fyp --days 7 --yes"),
    "docs": ("healthplan docs", "healthplan docs tutorial --lang en"),
    "init": ("healthplan init my_city",),
}
