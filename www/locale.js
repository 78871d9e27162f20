// Other languages than English. The English texts stand where they are used; a locale is one file, locales/<name>.json, that says what
// each is called. In both, a hole stands for what varies:
// - {} is a number, with its unit if that is one of ms, s, min, %; or several: "1–3, 5", "8 and 9". {2} is the second number of the English text.
// - {A} is one capital letter: the name of an ensemble or a cluster. {WHAT}, or any other word in capitals, stays as it is.
// - {reason}, or any other word, is a text that has an entry of its own.
// {"zk{} waits for {what}": "zk{} wartet auf {what}", "{} host": "{} Host", "{} hosts": "{} Hosts"}: plural forms are entries of their own.
// A text without an entry is cut: lines, " · " and sentences, then, unless it is a sentence, at "; ", ": ", ", " and " / ".
// Names of programs (server.properties, NOT_RUNNING, /controller) and what is in <code> stay as they are.
import { beside } from './says.js';

const ATTRIBUTE = / ([\w-]+)=(?:"([^"]*)"|([^\s">]+))/g;
const SPOKEN = new Set(['aria-label', 'aria-valuetext', 'aria-roledescription', 'title', 'placeholder']);
/** Is not translated: the texts of programs, keys of the keyboard, and what a file says in a language of its own. */
const EXACT = /^<(?:code|kbd|pre|style)\b(?![^]*\/>$)|^<span lang=/;
const NUMBER = /0x[\da-f]+|\d+(?:(?:–|, | and )\d+)+(?![\d\u202f\u00a0]|[.:]\d)|\d+(?:[.:\u202f]\d+)*(?:\u00a0(?:ms|µs|s|min \d+\u00a0s|min|%))?/g;
/** Where one sentence ends and the next begins. Nothing here looks behind itself: Safari has that since 16.4 only, and without it this file
 *  would not load at all. */
