"""An indicator table for a place that has no plan: levels, needs, what would be enough, what it takes."""

from sim.propose.folder import Asked, Proposed, propose

__all__ = ["Asked", "Proposed", "propose"]
