// Lays out the npm package in dist-npm/second-leader:  node scripts/package.mjs dist <directory with the built core> <version>
// The element and its assets come from the site, the core entry from package/ and the built core.
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const [dist, built, version] = process.argv.slice(2);
const out = 'dist-npm/second-leader';
rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
const PAGES = /\.html$|^page\.css$|^social\.png$|^docs$/; // of the site alone
for (const name of readdirSync(dist)) {
  if (!PAGES.test(name) || /^second-leader(\.\w+)?\.html$/.test(name)) cpSync(path.join(dist, name), path.join(out, name), { recursive: true });
}
for (const name of readdirSync('package')) cpSync(path.join('package', name), path.join(out, name));
for (const name of ['core-glue.js', 'core_bg.wasm']) cpSync(path.join(built, name), path.join(out, name));
for (const name of ['LICENSE-MIT', 'LICENSE-APACHE']) cpSync(name, path.join(out, name));

const typed = existsSync(path.join(out, 'second-leader.d.ts'));
const cargo = readFileSync('Cargo.toml', 'utf8');
const field = (name) => cargo.match(new RegExp(`^${name} = "(.*)"$`, 'm'))[1];
const about = {
  name: 'second-leader',
  version,
  description: field('description'),
  license: `(${field('license')})`,
  keywords: cargo.match(/^keywords = \[(.*)\]$/m)[1].split(',').map((word) => word.trim().replaceAll('"', '')),
  type: 'module',
  exports: {
    '.': { ...(typed && { types: './second-leader.d.ts' }), default: './second-leader.js' },
    './core': { types: './core.d.ts', node: './core-node.js', default: './core.js' },
    './second-leader.js': './second-leader.js',
    './second-leader.html': './second-leader.html',
    './second-leader.de.html': './second-leader.de.html',
    './scenario.schema.json': './scenario.schema.json',
    './scenarios/*': './scenarios/*',
    './lessons/*': './lessons/*',
    './locales/*': './locales/*',
    './package.json': './package.json',
  },
  main: './second-leader.js',
  ...(typed && { types: './second-leader.d.ts' }),
  files: readdirSync(out).sort(),
  sideEffects: ['./second-leader.js'], // it defines the element
  engines: { node: '>=18' },
};
writeFileSync(path.join(out, 'package.json'), `${JSON.stringify(about, null, 2)}\n`);
