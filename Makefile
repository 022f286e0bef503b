# The front door: `make run` and `make test` do all the set-up there is.
# The first Python that is new enough; `make PYTHON=...` names another.
PYTHON ?= $(or $(shell for python in python3 python3.14 python3.13 python3.12 python3.11; do \
  $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done),python3)
VENV := .venv
BIN := $(VENV)/bin
HOST ?= 127.0.0.1
PORT ?= 8000

PYTEST := $(BIN)/python -m pytest -n auto --dist worksteal
# pytest compiles the tests anew: 12 s in a fresh clone, and for each of the processes that run them. So it is done once,
# beside mypy, which shares its 25 s between two processes. What is wrong with a test is told when it is run.
COMPILE = [ -e $(VENV)/.compiled ] || { $(BIN)/python -m pytest --collect-only -qq >/dev/null 2>&1; touch $(VENV)/.compiled; }
# Random examples, and which cases a run has of what has many (tests/drawing.py), are drawn from this number, so that a
# failure can be repeated: make test PLAYER_TEST_SEED=...
PLAYER_TEST_SEED := $(or $(PLAYER_TEST_SEED),$(shell od -An -N4 -tu4 /dev/urandom | tr -d ' '))
export PLAYER_TEST_SEED

# The tests start hundreds of programs: what Python has compiled for one is kept for the next.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-all check install bench reading picture clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/.installed ## start the player and print its address
	@$(BIN)/python -m player serve --host $(HOST) --port $(PORT)

install: $(VENV)/.installed ## make the environment in .venv
	@echo "The player is in $(VENV); start it with: make run"

test: check $(VENV)/.browser ## the checks, the unit tests, and, in Chromium, playing, jumping and clipping
	@$(PYTEST) -m "not long" --hypothesis-seed=$(PLAYER_TEST_SEED)
	@echo "Ran: style, types, the shipped archive, the unit tests, and, in Chromium, playing, jumping and clipping."
	@echo "Drawn by PLAYER_TEST_SEED=$(PLAYER_TEST_SEED). Left out: the tests marked long; make test-all runs them."

test-all: test ## make test, then the long tests: other browsers, accessibility, HTML, wheel, print
	@$(PYTEST) -m long --hypothesis-seed=$(PLAYER_TEST_SEED)
	@echo "Ran: make test, then the tests marked long. Drawn by PLAYER_TEST_SEED=$(PLAYER_TEST_SEED): of the tests marked sampled a part; make bench runs all."

check: $(VENV)/.test ## style, types, and the shipped archive
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(COMPILE) & compiling=$$!; MYPY_NUM_WORKERS=2 $(BIN)/python -m mypy; told=$$?; wait $$compiling; exit $$told
	@$(BIN)/python -m player check

bench: $(VENV)/.browser ## timings and sizes, each beside a peer or a limit; what is sampled, whole; many more random examples and kills
	@$(BIN)/python -m tests.bench
	@PLAYER_TEST_WHOLE=1 $(PYTEST) -m sampled --hypothesis-seed=$(PLAYER_TEST_SEED)
	@PLAYER_TEST_EXAMPLES=20 $(PYTEST) -m hypothesis --hypothesis-seed=$(PLAYER_TEST_SEED)
	@PLAYER_TEST_EXAMPLES=20 PLAYER_TEST_WHOLE=1 $(PYTEST) tests/test_copied_clips.py tests/test_copied_aac.py
	@PLAYER_TEST_KILLS=100 $(PYTEST) tests/test_align_killed.py tests/test_transcribe_killed.py tests/test_desk_killed.py tests/test_site_killed.py
	@echo "Drawn by PLAYER_TEST_SEED=$(PLAYER_TEST_SEED)."

reading: $(VENV)/.installed ## synthesise the shipped reading again (needs Debian's flite)
	@$(BIN)/python -m player reading 1963-11-05-attwood-reading --force

picture: $(VENV)/.browser ## take the screenshot in README again
	@$(BIN)/python tests/picture.py

clean: ## remove the environment
	rm -rf $(VENV)

$(VENV)/.created:
	@command -v $(PYTHON) >/dev/null \
	  || { echo "$(PYTHON) was not found; install Python 3.11 or later (on Debian and Ubuntu: apt-get install python3 python3-venv) and run make again." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or later is needed; $(PYTHON) is $$($(PYTHON) --version 2>&1). Name another: make PYTHON=python3.12 ..." >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
	  || { echo "Python's venv is missing; install it (on Debian and Ubuntu: apt-get install python3-venv) and run make again." >&2; exit 1; }
	@echo "Making the environment in $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.installed: $(VENV)/.created pyproject.toml
	@echo "Installing what the player needs (a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[import,align,docx,cards,bag,csl]'
	@touch $@

$(VENV)/.test: $(VENV)/.installed
	@echo "Installing what the tests need (a minute, once) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --editable '.[import,align,docx,cards,bag,csl,transcribe,credentials,storage,test]'
	@touch $@

$(VENV)/.browser: $(VENV)/.test
	@$(BIN)/python tests/browser/get_browser.py
	@touch $@
