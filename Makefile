# Every command of the project; CI calls the same targets. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# On Linux a plain torch brings gigabytes of CUDA. Give the index of the CPU build here: make lab TORCH_INDEX=…
export TORCH_INDEX ?=
ARGS ?=
ROOMS ?= notebooks solutions
# Two processes of many threads on few cores slow each other down ten times and more.
export OMP_NUM_THREADS ?= 1

.PHONY: help setup setup-lab lab test test-fast test-exercises test-slow test-browser notebooks format check check-js bench bench-grading bench-pages docs release picture clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/dev.done: pyproject.toml constraints.txt
	$(PYTHON) start.py --install-only
	@echo "Installing the tools that test it …"
	$(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt --editable '.[lab,grade,cluster,pages,dev]'
	touch $@

setup-lab: ## install what a student needs into .venv
	$(PYTHON) start.py --install-only
setup: $(VENV)/dev.done ## install everything into .venv: chapters, grading, tests

lab: ## open JupyterLab on the first notebook (ARGS="--no-browser --port 8899" passes options on)
	$(PYTHON) start.py $(ARGS)

ifdef CHANGED
test: setup
	$(MAKE) notebooks ROOMS='$(wildcard notebooks/$(CHANGED).ipynb solutions/$(CHANGED).ipynb)'
	$(BIN)/python -m pytest -n 2 --dist worksteal -m 'not slow' --changed $(CHANGED) $(ARGS)
else
test: export SEQVIZ_SECONDS = 1
test: setup ## everything: format, types, units, notebooks, attacks, a real browser; CHANGED=05_lstm: what a chapter touches
	rm -f build/seconds.jsonl
	$(MAKE) check
	$(MAKE) test-fast
	$(MAKE) test-exercises
	$(MAKE) notebooks
	$(MAKE) test-browser
	$(BIN)/python -m pytest -m '(attack or kernel) and not slow' --cov --cov-append --cov-report= $(ARGS)
	$(BIN)/coverage report --skip-covered --fail-under=90
	$(BIN)/python -m tests.seconds
endif

test-fast: setup ## unit tests; no browser, no notebooks, no exercises
	$(BIN)/python -m pytest -n 2 -m 'not browser and not slow and not attack and not kernel and not exercise' --cov --cov-report= $(ARGS)

test-exercises: setup ## every exercise: right answers pass, every known mistake is named, blind changes lose points
	$(BIN)/python -m pytest -n 2 -m exercise $(ARGS)

test-slow: setup ## what takes minutes: many seeds, the student bundle in an empty environment
	$(BIN)/python -m pytest -m slow $(ARGS)

# The run is recorded and kept (tests/notebooks/executed.py): the browser tests of pages need no other.
notebooks: setup ## run every notebook from a cold kernel and compare its stored outputs
	SEQVIZ_RECORD=1 SEQVIZ_DATA_DIR= $(BIN)/python -m pytest -n 2 --dist loadfile --nbval-lax -p no:cacheprovider $(ROOMS) $(ARGS)

test-browser: setup ## JupyterLab in a real Chromium
	$(BIN)/python -m pytest -n 2 --dist worksteal -m browser $(ARGS)

format: setup ## put code and notebooks into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: setup check-js ## format, lint, types, and whether exercises/ follow from solutions/
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/seqviz release --check

ifneq ($(shell command -v npm),)
check-js: node_modules/.package-lock.json ## lint the JavaScript and check its types (where there is npm)
	npm run --silent check
else
check-js:
	@echo "JavaScript is not checked: that takes Node.js 20.19 or newer, with npm, and there is no npm here."
	@test -z "$(CI)"
endif

node_modules/.package-lock.json: package.json package-lock.json
	npm ci --no-audit --no-fund
	touch $@

bench: setup ## the figures the README quotes, each beside its peer
	$(BIN)/python -m benchmarks.explorers
	$(BIN)/python -m benchmarks.bptt
	$(BIN)/python -m benchmarks.gates
	$(BIN)/python -m benchmarks.attention

bench-grading: setup ## submissions per minute, beside nbgrader; a large class; on a Dask cluster
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.grading_large
	$(BIN)/python -m benchmarks.grading_cluster

release: setup ## write exercises/ from solutions/
	$(BIN)/seqviz release

picture: setup ## make the README's pictures and film of explorers again
	$(BIN)/python -m benchmarks.picture

docs: setup ## write every chapter as a page that works from disk into site/, and check all links
	$(BIN)/python -m pytest -q tests/notebooks/test_links.py
	$(BIN)/seqviz export --out site $(ARGS)

bench-pages: docs ## size of every page, how soon it can be used, how fast it scrubs
	$(BIN)/python -m benchmarks.pages

clean: ## remove the virtual environment and everything generated
	rm -rf $(VENV) node_modules site results build dist benchmarks/results tests/browser/screenshots .coverage* .pytest_cache .ruff_cache .hypothesis
