// Undoes LZMA: a range decoder, and what it says of literals, matches and repeated distances. The format's own description is
// the LZMA specification (2015); names follow it.

/** The `size` bytes that `packed` (an .lzma file) was made from. Throws when it was damaged. */
export function unpack(packed, size) {
  const out = new Uint8Array(size);
  const properties = packed[0];
  const [lc, rest] = [properties % 9, Math.floor(properties / 9)];
  const [lp, pb] = [rest % 5, Math.floor(rest / 5)];
  let at = 13; // properties, the dictionary's size, the size
  let code = 0;
  let range = -1 >>> 0;
  for (let i = 0; i < 5; i += 1) code = ((code << 8) | packed[at++]) >>> 0; // the first byte is 0
  const half = (count) => new Uint16Array(count).fill(1024);
  const renew = () => {
    if (range < 0x1000000) {
      range = (range << 8) >>> 0;
      code = ((code << 8) | packed[at++]) >>> 0;
    }
  };
  const bit = (table, i) => {
    const bound = (range >>> 11) * table[i];
    let found = 0;
    if (code < bound) {
      range = bound;
      table[i] += (2048 - table[i]) >> 5;
    } else {
      range -= bound;
      code -= bound;
      table[i] -= table[i] >> 5;
      found = 1;
    }
    renew();
    return found;
  };
  const direct = (count) => {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      range >>>= 1;
      const one = code >= range;
      if (one) code -= range;
      renew();
      value = value * 2 + (one ? 1 : 0);
    }
    return value;
  };
  const tree = (table, bits, from = 0) => {
    let node = 1;
    for (let i = 0; i < bits; i += 1) node = (node << 1) | bit(table, from + node);
    return node - (1 << bits);
  };
  const backwards = (table, bits, from) => {
    let [node, value] = [1, 0];
    for (let i = 0; i < bits; i += 1) {
      const b = bit(table, from + node);
      node = (node << 1) | b;
      value |= b << i;
    }
    return value;
  };
  const lengths = () => ({ choice: half(2), low: half(16 << 3), middle: half(16 << 3), high: half(256) });
  const length = (tables, place) => {
    if (!bit(tables.choice, 0)) return tree(tables.low, 3, place << 3);
    if (!bit(tables.choice, 1)) return 8 + tree(tables.middle, 3, place << 3);
    return 16 + tree(tables.high, 8);
  };
  const literals = half(0x300 << (lc + lp));
  const [isMatch, isRep0Long] = [half(12 << 4), half(12 << 4)];
  const [isRep, isRep0, isRep1, isRep2] = [half(12), half(12), half(12), half(12)];
  const [matched, repeated] = [lengths(), lengths()];
  const [slots, near, align] = [half(4 << 6), half(115), half(16)];
  const reps = [0, 0, 0, 0];
  let [state, to] = [0, 0];
  const literal = () => {
    const before = to ? out[to - 1] : 0;
    const from = 0x300 * (((to & ((1 << lp) - 1)) << lc) + (before >> (8 - lc)));
    let symbol = 1;
    if (state >= 7) {
      for (let match = out[to - reps[0] - 1]; symbol < 256;) {
        const expected = (match >> 7) & 1;
        match <<= 1;
        const b = bit(literals, from + ((1 + expected) << 8) + symbol);
        symbol = (symbol << 1) | b;
        if (expected !== b) break;
      }
    }
    while (symbol < 256) symbol = (symbol << 1) | bit(literals, from + symbol);
    out[to++] = symbol;
    state = state < 4 ? 0 : state < 10 ? state - 3 : state - 6;
  };
  const distance = (long) => {
    const slot = tree(slots, 6, Math.min(long, 3) << 6);
    if (slot < 4) return slot;
    const bits = (slot >> 1) - 1;
    const base = (2 | (slot & 1)) * 2 ** bits;
    if (slot < 14) return base + backwards(near, bits, base - slot);
    return base + direct(bits - 4) * 16 + backwards(align, 4, 0);
  };
  /** Which distance is meant, if one of the last four. Returns whether it is a single byte. */
  const again = (place) => {
    if (!bit(isRep0, state)) {
      if (!bit(isRep0Long, (state << 4) + place)) return true;
    } else {
      const which = !bit(isRep1, state) ? 1 : !bit(isRep2, state) ? 2 : 3;
      reps.unshift(...reps.splice(which, 1));
    }
    return false;
  };
  while (to < size) {
    const place = to & ((1 << pb) - 1);
    if (!bit(isMatch, (state << 4) + place)) {
      literal();
      continue;
    }
    let long;
    if (bit(isRep, state)) {
      if (again(place)) {
        state = state < 7 ? 9 : 11;
        long = 1;
      } else {
        long = length(repeated, place) + 2;
        state = state < 7 ? 8 : 11;
      }
    } else {
      long = length(matched, place);
      state = state < 7 ? 7 : 10;
      reps.pop();
      reps.unshift(distance(long));
      long += 2;
    }
    if (reps[0] >= to || to + long > size) throw new Error('the module in this file is damaged');
    for (; long > 0; long -= 1, to += 1) out[to] = out[to - reps[0] - 1];
  }
  return out;
}
