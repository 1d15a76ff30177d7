# Every command of the project; CI calls the same targets. `make help` lists them.
SHELL := /bin/bash
.DEFAULT_GOAL := help

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
TORCH := torch==2.13.0
# On Linux a plain torch brings gigabytes of CUDA. Give the index of the CPU build here: make lab TORCH_INDEX=…
TORCH_INDEX ?=
PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --constraint constraints.txt
NOTEBOOK := notebooks/00_start_here.ipynb
ARGS ?=
# Two processes of many threads on few cores slow each other down ten times and more.
export OMP_NUM_THREADS ?= 1

.PHONY: help setup setup-lab lab test test-fast test-exercises test-slow test-browser notebooks format check bench bench-grading bench-pages docs release picture clean

help: ## list these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(VENV)/lab.done: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "seqviz needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make setup PYTHON=python3.12")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing torch and JupyterLab into $(VENV) (some minutes the first time) …"
	$(PIP) $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX)) "$(TORCH)"
	$(PIP) --editable '.[lab]'
	touch $@

$(VENV)/dev.done: $(VENV)/lab.done
	@echo "Installing the tools that test it …"
	$(PIP) --editable '.[lab,grade,pages,dev]'
	touch $@

setup-lab: $(VENV)/lab.done ## install what a student needs into .venv
setup: $(VENV)/dev.done ## install everything into .venv: chapters, grading, tests

lab: setup-lab ## open JupyterLab on the first notebook (ARGS="--no-browser --port 8899" passes options on)
	$(BIN)/jupyter lab --ServerApp.root_dir='$(CURDIR)' --LabApp.default_url=/lab/tree/$(NOTEBOOK) $(ARGS)

test: setup ## everything: format, types, units, notebooks, attacks, a real browser; coverage of all of it ≥ 90 %
	$(MAKE) check
	$(MAKE) test-fast
	$(MAKE) test-exercises
	$(MAKE) notebooks
	$(MAKE) test-browser
	$(BIN)/python -m pytest -m '(attack or kernel) and not slow' --cov --cov-append --cov-report= $(ARGS)
	$(BIN)/coverage report --skip-covered --fail-under=90

test-fast: setup ## unit tests; no browser, no notebooks, no exercises
	$(BIN)/python -m pytest -n 2 -m 'not browser and not slow and not attack and not kernel and not exercise' --cov --cov-report= $(ARGS)

test-exercises: setup ## every exercise: right answers pass, every known mistake is named, blind changes lose points
	$(BIN)/python -m pytest -n 2 -m exercise --cov --cov-append --cov-report= $(ARGS)

test-slow: setup ## what takes minutes: many seeds, the student bundle in an empty environment
	$(BIN)/python -m pytest -m slow $(ARGS)

notebooks: setup ## run every notebook from a cold kernel and compare its stored outputs
	SEQVIZ_DATA_DIR= $(BIN)/python -m pytest --nbval-lax -p no:cacheprovider notebooks solutions $(ARGS)

test-browser: setup ## JupyterLab in a real Chromium
	$(BIN)/python -m pytest -m browser $(ARGS)

format: setup ## put code and notebooks into shape
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

check: setup ## format, lint, types, and whether exercises/ follow from solutions/
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/seqviz release --check

bench: setup ## the figures the README quotes, each beside its peer
	$(BIN)/python -m benchmarks.explorers
	$(BIN)/python -m benchmarks.bptt
	$(BIN)/python -m benchmarks.gates

bench-grading: setup ## submissions per minute, beside nbgrader
	$(BIN)/python -m benchmarks.grading
	$(BIN)/python -m benchmarks.grading_large

release: setup ## write exercises/ from solutions/
	$(BIN)/seqviz release

picture: setup ## make the README's picture of an explorer again
	$(BIN)/python -m benchmarks.picture

docs: setup ## write every chapter as a page that works from disk into site/, and check all links
	$(BIN)/python -m pytest -q tests/notebooks/test_links.py
	$(BIN)/seqviz export --out site $(ARGS)

bench-pages: docs ## size of every page, how soon it can be used, how fast it scrubs
	$(BIN)/python -m benchmarks.pages

clean: ## remove the virtual environment and everything generated
	rm -rf $(VENV) site results benchmarks/results .pytest_cache .ruff_cache .hypothesis
