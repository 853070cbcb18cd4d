# The commands of the project; `make help` lists them.
PORT ?= 8000
DATA_DIR ?= var
PYTHON ?= python3
VENV := .venv
# A test process for each processor, each with a PostgreSQL of its own.
PARALLEL := -n auto --dist loadgroup
PY := $(VENV)/bin/python
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: help run test test-fast lint queries bench faults demo reset pictures verifier wheel requirements
.DEFAULT_GOAL := help

help: ## List the commands
	@sed -nE 's/^([a-z-]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST)

run: $(VENV)/run.stamp ## Install and start everything [PORT=8000] [DATA_DIR=var]
	@PORT='$(PORT)' DATA_DIR='$(abspath $(DATA_DIR))' exec $(PY) manage.py start

test: $(VENV)/test.stamp ## Install what tests need and run everything
	@scripts/chromium
	@scripts/tools
	@$(MAKE) --no-print-directory lint
	@$(PY) -m pytest $(PARALLEL) --cov

test-fast: $(VENV)/test.stamp ## The tests without browser, bench and fuzzing, in under two minutes
	@$(PY) -m pytest $(PARALLEL) -m 'not slow'

lint: $(VENV)/test.stamp ## Style, types and architecture
	@$(VENV)/bin/ruff check .
	@$(VENV)/bin/ruff format --check .
	@$(VENV)/bin/mypy
	@$(VENV)/bin/lint-imports
	@$(VENV)/bin/djlint audit/templates templates --lint --quiet

queries: $(VENV)/test.stamp ## Write tests/queries.txt anew: the statements of each page and route
	@$(PY) -m pytest tests/test_queries.py --write-queries

bench: $(VENV)/test.stamp ## Measure speed as ratios, under 3 minutes [FULL=1] [EVENTS=5000000] [ONLY=step,step]
	@$(PY) -m bench $(if $(FULL),--full) $(if $(EVENTS),--events $(EVENTS)) $(if $(ONLY),--only $(ONLY))

faults: $(VENV)/test.stamp ## Break an installation again and again under senders [ROUNDS=20] [KILLS=1]
	@$(PY) -m tests.acceptance.faults $(if $(ROUNDS),--rounds $(ROUNDS)) $(if $(KILLS),--kills $(KILLS))

demo: $(VENV)/run.stamp ## Add the demo's events to DATA_DIR
	@DATA_DIR='$(abspath $(DATA_DIR))' $(PY) manage.py demo

reset: $(VENV)/run.stamp ## Delete DATA_DIR after asking
	@DATA_DIR='$(abspath $(DATA_DIR))' $(PY) -m config.reset

pictures: $(VENV)/test.stamp ## Take pictures of every page into docs/pictures
	@scripts/chromium
	@$(PY) -m tests.pictures

verifier: $(VENV)/run.stamp ## Write the verifier of evidence as one file [OUT=verify_export.py]
	@$(PY) scripts/verifier '$(or $(OUT),verify_export.py)'

wheel: ## Build the app alone as a wheel, into dist
	@PYTHON='$(PYTHON)' scripts/wheel

requirements: ## Lock requirements/*.in anew (needs uv)
	@scripts/lock

$(VENV)/run.stamp: requirements/run.txt
	@PYTHON='$(PYTHON)' scripts/install run

$(VENV)/test.stamp: $(VENV)/run.stamp requirements/test.txt
	@PYTHON='$(PYTHON)' scripts/install test
