"""The made-up population and the parameter folder, for tests of this stage."""

from health_world import inputs, params

__all__ = ["inputs", "params"]
