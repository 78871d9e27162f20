#!/usr/bin/env bash
# Builds the release page into dist/.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/setup.sh build
# shellcheck source=scripts/tools.env
. scripts/tools.env
printf '\033[1m[site]\033[0m building the page into dist/ (two minutes the first time)\n' >&2
# trunk misreads NO_COLOR=1, so it must not see it.
env -u NO_COLOR trunk build --release --locked --skip-version-check --color never >&2
whole=$(mktemp)
trap 'rm -f "$whole"' EXIT
cp dist/sandbox_bg.wasm "$whole"
node scripts/prune.mjs dist/sandbox_bg.wasm
small() { # which
  # shellcheck disable=SC2086
  wasm-opt $WASM_OPT "dist/$1_bg.wasm" -o "dist/$1_bg.wasm"
}
small sandbox
node scripts/sweep.mjs "$whole" dist/sandbox_bg.wasm
node scripts/unglue.mjs dist sandbox
small sandbox
# The second build, with the panels: the element loads it when one is first opened. It needs the standard library's formatting.
printf '\033[1m[site]\033[0m building the panels\n' >&2
target=$(cargo metadata --format-version 1 --no-deps --locked | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
cargo build --quiet --locked --profile web --target wasm32-unknown-unknown --bin sandbox --features lab
wasm-bindgen --target web --no-typescript --out-dir dist --out-name lab "$target/wasm32-unknown-unknown/web/sandbox.wasm"
cp dist/lab_bg.wasm "$whole"
node scripts/prune.mjs dist/lab_bg.wasm --formats
small lab
node scripts/sweep.mjs "$whole" dist/lab_bg.wasm
node scripts/unglue.mjs dist lab
small lab
# The comments and long names in the JavaScript are a third of it.
for file in dist/*.js; do
  terser "$file" --module --ecma 2020 --compress passes=4,ecma=2020 --mangle --output "$file.min" && mv "$file.min" "$file"
done
node scripts/shorten.mjs dist
node scripts/docs.mjs dist
# Cards need whole addresses: SITE_URL=https://example.org/second-leader make site
if [ -n "${SITE_URL:-}" ]; then
  sed -i "s#content=\"social.png\"#content=\"${SITE_URL%/}/social.png\"#; s#^\( *\)<meta property=\"og:type\"#\1<meta property=\"og:url\" content=\"${SITE_URL%/}/\">\n&#" dist/index.html
fi
node scripts/landing.mjs dist
