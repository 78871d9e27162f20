// What <second-leader> says besides its sandbox: the longer texts, and why something could not be done.

/** Something in `setParams` is not legal; `issues` names each field, its value and what is allowed. */
export class InvalidInputError extends Error {
  constructor(found) {
    const issues = found.map((i) => ({ ...i, value: text(i.value).slice(0, 60) })); // somebody else's words, which may be long
    super(issues.map((i) => `${i.field} = ${i.value}: ${i.message}`).join('; '));
    this.name = 'InvalidInputError';
    this.issues = issues;
  }
}

/** The sandbox could not be loaded; `code` says why, the text names the cure. */
export class LoadError extends Error {
  constructor(code, message, cause) {
    super(message, { cause });
    this.name = 'LoadError';
    this.code = code;
  }
}

/** Why loading failed, and the cure. */
export function explain(cause) {
  const text = String(cause?.message ?? cause);
  if (location.protocol === 'file:') return new LoadError('file-protocol', 'Open this page over http: browsers load no modules from files.', cause);
  if (typeof WebAssembly === 'undefined') return new LoadError('unsupported', 'This browser has no WebAssembly.', cause);
  if (/wasm-unsafe-eval|Content Security Policy|\bCSP\b/i.test(text)) return new LoadError('wasm-csp', "The page's content security policy must allow 'wasm-unsafe-eval' in script-src.", cause);
  if (cause?.code) return cause;
  if (new URL(import.meta.url).origin !== location.origin && /fetch|load|import|cors/i.test(text)) return new LoadError('wasm-cors', `The server of ${new URL(import.meta.url).host} must allow this page to load its files (Access-Control-Allow-Origin).`, cause);
  if (/mime/i.test(text)) return new LoadError('wasm-mime', 'The server must send .wasm files as application/wasm.', cause);
  return new LoadError('wasm-fetch', `The sandbox could not be loaded (${text}). Are sandbox.js and sandbox_bg.wasm beside second-leader.js?`, cause);
}

/** Any value as text. */
export const text = (value) => {
  try {
    return String(value);
  } catch {
    return typeof value;
  }
};

const LONGEST = 1000;
/** A pair, as the module reads it. */
export const line = (name, value) => `${name.slice(0, 60).replace(/[=\s]/g, '?') || '?'}=${text(value).slice(0, LONGEST).replace(/[\n\r\t]/g, ' ')}\n`;

/** A parameter's value as text; what can be none is spelt so that the module refuses it, and names the range. */
export const spell = (name, value) => {
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  if (typeof value === 'number' || typeof value === 'string') return text(value);
  if (Array.isArray(value)) return name === 'removed' && value.length < 100 && [...value].every(Number.isInteger) ? text(value) : `[${text(value)}]`;
  return typeof value === 'object' && value ? 'an object' : typeof value === 'bigint' ? `${value}n` : text(value);
};

/** Somebody's object as one of our own: read once, whatever is behind it. Only `known` members may be in it, if they are named. Throws
 * an InvalidInputError. */
export function plain(value, field, known) {
  const bad = (message) => new InvalidInputError([{ field, value: text(value).slice(0, 60), message }]);
  let members;
  try {
    const kind = value !== null && typeof value === 'object' && !Array.isArray(value) && Object.getPrototypeOf(value);
    if (kind === false || (kind && Object.getPrototypeOf(kind))) throw bad('must be a plain object');
    members = Object.entries(value);
  } catch (error) {
    throw error instanceof InvalidInputError ? error : bad(`could not be read: ${text(error)}`);
  }
  if (members.length > 100) throw bad(`has ${members.length} members; at most 100`);
  const unknown = known ? members.filter(([name]) => !known.includes(name)) : [];
  if (unknown.length) throw new InvalidInputError(unknown.map(([name, it]) => ({ field: name || field, value: it, message: `is not an option; known: ${known.join(', ')}` })));
  return Object.fromEntries(members);
}

/** The parameters of an object, as the module reads them. */
export const pairs = (values) => Object.entries(plain(values, 'params')).map(([name, value]) => line(name, spell(name, value))).join('');

/** A list of names, as attributes have it. */
export const listed = (value) => value?.split(',').map((item) => item.trim()).filter((item) => item && item !== 'none');

/** Rows of columns. */
export const table = (rows) => (rows ? rows.trimEnd().split('\n').map((row) => row.split('\t')) : []);

