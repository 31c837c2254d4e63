# Two commands matter to a newcomer: make run, make test. JOBS: how many tests run side by side.
SHELL := /bin/sh
VENV ?= .venv
BIN := $(VENV)/bin
FAST := tests/model tests/rules tests/checklist tests/probes/test_cases.py tests/probes/test_catalog.py \
  tests/probes/test_facts.py tests/reports tests/store/test_codec.py tests/architecture/test_layout.py
STRICT ?=
JOBS ?= 4
export READINESS_STRICT := $(STRICT)

.PHONY: help run test test-fast golden check format services bench lab wheel clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1\t\2/p' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## open the wizard on the built-in checklist, this machine as the target
	@$(BIN)/readiness

test: $(VENV)/dev.stamp services ## run every test; names loudly what could not be run
	@$(BIN)/python -m pytest -n $(JOBS) --dist worksteal

test-fast: $(VENV)/dev.stamp ## the tests that need no service and no screen, in under a minute
	@$(BIN)/python -m pytest -q -n $(JOBS) -m 'not needs' $(FAST)

golden: $(VENV)/dev.stamp ## rewrite golden files, pictures of screens and generated pages; look at git diff
	-@READINESS_GOLDEN=write $(BIN)/python -m pytest -q -n $(JOBS) --snapshot-update tests/reports/test_golden.py \
	  $$(grep -rl snap_compare tests/tui --include='test_*.py')
	@$(BIN)/python -m tests.tui.documented
	@$(BIN)/python scripts/keys_page.py > docs/keys.md
	@$(BIN)/python scripts/probes_page.py > docs/probes.md

check: $(VENV)/dev.stamp services ## formatting, lint, types, import contracts, shell
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	scripts/lint-shell

format: $(VENV)/dev.stamp ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

services: ## install what the tests need of the system (root on Debian), else say how
	@scripts/services

bench: $(VENV)/dev.stamp services ## measure probing, saving and walking; PEERS=1 measures peers beside it
	@[ -z "$(PEERS)" ] || benchmarks/peers.sh
	@$(BIN)/python -m benchmarks.probing
	@$(BIN)/python -m benchmarks.saving
	@$(BIN)/python -m benchmarks.walking
	@$(BIN)/python -m benchmarks.terminal

lab: $(VENV)/dev.stamp services ## replay states of real hosts (root); ONLY='fw-*' HOSTS=2 PRUNE=1 JSON=FILE
	@$(BIN)/python -m tests.lab $(patsubst %,'%',$(ONLY)) $(if $(HOSTS),--hosts $(HOSTS)) $(if $(PRUNE),--prune) \
	  $(if $(RECORD),--record) $(if $(JSON),--json $(JSON))

wheel: $(VENV)/dev.stamp ## build the wheel into dist/
	@$(BIN)/python scripts/prepare-checklists
	$(BIN)/python -m pip wheel --quiet --no-deps --wheel-dir dist .

clean: ## remove the environment and everything built
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

$(VENV)/run.stamp: pyproject.toml constraints.txt
	@scripts/environment $(VENV) .
	@$(BIN)/python scripts/prepare-checklists
	@touch $@

$(VENV)/dev.stamp: pyproject.toml constraints.txt
	@scripts/environment $(VENV) '.[dev]'
	@$(BIN)/python scripts/prepare-checklists
	@touch $@ $(VENV)/run.stamp
