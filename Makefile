# Two commands do all: `make demo` and `make test`.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: setup browser demo test lint bench slow docs clean

setup: $(STAMP)

$(STAMP): pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev,all,peers]'
	touch $(STAMP)

demo: setup
	rm -rf out/asylum && mkdir -p out
	$(BIN)/treves example asylum out/asylum
	$(BIN)/treves draft out/asylum/sources --base out/asylum/case.yaml -o out/asylum/draft.yaml
	$(BIN)/treves forecast out/asylum/draft.yaml
	$(BIN)/treves report out/asylum/draft.yaml -o out/asylum/page.html

# What looks at pages as a reader would, in Debian's Chromium. Without that, those tests skip.
browser: build/npm/.installed

build/npm/.installed:
	npm install --silent --no-package-lock --no-audit --no-fund --prefix build/npm axe-core@4.14.1 html-validate@10.17.0
	touch $@

test: setup browser lint
	$(BIN)/python -m pytest -n 2 -m "not slow"

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Doctests and long comparisons that would make CI slow.
slow: setup
	$(BIN)/python -m pytest -n 2 -m slow

bench: setup
	for file in benchmarks/*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

docs: setup
	$(BIN)/treves schema > docs/case.schema.json

clean:
	rm -rf $(VENV) out build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
