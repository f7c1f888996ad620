# `make run` and `make test` set everything up by themselves; they need Python 3.11+ and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
CONFIG ?= config
# The lock files hold hashes: pip refuses anything that differs.
PIP := $(BIN)/python -m pip --disable-pip-version-check
INSTALL := $(PIP) install --quiet --quiet --require-hashes
# Many tests wait for a service or a server of theirs: one more than there are cores.
WORKERS ?= $$(($$(getconf _NPROCESSORS_ONLN) + 1))

.PHONY: run test lint types bench docs lock clean
.DEFAULT_GOAL := test

run: $(VENV)/.run-ready
	$(BIN)/presswatch run --config $(CONFIG)

test: $(VENV)/.dev-ready
	$(BIN)/python -m pytest -n $(WORKERS) --dist worksteal $(ARGS)

lint: $(VENV)/.dev-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev-ready
	$(BIN)/mypy

# The quick benchmarks with floors; the long ones are run by hand (docs/benchmarks.md).
bench: $(VENV)/.dev-ready
	$(BIN)/python -m benchmarks.gate

# Regenerates what is generated: docs/cli.md from --help, docs/config.md from the models,
# the table in docs/reliability.md from the tests.
docs: $(VENV)/.dev-ready
	$(BIN)/python -m service.cli.reference > docs/cli.md
	$(BIN)/python -m config.reference > docs/config.md
	$(BIN)/python tests/catalogue.py

# Refreshes the lock files from pyproject.toml (needs pip-tools).
lock:
	$(PYTHON) -m piptools compile $(LOCK_FLAGS) -o requirements.lock pyproject.toml
	$(PYTHON) -m piptools compile $(LOCK_FLAGS) --extra dev -c requirements.lock -o requirements-dev.lock pyproject.toml
LOCK_FLAGS := --quiet --build-deps-for editable --generate-hashes --strip-extras --allow-unsafe --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

clean:
	rm -rf $(VENV) build *.egg-info .pytest_cache .mypy_cache .ruff_cache

# The stamp files say which lock the environment was built from. The program is
# installed in place, by the setuptools of the lock, so nothing unpinned is fetched.
$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run-ready: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Setting up $(VENV) (once, about a minute) ..."
	@$(INSTALL) -r requirements.lock
	@$(PIP) install --quiet --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev-ready: requirements-dev.lock pyproject.toml $(VENV)/.run-ready
	@echo "Adding the development tools ..."
	@$(INSTALL) -r requirements-dev.lock
	@touch $@
