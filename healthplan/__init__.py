"""The library under the name of its command: `import healthplan` is `import sim`, name for name."""

from __future__ import annotations

from typing import Any

import sim
from sim import __all__ as __all__


def __getattr__(name: str) -> Any:
    """Each public name from `sim`, when it is first asked for."""
    if name not in (*__all__, "__version__"):
        raise AttributeError(f"module 'healthplan' has no attribute {name!r}")
    return getattr(sim, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
