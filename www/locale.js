// Other languages than English. The English texts stand where they are used; a locale is one file, locales/<name>.json, that says what
// each is called: {"{} of {} hosts": "{} von {} Hosts"}. A hole stands for a number, or whatever else has a digit in it.
import { beside } from './says.js';

const ATTRIBUTES = /( (?:aria-label|aria-valuetext|aria-roledescription|title|placeholder)=)(?:"([^"]*)"|([^\s">]+))/g;
const NUMBER = /\d+(?:[.,]\d+)*/g;
/** Where a text that is not in the file as a whole may be cut. */
const CUTS = [/( · )/, /(\. (?=[A-Z]))/, /(; )/, /(: )/, /(, )/];
const MOST = 4000; // texts that are remembered, most of them with numbers of this moment

/** What a locale calls each text. */
export class Locale {
  #table;
  #known = new Map();
  /** Texts that the file lacks: what tests and translators ask for. */
  missing = new Set();

  constructor(table) {
    this.#table = table;
  }

  /** A text in this language; as it is when the file lacks it. */
  text = (english) => {
    const text = String(english);
    if (!/\p{L}/u.test(text)) return this.#spelt(text);
    let found = this.#known.get(text);
    if (found === undefined) {
      if (this.#known.size >= MOST) this.#known.clear();
      const [, before, core, after] = text.match(/^(\s*)([^]*?)(\s*)$/);
      found = before + this.#find(core, 0) + after;
      this.#known.set(text, found);
    }
    return found;
  };

  /** Markup, as the module writes it, with its texts and its spoken attributes in this language. */
  markup = (english) => english.replace(/<(?:"[^"]*"|[^">])*>|[^<]+/g, (part) => (part[0] === '<'
    ? part.replace(ATTRIBUTES, (_, name, quoted, bare) => `${name}"${this.text(quoted ?? bare).replaceAll('"', '”')}"`)
    : this.text(part)));

  #find(text, from) {
    const whole = this.#entry(text);
    if (whole !== undefined) return whole;
    for (let i = from; i < CUTS.length; i += 1) {
      const parts = text.split(CUTS[i]);
      if (parts.length > 1) return parts.map((part, n) => (n % 2 || !/\p{L}/u.test(part) ? this.#spelt(part) : this.#find(part, i + 1))).join('');
    }
    this.missing.add(text.replace(NUMBER, '{}'));
    return text;
  }

  #entry(text) {
    const exact = this.#table[text];
    if (exact !== undefined) return exact;
    const numbers = text.match(NUMBER) ?? [];
    const pattern = this.#table[text.replace(NUMBER, '{}')];
    if (pattern === undefined) return undefined;
    let next = 0;
    return pattern.replace(/\{(\d*)\}/g, (_, at) => this.#spelt(numbers[at === '' ? next++ : Number(at)] ?? ''));
  }

  /** Numbers as this language writes them. */
  #spelt(text) {
    const mark = this.#table['1.5'];
    return mark ? text.replace(/(?<=\d)\.(?=\d)/g, mark[1]) : text;
  }
}

const loading = new Map();

/** The locale of this name; null for English, and when its file is not there. */
export function locale(name) {
  if (!name || name === 'en') return Promise.resolve(null);
  if (!loading.has(name)) loading.set(name, beside(`locales/${name}.json`).then((file) => new Locale(JSON.parse(file)), () => { loading.delete(name); return null; }));
  return loading.get(name);
}
