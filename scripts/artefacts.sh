#!/usr/bin/env bash
# Builds the three artefacts: dist/ (the static site), dist/second-leader.html (all of it in one file) and dist-npm/second-leader
# (the package, with the core entry for programs).
#   scripts/artefacts.sh          all of them
#   scripts/artefacts.sh --rest   the second and third, from a dist/ that is there
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.env
. scripts/tools.env
say() { printf '\033[1m[artefacts]\033[0m %s\n' "$*" >&2; }
[ "${1:-}" = --rest ] || scripts/site.sh
say "the single file"
node scripts/single.mjs dist
for file in dist/locales/*.json; do node scripts/single.mjs dist "$(basename "$file" .json)"; done
say "the core entry"
about=$(cargo metadata --format-version 1 --no-deps --locked)
target=$(node -p 'JSON.parse(process.argv[1]).target_directory' "$about")
version=$(node -p 'JSON.parse(process.argv[1]).packages.find((p) => p.name === "second-leader").version' "$about")
# With the page's profile: what it depends on is built already.
cargo build --quiet --locked --profile web --target wasm32-unknown-unknown --example core --features core
built="$target/core-wasm"
wasm-bindgen --target web --no-typescript --out-dir "$built" --out-name core "$target/wasm32-unknown-unknown/web/examples/core.wasm"
wasm-opt -O3 --low-memory-unused "$built/core_bg.wasm" -o "$built/core_bg.wasm"
terser "$built/core.js" --module --ecma 2020 --compress passes=2,ecma=2020 --mangle --output "$built/core-glue.js"
say "the package"
node scripts/package.mjs dist "$built" "$version"
say "dist/, dist/second-leader.html and dist-npm/second-leader are there"
