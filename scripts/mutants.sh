#!/usr/bin/env bash
# Changes one line of src/ensemble or src/client at a time and runs the quick tests: what survives, no test noticed.
#   scripts/mutants.sh                   all of them: hours
#   scripts/mutants.sh --shard 0/8       an eighth of them: about half an hour
#   scripts/mutants.sh --file src/ensemble/vote.rs
# The result is in mutants.out/; docs/MUTATIONS.md keeps the last score and why each survivor may live.
set -euo pipefail
cd "$(dirname "$0")/.."
if ! cargo mutants --version >/dev/null 2>&1; then
  echo "cargo-mutants is not installed. It is no part of the setup; install it with:" >&2
  echo "  cargo install cargo-mutants --locked" >&2
  exit 1
fi
# The copy that is mutated builds in a directory of its own. No debug information: it links faster.
unset CARGO_TARGET_DIR
export CARGO_PROFILE_DEV_DEBUG=0
exec cargo mutants --jobs 1 --no-shuffle --colors never "$@"
