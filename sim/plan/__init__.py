"""Plan documents as data: reading them strictly, auditing them, computing their standards."""

from sim.plan.document import Indicator, Plan, Standard, list_plans, load_plan

__all__ = ["Indicator", "Plan", "Standard", "list_plans", "load_plan"]
