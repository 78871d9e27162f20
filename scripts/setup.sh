#!/usr/bin/env bash
# Installs what building and testing needs, at pinned versions, and skips what is there.
#   scripts/setup.sh build   the wasm target, trunk, wasm-bindgen, wasm-opt    (make site, make serve)
#   scripts/setup.sh test    the same, and wasm-pack, Chromium, Playwright, axe (make test)
#   scripts/setup.sh browsers   the same, and Firefox and WebKit, where there are such packages (make browsers)
# Tools go to $SECOND_LEADER_TOOLS (default ~/.cache/second-leader/tools), so that a second checkout finds them.
# Nothing outside that directory changes, but for the rustup target and, on Debian, the packages that are missing
# (Node.js; for tests Chromium). Elsewhere it says what is missing.
set -euo pipefail
cd "$(dirname "$0")/.."
what=${1:-build}
browsers=
[ "$what" = browsers ] && { what=test; browsers=yes; }
# shellcheck source=scripts/tools.env
. scripts/tools.env
mkdir -p "$TOOLS/bin"

say() { printf '\033[1m[setup]\033[0m %s\n' "$*" >&2; }
fail() { printf '\n[setup] %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1 && "$1" --version 2>/dev/null | grep -qF "$2"; }

command -v cargo >/dev/null 2>&1 || fail "Rust is missing. Install it from https://rustup.rs, then run this again."
command -v cc >/dev/null 2>&1 || fail "A C linker (cc) is missing. On Debian: apt-get install build-essential."

# Debian's packages, when they are missing and this is Debian.
packages() { # what for, package…
  local why=$1; shift
  command -v apt-get >/dev/null 2>&1 || fail "$why is missing, and this system has no apt-get. Install it and put it on PATH."
  local sudo=
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null 2>&1 || fail "$why is missing. Run as root: apt-get install $*"
    sudo=sudo
  fi
  say "installing $*"
  $sudo apt-get update -qq >&2
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
  packages "Node.js (wasm-opt and the page tests run on it)" nodejs npm
fi
[ "$(node -p 'parseInt(process.versions.node)')" -ge 18 ] || fail "Node.js $(node --version) is too old: 18 or newer is needed."

command -v xz >/dev/null 2>&1 || packages "xz (it packs the page into one file)" xz-utils

# One at a time: two checkouts share the tools.
if command -v flock >/dev/null 2>&1; then
  exec 9>"$TOOLS/.lock"
  flock -n 9 || { say "another setup is running; waiting for it"; flock 9; }
fi

if command -v rustup >/dev/null 2>&1; then
  rustup target list --installed | grep -qx wasm32-unknown-unknown || {
    say "adding the wasm32-unknown-unknown target"; rustup target add wasm32-unknown-unknown; }
else
  [ -d "$(rustc --print sysroot)/lib/rustlib/wasm32-unknown-unknown" ] ||
    fail "The Rust target wasm32-unknown-unknown is missing and rustup is not here to add it."
fi

# A debug build of a tool takes half the time to build and is as quick at what we ask of it (measured).
tool() { # name, version, extra cargo flags…
  local name=$1 version=$2; shift 2
  have "$name" "$version" && return 0
  say "building $name $version (a few minutes, once)"
  cargo install "$@" --quiet --version "$version" --root "$TOOLS" --target-dir "$TOOLS/build" "$crate" 9>&-
}
crate=wasm-bindgen-cli
# Not --locked first: its lock file names a crate version that some mirrors lack.
have wasm-bindgen "$WASM_BINDGEN_VERSION" || tool wasm-bindgen "$WASM_BINDGEN_VERSION" --bin wasm-bindgen --bin wasm-bindgen-test-runner
export CARGO_PROFILE_DEV_DEBUG=0
crate=trunk; tool trunk "$TRUNK_VERSION" --debug --locked
if [ "$what" = test ]; then crate=wasm-pack; tool wasm-pack "$WASM_PACK_VERSION" --debug --locked; fi
rm -rf "$TOOLS/build"

modules="binaryen@$BINARYEN_VERSION terser@$TERSER_VERSION acorn@$ACORN_VERSION"
[ "$what" = test ] && modules="$modules playwright-core@$PLAYWRIGHT_VERSION axe-core@$AXE_VERSION typescript@$TYPESCRIPT_VERSION"
for package in $modules; do
  name=${package%@*}; version=${package##*@}
  grep -qs "\"version\": *\"$version\"" "$TOOLS/node_modules/$name/package.json" && continue
  say "installing $modules"
  # shellcheck disable=SC2086
  npm install --silent --no-audit --no-fund --no-package-lock --prefix "$TOOLS" $modules
  break
done

if [ "$what" = test ]; then
  if ! command -v chromedriver >/dev/null 2>&1 || ! { command -v chromium || command -v google-chrome; } >/dev/null 2>&1; then
    packages "Chromium with a chromedriver of the same version" chromium chromium-driver fonts-dejavu-core
  fi
fi
if [ -n "$browsers" ]; then # one that cannot be installed is not tried, and that is said
  if ! command -v firefox-esr >/dev/null 2>&1 && ! command -v firefox >/dev/null 2>&1; then (packages "Firefox" firefox-esr) || say "going on without Firefox"; fi
  if ! command -v WebKitWebDriver >/dev/null 2>&1 || ! command -v Xvfb >/dev/null 2>&1; then (packages "WebKit with its driver, and a display for it" webkit2gtk-driver xvfb) || say "going on without WebKit"; fi
fi
[ -f Cargo.lock ] && cargo fetch --quiet --locked
say "everything is here"
