# `make` lists the targets. A fresh clone needs Python 3.11, Java 17 and Maven; everything else is fetched.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
export PIP_DISABLE_PIP_VERSION_CHECK = 1
# Services and tests start some hundred processes: what one has compiled, the next one reads.
unexport PYTHONDONTWRITEBYTECODE
# One worker a core; the order is that of tests/scheduling.py.
PARALLEL = -n auto --maxprocesses 4 --max-worker-restart 2 --dist loadscope --no-loadscope-reorder

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: install ## two waves of Los Angeles County as one flow (ONCE=1: ends by itself)
	@$(BIN)/reliefstream demo $(if $(ONCE),--once)

test: install ## every test, with real servers, on all cores; a property is tried a third as often as by test-whole
	@$(BIN)/pytest $(PARALLEL)

test-whole: install ## every test, each property with all of its examples
	@RELIEFSTREAM_TESTS=whole $(BIN)/pytest $(PARALLEL)

test-fast: install ## the quick tests that need no server, on all cores; a property is tried a tenth as often
	@RELIEFSTREAM_TESTS=fast $(BIN)/pytest -q $(PARALLEL) -m "not servers and not slow"

check: install ## format, lint, types, import rules, contracts, generated documents, secrets, known vulnerabilities
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m tests.contracts.compatibility
	$(BIN)/pytest -q tests/contracts --ignore=tests/contracts/test_openapi_held.py -m "not servers and not slow"
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m services.eligibility.files.currency
	$(BIN)/python -m tests.supply_chain.committed_secrets
	$(BIN)/python -m tests.supply_chain.known_vulnerabilities

bench: install ## speed, as a ratio to this machine's raw limits in the same run (ROWS=1000000 to evaluate, SUBJECTS=100000,1000000,3000000 stored)
	@$(BIN)/python -m tests.harness.benchmarks.offline $(if $(ROWS),--rows $(ROWS))
	@$(BIN)/python -m tests.harness.benchmarks.flow
	@$(BIN)/python -m tests.harness.benchmarks.stored_subjects $(if $(SUBJECTS),--subjects $(SUBJECTS))

arrival-orders: install ## the two waves in three orders, one with replicas killed: the same end? (SCALE=1 is all of it)
	@$(BIN)/python -m tests.harness.arrival_orders $(if $(SCALE),--scale $(SCALE))

seal-proof: install ## two waves, half of the persons sealed: is anything of them left in any file? (SCALE=1/10; 1 is all of it)
	@$(BIN)/python -m tests.harness.seal_proof $(if $(SCALE),--scale $(SCALE))

faults: install ## nothing lost, nothing twice, whatever fails (SEEDS=n FIRST=k; SEALING=1: convictions are sealed; DEFECTS=1: what if the code were broken?)
	@$(BIN)/python -m tests.harness.faults $(if $(SEEDS),--seeds $(SEEDS)) $(if $(FIRST),--first $(FIRST)) \
	  $(if $(SEALING),--sealing) $(if $(DEFECT),--defect $(DEFECT)) $(if $(DEFECTS),--defects) $(if $(SUMMARY),--summary $(SUMMARY))

replay: install ## services rebuilt and switched while records come, against an installation that never was: the same end?
	@$(BIN)/python -m tests.harness.replay

bench-overload: install ## what a flood, a service that stands still and a webhook that hangs cost the other counties
	@$(BIN)/python -m tests.harness.benchmarks.overload

bench-reviews: install ## a page of a hundred thousand reviews that wait, beside a bare SELECT (REVIEWS=n)
	@$(BIN)/python -m tests.harness.benchmarks.reviews $(if $(REVIEWS),--reviews $(REVIEWS))

bench-sealing: install ## how many dismissals are sealed in a second, and what the flow takes beside it (SCALE=1/20)
	@$(BIN)/python -m tests.harness.benchmarks.sealing $(if $(SCALE),--scale $(SCALE))

bench-console: install ## pages of the console with a hundred thousand reviews that wait, over HTTP (REVIEWS=n)
	@$(BIN)/python -m tests.harness.benchmarks.console_pages $(if $(REVIEWS),--reviews $(REVIEWS))

compose-test: install ## the product under Docker Compose, on a container engine: demo, kills, restart
	@$(BIN)/python -m tests.harness.compose.trial

screenshots: install ## a picture of every page of a running trial's console, for each office (OUT=folder)
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/python -m tests.harness.screenshots $(OUT)

accuracy: install ## how well persons are linked, beside splink (fetches it)
	@$(BIN)/pip install -q --require-hashes -r requirements-accuracy.lock
	@$(BIN)/python -m tests.harness.accuracy.linkage

law-oracle: install ## every combination of section, level, age, bars and facts under each policy, against the statute's words
	@LAW_ORACLE=whole $(BIN)/pytest -q tests/eligibility/law/oracles/test_every_combination.py

mutants: install ## which small changes of the code no test notices (AREA=law, linkage, relief, readers or consumer; MUTANTS=n SEED=k)
	@$(BIN)/python -m tests.harness.mutation --area $(or $(AREA),law) $(if $(MUTANTS),--mutants $(MUTANTS)) $(if $(SEED),--seed $(SEED))

format: install ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

contracts: install ## write the JSON Schemas, the examples, the AsyncAPI and the OpenAPI documents anew
	$(BIN)/python -m reliefstream_contracts.documents contracts
	$(BIN)/python -m services.openapi contracts
	$(BIN)/python -m tests.contracts.examples

docs: install ## write the generated documents anew: the references and the manual of the law
	$(BIN)/python -m docs.generate

lock: install ## resolve the dependencies anew, with hashes
	$(BIN)/pip install -q uv
	for extra in "" "-dev" "-accuracy"; do $(BIN)/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header \
	  --no-annotate --python-version 3.11 --no-emit-package reliefstream-contracts $${extra:+--extra $${extra#-}} \
	  pyproject.toml -o requirements$$extra.lock; done

sbom: install ## the software bill of materials of what is locked, CycloneDX, as sbom.json
	@$(BIN)/cyclonedx-py requirements requirements.lock --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json

install: .venv/installed ## the environment in .venv, from the lock file

.venv/installed: requirements-dev.lock pyproject.toml contracts/pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
	  { echo "Python 3.11 or newer is missing: apt-get install python3 python3-venv"; exit 3; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
	  { echo "Python's venv module is missing: apt-get install python3-venv"; exit 3; }
	@echo "Installing into .venv (about a minute the first time)"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/pip install -q --require-hashes -r requirements-dev.lock
	@$(BIN)/pip install -q --no-deps --no-build-isolation -e contracts -e .
	@touch $@

down: install ## stop the local servers and services; their state is kept
	@$(BIN)/reliefstream down

clean: ## remove .venv and, after stopping them, the local servers with all their data
	@test ! -x $(BIN)/reliefstream || $(BIN)/reliefstream down || true
	rm -rf .venv .local

.PHONY: help demo test test-whole test-fast check bench bench-overload bench-reviews bench-sealing bench-console seal-proof faults arrival-orders replay accuracy law-oracle mutants screenshots compose-test format contracts docs lock sbom install down clean
