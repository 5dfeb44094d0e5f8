# Two commands on a fresh machine with Python >= 3.11, git and make: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin

.PHONY: demo test mutants clean browser cron clock

demo: $(VENV)/.installed
	$(BIN)/tracker demo

test: $(VENV)/.installed-dev browser cron clock
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest -n auto --dist worksteal --cov --cov-report=term:skip-covered

# Which small changes of the code no test notices, in the modules that differ from the branch main;
# `make mutants OF="tracker/config.py --each 30"` for others.
OF ?= --since main
mutants: $(VENV)/.installed-dev
	$(BIN)/python benchmarks/mutants.py $(OF)

# Pages are tested in Chromium. Where it cannot be installed, those tests are skipped by name.
browser: | $(BIN)/python
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends chromium; \
	fi; } > $(VENV)/browser.log 2>&1 || true

# Schedules are tested with the cron of busybox. Where it cannot be installed, those tests are
# skipped by name.
cron: | $(BIN)/python
	@{ command -v busybox || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends busybox; \
	fi; } > $(VENV)/cron.log 2>&1 || true

# The scripted days set the clock of the program with faketime. Where it cannot be installed, they
# are skipped by name.
clock: | $(BIN)/python
	@{ command -v faketime || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get; then \
		apt-get update && \
		DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends faketime; \
	fi; } > $(VENV)/clock.log 2>&1 || true

clean:
	rm -rf $(VENV) .coverage* .mutants.json .hypothesis .mypy_cache .pytest_cache .ruff_cache

$(BIN)/python:
	$(PYTHON) -c 'import sys; sys.exit("tracker needs Python 3.11 or later; say make PYTHON=python3.12" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --upgrade pip

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable .
	touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@ $(VENV)/.installed
