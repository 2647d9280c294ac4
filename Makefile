# Everything a newcomer types. What takes thought is in ops/; here are only the environments it runs in.
.DEFAULT_GOAL := help
.PHONY: help up down logs train eval shell check test bench conform clean environments
MAKEFLAGS += --no-print-directory

# Asked from /, because in this folder pyenv's python3 is bound to .python-version, which may not be installed yet.
PYTHON := $(shell cd / && python3 -c 'import sys; print(sys.executable)' 2>/dev/null)
# A copied tree makes its environments again: they name the folder that they were made in.
PLACE := $(shell pwd | cksum | cut -d ' ' -f 1)

UV := var/uv/bin/uv
BOT_READY := .venv/.ready-$(PLACE)
WEB_READY := web/.venv/.ready-$(PLACE)
WEB := web/.venv/bin/python

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' Makefile

up: environments ## set everything up and start it; Ctrl-C stops it
	@exec $(WEB) -m ops.up

down: environments ## stop it from another terminal
	@$(WEB) -m ops.down

logs: ## follow every process's log
	@ls var/log/*.log >/dev/null 2>&1 || { echo "Nothing has been logged yet: run make up first." >&2; exit 1; }
	@tail -n 20 -F var/log/*.log

train: environments ## train the model, when what it is made of changed
	@$(WEB) -m ops.model

eval: environments ## measure how well it understands: tables, errors, confusion matrix in var/eval/
	@$(WEB) -m ops.evaluate

shell: environments ## talk to the bot in this terminal (rasa shell)
	@$(WEB) -m ops.shell

check: environments ## ruff, mypy for both sides, rasa data validate
	@$(WEB) -m ops.check

test: environments ## run every test, in a real Chromium too
	@$(WEB) -m ops.test

bench: environments ## measure stock Rasa and Shopdesk side by side: table and charts in bench/results/
	@exec $(WEB) -m bench

conform: environments ## hold your shop's API against the contract: SHOP_URL=… SHOP_API_KEY=…
	@$(WEB) -m ops.conform

clean: ## delete what can be made again (not the data in var/)
	@if [ -x $(WEB) ]; then $(WEB) -m ops.down; fi
	rm -rf .venv web/.venv var/uv var/log var/run models .rasa results
	rm -rf .pytest_cache .mypy_cache .ruff_cache .hypothesis web/.pytest_cache web/.mypy_cache web/.ruff_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

environments: $(BOT_READY) $(WEB_READY)

$(UV): ops/requirements.txt
	@if [ -z "$(PYTHON)" ]; then echo "python3 was not found: install Python 3, then run make again." >&2; exit 1; fi
	@$(PYTHON) ops/bootstrap.py uv && touch $@

$(BOT_READY): $(UV) requirements.txt requirements-dev.txt .python-version
	@$(PYTHON) ops/bootstrap.py bot && touch $@

$(WEB_READY): $(UV) web/requirements.txt web/requirements-dev.txt web/.python-version
	@$(PYTHON) ops/bootstrap.py web && touch $@
