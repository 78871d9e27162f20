// Prints what a visitor downloads beside its budget, and fails when it is over:  node scripts/sizes.mjs dist
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const BUDGETS = [
  { what: 'wasm + JavaScript', extensions: ['.wasm', '.js'], limit: 150 * KB },
  { what: 'CSS', extensions: ['.css'], limit: 8 * KB },
];

const dir = process.argv[2] ?? 'dist';
let names;
try {
  names = readdirSync(dir, { recursive: true }).map(String).sort();
} catch {
  console.error(`There is no ${dir}/ yet: run make site.`);
  process.exit(1);
}
const kb = (bytes) => `${(bytes / KB).toFixed(1)} kB`.padStart(10);
let over = false;
for (const { what, extensions, limit } of BUDGETS) {
  let total = 0;
  for (const name of names.filter((n) => extensions.includes(path.extname(n)))) {
    const bytes = readFileSync(path.join(dir, name));
    const packed = gzipSync(bytes, { level: 9 }).length;
    total += packed;
    console.log(`${kb(bytes.length)} ${kb(packed)} gzip  ${name}`);
  }
  if (total === 0) {
    console.error(`No ${extensions.join(' or ')} in ${dir}/: is it complete?`);
    over = true;
  }
  const verdict = total > limit ? 'OVER BUDGET' : 'within budget';
  console.log(`${''.padStart(10)} ${kb(total)} gzip  ${what}: ${verdict} (${limit / KB} kB)`);
  over ||= total > limit;
}
process.exit(over ? 1 : 0);
