"""What the fast tests leave out is run by `make test`."""

from __future__ import annotations

import re

import pytest
from paths import ROOT
from sampling import mark_the_others_slow


class _Item:
    """As much of a collected test as marks need."""

    def __init__(self, nodeid: str, *marks: pytest.MarkDecorator) -> None:
        self.nodeid = nodeid
        self.marks = {m.name: m.mark for m in marks}

    def get_closest_marker(self, name: str) -> pytest.Mark | None:
        return self.marks.get(name)

    def add_marker(self, mark: pytest.MarkDecorator) -> None:
        self.marks[mark.name] = mark.mark


def test_one_case_in_k_stays_fast_the_first_among_them() -> None:
    third = [_Item(f"a.py::test_a[{i}]", pytest.mark.sampled(3)) for i in range(7)]
    other = [_Item(f"b.py::test_a[{i}]", pytest.mark.sampled(9)) for i in range(4)]
    plain = [_Item(f"a.py::test_b[{i}]") for i in range(4)]
    mark_the_others_slow([*third[:4], *other, *plain, *third[4:]])  # type: ignore[list-item]
    assert [("slow" in item.marks) for item in third] == [i % 3 > 0 for i in range(7)]
    assert [("slow" in item.marks) for item in other] == [False, True, True, True]
    assert not any("slow" in item.marks for item in plain)


def test_make_test_leaves_nothing_out() -> None:
    """The recipe of `make test`, which .ci/run calls, and the options of every run choose no marks."""
    recipe = re.search(r"^test:.*\n((?:\t.*\n)+)", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert recipe is not None
    options = (ROOT / "pyproject.toml").read_text("utf-8").split("[tool.pytest.ini_options]")[1]
    added = re.search(r"^addopts = (.*)$", options, re.MULTILINE)
    assert added is not None
    for text in (recipe[1], added[1]):
        assert not re.search(
            r"(^|\s)-(m|k)\b|--(deselect|ignore|lf|last-failed)", text.replace("-m pytest", "")
        )