const SENTENCE = /([.!?]) (?=[A-Z\d]|zk\d|controller \d)/g;
/** Where a text may be cut that is not in the file as a whole. */
const CUTS = [/(\n)/, /( · )/, SENTENCE, /(; )/, /(: )/, /(, )/, /( \/ )/];
const SENTENCES = 3; // a sentence is not cut further
/** The pieces, and between them what was between them. No piece has two lines when it comes to sentences. */
const pieces = (text, cut) => (cut === SENTENCE ? text.replace(cut, '$1\n').split(/(\n)/).map((part) => (part === '\n' ? ' ' : part)) : text.split(cut));
/** What programs call their things is the same in all languages. */
const NAME = /^(?:[A-Z]\d*|(?=.*(?:[a-z][A-Z]|[A-Z]{2}|[._/]))[\w./-]+)$/;
const LINES = /((?:<text class="?said[^>]*>[^<]*<\/text>)+)/;
/** So many times longer than what a pattern says may a text be: one that says little says nothing about a long text. */
const FAR = 60;
const MOST = 4000; // texts that are remembered, most of them with numbers of this moment

const HOLE = /\{([\w:]*)\}/g;
const words = (text) => /\p{L}/u.test(text.replace(NUMBER, ''));
const plain = (text) => text.replaceAll('\u00a0', ' ');
const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** An entry whose holes are more than numbers, or that has digits of its own: how to find and fill it. Its words are as short as can be,
 *  or else as long. */
function pattern(key) {
  const parts = key.split(HOLE);
  const source = (words) => parts.map((part, i) => {
    if (i % 2 === 0) return literal(part).replaceAll(' ', '[ \\u00a0]');
    return part === '' ? `(${NUMBER.source})` : /^[A-Z]$/.test(part) ? '([A-Z])' : words;
  }).join('');
  const said = parts.filter((_, i) => i % 2 === 0).sort((a, b) => b.length - a.length)[0]; // quick to look for
  return { key, said, holes: parts.filter((_, i) => i % 2), finds: ['(.+?)', '(.+)'].map((words) => new RegExp(`^${source(words)}$`, 's')) };
}

/** What a locale calls each text. */
export class Locale {
  #table;
  #patterns;
  #known = new Map();
  #pieces = new Map();
  /** Texts that the file lacks: what tests and translators ask for. */
  missing = new Set();

  constructor(table) {
    this.#table = table;
    const special = Object.keys(table).filter((key) => /\{[^\d}]|\{\d+[^\d}]/.test(key) || (key.includes('{') && /\d/.test(key)));
    const says = ({ key }) => key.replace(HOLE, '').length;
    this.#patterns = special.map(pattern).sort((a, b) => says(b) - says(a)); // the one that says most comes first
  }

  /** A text in this language; as it is when the file lacks it. */
  text = (english) => {
    const text = String(english);
    if (!words(text)) return this.#spelt(text);
    let found = this.#known.get(text);
    if (found === undefined) {
      if (this.#known.size >= MOST) this.#known.clear();
      if (this.#pieces.size >= MOST) this.#pieces.clear();
      const [, before, core, after] = text.match(/^(\s*)([^]*?)(\s*)$/);
      found = before + this.#put(core, 0) + after;
      this.#known.set(text, found);
    }
    return found;
  };

  /** Markup, as the module writes it, with its texts and its spoken attributes in this language. */
  markup = (english) => {
    let exact = false;
    return english.replace(/<(?:"[^"]*"|[^">])*>|[^<]+/g, (part) => {
      if (part[0] !== '<') return exact ? part : this.text(part);
      exact = EXACT.test(part);
      return part.replace(ATTRIBUTE, (all, name, quoted, bare) => (SPOKEN.has(name) ? ` ${name}="${this.text(quoted ?? bare).replaceAll('"', '”')}"` : all));
    });
  };

  /** A picture as a file, in which one text fills several lines. */
  picture = (svg) => svg.split(LINES).map((part, i) => (i % 2 ? this.#lines(part) : this.markup(part))).join('');

  #lines(markup) {
    const lines = (markup.match(/>[^<]+(?=<)/g) ?? []).map((line) => line.slice(1));
    const words = this.text(lines.join(' ')).split(' ');
    const most = Math.max(...lines.map((line) => line.length), words.join(' ').length / lines.length);
    let left = lines.length;
    return markup.replace(/>[^<]+(?=<)/g, () => {
      left -= 1;
      let line = words.shift() ?? '';
      while (words.length && (!left || line.length + words[0].length < most)) line += ` ${words.shift()}`;
      return `>${line}`;
    });
  }

  /** As a whole, or in pieces. */
  #put(text, from) {
    const whole = this.#find(text);
    if (whole !== null) return whole;
    const sentence = /^\p{Lu}[\p{Ll} ][^]*[.!?]$/u.test(text);
    for (let i = from; i < (sentence ? SENTENCES : CUTS.length); i += 1) {
      const parts = pieces(text, CUTS[i]);
      if (parts.length > 1) return parts.map((part, n) => (n % 2 ? part : this.#put(part, i + 1))).join('');
    }
    this.missing.add(plain(text.replace(NUMBER, '{}')));
    return text;
  }

  /** As a whole; null: there is no entry. Remembered, for one piece is asked for again and again while patterns are tried. */
  #find(text) {
    if (!words(text)) return this.#spelt(text);
    let found = this.#pieces.get(text);
    if (found === undefined) this.#pieces.set(text, found = this.#whole(text));
    return found;
  }

  /** With or without the marks around it. */
  #whole(text) {
    const found = this.#entry(text);
    if (found !== null) return found;
    if (NAME.test(text)) return text;
    const begun = /^\p{Ll}/u.test(text) ? this.#entry(text[0].toUpperCase() + text.slice(1)) : null; // the same, at the beginning of a sentence
    if (begun !== null) return begun;
    const [, before, core, after] = text.match(/^([^\p{L}\p{N}/(]*)([^]*?)([\s.,:;!?…·=]*)$/u);
    const inner = before || after ? this.#find(core) : null;
    return inner === null ? null : before + inner + after;
  }

  #entry(text) {
    const exact = this.#table[plain(text)];
    if (exact !== undefined && !exact.includes('{')) return exact;
    const numbers = text.match(NUMBER) ?? [];
    const found = this.#table[plain(text.replace(NUMBER, '{}'))];
    if (found !== undefined) return this.#fill(found, numbers, {});
    const spaced = plain(text);
    for (const { key, said, holes, finds } of this.#patterns) {
      if (text.length > FAR * said.length || !spaced.includes(said)) continue;
      for (const find of finds) {
        const values = text.match(find)?.slice(1);
        const filled = values && this.#filled(key, holes, values);
        if (filled) return filled;
        if (!values) break;
      }
    }
    return null;
  }

  /** A pattern whose words could be found; null: they cannot. */
  #filled(key, holes, values) {
    const numbers = [];
    const words = {};
    for (const [i, name] of holes.entries()) {
      const value = /^[A-Z]+$/.test(name) ? values[i] : name && this.#find(values[i]);
      if (value === null) return null;
      if (name) words[name] = value;
      else numbers.push(values[i]);
    }
    return this.#fill(this.#table[key], numbers, words);
  }

  #fill(entry, numbers, words) {
    let next = 0;
    return entry.replace(HOLE, (_, name) => words[name] ?? this.#spelt(numbers[name === '' ? next++ : Number(name) - 1] ?? ''));
  }

  /** Numbers as this language writes them. */
  #spelt(text) {
    const mark = this.#table['1.5']?.[1];
    const and = this.#table['1 and 2'];
    const spelt = and && text.includes(' and ') ? text.replaceAll(' and ', and.slice(1, -1)) : text;
    return mark ? spelt.replace(/(\d)\.(?=\d)/g, `$1${mark}`) : spelt;
  }
}

const loading = new Map();

/** The locale of this name; null for English, and when its file is not there. */
export function locale(name) {
  if (!name || name === 'en') return Promise.resolve(null);
  if (!loading.has(name)) loading.set(name, beside(`locales/${name}.json`).then((file) => new Locale(JSON.parse(file)), () => { loading.delete(name); return null; }));
  return loading.get(name);
}
