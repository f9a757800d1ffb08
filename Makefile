# What each target does: make help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps

.DEFAULT_GOAL := help
.PHONY: help setup binding pjsip wheel demo run test bench bench-staffing bench-thirty soak clean

help: ## what you can do here
	@echo "Hotline: make TARGET"
	@awk -F ' *## ' '/^[a-z-]+:.*## / { sub(/:.*/, "", $$1); printf "  %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(STAMPS)/project binding ## make .venv ready to run (5 minutes once; with WHEEL=1 1 minute, but 4 call legs)
	@echo "setup: done, try '$(BIN)/hotline --help'"

pjsip: $(STAMPS)/project ## build the tuned PJSIP into .venv (4 minutes once, then cached)
	@scripts/build-pjsip

demo: $(STAMPS)/project ## simulated citizens and agents in real calls (SECONDS=40: end by itself)
ifdef WHEEL
	@$(MAKE) --no-print-directory wheel
else
	@scripts/build-pjsip || { test $$? -eq 3 && \
	  echo "demo: going on with the PyPI wheel: 4 call legs, this machine only" && \
	  $(MAKE) --no-print-directory wheel; }
endif
	@$(BIN)/hotline demo $(if $(SECONDS),--seconds $(SECONDS))

run: setup ## start the service with hotline.toml (made from config/hotline.toml if missing)
	@test -f hotline.toml || { cp config/hotline.toml hotline.toml && echo "run: made hotline.toml, edit it as you like"; }
	@$(BIN)/hotline run --config hotline.toml

test: setup $(STAMPS)/test ## set up and run every check and test (scripts/check; a few minutes)
	@scripts/check

bench: setup ## measure capacity and latency on this machine (several minutes)
	@$(BIN)/python -m benchmarks

bench-staffing: $(STAMPS)/bench ## score forecast, staffing and plans on public data (three minutes)
	@$(BIN)/python -m benchmarks.staffing

bench-thirty: setup ## thirty real minutes of SIP calls, staffed by the loop
	@$(BIN)/python -m benchmarks.staffing.thirty

soak: setup $(STAMPS)/test ## the long property and load runs (about an hour)
	@$(BIN)/python -m pytest -m 'soak or hypothesis' --hypothesis-profile soak -v --durations=0

clean: ## remove .venv and caches of tools; keeps hotline.toml, data and the PJSIP cache
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

ifdef WHEEL
binding: wheel
else
binding: pjsip
endif

wheel: $(STAMPS)/project
	@$(BIN)/python -m pip uninstall -qq -y pjsua2
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-wheel.txt || \
	  { echo "setup: there is no PyPI wheel of pjsua2 for this Python (3.8 to 3.12 only)" >&2; exit 1; }

$(STAMPS)/system: scripts/install-system-packages
	@scripts/install-system-packages run
	@mkdir -p $(@D) && touch $@

# A venv that is there is kept: others may be using it.
$(STAMPS)/project: requirements.txt pyproject.toml $(STAMPS)/system
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "setup: Hotline needs Python 3.11 or newer: make PYTHON=python3.12 ..." >&2; exit 1; }
	@test -x $(BIN)/pip || { echo "setup: making $(VENV)" && $(PYTHON) -m venv $(VENV); }
	@echo "setup: installing the locked Python packages (usually 40 s)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements.txt
	@$(BIN)/python -m pip install -qq --no-deps --no-index --no-build-isolation --config-settings editable_mode=compat -e .
	@touch $@

$(STAMPS)/test: requirements-dev.txt scripts/install-system-packages $(STAMPS)/project
	@scripts/install-system-packages test
	@echo "setup: installing the locked packages for tests (usually 20 s)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-dev.txt
	@touch $@

$(STAMPS)/bench: requirements-bench.txt $(STAMPS)/project
	@echo "setup: installing public data and a rival, locked (usually 20 s)"
	@$(BIN)/python -m pip install -qq --require-hashes -r requirements-bench.txt
	@touch $@
