"""What a projection says on a question that a plan raises without a figure to test.

parameters/plans/question_needs.csv, one row for each need: which series of a run answers which
question of which plans, in which unit, beside which supply.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sim.errors import PlanError, fault, raise_all
from sim.expression import PLAN, Known, Stated, faults_of, leaves, parse, unit
from sim.plan.document import list_plans
from sim.plan.questions import questions
from sim.plan.vocabulary import Unit, load_vocabulary, plans_folder
from sim.schema import kept_labels
from sim.textfile import did_you_mean, read_csv

COLUMNS = (
    "need_id",
    "question",
    "plans",
    "kind",
    "required",
    "available",
    "share",
    "unit",
    "name_en",
    "name_zh",
    "basis_en",
    "basis_zh",
)
KINDS = ("need", "figure")
PREFIX = "question_"
OF_PLAN = f"{PLAN}."


@dataclass(frozen=True)
class Need:
    """One answer: a need, or the figure that a question asks for, with the supply if there is one.

    required, available: expressions (see `sim.expression`), in which `plan.<indicator>` is the
    plan's own baseline.  share: a parameter, or `plan.<indicator>`, that multiplies what is
    required.
    """

    id: str
    question: str
    plans: tuple[str, ...]
    kind: str
    required: str
    available: str
    share: str
    unit: Unit
    name_en: str
    name_zh: str
    basis_en: str
    basis_zh: str
    line: str = field(default="", compare=False)
    """Of the table."""

    @property
    def texts(self) -> tuple[str, ...]:
        """The expressions that it reads."""
        return tuple(text for text in (self.required, self.available) if text)

    @property
    def stated(self) -> tuple[str, ...]:
        """Indicators of which it takes the plan's own baseline."""
        trees = [parse(text, kept_labels(), of_plan=True) for text in self.texts]
        found = [leaf.indicator for tree in trees for leaf in leaves(tree) if isinstance(leaf, Stated)]
        return tuple(found + [self.share.removeprefix(OF_PLAN)] * self.share.startswith(OF_PLAN))


def is_need(indicator_id: str) -> bool:
    """Whether a row of adequacy.csv answers a question instead of testing a plan's indicator."""
    return indicator_id.startswith(PREFIX)


def needs_table(root: Path) -> Path:
    """The table under the parameter folder `root`."""
    return plans_folder(root) / "question_needs.csv"


def load_needs(root: Path) -> tuple[Need, ...]:
    """Needs under the parameter folder `root`; those without plans stand for all that ask.

    Raises PlanError with every fault of the table.
    """
    path = needs_table(root)
    words = load_vocabulary(root)
    asked = {q["question"]: q for q in questions(root)}
    known_plans = list_plans(root)
    needs: dict[str, Need] = {}
    faults: list[str] = []
    for row in read_csv(path, COLUMNS):
        place = f"{path}:{row['_line']}"
        faults += [fault(place, *f) for f in _faults(row, asked, known_plans, words.units)]
        if row["need_id"] in needs:
            faults.append(fault(place, f"{row['need_id']} stands twice", "keep one of them"))
        if row["unit"] not in words.units or row["question"] not in asked:
            continue
        plans = row["plans"].split() or asked[row["question"]]["plans"].split()
        texts = {c: row[c] for c in COLUMNS if c not in ("need_id", "plans", "unit")}
        needs[row["need_id"]] = Need(
            id=row["need_id"],
            plans=tuple(plans),
            unit=words.units[row["unit"]],
            line=row["_line"],
            **texts,
        )
    faults += misread(needs.values(), kept_labels(), path)
    raise_all(PlanError, faults)
    for need in needs.values():
        for name in need.stated:
            if name not in words.indicators:
                remedy = did_you_mean(name, [*words.indicators])
                faults.append(fault(f"{path}:{need.line}", f"no indicator '{name}'", remedy))
    raise_all(PlanError, faults)
    return tuple(needs.values())


def misread(needs: Iterable[Need], known: Known, path: Path) -> list[str]:
    """A fault for every series, group or figure that a need names and `known` does not have.

    A need and its supply are of one unit, and a percentage has none.
    """
    found = []
    for need in needs:
        place = f"{path}:{need.line}"
        own = [f for text in need.texts for f in faults_of(text, known, of_plan=True)]
        if not own:
            own += _units(need, known)
        found += [fault(place, f"{need.id}: {wrong}", remedy) for wrong, remedy in own]
    return list(dict.fromkeys(found))


def _units(need: Need, known: Known) -> list[tuple[str, str]]:
    units = [unit(parse(text, known, of_plan=True)) for text in need.texts]
    found = []
    if len(set(units)) > 1:
        found.append((f"need in {units[0]}, supply in {units[1]}", "two series of one unit"))
    if need.unit.quantity == "share" and units[0] != "1":
        found.append((f"a share of {units[0]}", "a quotient of two series of one unit"))
    return found


def _faults(
    row: Mapping[str, str],
    asked: Mapping[str, Mapping[str, str]],
    plans: list[str],
    units: Mapping[str, Unit],
) -> list[tuple[str, str]]:
    found = []
    if row["question"] not in asked:
        found.append((f"question '{row['question']}'", "a number of questions.csv"))
    start = f"{PREFIX}{row['question'].zfill(2)}_"
    if not row["need_id"].startswith(start):
        found.append((f"need_id '{row['need_id']}'", f"begin it with {start}"))
    if row["kind"] not in KINDS:
        found.append((f"kind '{row['kind']}'", did_you_mean(row["kind"], KINDS)))
    if row["unit"] not in units:
        found.append((f"unknown unit '{row['unit']}'", did_you_mean(row["unit"], list(units))))
    for plan in row["plans"].split():
        if plan not in plans:
            found.append((f"unknown plan '{plan}'", did_you_mean(plan, plans)))
        elif row["question"] in asked and plan not in asked[row["question"]]["plans"].split():
            remedy = "name it in questions.csv, or leave it out"
            found.append((f"{plan} does not raise question {row['question']}", remedy))
    for name in ("required", "name_en", "name_zh", "basis_en", "basis_zh"):
        if not row[name]:
            found.append((f"{row['need_id']}: no {name}", "say it"))
    if row["kind"] == "figure" and row["available"]:
        found.append((f"{row['need_id']}: a figure with a supply", "make it kind need"))
    return found


def needs_of(root: Path, plan: str) -> tuple[Need, ...]:
    """Needs that answer questions of a plan; root: the folder `parameters`."""
    return tuple(n for n in load_needs(root) if plan in n.plans)
