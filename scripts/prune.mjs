// Takes out of the module what the page never runs:  node scripts/prune.mjs sandbox_bg.wasm   (before wasm-opt; it needs names)
// With --formats, for the build with the panels, everything but 3: it reads and writes files, which takes formatting.
// 1. Panics. Each becomes one call that tells the page the module is dead. Their texts are a tenth of the download, and the
//    same seed tells them on the command line. What they would have printed (paths, lines, columns) becomes zeros.
// 2. Parts of Yew that this page cannot reach: it has no listeners of Yew's, no raw HTML, no portal, no suspense, no
//    component within another, and
//    all its elements have the same list of attributes. Should one be reached all the same, the page is told as of a panic,
//    and covers itself.
// 3. The standard library's formatting: our own texts are put together by `words::say`, so only panics use it.
// A pattern of Yew's that finds nothing is an error: a newer Yew or compiler calls it something else now. Of the panics, which
// are there depends on what our code uses.
import { writeFileSync } from 'node:fs';
import { CODE, DATA, leb, open } from './wasm.mjs';

const PANICS = [
  'core::panicking::', 'core::option::(expect|unwrap)_failed', 'core::result::unwrap_failed', 'core::str::slice_error_fail',
  'core::slice::.*(index|mismatch)_fail', 'core::cell::.*panic_', 'core::num::.*panic_', '::(remove|insert|swap_remove)::assert_failed$',
  'capacity_overflow', 'alloc::raw_vec::handle_error', 'handle_alloc_error', 'alloc_error_handler', 'rust_oom',
  'std::panicking::(panic_handler|panic_with_hook|begin_panic_handler)', 'lazy_lock::panic_poisoned', 'ThreadId>::new::exhausted',
  'console_error_panic_hook::hook', 'wasm_bindgen::throw_str', 'wasm_bindgen::__rt::borrow_fail',
];
const FORMATS = [' as core::fmt::(Debug|Display|Write)>::', 'core::fmt::(write|Formatter|Write|Arguments)'];
const UNREACHED = [
  'yew::dom_bundle::subtree_root::SubtreeData::(add_listener|bubble_to_inner_element)', 'yew::dom_bundle::subtree_root::BSubtree::ensure_handled',
  'subtree_root::EventDescriptor as core::clone::Clone>', 'yew::dom_bundle::btag::listeners::(ListenerRegistration::register|Registry::unregister)',
  'Attributes>?::apply_diff_as_maps', 'indexmap::(map|inner)::', 'yew::dom_bundle::braw::', 'yew::dom_bundle::bsuspense::', 'yew::dom_bundle::bportal::',
  'yew::dom_bundle::bcomp::', 'lifecycle::ComponentState::suspend', 'AnyScope::find_parent_scope',
  'BaseSuspense::resume', 'suspension::Suspension as core::clone::Clone>',
];
const CRASHED = /secondLeaderCrashed/; // the import that every pruned function calls
const SOURCE = /(?:\/[\w.\/-]*)?\b(?:src|library)\/[\w\/.-]*?\.rs|\/rust\/deps\/[\w\/.-]*?\.rs/g;

const formats = process.argv.includes('--formats');
const file = process.argv[2];
const module = open(file);
const { wasm, sections, byte, number } = module;

/** The code section in which the functions of these names only say that the module is dead. */
function pruned(called, crashed) {
  const patterns = [...PANICS, ...(formats ? [] : FORMATS), ...UNREACHED].map((pattern) => ({ pattern, regex: new RegExp(pattern), found: 0 }));
  const body = Buffer.from([0, 0x10, ...leb(crashed), 0x00, 0x0b]); // no locals; call, unreachable, end
  const count = module.go(CODE);
  const parts = [Buffer.from(leb(count))];
  for (let i = 0; i < count; i += 1) {
    const size = number();
    const name = called(i);
    const hit = !name.includes('drop_in_place') && patterns.find(({ regex }) => regex.test(name));
    if (hit) hit.found += 1;
    const code = hit ? body : wasm.subarray(module.here(), module.here() + size);
    parts.push(Buffer.from(leb(code.length)), code);
    module.skip(size);
  }
  const needed = [PANICS[0], ...UNREACHED];
  const idle = patterns.filter((p) => !p.found && needed.includes(p.pattern)).map((p) => p.pattern);
  if (idle.length) throw new Error(`nothing is called ${idle.join(', ')}`);
  return Buffer.concat(parts);
}

/** The data section without the places in the source that panics would name: the paths, and who points at them. */
function blanked({ start, end }) {
  const data = Buffer.from(wasm.subarray(start, end));
  const segments = [];
  for (let left = module.go(DATA); left > 0; left -= 1) {
    if (number() !== 0 || byte() !== 0x41) throw new Error('a data segment is not at a constant address');
    const address = number();
    if (byte() !== 0x0b) throw new Error('a data segment is not at a constant address');
    const size = number();
    segments.push({ address, from: module.here() - start, size });
    module.skip(size);
  }
  const paths = new Map();
  for (const { address, from, size } of segments) {
    for (const { 0: path, index } of data.toString('latin1', from, from + size).matchAll(SOURCE)) {
      paths.set(address + index, path.length);
      data.fill(0, from + index, from + index + path.length);
    }
  }
  for (const { address, from, size } of segments) {
    // A place is four words: the path's address and length, the line, the column.
    for (let i = -address & 3; i + 16 <= size; i += 4) {
      if (paths.get(data.readUInt32LE(from + i)) === data.readUInt32LE(from + i + 4)) data.fill(0, from + i, from + i + 16);
    }
  }
  return data;
}

const imported = module.imports();
const crashed = imported.findIndex((name) => CRASHED.test(name));
if (crashed < 0) throw new Error('the import that says that the module is dead is missing');
const known = new Map([...module.names()].map(([i, name]) => [i, name.replace(/\[[0-9a-f]{16}\]/g, '')]));
if (!formats && [...known.values()].some((name) => /\balloc::fmt::format\b/.test(name))) throw new Error('something in the page uses format!, which prints nothing here: use words::say!');
const out = [wasm.subarray(0, 8)];
for (const section of sections) {
  const { id, start, end } = section;
  let body = wasm.subarray(start, end);
  if (id === CODE) body = pruned((i) => known.get(i + imported.length) ?? '', crashed);
  if (id === DATA) body = blanked(section);
  out.push(Buffer.from([id, ...leb(body.length)]), body);
}
writeFileSync(file, Buffer.concat(out));
