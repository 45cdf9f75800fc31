# Everything starts here: `make run` for a working product, `make test` for every test, `make help` for the rest.
SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
# Browser tests and the database share the machine with the workers.
TEST_WORKERS ?= auto
ARGS ?=
BIN := .venv/bin
export PATH := $(CURDIR)/$(BIN):$(PATH)

.PHONY: help setup run worker test check bench fmt lint types assets migrations messages clean packages

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

packages:
	@scripts/stamped.sh .venv/quoin-packages "requirements/dev.txt requirements/uv.txt scripts/setup_venv.py" \
		$(PYTHON) scripts/setup_venv.py .venv requirements/dev.txt

assets: packages ## Build scripts, styles, icons, fonts and translations into build/
	@$(BIN)/python -m quoin.site.assets
	@$(BIN)/python -m quoin.site.messages

setup: packages assets ## Prepare the environment: packages, static assets

run: setup ## Run the product with the demo company at http://127.0.0.1:8000 (PORT=8010 for another port)
	@QUOIN_DEMO=$${QUOIN_DEMO-1} exec $(BIN)/quoin serve --host $(HOST) --port $(PORT)

worker: setup ## Run a separate process for jobs
	@exec $(BIN)/quoin worker

test: setup ## Run every test (ARGS="tests/billing -k tax" for some)
	@scripts/install_browser.sh
	@exec $(BIN)/python -m pytest -n $(TEST_WORKERS) $(ARGS)

check: lint types migrations ## Check style, types, architecture and migrations

lint: packages ## Check style, formatting, import contracts and dependencies
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	$(BIN)/deptry src --config scripts/deptry.toml

types: packages ## Check types
	$(BIN)/mypy src tests

migrations: packages ## Check that the migrations say what the models say
	$(BIN)/python scripts/check_migrations.py

messages: packages ## Bring the catalogues of translations to the texts of the sources
	@$(BIN)/python -m quoin.site.messages update

fmt: packages ## Format the code and mend what can be mended
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup ## Measure: load, billing run, reports, timesheet, start, memory (JSON)
	@exec $(BIN)/python -m bench $(ARGS)

clean: ## Remove what can be made again; the data in .quoin stays
	rm -rf .venv node_modules build .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find src tests -name __pycache__ -type d -prune -exec rm -rf {} +
