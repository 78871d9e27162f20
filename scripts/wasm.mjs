// Reads and writes WebAssembly modules as far as the build must: sections, names, numbers.
import { readFileSync } from 'node:fs';

export const [CUSTOM, IMPORT, EXPORT, CODE, DATA] = [0, 2, 7, 10, 11];

/** A number as unsigned LEB128. */
export function leb(value) {
  const bytes = [];
  do {
    const rest = Math.floor(value / 128);
    bytes.push((value % 128) | (rest ? 128 : 0));
    value = rest;
  } while (value);
  return bytes;
}

/** A reader of one module. */
export function open(file) {
  const wasm = readFileSync(file);
  let at = 0;
  const byte = () => wasm[at++];
  function signed() {
    let [value, shift, next] = [0, 0, 0];
    do {
      next = byte();
      value += (next & 127) * 2 ** shift;
      shift += 7;
    } while (next & 128);
    return next & 64 ? value - 2 ** shift : value;
  }
  function number() {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const next = byte();
      value += (next & 127) * 2 ** shift;
      if (next < 128) return value;
    }
  }
  const sections = [];
  for (at = 8; at < wasm.length; ) {
    const id = byte();
    const size = number();
    sections.push({ id, start: at, end: at + size });
    at += size;
  }
  const go = (id) => {
    at = sections.find((s) => s.id === id).start;
    return number();
  };
  const text = () => {
    const length = number();
    at += length;
    return wasm.toString('utf8', at - length, at);
  };
  /** The names of the functions that have one. */
  function names() {
    const found = new Map();
    for (const { start, end } of sections.filter((s) => s.id === CUSTOM)) {
      at = start;
      if (text() !== 'name') continue;
      while (at < end) {
        const kind = byte();
        const next = number() + at;
        for (let left = kind === 1 ? number() : 0; left > 0; left -= 1) found.set(number(), text());
        at = next;
      }
    }
    return found;
  }
  /** The names of the imported functions, in order. */
  const imports = () => Array.from({ length: go(IMPORT) }, () => {
    text();
    const name = text();
    if (byte() !== 0) throw new Error(`import ${name} is not a function`);
    number();
    return name;
  });
  return { wasm, sections, byte, number, signed, text, go, names, imports, here: () => at, skip: (n) => { at += n; } };
}
