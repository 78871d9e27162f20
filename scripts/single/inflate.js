// Undoes deflate (RFC 1951). The single file cannot count on DecompressionStream, and one way is simpler than two.
const BASE = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
const EXTRA = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
const FAR = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
const ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/** The `size` bytes that `packed` was made from. Throws when it was damaged. */
export function inflate(packed, size) {
  const out = new Uint8Array(size);
  let [at, bit, to] = [0, 0, 0];
  const bits = (count) => {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      value |= ((packed[at] >> bit) & 1) << i;
      if ((bit = (bit + 1) & 7) === 0) at += 1;
    }
    return value;
  };
  // A code is how many symbols there are of each length, and the symbols in order.
  const code = (lengths) => {
    const counts = new Uint16Array(16);
    for (const length of lengths) counts[length] += 1;
    counts[0] = 0;
    const starts = new Uint16Array(16);
    for (let i = 1; i < 15; i += 1) starts[i + 1] = starts[i] + counts[i];
    const symbols = new Uint16Array(lengths.length);
    lengths.forEach((length, symbol) => { if (length) symbols[starts[length]++] = symbol; });
    return { counts, symbols };
  };
  const read = ({ counts, symbols }) => {
    let [value, first, index] = [0, 0, 0];
    for (let length = 1; length < 16; length += 1) {
      value |= bits(1);
      const count = counts[length];
      if (value - count < first) return symbols[index + value - first];
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new Error('the module in this file is damaged');
  };
  const copy = (literals, distances) => {
    for (let symbol = read(literals); symbol !== 256; symbol = read(literals)) {
      if (symbol < 256) {
        out[to++] = symbol;
      } else {
        let left = BASE[symbol - 257] + bits(EXTRA[symbol - 257]);
        const far = read(distances);
        for (let from = to - FAR[far] - bits(far < 2 ? 0 : (far >> 1) - 1); left > 0; left -= 1) out[to++] = out[from++];
      }
      if (to > size) throw new Error('the module in this file is damaged');
    }
  };
  const written = () => {
    const [many, few, order] = [bits(5) + 257, bits(5) + 1, bits(4) + 4];
    const lengths = new Array(19).fill(0);
    for (let i = 0; i < order; i += 1) lengths[ORDER[i]] = bits(3);
    const meta = code(lengths);
    const all = [];
    while (all.length < many + few) {
      const symbol = read(meta);
      if (symbol < 16) all.push(symbol);
      else if (symbol === 16) all.push(...new Array(3 + bits(2)).fill(all.at(-1)));
      else all.push(...new Array(symbol === 17 ? 3 + bits(3) : 11 + bits(7)).fill(0));
    }
    copy(code(all.slice(0, many)), code(all.slice(many)));
  };
  for (let last = 0; !last;) {
    last = bits(1);
    const kind = bits(2);
    if (kind === 2) {
      written();
    } else if (kind === 1) {
      copy(code(Array.from({ length: 288 }, (_, i) => (i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8))), code(new Array(30).fill(5)));
    } else {
      if (bit) [bit, at] = [0, at + 1];
      const length = packed[at] | (packed[at + 1] << 8);
      out.set(packed.subarray(at + 4, at + 4 + length), to);
      at += 4 + length;
      to += length;
    }
  }
  if (to !== size) throw new Error('the module in this file is damaged');
  return out;
}
