# Two commands do the work: `make course` and `make test`. Both set everything up first.

PYTHON ?= python3.11
BIN := .venv/bin
READY := .venv/ready
# pip's log as one line that counts, and pip's exit code.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
COUNT := awk '/^Collecting/ { printf "\r  %d packages", ++n; fflush() } \
  /^Installing/ { printf "\n  installing them …\n"; fflush() }'
export CUDA_VISIBLE_DEVICES ?= -1
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: course test lint setup lock clean

course: setup  ## build the releases, run every notebook, grade the sample submissions
	$(BIN)/course doctor
	$(BIN)/course build
	$(BIN)/course check
	$(BIN)/python -m tests.samples

test: setup lint  ## all tests, as CI runs them
	$(BIN)/course build --check
	$(BIN)/course check
	$(BIN)/pytest -n 2 --dist loadfile

setup: $(READY)  ## the environment, from the hashed lock file

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null || { \
	  echo 'The course needs Python 3.11, but "$(PYTHON)" is not. Install it, or name it: make PYTHON=/path/to/python3.11 …' >&2; exit 1; }
	@echo 'Setting up the environment in .venv (about 3 GB; a few minutes the first time) …'
	@$(PYTHON) -m venv .venv
	@# The lock file is complete; left to itself, pip would look for other versions of extras.
	@$(BIN)/python -m pip install --no-deps --require-hashes --requirement requirements.lock | $(COUNT)
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $(READY)

lint: setup
	$(BIN)/ruff check helpers tests
	$(BIN)/ruff format --check helpers tests
	$(BIN)/mypy

lock:  ## renew requirements.lock from pyproject.toml, then bring environment.yml in line
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --all-extras \
	  --no-header --no-annotate pyproject.toml --output-file requirements.lock
	sed -i "s/ ; python_full_version < '3.12' and / ; /; s/ ; python_full_version < '3.12'//" requirements.lock

clean:  ## remove everything that the commands above have made
	rm -rf .venv tests/output *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
