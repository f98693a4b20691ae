# Two commands do the work: `make course` and `make test`. Both set everything up first.

# The first Python that fits, unless PYTHON names another; that of .venv stays what it is.
FITS := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))
ifndef PYTHON
PYTHON := $(shell for name in .venv/bin/python python3.13 python3.12 python3.11 python3; do \
  "$$name" -c '$(FITS)' 2>/dev/null && break; done; echo "$$name")
endif
BIN := .venv/bin
export CUDA_VISIBLE_DEVICES ?= -1
export TF_CPP_MIN_LOG_LEVEL ?= 3

.PHONY: course test quick lint setup lock clean

course: setup  ## build the releases, run every notebook, grade the sample submissions
	$(BIN)/course doctor
	$(BIN)/course build
	$(BIN)/course check
	$(BIN)/python -m tests.samples

# Three workers for two cores: many tests wait, for a browser or for a limit. The files stay in the
# order of tests/conftest.py: by itself, xdist would begin with those that have the most tests. A
# worker whose test hangs is ended (pyproject.toml) and not begun again, as it would hang again.
test: setup lint  ## all tests, as CI runs them; one of them runs `make course` in a clone
	$(BIN)/course build --check
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

quick: setup lint  ## the inner loop: style, types, and the tests that are done in a moment
	$(BIN)/pytest -n 2 --dist loadfile -m 'not slow and not needs'

setup:  ## the environment, from the hashed lock file
	@command -v "$(PYTHON)" >/dev/null || { echo 'course: there is no Python here (looked for' \
	  '"$(PYTHON)"); install Python 3.11, 3.12 or 3.13' >&2; exit 1; }
	@"$(PYTHON)" helpers/install.py

lint: setup
	$(BIN)/ruff check helpers tests source
	$(BIN)/ruff format --check helpers tests
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo --no-cache

lock:  ## renew requirements.lock from pyproject.toml, then bring environment.yml in line
	$(BIN)/uv pip compile --quiet --universal --upgrade --generate-hashes --all-extras \
	  --python-version 3.11 --no-header --no-annotate pyproject.toml --output-file requirements.lock
	$(BIN)/python -m tests.wheels

clean:  ## remove everything that the commands above have made
	rm -rf .venv .setup.lock tests/output *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis
