"""roles.csv: which parameters are trends, levers and fertility policies, and what is refused."""

from pathlib import Path

import pytest
from paths import PARAMETERS
from place import place

from sim.drivers.counterfactual import READ
from sim.params.catalogue import HELD, read_catalogue, role_faults


def roles() -> dict[str, str]:
    faults: list[str] = []
    found = read_catalogue(PARAMETERS, faults).roles
    assert faults == []
    return dict(found)


@pytest.mark.parametrize(
    ("sign", "role"),
    [
        (lambda n: n.endswith(("_growth", "_trend", "_change")), "trend"),
        (lambda n: n.startswith("norm."), "lever"),
        (lambda n: n.startswith("fertility.") and n.endswith("_quantum"), "policy"),
    ],
    ids=["trends", "norms", "policies"],
)
def test_what_is_named_as_one_has_its_role(sign, role):
    """The model reads the table alone; a new parameter of a usual name must not be left out of it."""
    named = [name for name in READ if sign(name)]
    assert named
    assert [name for name in named if roles().get(name) != role] == []


def test_every_role_is_of_a_parameter_that_the_need_reads():
    assert sorted(set(roles()) - set(READ)) == []


def test_a_method_is_held_at_one_of_its_own_choices():
    held = {name: role.removeprefix(HELD) for name, role in roles().items() if role.startswith(HELD)}
    assert held == {"disease.method": "constant_prevalence"}
    assert all(method in place("410500")[name].record.choices for name, method in held.items())


def test_a_renamed_parameter_is_refused_and_does_not_lose_its_role():
    names = [n if n != "inpatient.alos_growth" else "inpatient.alos_yearly" for n in READ]
    (found,) = role_faults(PARAMETERS, names)
    assert "roles.csv: line" in found
    assert "no parameter 'inpatient.alos_growth' | did you mean" in found


@pytest.mark.parametrize(
    ("rows", "text"),
    [
        ("a.b,trnd,\n", "line 2: role | 'trnd' | did you mean 'trend'"),
        ("a.b,trend,\na.b,lever,\n", "line 3 | 'a.b' stands twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, rows: str, text: str):
    (tmp_path / "roles.csv").write_text("parameter,role,why\n" + rows, encoding="utf-8")
    faults: list[str] = []
    read_catalogue(tmp_path, faults)
    assert len(faults) == 1
    assert text in faults[0]


def test_a_folder_without_roles_is_refused(tmp_path: Path):
    (found,) = role_faults(tmp_path, READ)
    assert "roles.csv | no such file" in found
    assert "`healthplan init NEW` and copy NEW/parameters/roles.csv here" in found
