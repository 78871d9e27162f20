// Prints what a visitor downloads beside its budget, and fails when it is over:  node scripts/sizes.mjs dist
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const KB = 1000;
const LAB = /^(lab[._]|(api|away|frames|locale|panels|preview|grading|wishes)\.js$)/; // loaded when a panel is first opened, or the API or another language is first used
const BUDGETS = [
  { what: 'wasm of the first picture', files: (name) => /\.wasm$/.test(name) && !LAB.test(name), limit: 150 * KB },
  { what: 'JavaScript of the first picture', files: (name) => /\.js$/.test(name) && !LAB.test(name), limit: 15 * KB },
  { what: 'CSS of the first picture', files: (name) => /\.css$/.test(name) && !LAB.test(name), limit: 8 * KB },
  { what: 'the panels, when one is first opened', files: (name) => LAB.test(name), limit: 400 * KB },
  { what: 'the page in one file, in German', files: (name) => name === 'second-leader.de.html', limit: 400 * KB, later: true },
  { what: 'the page in one file', files: (name) => name === 'second-leader.html', limit: 350 * KB, later: true },
];
const CORE = { what: "the package's core entry", dir: 'dist-npm/second-leader', files: (name) => /^core[-_.a-z]*\.(js|wasm)$/.test(name), limit: 170 * KB, later: true };

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
const list = (from) => (existsSync(from) ? readdirSync(from, { recursive: true }).map(String).sort() : []);
for (const { what, dir: from = dir, files, limit, later } of [...BUDGETS, CORE]) {
  let total = 0;
  for (const name of (from === dir ? names : list(from)).filter(files)) {
    const bytes = readFileSync(`${from}/${name}`);
    const packed = gzipSync(bytes, { level: 9 }).length;
    total += packed;
    console.log(`${kb(bytes.length)} ${kb(packed)} gzip  ${name}`);
  }
  if (total === 0 && later) continue; // `make site` alone does not build it
  if (total === 0) {
    console.error(`${what}: nothing in ${dir}/. Is it complete?`);
    over = true;
  }
  const verdict = total > limit ? 'OVER BUDGET' : 'within budget';
  console.log(`${''.padStart(10)} ${kb(total)} gzip  ${what}: ${verdict} (${limit / KB} kB)`);
  over ||= total > limit;
}
process.exit(over ? 1 : 0);
