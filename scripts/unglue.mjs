// Takes out of the glue what the pruned module no longer imports, and out of the module what the glue no longer calls:
//   node scripts/unglue.mjs dist sandbox   (between two runs of wasm-opt, before terser: it knows the glue by its line breaks)
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { EXPORT, open } from './wasm.mjs';

const dir = process.argv[2] ?? 'dist';
const build = process.argv[3] ?? 'sandbox';
const wasmPath = path.join(dir, `${build}_bg.wasm`);
const gluePath = path.join(dir, `${build}.js`);
const module = open(wasmPath);
const { wasm, sections } = module;
let glue = readFileSync(gluePath, 'utf8');
/** A number in five bytes, as long as any: the sizes of sections need not be short here. */
const wide = (value) => [0, 7, 14, 21, 28].map((shift) => (Math.floor(value / 2 ** shift) & 127) | (shift < 28 ? 128 : 0));

const imported = new Set(module.imports());
const before = glue.length;
glue = glue.replace(/^ {8}(__wb\w+): function\([^)]*\) \{\n[^]*?^ {8}\},\n/gm, (entry, name) => (imported.has(name) ? entry : ''));
glue = glue.replace(/^ {8}(__wb\w+): (?:\(\) => )?[^\n]*,\n/gm, (entry, name) => (imported.has(name) ? entry : ''));
glue = glue.replace(/^function (wasm_bindgen__\w+)\([^)]*\) \{\n[^]*?^\}\n/gm, (body, name) => (glue.split(name).length > 3 ? body : ''));
if (glue.length === before) throw new Error('nothing in the glue is unused: does wasm-bindgen write it another way now?');

const out = [wasm.subarray(0, 8)];
for (const { id, start, end } of sections) {
  let body = wasm.subarray(start, end);
  if (id === EXPORT) {
    const kept = [];
    for (let left = module.go(EXPORT); left > 0; left -= 1) {
      const from = module.here();
      const name = module.text();
      module.skip(1);
      module.number();
      if (name === 'memory' || glue.includes(name)) kept.push(wasm.subarray(from, module.here()));
    }
    body = Buffer.concat([Buffer.from(wide(kept.length)), ...kept]);
  }
  out.push(Buffer.from([id, ...wide(body.length)]), body);
}
writeFileSync(wasmPath, Buffer.concat(out));
writeFileSync(gluePath, glue);
