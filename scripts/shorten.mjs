// Shortens the names by which the module and its glue know each other, in both files:  node scripts/shorten.mjs dist
// wasm-bindgen writes `__wbg_setAttribute_f75317b2b5cabfb4` twice for every function that crosses; that is 2 kB gzip.
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { CUSTOM, EXPORT, IMPORT, leb } from './wasm.mjs';

const dir = process.argv[2] ?? 'dist';
const wasmPath = path.join(dir, 'sandbox_bg.wasm');
const gluePath = path.join(dir, 'sandbox.js');
const wasm = readFileSync(wasmPath);
let glue = readFileSync(gluePath, 'utf8');

const short = new Map(); // long name → short name
const rename = (name) => {
  if (!/^(__w|sandbox_)/.test(name) || !glue.includes(name)) return name;
  if (!short.has(name)) short.set(name, `_${short.size.toString(36)}`);
  return short.get(name);
};

/** Reads an unsigned LEB128 number; returns it and where it ends. */
function number(at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = wasm[at++];
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}
function text(at) {
  const [length, start] = number(at);
  return [wasm.toString('utf8', start, start + length), start + length];
}
const bytesOf = (name) => [...leb(Buffer.byteLength(name)), ...Buffer.from(name)];

/** The import section with short names. */
function imports(start, end) {
  const [count, first] = number(start);
  const out = [...leb(count)];
  let at = first;
  for (let i = 0; i < count; i += 1) {
    const [module, afterModule] = text(at);
    const [name, after] = text(afterModule);
    // A function import is a kind and a type index; others (wasm-bindgen has at most a tag or a memory) are copied whole.
    if (wasm[after] !== 0) throw new Error(`import ${name} is not a function`);
    const [, next] = number(after + 1);
    out.push(...bytesOf(module), ...bytesOf(rename(name)), ...wasm.subarray(after, next));
    at = next;
  }
  if (at !== end) throw new Error('the import section ends elsewhere');
  return Buffer.from(out);
}

/** The export section with short names. */
function exports(start, end) {
  const [count, first] = number(start);
  const out = [...leb(count)];
  let at = first;
  for (let i = 0; i < count; i += 1) {
    const [name, after] = text(at);
    const [, next] = number(after + 1);
    out.push(...bytesOf(rename(name)), ...wasm.subarray(after, next));
    at = next;
  }
  if (at !== end) throw new Error('the export section ends elsewhere');
  return Buffer.from(out);
}

const parts = [wasm.subarray(0, 8)];
for (let at = 8; at < wasm.length; ) {
  const id = wasm[at];
  const [size, start] = number(at + 1);
  const end = start + size;
  const body = id === IMPORT ? imports(start, end) : id === EXPORT ? exports(start, end) : wasm.subarray(start, end);
  // Custom sections say who made the module, and with what: nobody reads that in a browser.
  if (id !== CUSTOM) parts.push(Buffer.from([id, ...leb(body.length)]), body);
  at = end;
}
// The longest first: one name may begin another.
for (const name of [...short.keys()].sort((a, b) => b.length - a.length)) glue = glue.replaceAll(name, short.get(name));
writeFileSync(wasmPath, Buffer.concat(parts));
writeFileSync(gluePath, glue);
