// Run where the package is installed, by scripts/test-package.sh:  node check.mjs <the native command line>
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { isDeepStrictEqual } from 'node:util';
import { InvalidInputError, engine, params, presets, simulate, trace, validate } from 'second-leader/core';

const native = process.argv[2];
const run = (...args) => execFileSync(native, args, { encoding: 'utf8', maxBuffer: 1 << 28 });
let failed = 0;
function check(sentence, holds, detail = '') {
  if (!holds) failed += 1;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence}${holds || !detail ? '' : `\n       ${detail}`}`);
}
const refused = async (promise) => promise.then(() => [], (error) => (error instanceof InvalidInputError ? error.issues : [{ message: `another error: ${error}` }]));
const digest = (text) => createHash('sha256').update(text).digest('hex');

check('no page is needed', typeof document === 'undefined' && typeof HTMLElement === 'undefined');
check('the engine is that of the command line', (await engine()) === run('--version').trim(), await engine());
const shipped = await presets();
const different = [];
for (const { id } of shipped) {
  const [here, there] = [await simulate(id, { until: 60 }), JSON.parse(run('run', id, '--until', '60', '--json'))];
  if (!isDeepStrictEqual(here, there)) different.push(`${id}: ${here.traceHash} ${there.traceHash}`);
}
check(`the same object as the command line for all ${shipped.length} presets`, shipped.length > 15 && different.length === 0, different.join('\n       '));
check('the same to the end of the incident', isDeepStrictEqual(await simulate('the-incident'), JSON.parse(run('run', 'the-incident', '--json'))));
check('the same trace, byte for byte', digest(await trace('the-incident', { until: 20 })) === digest(run('run', 'the-incident', '--until', '20', '--trace')));
const slow = await simulate('the-incident', { params: { joinRate: 30, seed: 11 }, until: 90.5 });
check('parameters count', isDeepStrictEqual(slow, JSON.parse(run('run', 'the-incident', '--joinRate', '30', '--seed', '11', '--until', '90.5', '--json'))) && slow.outcome === 'join');
const own = { schemaVersion: 1, base: 'the-incident', title: 'mine', params: { retries: 0 }, actions: [{ at: 30, do: 'stopNode', node: 'zk2' }] };
check('a scenario can be an object or its text', isDeepStrictEqual(await simulate(own, { until: 40 }), await simulate(JSON.stringify(own), { until: 40 })));
check('the same parameters as on the command line', isDeepStrictEqual(await params(), JSON.parse(run('params', '--json'))));
check('the same presets as on the command line', isDeepStrictEqual(shipped, JSON.parse(run('presets', '--json'))));

check('a sound file has no issues', (await validate(own)).length === 0);
const wrong = await validate({ schemaVersion: 1, params: { brokers: 500, nonsense: 1 } });
check('a bad file has all of its issues, with pointers', wrong.map((i) => i.field).join() === '/params/brokers,/params/nonsense' && /1–30/.test(wrong[0].message), JSON.stringify(wrong));
for (const [what, promise, expected] of [
  ['a preset that is none', simulate('lunch'), /the-incident/],
  ['a file that is none', simulate('{'), /JSON/],
  ['a parameter out of range', simulate('the-incident', { params: { retries: 99 } }), /0–10/],
  ['a parameter that is none', simulate('the-incident', { params: { lunch: 1 } }), /not a parameter/],
  ['parameters that are none', simulate('the-incident', { params: 3 }), /object/],
  ['options that are none', simulate('the-incident', null), /object/],
  ['a time before the start', simulate('the-incident', { until: -1 }), /0–86400/],
  ['a time that is none', simulate('the-incident', { until: NaN }), /0–86400/],
  ['a scenario that is none', simulate(7), /must be a preset/],
  ['a scenario that contains itself', (() => { const loop = {}; loop.loop = loop; return simulate(loop); })(), /JSON/],
]) {
  const issues = await refused(promise);
  check(`${what} is refused, and the message says what is allowed`, issues.length === 1 && expected.test(issues[0].message), JSON.stringify(issues));
}
check('and it still works', (await simulate('the-incident', { until: 5 })).until === 5);
const stop = new AbortController();
const long = simulate('the-incident', { signal: stop.signal });
stop.abort(new Error('enough'));
check('a run can be stopped', (await long.then(() => 'ran', (error) => error.message)) === 'enough');
const [a, b] = await Promise.all([simulate('the-incident', { until: 30 }), simulate('patient', { until: 30 })]);
check('two runs at once do not disturb each other', a.leaders.length === 2 && b.leaders.length === 1);

const about = createRequire(import.meta.url)('second-leader/package.json');
const here = new URL('.', import.meta.resolve?.('second-leader/core') ?? new URL('node_modules/second-leader/x', import.meta.url));
const targets = Object.values(about.exports).flatMap((entry) => (typeof entry === 'string' ? [entry] : Object.values(entry))).filter((name) => !name.includes('*'));
const missing = targets.filter((name) => !existsSync(new URL(name, here)));
check('every entry of the package is there', missing.length === 0, missing.join(' '));
const element = readFileSync(new URL('second-leader.js', here), 'utf8');
const beside = [...element.matchAll(/from ?["'`]\.\/([\w.-]+)["'`]|import\(["'`]\.\/([\w.-]+)["'`]\)/g)].map((m) => m[1] ?? m[2]).concat('sandbox_bg.wasm', 'lab_bg.wasm', 'second-leader.css', 'lab.css', 'words.json');
check('and so is what the element needs', beside.every((name) => existsSync(new URL(name, here))), beside.join(' '));
process.exitCode = failed ? 1 : 0;
