# The only commands to remember. Every target prepares what it needs by itself.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON := .venv/bin/python
LAUNCH := $(PYTHON) -m resume_launcher
# Which way `make demo` runs. Asked before anything is installed.
CHOOSE := PYTHONPATH=deploy/launcher/src python3 -B -m resume_launcher.compose.choose
PREPARE_DEMO := python3 -B -m deploy.bootstrap demo
PREPARE_TEST := python3 -B -m deploy.bootstrap test
# Tests break and count the stand-ins: nobody's account is charged for them.
UNPAID := env -u OPENAI_API_KEY -u MODEL_ENDPOINTS -u PERPLEXITY_API_KEY -u FIRECRAWL_API_KEY
PREPARE_BENCH := python3 -B -m deploy.bootstrap bench
SEEDS ?= 2000
SOURCES := libs auth-svc extract-svc gateway-svc research-svc tailor-svc deploy tests requirements
LOCK := .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --no-header

# PRODUCT, RESUME, POSTING, ENGINE, KILL, BREAK, REPLICAS, STACK, SERVICES, YES and S reach the launcher through the environment, where make
# puts what is given on its command line; nothing of it passes through a shell.

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

# Running it

.PHONY: demo up down ps logs postings
demo: ## start everything and tailor one resume; PRODUCT=all|cover-letters|… RESUME=cv.pdf POSTING=url|file|- KILL=tailor BREAK=openai STACK=native
	@stack=$$($(CHOOSE)); export STACK=$$stack; $(PREPARE_DEMO); $(LAUNCH) demo

up: ## start the stack in the background; writes build/stack.json; STACK=compose: in containers
	@export STACK="$${STACK:-native}"; $(PREPARE_DEMO); $(LAUNCH) up

down: ## stop the stack; nothing of it stays running
	@if [ -x $(PYTHON) ]; then $(LAUNCH) down; else echo "Nothing is running."; fi

ps: ## show the stack's processes
	@$(PREPARE_DEMO)
	@$(LAUNCH) ps

logs: ## show the stack's logs; S=tailor: of one process
	@$(PREPARE_DEMO)
	@$(LAUNCH) logs

postings: ## list the sandbox's postings, one of each kind, for make demo POSTING=
	@$(PREPARE_DEMO)
	@$(LAUNCH) postings

# Testing it

.PHONY: test test-unit test-connected test-system test-kill chaos smoke sim bench conformance eval eval-planted
test: test-unit test-connected test-system sim ## all tests

test-unit: ## tests without a server
	@$(PREPARE_TEST)
	@$(PYTHON) -m pytest -q -n auto -m "not connected and not system and not chaos"

test-connected: ## tests with a real RabbitMQ, PostgreSQL and Valkey, started for them
	@$(PREPARE_TEST)
	@$(LAUNCH) services -- $(PYTHON) -m pytest -q -m connected

test-system: ## black-box tests of the running stack, or of one started for them
	@$(PREPARE_TEST)
	@$(UNPAID) $(LAUNCH) run-tests -- $(PYTHON) -m pytest -q -m system tests/system

test-kill: ## kill -9 each process of a stack under load; JOBS=200
	@$(PREPARE_TEST)
	@$(UNPAID) $(LAUNCH) run-tests -- $(PYTHON) -m pytest -q -s -m chaos tests/system

chaos: ## faults of the model over the whole pipeline, beside a naive build, about 15 min; FAULT=F18
	@$(PREPARE_TEST)
	@$(UNPAID) $(PYTHON) -m tests.chaos

smoke: ## one cheap real call to each provider with a key in the environment, and what it cost
	@$(PREPARE_TEST)
	@for service in tailor research extract; do $(PYTHON) -m $${service}_svc smoke || failed=1; done; exit $${failed:-0}

sim: ## run the messaging simulation; SEEDS=10000 for more
	@$(PREPARE_TEST)
	@$(PYTHON) -m resume_messaging.sim --seeds $(SEEDS)

conformance: ## hold our circuit breaker against other libraries'; writes docs/outbound-conformance.md
	@$(PREPARE_TEST)
	@$(PYTHON) -m libs.outbound.tests.conformance docs/outbound-conformance.md

eval: ## a lying model against the truth gate over a golden and a held-out set, about 2 min
	@$(PREPARE_TEST)
	@$(PYTHON) -B -m tests.eval

eval-planted: ## five bugs planted in the gate, each on a branch: what of the evaluation turns red
	@$(PREPARE_TEST)
	@$(PYTHON) -B -m tests.eval.planted

bench: ## measure against peers, about 15 min; ONLY=tax|slots|throughput|edge|call QUICK=1
	@$(PREPARE_BENCH)
	@.venv-bench/bin/python -B -m tests.bench

# Writing it

.PHONY: lint types fmt lock asyncapi definitions images
lint: types ## style, import contracts, types and drift of the published contracts
	@.venv/bin/ruff check $(SOURCES)
	@.venv/bin/ruff format --check $(SOURCES)
	@.venv/bin/lint-imports
	@$(PYTHON) -m resume_contracts.asyncapi --check docs/asyncapi.json
	@$(PYTHON) -m gateway_svc openapi --check docs/openapi.json
	@$(PYTHON) -m resume_messaging.definitions --check deploy/rabbitmq/definitions.json

types: ## mypy, strict, over everything
	@$(PREPARE_TEST)
	@# One package at a time: their tests and migrations share file names.
	@for package in libs/* *-svc deploy tests requirements; do .venv/bin/mypy --no-error-summary $$package || exit 1; done

fmt: ## format, and fix what can be fixed
	@$(PREPARE_TEST)
	@.venv/bin/ruff check --fix $(SOURCES)
	@.venv/bin/ruff format $(SOURCES)

lock: ## renew requirements/*.txt from the packages' pyproject files
	@$(PREPARE_TEST)
	@python3 requirements/collect.py > requirements/runtime.in
	@$(LOCK) requirements/runtime.in -o requirements/runtime.txt
	@$(LOCK) requirements/runtime.in requirements/dev.in -c requirements/runtime.txt -o requirements/dev.txt
	@$(LOCK) requirements/chromium.in -c requirements/dev.txt -o requirements/chromium.txt
	@$(LOCK) requirements/runtime.in requirements/bench.in -c requirements/runtime.txt -o requirements/bench.txt

asyncapi: ## write docs/asyncapi.json and docs/openapi.json anew
	@$(PREPARE_TEST)
	@$(PYTHON) -m resume_contracts.asyncapi --write docs/asyncapi.json
	@$(PYTHON) -m gateway_svc openapi --write docs/openapi.json

definitions: ## write deploy/rabbitmq/definitions.json anew: queues, users and their limits
	@$(PREPARE_TEST)
	@$(PYTHON) -m resume_messaging.definitions --write deploy/rabbitmq/definitions.json

images: ## take the pictures of the page in docs/images anew
	@$(PREPARE_TEST)
	@$(UNPAID) PAGE_IMAGES=docs/images $(LAUNCH) run-tests -- $(PYTHON) -m pytest -q -m system tests/system/test_page_images.py

.PHONY: clean
clean: ## stop the stack, remove its data and everything that was built
	@if [ -x $(PYTHON) ]; then $(LAUNCH) clean; fi
	@rm -rf .venv .venv-bench build demo-output .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
