"""Which cases of a broad law are fast: one in k of a test that is `sampled(k)`, and fewer examples drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pytest
from hypothesis import settings


def examples(most: int) -> int:
    """Examples of a property that has a number of its own: in the fast suite no more than others have."""
    return min(most, settings.default.max_examples)


def mark_the_others_slow(items: Iterable[pytest.Item]) -> None:
    """Of each test that is `sampled(k)` the first case and each k-th after it stay as they are."""
    seen: Counter[str] = Counter()
    for item in items:
        if (sampled := item.get_closest_marker("sampled")) is None:
            continue
        test = item.nodeid.partition("[")[0]
        if seen[test] % sampled.args[0]:
            item.add_marker(pytest.mark.slow)
        seen[test] += 1
