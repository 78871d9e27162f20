#!/usr/bin/env bash
# Runs the tests.
#   scripts/test.sh quick   format, lints and native tests: needs only Rust
#   scripts/test.sh all     these, the tests in a real Chromium, the release page, its sizes and its page tests
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-all}
# shellcheck source=scripts/tools.env
. scripts/tools.env

step() { # what it is, command…
  local start=$SECONDS
  printf '\n\033[1m[test]\033[0m %s\n' "$1" >&2
  shift
  "$@" || { printf '\n\033[1m[test]\033[0m this failed: %s\n' "$*" >&2; exit 1; }
  printf '\033[1m[test]\033[0m done in %s s\n' "$((SECONDS - start))" >&2
}

[ "$what" = quick ] || step "tools" scripts/setup.sh test
step "format" cargo fmt --check
step "lints" cargo clippy --quiet --locked --all-targets -- -D warnings
if [ "$what" != quick ]; then
  step "lints of the page" cargo clippy --quiet --locked --target wasm32-unknown-unknown --lib --bins --examples --test web -- -D warnings
  step "lints of the core entry" cargo clippy --quiet --locked --target wasm32-unknown-unknown --features core --lib --example core -- -D warnings
  step "lints of the page as it is released: without the trace" cargo clippy --quiet --locked --target wasm32-unknown-unknown --no-default-features --lib --bins -- -D warnings
fi
step "native tests: protocol, incident, recorded runs, command line" cargo test --quiet --locked
[ "$what" = quick ] && { printf '\n[test] all good. `make test` also runs the browser tests.\n' >&2; exit 0; }

# The runner's own limit of 20 s is for the whole file.
export WASM_BINDGEN_TEST_TIMEOUT=${WASM_BINDGEN_TEST_TIMEOUT:-300}
step "the same core and the page's parts in Chromium" \
  wasm-pack test --headless --chrome --chromedriver "$(command -v chromedriver)" --mode no-install -- --locked --test web
step "the release page, the single file and the package" scripts/artefacts.sh
step "sizes" node scripts/sizes.mjs dist
step "the page in Chromium: the incident, keyboard, accessibility" node tests/page/run.mjs
step "the package, installed without a network" scripts/test-package.sh
step "the three artefacts in Chromium: from a disk, in frames, on bad hosts, the landing page" node tests/page/artefacts.mjs
step "the panels in Chromium: why, log, runs side by side, exports" node tests/page/panels.mjs
step "lessons, decisions and previews in Chromium" node tests/page/lessons.mjs
step "every text that runs bring about, in German" sh -c 'cargo run --quiet --locked --release --example texts | node scripts/locale.mjs de'
step "the page in German" node tests/page/locale.mjs
step "the public surface: methods, links, frames, odd input, memory" node tests/page/api.mjs
step "lessons as learning platforms see them: grades, states, statements" node tests/page/grading.mjs
step "input nobody meant: values, files, addresses, messages, listeners" node tests/page/hostile.mjs
step "what is said of such input, and what becomes of sandboxes that are taken away" node tests/page/wording.mjs
step "for everyone: axe in every state, contrast, targets, zoom, touch, flashes" node tests/page/everyone.mjs
step "for everyone: keys, focus, screen readers, little motion" node tests/page/keyboard.mjs
step "difficult places: policies, sandboxed frames, wrong answers" node tests/page/hosts.mjs
printf '\n\033[1m[test]\033[0m all good\n' >&2
