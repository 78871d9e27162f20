// The core in a browser, a worker, or any host with fetch: the module is beside this file.
import { core, InvalidInputError } from './core-api.js';

export { InvalidInputError };
export const { simulate, trace, validate, presets, params, engine } = core(async () => {
  const answer = await fetch(new URL('core_bg.wasm', import.meta.url));
  if (!answer.ok) throw new Error(`core_bg.wasm could not be fetched: the server answered ${answer.status}`);
  return answer.arrayBuffer();
});
