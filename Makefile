# Everything a contributor or CI runs. `make help` lists the targets.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

# The job that the README answers: a RAG assistant over documents.
DEMO := recommend rag --requests-per-month 100000 --input-tokens 6000 --output-tokens 500 \
	--min-context 200k --residency eu --compliance hipaa --no-training

# The packages that lists are imported from, at the versions in scripts/lists.txt.
LISTS := build/lists

PAGES := README.md $(sort $(wildcard docs/*.md docs/*/*.md))

.PHONY: help setup demo test check format style types layers docs pages coverage wheel build bench cost-agreement catalog agreement evidence-report clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

setup: $(VENV)/.dev ## Set up .venv with everything that development needs

demo: $(VENV)/.runtime ## Answer the main job on the shipped catalog
	$(BIN)/fmselect $(DEMO)

test: $(VENV)/.dev ## Run all tests
	$(BIN)/python -m pytest -q -n auto --dist loadfile

check: style types layers pages coverage wheel ## Everything that CI checks

format: $(VENV)/.dev ## Format the code and fix what can be fixed
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

style: $(VENV)/.dev ## Check format and lint
	$(BIN)/ruff format --check
	$(BIN)/ruff check

types: $(VENV)/.dev ## Check types
	$(BIN)/mypy

layers: $(VENV)/.dev ## Check that imports point down
	$(BIN)/lint-imports

docs: $(VENV)/.dev ## Regenerate the generated parts of the docs
	$(BIN)/cog -r $(PAGES)

pages: $(VENV)/.dev ## Check that the generated parts of the docs are up to date
	$(BIN)/cog --check --diff $(PAGES)

coverage: $(VENV)/.dev ## Run all tests and measure what they cover
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n auto --dist loadfile
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

build: $(VENV)/.dev ## Build the wheel and the source distribution into dist/
	rm -rf dist
	$(BIN)/python -m build --outdir dist . > /dev/null

wheel: build ## Install the wheel elsewhere and run the main job from there
	set -e; away=$$(mktemp -d); trap 'rm -rf "$$away"' EXIT; wheel=$$(echo "$$PWD"/dist/*.whl); \
	$(PYTHON) -m venv "$$away/venv"; \
	"$$away/venv/bin/python" -m pip --quiet --disable-pip-version-check --no-input install "$$wheel"; \
	cd "$$away"; env -u PYTHONPATH -u FMSELECT_CATALOG FMSELECT_CACHE="$$away/cache" \
	"$$away/venv/bin/fmselect" $(DEMO) --format json > answer.json; \
	"$$away/venv/bin/python" -c "import json; answer = json.load(open('answer.json')); assert answer['ranking'], 'the wheel ranks nothing'"

.PHONY: measure-live
measure-live: $(VENV)/.runtime ## Measure a real server (llama.cpp, from PyPI, in a venv of its own)
	$(BIN)/python scripts/measure_live.py

bench: $(VENV)/.dev ## Time start-up and the main job
	$(BIN)/python scripts/bench.py

evidence-report: $(VENV)/.dev ## Hold evidence out, print how well the rest foretells it, and write that down
	$(BIN)/python scripts/evidence_report.py

cost-agreement: $(VENV)/.dev ## Price 10,000 random requests with genai-prices too, and explain every difference
	$(PIP) install --editable '.[agreement]'
	$(BIN)/python scripts/cost_agreement.py

catalog: $(VENV)/.dev $(LISTS)/.fetched ## Regenerate the schemas, and import the pinned price lists and fact lists
	$(BIN)/fmselect catalog schema --into catalog/schema
	$(BIN)/python scripts/docs_tables.py
	$(BIN)/python scripts/import_lists.py $(LISTS)
	$(BIN)/python scripts/agreed_prices.py $(LISTS) 2026-11-25

agreement: $(VENV)/.dev $(LISTS)/.fetched ## Compare the prices of both pinned price lists with ours
	$(BIN)/fmselect catalog agreement $(LISTS)/litellm-*.whl $(LISTS)/genai_prices-*.whl

clean: ## Remove everything that was built
	rm -rf $(VENV) dist build .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

$(LISTS)/.fetched: scripts/lists.txt | $(VENV)/.dev
	rm -rf $(LISTS)
	$(PIP) download --no-deps --only-binary :all: --dest $(LISTS) --requirement scripts/lists.txt
	touch $@

$(VENV)/.runtime: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(PIP) install --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.runtime
	$(PIP) install --editable '.[dev]'
	touch $@
