// Holds a locale's file against every text that runs bring about (examples/texts.rs, on standard input) and the tables of the page:
//   cargo run --release --example texts | node scripts/locale.mjs de
// Prints what the file lacks, a line each, ready to become its keys, and fails if that is anything.
import { readFileSync } from 'node:fs';
import { Locale } from '../www/locale.js';
import { KEYS } from '../www/keys.js';

const read = (name) => JSON.parse(readFileSync(new URL(`../www/${name}`, import.meta.url)));
const spoken = new Locale(read(`locales/${process.argv[2]}.json`));

for (const line of readFileSync(0, 'utf8').split('\n')) for (const text of line.split('\\n')) spoken.text(text);
const all = (found) => (typeof found === 'string' ? spoken.text(found) : Object.values(found).forEach(all));
all(read('words.json'));
for (const { says } of KEYS) spoken.text(says);

const missing = [...spoken.missing].sort();
for (const text of missing) console.log(`  ${JSON.stringify(text)}: "",`);
if (missing.length) console.error(`locales/${process.argv[2]}.json lacks ${missing.length} texts`);
process.exit(missing.length ? 1 : 0);
