# make help lists what there is. Everything stays inside this folder.
SHELL := /bin/sh
PORT ?= 8000
export PORT
ifdef DATABASE_URL
export DATABASE_URL
endif

# The newest Python of at least 3.11 that this machine has.
FIND_PYTHON = for name in python3.14 python3.13 python3.12 python3.11 python3 python; do \
  if $$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then echo $$name; break; fi; done
PYTHON ?= $(shell $(FIND_PYTHON))
BIN = .venv/bin

.PHONY: help setup run test check lint fmt migrate migration screens bench docs lock wheel clean-data clean

help:
	@echo "make run         set up, load example data, serve (PORT=8000, DATABASE_URL=sqlite:///...)"
	@echo "make test        every test this machine can run"
	@echo "make check       format, lint, types, layers, migrations, translations, documents, tests"
	@echo "make fmt         format the code"
	@echo "make setup       only set up"
	@echo "make migrate     bring the database's tables up to date"
	@echo "make migration T='what it does'   write a new migration from the models"
	@echo "make docs        draw the pictures and tables in docs/ again"
	@echo "make screens     screenshots and checks of every page in every variant"
	@echo "make bench       measure on both databases, one JSON object per figure (hours)"
	@echo "make lock        resolve the dependencies again"
	@echo "make wheel       build the installable package"
	@echo "make clean-data  throw away the demonstration's database and files"

setup:
	@if [ -z "$(PYTHON)" ]; then echo "Python 3.11 or newer is needed and was not found. Install it, or run: make setup PYTHON=/path/to/python3" >&2; exit 1; fi
	@$(PYTHON) scripts/setup.py

run: setup
	@exec $(BIN)/missions demo run

test: setup
	@$(BIN)/python scripts/test.py

lint: setup
	@$(BIN)/python scripts/lint.py

check: lint test

fmt: setup
	@$(BIN)/ruff format -q .
	@$(BIN)/ruff check -q --fix .

migrate: setup
	@$(BIN)/missions migrate

migration: setup
	@test -n "$(T)" || { echo "Say what it does: make migration T='give every site a summary'" >&2; exit 1; }
	@$(BIN)/python scripts/migration.py "$(T)"

docs: setup
	@$(BIN)/python scripts/documents.py write

screens: setup
	@$(BIN)/python scripts/screens.py

bench: setup
	@$(BIN)/python scripts/bench.py

lock: setup
	@$(BIN)/python scripts/lock.py

wheel: setup
	@$(BIN)/python -m build --no-isolation --wheel

clean-data:
	@rm -rf instance
	@echo "The demonstration's data is gone; make run starts afresh."

clean: clean-data
	@rm -rf .venv node_modules build dist missions_app/static/vendor .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
