#!/usr/bin/env bash
# Packs the package, installs it without a network in a directory of its own, and holds what it computes there against the command
# line: every preset, as an object and as a trace. With tsc it also checks the types.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/tools.env
. scripts/tools.env
[ -f dist-npm/second-leader/package.json ] || { echo "There is no package yet: run make artefacts." >&2; exit 1; }
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cargo build --quiet --locked --bin second-leader
target=$(cargo metadata --format-version 1 --no-deps --locked | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
npm pack --silent --offline --pack-destination "$scratch" ./dist-npm/second-leader >/dev/null
cd "$scratch"
printf '{ "name": "scratch", "private": true, "type": "module" }\n' > package.json
npm install --silent --offline --no-audit --no-fund ./second-leader-*.tgz
cp "$OLDPWD/scripts/package-check.mjs" check.mjs
node check.mjs "$target/debug/second-leader"
if command -v tsc >/dev/null 2>&1; then
  cat > use.ts <<'TS'
import { simulate, trace, validate, presets, params, engine, InvalidInputError, type Issue, type Result } from 'second-leader/core';
const run: Result = await simulate('the-incident', { params: { joinRate: 30, dlq: false }, until: 60 });
const leaders: number[] = run.leaders;
const issues: Issue[] = await validate({ schemaVersion: 1, params: {} });
try { await simulate((await presets())[0]!); } catch (error) { if (error instanceof InvalidInputError) issues.push(...error.issues); }
const texts: string[] = [await trace(), await engine(), ...(await params()).map((p) => p.key), ...leaders.map(String)];
// @ts-expect-error a time is a number
await simulate('the-incident', { until: '60s' });
export { texts };
TS
  [ ! -f node_modules/second-leader/second-leader.d.ts ] || printf "import 'second-leader';\n" >> use.ts
  tsc --strict --noEmit --target es2022 --module nodenext --lib es2022,dom,dom.iterable use.ts
  echo "ok   the types pass tsc --strict"
fi
