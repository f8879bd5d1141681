# The house's tools. `make help` prints this file as a manual: "##@" opens a group, "## " describes the next target.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules --no-print-directory

VENV := .venv
PYTHON := $(VENV)/bin/python
INSTALLED := $(VENV)/.installed
SOURCES = $(wildcard deploy frontends services shared tests requirements)
# The levels of `make test`, in this order; bench and browser are for those who ask.
LEVELS := architecture unit contract component end_to_end chaos
# Modules that write generated files; each runs as `python -m` from the root.
GENERATORS := shared.contracts.generate
PROFILE ?= short

.PHONY: help demo stop install test check check-style check-types check-imports check-rules check-requirements check-generated \
        fmt generate requirements bench chaos clean FORCE

##@ Try it

## Start everything on this machine: Kafka, PostgreSQL, a mailbox, the four services,
## and a clinic with made-up people. Ctrl-C ends it; the data stay in .local.
##     ONCE=1          tell the story once and end
demo: $(INSTALLED)
	@$(PYTHON) -m deploy.local.demo $(if $(ONCE),--once)

## End whatever the demo left running. The data stay.
stop: $(INSTALLED)
	@$(PYTHON) -m deploy.local down

##@ Change it

## Make or renew the virtual environment in .venv. Other targets do so when they need it.
install: $(INSTALLED)

## Lay the code out, and repair what can be repaired without thinking.
fmt: $(INSTALLED)
	@$(PYTHON) -m ruff check --quiet --fix-only .
	@$(PYTHON) -m ruff format .

## Write the files that are made from code: schemas, documentation.
generate: $(INSTALLED)
	@for module in $(GENERATORS); do $(PYTHON) -m $$module || exit 1; done

## Pin the dependencies that pyproject.toml asks for, with their hashes.
##     UPGRADE=1       take the newest of everything
requirements: $(INSTALLED)
	@$(PYTHON) requirements/compile.py $(if $(UPGRADE),--upgrade)

##@ Prove it

## All that a program can judge by reading. Its parts, each a target: check-style,
## check-types, check-imports, check-rules, check-requirements, check-generated.
check: check-style check-types check-imports check-rules check-requirements check-generated

## Every level of tests but browser and bench, in one run.
##     ARGS='-x -k lease'    for pytest
test: $(INSTALLED)
	@$(PYTHON) -m pytest --durations=15 $(wildcard $(LEVELS:%=tests/%)) $(ARGS)

## One level: architecture, unit, contract, component, end_to_end, browser or chaos.
##     ARGS='-x -k lease'    for pytest
test-%: $(INSTALLED) FORCE
	@test -d tests/$* || { echo "There is no tests/$*: the levels are $$(cd tests && echo */)" >&2; exit 1; }
	@$(PYTHON) -m pytest tests/$* $(ARGS)

## Random real faults under load, and the promises that must survive them.
##     FAULTS=1000     how many
##     SEED=7          the same ones again
##     CASES=5000      how many cases at the least
chaos: $(INSTALLED)
	@$(PYTHON) -m tests.chaos $(if $(FAULTS),--faults $(FAULTS)) $(if $(SEED),--seed $(SEED)) $(if $(CASES),--cases $(CASES))

## How fast, how much, and where the knee is, beside a hand-written rival in the same minute.
##     PROFILE=short   or long
bench: $(INSTALLED)
	@$(PYTHON) -m tests.bench --profile $(PROFILE)

##@ Clean up

## Remove caches and build products.
##     ALL=1           also .venv, and .local with all that the demo remembers
clean: $(if $(ALL),$(if $(wildcard $(INSTALLED)),stop))
	@rm -rf build .hypothesis .import_linter_cache .mypy_cache .pytest_cache .ruff_cache
	@find $(SOURCES) -name __pycache__ -type d -prune -exec rm -rf {} +
	@$(if $(ALL),rm -rf $(VENV) .local)

## This manual.
help:
	@echo "Vårdväxel:  make TARGET [NAME=value …]"
	@echo "Needs Python 3.11. The demo and the tests from component on also need Java 17 and Maven,"
	@echo "or Docker, or the addresses of a Kafka and a PostgreSQL."
	@awk '/^##@ / { printf "\n%s\n", toupper(substr($$0, 5)); next } \
	      /^## /  { text[++lines] = substr($$0, 4); next } \
	      /^[a-z][a-z_-]*%?:/ && lines { \
	          name = substr($$0, 1, index($$0, ":") - 1); sub(/%/, "LEVEL", name); \
	          for (i = 1; i <= lines; i++) printf "  %-14s%s\n", i == 1 ? name : "", text[i]; \
	      } \
	      { lines = 0 }' $(firstword $(MAKEFILE_LIST))

# ---- parts of the above

check-style: $(INSTALLED)
	@echo "style"
	@$(PYTHON) -m ruff check --quiet .
	@$(PYTHON) -m ruff format --quiet --check . || { echo "These files are not laid out: run \`make fmt\`." >&2; \
	    $(PYTHON) -m ruff format --check . ; exit 1; }

check-types: $(INSTALLED)
	@echo "types"
	@$(PYTHON) -m mypy --no-error-summary $(SOURCES)

check-imports: $(INSTALLED)
	@echo "imports"
	@$(VENV)/bin/lint-imports --no-logo

check-rules: $(INSTALLED)
	@echo "rules of the house"
	@$(PYTHON) -m pytest -q --no-header --no-summary -p no:cacheprovider tests/architecture/test_source.py tests/architecture/test_documents.py

check-requirements: $(INSTALLED)
	@echo "requirements"
	@$(PYTHON) requirements/compile.py --check

# In two copies, so that neither the check nor somebody who writes meanwhile touches the other.
check-generated: $(INSTALLED)
	@echo "generated files"
	@copies=$$(mktemp -d) && trap 'rm -rf "$$copies"' EXIT && mkdir "$$copies/committed" && \
	tar --exclude=./.git --exclude=./.local --exclude=./.venv --exclude=__pycache__ --exclude='./.*_cache' -cf - . \
	    | tar -xf - -C "$$copies/committed" && cp -R "$$copies/committed" "$$copies/generated" && \
	for module in $(GENERATORS); do \
	    (cd "$$copies/generated" && PYTHONDONTWRITEBYTECODE=1 $(abspath $(PYTHON)) -m $$module >/dev/null) || exit 1; \
	done && \
	(cd "$$copies" && diff -r committed generated) || \
	{ echo "What is generated is not what is committed: run \`make generate\`." >&2; exit 1; }

# ---- the virtual environment, renewed when the pinned requirements change

$(INSTALLED): requirements/dev.txt
	@for candidate in python3.11 python3 python; do \
	    if $$candidate -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then found=$$candidate; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Python 3.11 is needed and none of python3.11, python3 and python is that: install it and try again." >&2; exit 1; \
	fi; \
	test -x $(PYTHON) || $$found -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "$$found can make no virtual environment: install its venv module (Debian: python3.11-venv) and try again." >&2; exit 1; }
	@$(PYTHON) -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps --requirement $<
	@touch $@

FORCE:
