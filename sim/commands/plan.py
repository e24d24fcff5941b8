"""`healthplan plan`: a document read into a review workbook, the review made a plan folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from sim.catalogue.language import Lang
from sim.commands.audited import audit_text
from sim.commands.refusals import spoken
from sim.commands.validate import validate
from sim.config import find_root
from sim.drafting.accept import accept, read_review
from sim.drafting.calendar import Period
from sim.drafting.draft import SYNONYM_COLUMNS, SYNONYMS, Draft, draft, load_lexicon
from sim.drafting.learn import Example, phrases_of
from sim.drafting.readers import read_document
from sim.drafting.review import RULES, SURE, UNPLACED, UNSURE, write_review
from sim.drafting.rules import rule_templates
from sim.drafting.wording import load_wording
from sim.errors import ConfigError, SimError, fault
from sim.evidence.plan_reading import score, score_text
from sim.plan import load_plan
from sim.plan.vocabulary import load_vocabulary, plans_folder
from sim.propose.template import Years, experiment_of, new_plan
from sim.writing import write_rows

_SHEETS = {
    SURE: ("确定", "sure"),
    UNSURE: ("待核", "unsure"),
    UNPLACED: ("未归", "not placed"),
    RULES: ("规则", "rules"),
}


def draft_command(document: Path, out: Path | None, period: str | None, lang: Lang) -> str:
    """Write the review workbook of a document; returns what to say.

    Raises PlanError for a document that cannot be read, ConfigError for a wrong period or an output
    that is there already.
    """
    root = find_root(Path.cwd()) / "parameters"
    years = _period(period)
    target = out or Path(f"{document.stem}_review.xlsx")
    if target.exists():
        raise ConfigError(
            fault(str(target), "exists already", "name another with --out: it may hold a review")
        )
    found = draft(read_document(document), load_lexicon(root), years)
    write_review(target, found, load_vocabulary(root), rule_templates(root), lang)
    return "\n".join([str(target), *_counts(found, lang)])


def accept_command(review: Path, name: str, region: str, all_sure: bool, replace: bool, lang: str) -> str:
    """Make the plan folder of a reviewed workbook, check and audit it; returns what to say."""
    root = find_root(Path.cwd())
    read = read_review(review, all_sure=all_sure)
    folder = accept(root / "parameters", read, name, region, replace=replace)
    out = ", ".join(f"{_SHEETS[key][lang != 'zh']} {n}" for key, n in read.left_out.items())
    left = f"未采纳：{out}" if lang == "zh" else f"left out, not marked: {out}"
    audit = audit_text(root, [name], as_csv=False, lang=lang)
    return "\n".join([*_checked(folder, lang), left, "", audit, "", _next(root, name, lang)])


def _next(root: Path, name: str, lang: str) -> str:
    """The experiment of an accepted plan, made where there is none, and how to run it."""
    made = experiment_of(root, name)
    path = f"experiments/{name}.yaml"
    run = f"healthplan run {path}"
    if lang == "zh":
        return f"{path} {'已写好' if made else '已有，未改动'}；下一步：{run}"
    return f"{path} {'written' if made else 'is there already, left as it is'}; next: {run}"


def new_command(name: str, region: str, base: int, target: int, end: int, lang: Lang) -> str:
    """Make an empty plan and its experiment; returns their paths and what to do next."""
    root = find_root(Path.cwd())
    folder, experiment = new_plan(root, name, region, Years(base, target, end), lang)
    try:
        checked = _checked(folder, lang)
    except SimError:  # what cannot be read again is not left behind
        shutil.rmtree(folder)
        experiment.unlink()
        raise
    run = f"healthplan run experiments/{experiment.name}"
    return "\n".join([f"{folder}", f"{experiment}", *checked, run])


def _checked(folder: Path, lang: str) -> list[str]:
    """What `validate` says of a plan folder that was made."""
    return [spoken(line, lang) for line in validate([folder])]


def learn_command(pairs: Sequence[str], lang: str) -> str:
    """Learn phrases from plans of the parameter folder and their documents; says where they stand."""
    root = find_root(Path.cwd()) / "parameters"
    examples = _examples(root, pairs)
    words, wording = load_vocabulary(root), load_wording(root)
    found = sorted({p for e in examples for p in phrases_of(e, words, wording)})
    path = plans_folder(root) / "reading" / SYNONYMS
    write_rows(path, SYNONYM_COLUMNS, (dict(zip(SYNONYM_COLUMNS, p, strict=True)) for p in found))
    indicators = len({i for i, _ in found})
    if lang == "zh":
        return f"{path}：{indicators}项指标的{len(found)}种说法"
    return f"{path}: {len(found)} phrases of {indicators} indicators"


def score_command(pairs: Sequence[str], misses: bool, lang: str) -> str:
    """How well the documents of plans are read, each with what the others teach; returns a table."""
    root = find_root(Path.cwd()) / "parameters"
    if len(pairs) < 2:
        remedy = "give at least two: PLAN=DOCUMENT PLAN=DOCUMENT"
        raise ConfigError(fault("plan score", "one document has no other to learn from", remedy))
    found = score(_examples(root, pairs), load_vocabulary(root), load_wording(root))
    return score_text(found, misses=misses, lang=lang)


def _counts(found: Draft, lang: str) -> list[str]:
    """The plan, its rows by heap, and what of the document was not read."""
    sure, unsure, unplaced = len(found.sure), len(found.unsure), len(found.unplaced)
    span = f"{found.period.first}-{found.period.last}"
    if lang == "zh":
        said = [f"{found.title}，{span}", f"确定 {sure} 行，待核 {unsure} 行，未归 {unplaced} 个数"]
        return [*said, *(f"{place}：{zh}" for place, zh, _ in found.document.unread)]
    said = [f"{found.title}, {span}", f"{sure} rows sure, {unsure} unsure, {unplaced} figures not placed"]
    return [*said, *(f"{place}: {en}" for place, _, en in found.document.unread)]


def _examples(root: Path, pairs: Sequence[str]) -> list[Example]:
    found = []
    for pair in pairs:
        name, _, document = pair.partition("=")
        if not document:
            raise ConfigError(
                fault(f"'{pair}'", "is not PLAN=DOCUMENT", "write e.g. anyang_14fyp=anyang.txt")
            )
        found.append(Example(load_plan(root, name), read_document(Path(document))))
    return found


def _period(text: str | None) -> Period | None:
    if text is None:
        return None
    match = re.fullmatch(r"((?:19|20)\d\d)-((?:19|20)\d\d)", text)
    if match is None or match[1] >= match[2]:
        raise ConfigError(fault(f"--period {text}", "is no span of years", "write e.g. 2026-2030"))
    return Period(int(match[1]), int(match[2]))
