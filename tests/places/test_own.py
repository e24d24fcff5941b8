"""Net migrants of a place from its own counts: by hand, and fewer leavers where fewer are left."""

from __future__ import annotations

import numpy as np
import pytest
from paths import ROOT

from sim.params import read_set
from sim.places import list_places
from sim.places.counts import counts
from sim.places.own import _decade_on, _fewer, _moved, _survival, net_migration

BELOW = read_set(ROOT / "parameters/national", ROOT / "parameters")


def test_survival_and_moves_by_hand():
    """Groups of five years, the last open: 100 become 90 ten years on in the nation, 60 here."""
    first = np.array([[100.0, 100, 100, 100], [100, 100, 100, 100]])
    second = np.array([[80.0, 80, 90, 120], [80, 80, 90, 120]])
    survival = _survival(first, second)
    np.testing.assert_allclose(survival, [[0.9, 0.4, 0.4, 0.4]] * 2)
    np.testing.assert_allclose(_decade_on(first, survival)[0], [0, 0, 90, 120])


def test_leavers_fall_as_the_cohorts_that_leave():
    """Half as many children ten years ago: about half the leavers, and never more than before."""
    held = counts(ROOT, list_places(ROOT)["231200"])  # Suihua
    figure = net_migration(held, BELOW, {})
    level = figure.data.values
    assert level[0] < 0
    assert (np.diff(np.abs(level)) <= 1e-9).all()
    assert np.abs(level[-1]) < 0.6 * np.abs(level[1])
    assert figure.level == "place"
    assert "the same rates on the people there" in figure.said.en


def test_gains_are_held(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("sim.places.own.led_above", lambda *_: None)  # what its province counted is beside it
    level = net_migration(counts(ROOT, list_places(ROOT)["440300"]), BELOW, {}).data.values  # Shenzhen
    assert level[0] > 0
    np.testing.assert_allclose(level[1:], level[1])


def test_the_same_people_lose_the_same():
    """Where the cohorts of 2020 are as large as those of 2010 were, as many leave."""
    people = np.full((2, 18), 1000.0)
    survival = _survival(people, people)
    stayed = _decade_on(people, survival)
    now = people.copy()
    now[:, 3:6] = 0.8 * stayed[:, 3:6]
    now[:, 0:2] = people[:, 0:2]
    moved = _moved(people, now, survival)
    shares = _fewer(people, people, survival, np.where(np.arange(18) >= 2, moved, 0.0))
    assert shares[0] == pytest.approx(1.0)
