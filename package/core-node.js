// The core in Node.js: the module is read from the file beside this one.
import { readFile } from 'node:fs/promises';
import { core, InvalidInputError } from './core-api.js';

export { InvalidInputError };
export const { simulate, trace, validate, presets, params, engine } = core(() => readFile(new URL('core_bg.wasm', import.meta.url)));
