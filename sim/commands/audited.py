"""`healthplan audit`: whether a plan agrees with itself."""

from __future__ import annotations

import csv
import io
import textwrap
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from sim.commands.plain_table import table
from sim.config import find_root
from sim.plan import list_plans, load_plan
from sim.plan.audit import COLUMNS as AUDIT_COLUMNS
from sim.plan.audit import SERIOUS, audit, audit_counts, audit_table
from sim.plan.checks.finding import VERDICTS
from sim.writing import no_formula


def audit_text(start: Path, plans: Sequence[str], *, as_csv: bool, lang: str) -> str:
    """Findings of the audit of some plans (all by default): counts, then what a planner must see.

    as_csv: every finding, as CSV.
    """
    root = find_root(start) / "parameters"
    names = list(plans) or list_plans(root)
    documents = [load_plan(root, name) for name in names]
    findings = {d.id: audit(d) for d in documents}
    rows = [row for found in findings.values() for row in audit_table(found)]
    if as_csv:
        out = io.StringIO()
        writer = csv.DictWriter(out, AUDIT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows({k: no_formula(v) for k, v in row.items()} for row in rows)
        return out.getvalue().rstrip("\n")
    counted = audit_counts([f for found in findings.values() for f in found])
    by_plan = [counted.get(name, Counter()) for name in findings]
    chinese = lang == "zh"
    counts = [
        (VERDICTS[v] if chinese else v, *(str(c[v]) for c in by_plan), str(sum(c[v] for c in by_plan)))
        for v in dict.fromkeys(v for c in by_plan for v in c)
    ]
    head = ("结论", *findings, "合计") if chinese else ("verdict", *findings, "all")
    text = [table(head, counts), ""]
    verdict, message = ("verdict_zh", "message_zh") if chinese else ("verdict", "message_en")
    for name, found in findings.items():
        serious = [row for row in audit_table(found) if row["verdict"] in SERIOUS]
        none = "没有需要处理的" if chinese else "nothing to mend"
        text.append(f"{name}:" if serious else f"{name}: {none}")
        for row in serious:
            line = f"[{row[verdict]}] {row[message]}"
            text.append(textwrap.fill(line, 110, initial_indent="  ", subsequent_indent="    "))
    return "\n".join(text)
