# The commands of heard. Only python3 (3.11 or newer, with venv) and make are needed; the rest is fetched, each package checked
# against the hash in requirements.lock. Another Python: make demo PYTHON=python3.12. More words for a command: make test ARGS="-k days".

PYTHON ?= python3
VENV ?= .venv
ARGS ?=
RUN := $(VENV)/bin/python
PIP := $(RUN) -m pip --disable-pip-version-check --no-input --quiet --quiet install

# What was compiled is kept, whatever the machine says: the tests start hundreds of processes of ours.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo test bench soak damage prove letters lint sbom lock clean

help:
	@echo "make demo    try it on this machine: play every part and move the clock (ARGS=--story: watch a whole story)"
	@echo "make test    run every test (a quarter of an hour on two cores)"
	@echo "make prove   run the long proofs: kills, walks, fuzzing, simulated years (under half an hour)"
	@echo "make bench   measure what it costs, beside the least program that could do the same (--quick: a tenth of it)"
	@echo "make letters file a folder of your own letters, with kills, on both databases (FOLDER=/path/to/letters)"
	@echo "make soak    kills, floods and faults for as long as asked (--minutes 10); then everything is counted"
	@echo "make damage  a million damaged letters, the last part of the soak, alone (ARGS='--letters 100000')"
	@echo "make lint    check style, types and the layers"
	@echo "make sbom    write what heard is made of into sbom.json (CycloneDX), and the licences into docs/licences.md"
	@echo "make lock    choose the newest packages that fit, and write them down with their hashes (developers; needs uv)"
	@echo "make clean   remove what the other commands made"

demo: $(VENV)/.runtime
	@$(VENV)/bin/heard demo $(ARGS)

test: $(VENV)/.dev
	@$(RUN) -m pytest --numprocesses auto --maxprocesses 4 --dist worksteal $(ARGS)

prove: $(VENV)/.dev
	@$(RUN) -m pytest -m prove --numprocesses 2 --dist worksteal $(ARGS)

letters: $(VENV)/.dev
	@test -n "$(FOLDER)" || { echo "Say which folder of letters: make letters FOLDER=/path/to/letters" >&2; exit 1; }
	@LETTERS_FROM="$(abspath $(FOLDER))" $(RUN) -m pytest -m prove tests/prove/test_letters_from.py $(ARGS)

bench: $(VENV)/.dev
	@$(RUN) -m bench $(ARGS)

soak: $(VENV)/.dev
	@$(RUN) -m tests.soak $(ARGS)
	@$(RUN) -m tests.soak.reading

damage: $(VENV)/.dev
	@$(RUN) -m tests.soak.reading $(ARGS)

lint: $(VENV)/.dev
	@$(RUN) -m ruff check
	@$(RUN) -m mypy
	@$(VENV)/bin/lint-imports

sbom: $(VENV)/.dev
	@$(RUN) deploy/inventory.py sbom > sbom.json
	@$(RUN) deploy/inventory.py licences > docs/licences.md

lock:
	@command -v uv >/dev/null || { echo "make lock needs uv, a developer's tool: install the Python package uv first." >&2; exit 1; }
	@echo "Choosing packages ..." >&2
	@uv pip compile $(LOCKING) --extra build pyproject.toml --output-file requirements.lock
	@uv pip compile $(LOCKING) --extra build --extra dev --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
LOCKING := --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links

clean:
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache demo-mails
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# What is installed is remembered in stamps, so that a second run begins at once.
$(VENV)/bin/python:
	@command -v $(PYTHON) >/dev/null || { echo "There is no $(PYTHON) here. heard needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "$(PYTHON) is `$(PYTHON) --version 2>&1`. heard needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3." >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) cannot make virtual environments. Install its venv package (on Debian and Ubuntu: apt install python3-venv)." >&2; exit 1; }
	@echo "Making the virtual environment $(VENV) ..." >&2
	@rm -rf $(VENV)
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Fetching packages; each is checked against its hash. The first time this takes a minute or two ..." >&2
	@$(PIP) --require-hashes -r requirements.lock
	@echo "Installing heard ..." >&2
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "Fetching what the tests need ..." >&2
	@$(PIP) --require-hashes -r requirements-dev.lock
	@touch $@
