// Loads the program: one module of each build for all instances, and a fresh one after a crash.
import { explain } from './says.js';

export const base = new URL('.', import.meta.url);
/** The single file has everything in it. */
export const brought = globalThis.secondLeaderAssets;

/** Every element that is on the page. */
export const live = new Set();

// Two builds of one program: `sandbox` for the first picture, and `lab` with the panels, loaded when one is first opened.
let generation = 0;
const modules = new Map();

/** The module of this build. Rejects with a LoadError. */
export function load(name = 'sandbox') {
  const key = name + generation;
  if (!modules.has(key)) {
    const query = generation ? `?generation=${generation}` : '';
    const loading = (brought?.module(generation) ?? import(new URL(`${name}.js${query}`, base)).then(async (module) => {
      await module.default({ module_or_path: new URL(`${name}_bg.wasm`, base) });
      return module;
    })).catch((cause) => { modules.delete(key); throw explain(cause); });
    modules.set(key, loading);
  }
  return modules.get(key);
}

const earlier = globalThis.secondLeaderCrashed; // another copy of this file, with elements of its own
globalThis.secondLeaderCrashed = () => {
  earlier?.();
  generation += 1;
  const cause = new Error('the module panicked');
  console.error(cause); // its stack says where
  for (const element of [...live]) element._crashed(cause.message);
};
document.addEventListener('visibilitychange', () => { for (const element of live) element._seen(); });
