# make run   set up and run Anyang's 14th five-year plan
# make test  set up, lint, and run the whole test suite
# make fast  the tests but for slow ones, a minute or two, without lint: of many cases some, of long ones none
# make bench set up and run the benchmarks
# make docs  make the measured pages of docs/ anew (AGAINST=FOLDER: speed beside that checkout)
# make errors  write docs/errors.md anew from the faults that are tested
# make fuzz   every reader fuzzed: SECONDS=60 for each, READER=census for one
# make reliability  commands killed at random moments (KILLS=25 each), faults while they run; then the page
# make mutants  mutants of the science core, resumable: SECONDS=60, ROOMS="demand supply"
# make reports  run the five plans and write their reports: docx, html, xlsx, Chinese and English
PYTHON ?= python3
BIN := .venv/bin
EXPERIMENT ?= experiments/anyang_14fyp.yaml

# what is compiled is kept: each process of the tests would compile all of it again
unexport PYTHONDONTWRITEBYTECODE

.PHONY: run test fast lint bench docs errors fuzz reliability mutants reliability-page reports lock clean

run: .venv/ready
	$(BIN)/healthplan run $(EXPERIMENT)

test: lint
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile

fast: .venv/ready
	$(BIN)/python -m pytest --numprocesses auto --dist loadfile -m 'not slow'

lint: .venv/ready
	$(BIN)/ruff check sim tests
	$(BIN)/ruff format --check sim tests
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/ready
	$(BIN)/python -m pytest tests/benchmarks --benchmark-only --benchmark-columns=min,median,rounds

# write the pages that are measured
docs: .venv/ready
	$(BIN)/python -m sim.evidence.performance docs/performance.md$(if $(AGAINST), --against $(AGAINST))
	$(BIN)/healthplan validation-page --out docs/validation.md
	$(BIN)/python -m sim.evidence.hindcast docs/hindcast.md
	$(BIN)/healthplan questions --out docs/questions.md
	$(BIN)/python -m sim.evidence.reference docs/reference.md

# write the page of what is refused and how, from tests/refusals
errors: .venv/ready
	PYTHONPATH=tests $(BIN)/python -m refusals.page docs/errors.md

# every reader fuzzed for so many seconds; finds go to tests/reliability/finds
SECONDS ?= 60
READER ?= all
fuzz: .venv/ready
	$(BIN)/python -m pip install --quiet -e '.[fuzz]' || echo "no atheris here: own mutations"
	PYTHONPATH=tests $(BIN)/python -m reliability.fuzz $(READER) $(SECONDS)

# run, sweep, stress and report ended so many times at random moments, faults while they run; then the page
KILLS ?= 25
reliability: .venv/ready
	PYTHONPATH=tests $(BIN)/python -m reliability.kills $(KILLS)
	PYTHONPATH=tests $(BIN)/python -m reliability.faults
	$(MAKE) reliability-page

# mutants of the science core, from where the last call ended; ROOMS="demand supply" for some
ROOMS ?=
mutants: .venv/ready
	PYTHONPATH=tests $(BIN)/python -m reliability.mutants $(SECONDS) $(ROOMS)
	$(MAKE) reliability-page

# docs/reliability.md from what was measured
reliability-page: .venv/ready
	PYTHONPATH=tests $(BIN)/python -m reliability.page docs/reliability.md

# each plan is run, then written up from its saved run; a path a line
PLANS ?= anyang_14fyp zhengzhou_13fyp nanyang_13fyp xinxiang_14fyp longhu_13fyp
REPORT_DRAWS ?= 500
reports: .venv/ready
	set -e; for plan in $(PLANS); do \
	  run=$$($(BIN)/healthplan run experiments/$$plan.yaml --draws $(REPORT_DRAWS) --quiet); \
	  for lang in zh en; do for to in docx html xlsx; do \
	    $(BIN)/healthplan report "$$run" --to $$to --lang $$lang; \
	  done; done; \
	done

# the set-up is done once; it is done again when the locked versions or the project file change
.venv/ready: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

# write constraints.txt anew from the newest versions that the project file admits
lock:
	rm -rf .venv-lock && $(PYTHON) -m venv .venv-lock
	.venv-lock/bin/python -m pip install --quiet '.[dev]'
	.venv-lock/bin/python -m pip freeze --exclude healthplan > constraints.txt
	rm -rf .venv-lock

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache
