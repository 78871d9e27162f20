# The commands people use. Each says what it is doing, installs the pinned tools it needs, and skips what is there.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.PHONY: help setup serve site artefacts social test browsers check bench mutants scenarios fidelity clean

help:
	@echo "make serve   build the page and serve it on this machine (PORT=8080)"
	@echo "make test    run every test: native, in a real browser, and of the page"
	@echo "make browsers   try the built page in Chromium, Firefox and WebKit, as far as they are here (BROWSERS=firefox,webkit)"
	@echo "make check   the quick part of it: format, lints, native tests"
	@echo "make bench   print speed, allocations and sizes beside their budgets"
	@echo "make mutants break the core on purpose, a line at a time: which break does no test notice? (MUTANTS='--shard 0/8')"
	@echo "make site    build the page into dist/"
	@echo "make artefacts   the site, the page in one file (dist/second-leader.html) and the npm package (dist-npm/)"
	@echo "make scenarios   write www/scenarios/ and the schema from the tables, and check the lessons"
	@echo "make fidelity   write docs/FIDELITY.md: recorded values beside simulated ones"
	@echo "make social  write www/social.png, the picture beside a link to the page, from the built page"
	@echo "make clean   remove what was built"

setup:
	@scripts/setup.sh test

serve:
	@scripts/site.sh
	@node scripts/serve.mjs dist $(PORT)

site:
	@scripts/site.sh
	@node scripts/sizes.mjs dist

artefacts:
	@scripts/artefacts.sh
	@node scripts/sizes.mjs dist

social:
	@node scripts/social.mjs

test:
	@scripts/test.sh all

browsers:
	@scripts/setup.sh browsers
	@scripts/artefacts.sh
	@node tests/page/browsers.mjs $(BROWSERS)

check:
	@scripts/test.sh quick

bench:
	@scripts/bench.sh

mutants:
	@scripts/mutants.sh $(MUTANTS)

scenarios:
	@cargo run --quiet --locked --bin second-leader -- presets --write www/scenarios
	@cargo run --quiet --locked --bin second-leader -- check www/lessons/*.json

fidelity:
	@BLESS=1 cargo test --quiet --locked --test sim fidelity
	@echo "Wrote docs/FIDELITY.md."

clean:
	@cargo clean --quiet
	@rm -rf dist dist-npm test-results
	@echo "Removed what was built. The tools stay where scripts/tools.env says."
