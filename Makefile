# Everything from here: `make harvest` for a release made of the bundled sample pages, `make test` for all checks.
# Needs Python 3.11 or newer, make, pip and git; everything else is installed into .venv.

PYTHON ?= python3
DATA ?= data
BIN := .venv/bin
SAMPLES := $(DATA)/samples/samples.warc.gz
export DAGSTER_DISABLE_TELEMETRY := 1
# Tests run in one process more than there are processors: crawls wait for their servers, and others work meanwhile.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.PHONY: help install harvest test lint types torture bench bench-crawl bench-dates bench-languages bench-pages bench-publish bench-site dev clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

install: .venv/.installed ## sets up .venv; every other target does this by itself

# Made once, and again when the requirements change. The older DuckDB stands apart: tests open every release with it.
.venv/.installed: pyproject.toml constraints.txt
	@echo "Installing into .venv: the pinned requirements and cityharvest itself (about a minute) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install -qq --disable-pip-version-check -c constraints.txt -e '.[dev]'
	@rm -rf .venv/duckdb15
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --target .venv/duckdb15 'duckdb==1.5.6'
	@touch $@
	@echo "Installed. The command is $(BIN)/cityharvest"

harvest: install ## the main job on the bundled sample pages, without network: captures in, a release out
	@$(BIN)/python samples/pack.py $(SAMPLES)
	@$(BIN)/cityharvest harvest --captures $(SAMPLES) --data $(DATA)

test: install lint types ## lint, types and all tests but the long ones
	@$(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder -m "not torture"

torture: install ## the long tests: fuzz, and kills at random moments
	@$(BIN)/pytest -n $(WORKERS) --dist load --maxschedchunk 1 -m torture

lint: install ## ruff: rules and format
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

types: install ## mypy --strict
	@$(BIN)/mypy

bench: install ## how fast each stage is, on the sample pages
	@$(BIN)/python benchmarks/bench_street.py

bench-dates: install ## dates read right, wrong and not at all, and how fast, beside dateparser; DATES=FILE of labelled texts
	@test -n "$(DATES)" || { echo "Name a file of labelled texts: make bench-dates DATES=dates.jsonl" >&2; exit 2; }
	@$(BIN)/python benchmarks/bench_dates.py $(DATES)

bench-pages: install ## entries found on unknown listing pages, of ours and of REALPAGES=FOLDER with gold.jsonl and score.py
	@test -n "$(REALPAGES)" || { echo "Name a folder of saved pages with gold.jsonl and score.py: make bench-pages REALPAGES=pages" >&2; exit 2; }
	@$(BIN)/python benchmarks/bench_pages.py $(REALPAGES)

bench-crawl: install ## crawls that keep against a bare spider, harvests again, reading of captured pages; PAGES=10000
	@$(BIN)/python benchmarks/bench_crawl.py $(if $(PAGES),--pages $(PAGES) --read $(PAGES))

bench-languages: install ## languages told right, and how fast; TEXTS=FILES of labelled texts
	@test -n "$(TEXTS)" || { echo "Name files of labelled texts: make bench-languages TEXTS=langid.jsonl" >&2; exit 2; }
	@$(BIN)/python benchmarks/bench_languages.py $(TEXTS)

bench-publish: install ## how fast the files of a release are written, how much memory that takes, and the swap under readers
	@$(BIN)/python benchmarks/bench_publish.py

bench-site: install ## the site of 20,000 and 200,000 entries: how long it takes to make, and to use in a browser
	@$(BIN)/python benchmarks/bench_site.py

dev: install ## Dagster's web UI, on http://127.0.0.1:3000
	@mkdir -p .dagster_home && cp dagster_project/instance/dagster.yaml .dagster_home/
	@echo "Opening the graph on http://127.0.0.1:3000 (Ctrl-C ends it; data folder: $(DATA))"
	@PYTHONWARNINGS='ignore:Function `dev_command` is superseded' \
	  DAGSTER_HOME="$(CURDIR)/.dagster_home" CITYHARVEST_DATA="$(abspath $(DATA))" \
	  $(BIN)/dagster dev -h 127.0.0.1 -p 3000 -m dagster_project.definitions

clean: ## removes .venv and caches; the data folder stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .coverage .dagster_home build *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
	@echo "Removed .venv and caches; $(DATA) was left alone"
