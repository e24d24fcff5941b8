"""Plan documents as data: reading them strictly, auditing them, computing their standards."""

from sim.plan.audit import audit, audit_counts, audit_table
from sim.plan.checks.finding import Finding
from sim.plan.document import Plan, Standard, list_plans, load_plan
from sim.plan.indicator import Indicator
from sim.plan.standards import Requirement, requirement, requirements, standards_table

__all__ = [
    "Finding",
    "Indicator",
    "Plan",
    "Requirement",
    "Standard",
    "audit",
    "audit_counts",
    "audit_table",
    "list_plans",
    "load_plan",
    "requirement",
    "requirements",
    "standards_table",
]
