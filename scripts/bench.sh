#!/usr/bin/env bash
# Prints what the budgets are about: events per second natively and in Chromium, allocations per step, sizes, frame times.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh test
# shellcheck source=scripts/tools.env
. scripts/tools.env
say() { printf '\n\033[1m[bench]\033[0m %s\n' "$*" >&2; }

say "the simulation, natively"
failed=0
cargo bench --quiet --locked --bench speed || failed=1

say "the same simulation in Chromium"
target=$(cargo metadata --format-version 1 --no-deps --locked | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
cargo build --quiet --profile web --locked --target wasm32-unknown-unknown --example kernel
out="$target/bench-wasm"
wasm-bindgen --target web --no-typescript --out-dir "$out" "$target/wasm32-unknown-unknown/web/examples/kernel.wasm"
# Optimised as the page is.
# shellcheck disable=SC2086
wasm-opt $WASM_OPT "$out/kernel_bg.wasm" -o "$out/kernel_bg.wasm"
node scripts/bench-wasm.mjs "$out" || failed=1

say "the page"
scripts/site.sh
node scripts/sizes.mjs dist || failed=1
node tests/page/frames.mjs || failed=1
[ "$failed" = 0 ] || { say "at least one budget was missed; a busy machine is slower"; exit 1; }
