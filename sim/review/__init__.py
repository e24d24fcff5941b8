"""Mid-term review: a plan's targets once more with what was counted since, and why they moved."""

from sim.review.folder import review

__all__ = ["review"]
