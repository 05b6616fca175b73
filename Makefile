# One command for each thing that one does here.  The first run makes .venv and needs a network;
# after that none is needed.  `make clean` takes away everything that make made.

# .venv is made with the first of these that is Python 3.11 or later.  To use another one:
# make clean, then make PYTHON=/path/to/python and what you want.
PYTHON ?= python3 python3.14 python3.13 python3.12 python3.11

bin := .venv/bin
pins := constraints.txt
pip := $(bin)/python -m pip --disable-pip-version-check
install := $(pip) install --quiet --constraint $(pins) --no-build-isolation

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help demo test proof bench accuracy lint docs constraints clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: .venv/.package ## Route a handful of orders, buy and draw their labels, all offline
	$(bin)/lockership demo

test: .venv/.tools ## Run the tests and report what they reach, branch by branch
	$(bin)/coverage erase
	$(bin)/coverage run -m pytest --ignore=tests/test_oracle.py
	$(bin)/python -m pytest tests/test_oracle.py # 20,000 orders: three times as fast when nobody counts lines
	$(bin)/coverage combine --quiet
	$(bin)/coverage report

# Each of these wants a process of its own: one kills what it started, one measures its memory.  They are
# targets of their own, so that `make --keep-going proof` runs the others when one fails.
apart := test_crashes.py test_postgresql.py test_soak.py
patience := -o faulthandler_timeout=1800
.PHONY: .proof.crashes .proof.stations .proof.rest

proof: .proof.rest .proof.crashes .proof.stations ## Run the long proofs: official specifications, PostgreSQL, crashes, scale

.proof.rest: .venv/.scale
	HYPOTHESIS_PROFILE=thorough $(bin)/python -m pytest $(patience) tests/proof $(addprefix --ignore=tests/proof/,$(apart))

.proof.crashes: .venv/.scale
	$(bin)/python -m pytest $(patience) tests/proof/test_crashes.py

.proof.stations: .venv/.scale
	$(bin)/python -m pytest $(patience) $(addprefix tests/proof/,test_postgresql.py test_soak.py)

bench: .venv/.tools ## Measure how fast it is, beside others, each in one run
	$(bin)/python -m pytest benchmarks/speed.py
	$(bin)/python benchmarks/columns.py
	$(bin)/python benchmarks/labels.py
	$(bin)/python benchmarks/buying.py

accuracy: .venv/.tools ## Measure how well addresses are recognised
	$(bin)/python benchmarks/accuracy.py

lint: .venv/.tools ## Check style, types and architecture
	$(bin)/ruff check
	$(bin)/ruff format --check
	$(bin)/mypy
	$(bin)/pyright
	$(bin)/lint-imports

docs: .venv/.tools ## Build the documentation into docs/_build/html
	$(bin)/sphinx-build --fresh-env --fail-on-warning --keep-going --quiet docs docs/_build/html

# Make these with the oldest Python that is supported (Debian 12 has 3.11.2): newer ones get releases
# that it can't install.
constraints: ## Write constraints.txt anew, with the newest releases that fit
	rm -rf .venv
	$(MAKE) pins=/dev/null .venv/.scale
	$(pip) freeze --all --exclude-editable --exclude setuptools > .venv/pins
	mv .venv/pins constraints.txt
	touch .venv/.package .venv/.tools .venv/.scale

clean: ## Take away everything that make and the tools made
	rm -rf .venv dist docs/_build docs/api .coverage .coverage.* .benchmarks .hypothesis .import_linter_cache
	rm -rf .mypy_cache .pytest_cache .ruff_cache
	find src tests examples benchmarks -name __pycache__ -type d -prune -exec rm -rf {} + 2>/dev/null || true

# The package itself, as its users have it.  hatchling builds it from within .venv, so that a change of
# pyproject.toml needs no network; pip knows dependency groups since 25.1.
.venv/.package: pyproject.toml constraints.txt
	@[ -x $(bin)/python ] || { \
	    for python in $(PYTHON); do \
	        "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break; \
	        python=; \
	    done; \
	    [ -n "$$python" ] || { echo "No Python 3.11 or later among: $(PYTHON).  Install one, or name it: make PYTHON=/path/to/python" >&2; exit 1; }; \
	    "$$python" -c 'import ensurepip, venv' 2>/dev/null || { echo "$$python has no venv module.  On Debian: apt-get install python3-venv" >&2; exit 1; }; \
	    echo "Setting up .venv with $$("$$python" --version) …"; \
	    "$$python" -m venv --clear .venv; \
	}
	$(install) 'pip>=25.1' hatchling
	$(install) --editable '.[fonts,ledger]'
	@touch $@

# What it is tested, checked, measured and documented with.
.venv/.tools: .venv/.package
	$(install) --group dev --editable '.[all]'
	@touch $@

# The engines that a table or a cluster may come with.  PySpark comes as source and asks for a setuptools
# of its own to be packed, so this one is built apart.
.venv/.scale: .venv/.tools
	$(filter-out --no-build-isolation,$(install)) --group scale
	@touch $@
