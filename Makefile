# `make run` and `make test` are the only commands a fresh clone needs.

.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/installed

# Programs that may not keep what they have compiled start three times as slowly, and `make test` starts many.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help install run test proofs tour faults storm bench fuzz check format format-check lint types contracts lock lock-check clean

help: ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

install: $(INSTALLED) ## Install what the lock file lists, when it has changed

run: $(INSTALLED) ## Run the whole house on this machine; Ctrl-C stops it in order
	@exec $(BIN)/echeance run

test: $(INSTALLED) ## Run all tests, three at a time: each waits for servers half of its time
	$(BIN)/pytest -n 3 --dist worksteal

proofs: $(INSTALLED) ## Run the slow proofs (a year of reminders; ECHEANCE_PROOF_CASES, 300; every page for everybody, the matrix by every role)
	$(BIN)/pytest -n 2 --dist worksteal -m proof tests/proofs tests/stories tests/rehearsal tests/workflows tests/local tests/browser tests/api/test_matrix_by_everybody.py --ignore=tests/browser/test_tour.py
	$(BIN)/pytest -n 2 --dist worksteal -m hypothesis --hypothesis-profile=many tests/domain tests/letters tests/reports tests/bank

tour: $(INSTALLED) ## Take the pictures of docs/tour.md, with a real browser on a real house
	$(BIN)/pytest -m proof tests/browser/test_tour.py

faults: $(INSTALLED) storm ## Kill programs: under load, then at every fault point; three quarters of an hour
	$(BIN)/pytest -m proof tests/faults

storm: $(INSTALLED) ## Kill programs at random under load (STORM="--complaints 100 --claims 100 --kills 100")
	$(BIN)/python -m tests.faults.storm $(STORM)

bench: $(INSTALLED) ## Measure beside the bare engine, asleep, in a rush, at eight, the register up to 1,000,000 cases and claims; over an hour
	$(BIN)/python -m bench.lifecycle
	$(BIN)/python -m bench.asleep
	$(BIN)/python -m bench.rush
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.register
	$(BIN)/python -m bench.claims
	$(BIN)/python -m bench.reference
	$(BIN)/python -m bench.sign_up

fuzz: $(INSTALLED) ## Send random requests to every operation (ECHEANCE_FUZZ_EXAMPLES each, 200; ECHEANCE_FUZZ_SEED: the same ones)
	$(BIN)/pytest -m proof tests/api/test_fuzz.py

check: format-check lint types contracts lock-check test ## Check everything, as CI does

format: $(INSTALLED) ## Format the code
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

format-check: $(INSTALLED) ## Check that the code is formatted
	$(BIN)/ruff format --check

lint: $(INSTALLED) ## Look for likely mistakes
	$(BIN)/ruff check

types: $(INSTALLED) ## Check the types, tests included
	$(BIN)/mypy

contracts: $(INSTALLED) ## Check who may import whom
	$(BIN)/lint-imports

lock: $(INSTALLED) ## Write to the lock file what pyproject.toml asks for
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --no-annotate --no-header \
		--python-version 3.11 pyproject.toml --group dev --output-file requirements.lock

lock-check: ## Check that the lock file names no address
	@! grep -nE '://|^ *--(extra-)?index-url|^ *--find-links' requirements.lock

clean: ## Remove the installation and caches; never the data
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

$(INSTALLED): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Échéance needs Python 3.11 or later: install it, or name it with PYTHON=…" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "Python's venv is missing: install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	@test -x $(BIN)/uv || $(BIN)/pip install --quiet uv
	$(BIN)/uv pip install --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --python $(BIN)/python --quiet --no-deps --no-build-isolation -e .
	@$(BIN)/python -m compileall -q -j 2 .venv/lib || true # so that programs start in one second, not in five
	@touch $@
