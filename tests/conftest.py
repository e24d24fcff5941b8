"""Shared by the whole suite: the command in this process, a folder to damage, one small run.

Four small worlds, each for what it is quickest at: `working_folder.py` (a copy of the parameters and the
command, for what a user types), `small.py` (an experiment on the repository's own parameters and a `Setup`,
for how a run is computed), `health_world.py` (a made-up population with Anyang's parameters, for one stage
alone; `stage_chain.py` hands it down the stages), `synthetic.py` (a made-up run folder, for the
charts).  `shared.py` makes a run once for all workers of a parallel test run; `place.py` reads the
repository's places, each once a session; `paths.py` says where things lie.
"""

from __future__ import annotations

import functools
import gc
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import yaml
from hypothesis import settings
from sampling import mark_the_others_slow
from shared import shared
from synthetic import write_run
from working_folder import SMALL, Outcome, make_workspace, run_cli

from sim.document import explain as explained

# the language of the commands is the tests' to say, not the machine's
os.environ["LC_ALL"] = "C.UTF-8"
os.environ.pop("HEALTHPLAN_LANG", None)

# nothing may go before all is collected: thousands of tests
gc.disable()
gc.set_threshold(20_000, 20, 50)

# the same examples each time, and no limit of time on a busy machine; fewer where the slow tests are left out
settings.register_profile("suite", deadline=None, derandomize=True)
settings.register_profile("fast", settings.get_profile("suite"), max_examples=30)


def pytest_addoption(parser: pytest.Parser) -> None:
    help_text = "store the small run's values anew (tests/test_whole_run.py)"
    parser.addoption("--refresh-whole-run", action="store_true", help=help_text)


def pytest_configure(config: pytest.Config) -> None:
    settings.load_profile("fast" if config.option.markexpr == "not slow" else "suite")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Before `-m` chooses."""
    mark_the_others_slow(items)


def pytest_collection_finish() -> None:
    """What was collected stays to the end: the search for what may go need not look through it again."""
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def cli() -> Callable[..., Outcome]:
    return run_cli


@pytest.fixture(autouse=True)
def no_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of a parallel test run state a width of 80; a pipe of a user states none."""
    monkeypatch.delenv("COLUMNS", raising=False)


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder that tests may add files to, but not change."""
    return make_workspace(tmp_path_factory.mktemp("workspace"))


@pytest.fixture
def damaged(tmp_path: Path) -> Path:
    """A working folder of one's own, free to be damaged."""
    return make_workspace(tmp_path / "work")


@pytest.fixture
def experiment(workspace: Path, tmp_path: Path) -> Iterator[Callable[..., Path]]:
    """Function: the small experiment with some keys changed (None removes one) -> its file."""
    made: list[Path] = []

    def write(text: str | bytes | None = None, **changes: object) -> Path:
        path = workspace / "experiments" / f"{tmp_path.name}_{len(made)}.yaml"
        if text is None:
            content = {**yaml.safe_load(SMALL), **changes}
            content = {k: v for k, v in content.items() if v is not None}
            text = yaml.safe_dump(content, allow_unicode=True, sort_keys=False)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        made.append(path)
        return path

    yield write
    for path in made:
        path.unlink()


@pytest.fixture(scope="session")
def small_run(workspace: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of one small run through the command: Anyang to 2030, 8 draws, two scenarios."""

    def made(out: Path) -> Path:
        how = ("--out", out, "--no-charts", "--workers", "1", "--quiet")
        done = run_cli("run", workspace / "experiments" / "small.yaml", *how)
        assert done.code == 0, done.err
        return Path(done.out.strip().splitlines()[-1])

    return shared(tmp_path_factory, "small_run", made)


_opened_once = functools.cache(explained.open_material)


@pytest.fixture
def opened_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """`explain` opens a run once, however often it is asked: for runs that no test changes."""
    monkeypatch.setattr(explained, "open_material", _opened_once)


@pytest.fixture(scope="session")
def run_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A made-up run folder (see synthetic.py), written once."""
    return write_run(tmp_path_factory.mktemp("made_up") / "20250101-synthetic", draws=20)
