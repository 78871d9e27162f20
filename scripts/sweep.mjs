// Takes out of the module's data what only pruned code pointed at:  node scripts/sweep.mjs before.wasm after.wasm
// No optimiser does this: to it, data is one block of bytes. The texts of panics, the names of all events of a browser and the
// tables by which `Debug` prints Unicode stay in it, long after the code is gone. `before` is the module with all its code: what
// it points at tells where things begin. What nothing in `after` points at any more, by code or by data that is left, becomes zeros.
import { writeFileSync } from 'node:fs';
import { CODE, DATA, IMPORT, open } from './wasm.mjs';

const TABLES = /\bchar>::escape_debug_ext|\bunicode::unicode_data::/; // who reads the one kind of idle data that is no text
const TEXT = (byte) => byte >= 32 || byte === 10;
const [I32_CONST, I32_LOAD, I64_STORE32] = [0x41, 0x28, 0x3e];

/** The segments of the data: where each lies in memory and in the file. */
function segments({ byte, number, signed, go, here, skip }) {
  return Array.from({ length: go(DATA) }, () => {
    if (number() !== 0 || byte() !== I32_CONST) throw new Error('a data segment is not at a constant address');
    const address = signed();
    byte(); // end
    const size = number();
    skip(size);
    return { address, from: here() - size, size };
  });
}

/** Skips what follows an opcode; returns an address if it may be one. */
function operand(op, { byte, number, signed, skip }) {
  if (op === I32_CONST) return signed();
  if (op >= I32_LOAD && op <= I64_STORE32) {
    if (number() & 64) number();
    return number();
  }
  if ([0x02, 0x03, 0x04, 0x42].includes(op)) signed(); // block, loop, if; i64.const
  else if ([0x0c, 0x0d, 0x10, 0x12, 0x3f, 0x40, 0xd0, 0xd2].includes(op) || (op >= 0x20 && op <= 0x26)) number();
  else if (op === 0x11 || op === 0x13) [number(), number()];
  else if (op === 0x0e) for (let left = number() + 1; left > 0; left -= 1) number();
  else if (op === 0x1c) for (let left = number(); left > 0; left -= 1) byte();
  else if (op === 0x43) skip(4);
  else if (op === 0x44) skip(8);
  else if (op === 0xfc) {
    const more = number();
    if (more >= 8) number();
    if ([8, 10, 12, 14].includes(more)) number();
  } else if (op > 0xd2 || (op > 0x04 && op < 0x0b && op !== 0x05)) throw new Error(`the opcode ${op.toString(16)} is unknown here`);
  return -1;
}

/** Every constant in the code that may be an address; only that of functions with such names, when asked. */
function pointers(module, only) {
  const found = new Set();
  const names = only && module.names();
  const imported = module.go(IMPORT);
  const count = module.go(CODE);
  for (let i = imported; i < imported + count; i += 1) {
    const size = module.number();
    const end = module.here() + size;
    if (only && !only.test(names.get(i))) {
      module.skip(size);
      continue;
    }
    for (let groups = module.number(); groups > 0; groups -= 1) {
      module.number();
      module.byte();
    }
    while (module.here() < end) found.add(operand(module.byte(), module));
    if (module.here() !== end) throw new Error('a function ends elsewhere');
  }
  return found;
}

const [before, after] = [process.argv[2], process.argv[3]].map(open);
const [old, now] = [segments(before), segments(after)];
const [low, high] = [old[0].address & ~3, Math.max(...old.map((s) => s.address + s.size))];
/** The data as it lies in memory: segments may begin and end in the middle of a word. */
function image({ wasm }, list) {
  const all = Buffer.alloc((high - low + 7) & ~3);
  for (const { address, from, size } of list) wasm.copy(all, address - low, from, from + size);
  return all;
}
/** The words between two addresses. */
function* words(data, from, to) {
  for (let i = (from - low) & ~3; i < to - low; i += 4) yield data.readUInt32LE(i);
}

const [was, is] = [image(before, old), image(after, now)];
const starts = [...pointers(before), ...words(was, low, high)].filter((p) => p >= low && p < high);
const things = [...new Set([low, ...starts])].sort((a, b) => a - b);
/** Which thing an address lies in. */
function thing(address) {
  let [from, to] = [0, things.length];
  while (to - from > 1) {
    const middle = (from + to) >> 1;
    if (things[middle] <= address) from = middle;
    else to = middle;
  }
  return from;
}

const tables = pointers(before, TABLES);
/** Where the text ends that a thing begins with. What follows it, nobody need point at directly: code may count from elsewhere. */
function textEnd(i) {
  let end = things[i];
  const stop = things[i + 1] ?? high;
  if (tables.has(end) && tables.has(stop)) return stop;
  while (end < stop && TEXT(was[end - low])) end += 1;
  return end - things[i] < 4 ? things[i] : end;
}

const ends = things.map((_, i) => textEnd(i));
const alive = new Set();
const todo = [...pointers(after)];
for (const [i, end] of ends.entries()) todo.push(...words(is, end, things[i + 1] ?? high));
while (todo.length) {
  const address = todo.pop();
  if (address < low || address >= high) continue;
  const i = thing(address);
  if (alive.has(i)) continue;
  alive.add(i);
  todo.push(...words(is, things[i], things[i + 1] ?? high));
}
const data = Buffer.from(after.wasm);
let swept = 0;
for (const [i, start] of things.entries()) {
  if (alive.has(i)) continue;
  for (const { address, from, size } of now) {
    const [a, b] = [Math.max(start, address), Math.min(ends[i], address + size)];
    if (a >= b) continue;
    data.fill(0, from + a - address, from + b - address);
    swept += b - a;
  }
}
if (!swept) throw new Error('nothing in the data is idle: does the compiler write it another way now?');
writeFileSync(process.argv[3], data);
