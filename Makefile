# Everything a fresh machine needs is installed by the targets themselves; `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON := .venv/bin/python
INSTALL := deploy/local/install.sh
# Half of the tests wait most of the time; the longest begin first.
TWO_AT_A_TIME := -n 2 --no-loadscope-reorder

.PHONY: demo test up down logs status check bench chaos docs clean help python servers test-servers

demo: up ## one job from submit to signed webhook and checked audio, on this machine
	@$(PYTHON) -m deploy.demo

test: test-servers ## every test, on real servers: containers where Docker answers, else local (TEST_BACKENDS=local|containers)
	@$(PYTHON) -m pytest $(TWO_AT_A_TIME)

up: servers ## the stack in the background; API_PORT=8080 and REPLICAS="router=2" are heeded
	@$(PYTHON) -m deploy.local up

down: python ## stop the stack, keep its data
	@$(PYTHON) -m deploy.local down

logs: python ## follow every log of the stack
	@$(PYTHON) -m deploy.local logs

status: python ## what runs, where, and whether it is ready
	@$(PYTHON) -m deploy.local status || true

check: python ## format, lint, types, import rules, unit and architecture tests
	@.venv/bin/ruff format --check -q .
	@.venv/bin/ruff check -q .
	@.venv/bin/mypy
	@.venv/bin/lint-imports --no-logo
	@$(PYTHON) -m pytest -q $(TWO_AT_A_TIME) tests/unit tests/architecture

bench: servers ## what a job costs, against a floor measured in the same run
	@$(PYTHON) -m bench

chaos: test-servers ## the tests that kill processes
	@$(PYTHON) -m pytest -m chaos

docs: python ## the documents that are made from the code
	@$(PYTHON) -m shared.contracts.asyncapi > docs/events.json

clean: ## stop the stack and remove its data, the environment and all caches
	@[ ! -x $(PYTHON) ] || $(PYTHON) -m deploy.local down
	@rm -rf .local .venv .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

python:
	@$(INSTALL) python

servers:
	@$(INSTALL) servers

# Containers need nothing installed but Python's packages.
test-servers: python
	@[ "$$($(PYTHON) -m tests.servers)" = containers ] || $(INSTALL) servers