/** What is wrong, as the module tells it: rows of field, value, message. */
export const issuesOf = (rows) => table(rows).map(([field, value, message]) => ({ field, value, message }));

const words = { on: true, off: false };

/** Lines of `name=value` as an object of numbers, booleans and strings. */
export function read(lines) {
  const object = {};
  for (const row of (lines ?? '').split('\n')) {
    const [name, value] = row.split('=');
    if (name) object[name] = value[0] === "'" ? value.slice(1) : words[value] ?? (/^-?[\d.]+$/.test(value) ? Number(value) : value);
  }
  return object;
}

/** The page that a link to a run leads to: this one if it reads its address, otherwise the one beside this file. */
export const pageOf = (element) => (element.hasAttribute('url-parameters') ? location.href.replace(/[?#].*$/s, '') : String(new URL('.', import.meta.url)));

/** A text file that stands beside this one; the single file has them in it. */
export async function beside(name) {
  const brought = globalThis.secondLeaderAssets?.text(name);
  if (brought !== undefined) return brought;
  const answer = await fetch(new URL(name, import.meta.url));
  if (!answer.ok) throw new Error(`${name}: the server answers ${answer.status}`);
  return answer.text();
}

/** The longer texts: fetched once, when the first is shown. Without them the sandbox works, and says less. */
let fetched;
export const texts = () => (fetched ??= beside('words.json').then(JSON.parse).catch(() => ({})));

/** Puts the text of this name into an element, translated by `t`: a sentence, or a list of them. */
export async function tell(element, name, t) {
  if (element.told === name) return;
  element.told = name;
  const found = name.split('/').reduce((at, key) => at?.[key], await texts()) ?? '';
  if (element.told !== name) return;
  if (!Array.isArray(found)) element.textContent = t(found);
  else element.replaceChildren(...found.map((text) => Object.assign(document.createElement('li'), { textContent: t(text) })));
}

// What is said aloud when it changes, wherever it stands.
const HEARD = ['.headline', '.notice li', '.controls .note', '.question:not([hidden]) p', '.oops'];
const PAUSE = 2100;
/** Signs that are read well and spoken badly. */
const SPOKEN = [[/ · /g, ', '], [/(\d)–(\d)/g, '$1 to $2'], [/ \u2060?→ /g, ' becomes '], [/=/g, ' '], [/^Restarted\b/, 'From the start again'], [/\/min\b/g, ' per minute'], [/\/s\b/g, ' per second']];

/** Says things to screen readers: one in two seconds at most. Of what comes sooner, the latest of each kind waits its turn. */
export class Voice {
  #region;
  #waits = new Map();
  #told = new Map();
  #timer = 0;

  constructor(region) {
    this.#region = region;
  }

  say(words, kind = '') {
    this.#waits.delete(kind);
    this.#waits.set(kind, SPOKEN.reduce((text, [sign, word]) => text.replace(sign, word), words));
    this.#timer ||= this.#next();
  }

  /** Says nothing more of what waits. */
  hush() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#waits.clear();
  }

  /** Says what waits longest; then it is quiet for a while. */
  #next() {
    const [first] = this.#waits;
    if (!first) return 0;
    this.#waits.delete(first[0]);
    // The same words again are news only when they are another text.
    this.#region.replaceChildren(first[1] + (this.#region.textContent === first[1] ? '\u00a0' : ''));
    return setTimeout(() => { this.#timer = this.#next(); }, PAUSE);
  }

  /** The page was written: what of it is news? */
  listen(root) {
    for (const selector of HEARD) {
      const words = [...root.querySelectorAll(selector)].map((e) => e.textContent.trim()).filter(Boolean).join('; ');
      const before = this.#told.get(selector) ?? (selector === '.headline' ? words : '');
      this.#told.set(selector, words);
      if (words === before) continue;
      // Whoever searches the page finds what is written there, not this copy of it: an invisible joiner begins each word.
      if (words) this.say(selector === '.headline' ? words : words.replaceAll(' ', ' \u2060'), selector);
      else this.#waits.delete(selector);
    }
  }
}

/** Where it is, and what is there, in a sentence. */
export const now = (root) => ['.time b', '.headline', '.caption span'].map((s) => root.querySelector(s)?.firstChild?.textContent ?? '').join('. ');
