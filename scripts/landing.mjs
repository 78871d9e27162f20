// The page around the sandbox in every language that there is a file for:  node scripts/landing.mjs dist
// Writes dist/de.html and its like. The units are paragraphs, headings, list items and links of lists; tags lose their attributes in the
// keys of a locale's file, and get them back in the same order.
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const BLOCK = /(<(title|h1|h2|p|li|dt)\b[^>]*>)([^]*?)(?=<\/\2>)/g;
const LIST = /<nav\b[^]*?<\/nav>|<div class="cards">[^]*?<\/div>/g;
const LINK = /(<a\b[^>]*>)([^]*?)(?=<\/a>)/g;
const SPOKEN = /( aria-label="|<meta (?:name="description"|property="og:(?:title|description|image:alt)") content=")([^"]*)/g;
/** What a page in another language needs besides: asked for at once, not one after the other. */
const asked = (locale) => [
  ...['api', 'wishes', 'away', 'frames', 'locale', 'panels'].map((name) => `<link rel="modulepreload" href="${name}.js">`),
  `<link rel="preload" href="locales/${locale}.json" as="fetch" crossorigin>`,
];
const OWN = /<a [^>]*lang="[^"]*"[^>]*>[^]*?<\/a>/;

/** A page in this language. Throws when its file lacks a text, and says which. */
export function landing(html, locale, table) {
  const lacks = new Set();
  const say = (english) => {
    const tags = [];
    const key = english.replace(/<(\w+)( [^>]*)?>/g, (tag, name) => { tags.push(tag); return `<${name}>`; }).replace(/\s+/g, ' ').trim();
    if (key.includes('<!--')) throw new Error(`a comment within a text: ${key}`);
    if (!Object.hasOwn(table, key)) lacks.add(key);
    return (table[key] ?? key).replace(/<(\w+)>/g, (tag, name) => {
      const at = tags.findIndex((t) => t.match(/\w+/)[0] === name);
      return at < 0 ? tag : tags.splice(at, 1)[0];
    });
  };
  const put = (_, open, text) => open + say(text);
  const own = new RegExp(`<a href="${locale}\\.html"[^]*?</a>`);
  const page = html
    .replace(own, '<a href="index.html" hreflang="en" lang="en">In English</a>')
    .replace(LIST, (list) => list.replace(LINK, (all, open, text) => (OWN.test(`${open}</a>`) ? all : open + say(text))))
    .replace(BLOCK, (_, open, __, text) => open + say(text))
    .replace(SPOKEN, put)
    .replace('<html lang="en">', `<html lang="${locale}">`)
    .replace(/^( *)<link rel="preload"[^>]*wasm[^>]*>\n/m, (line, space) => `${line}${asked(locale).map((link) => `${space}${link}\n`).join('')}`)
    .replace('<second-leader ', `<second-leader locale="${locale}" `)
    .replace(/<a (?=href="(?:docs\/|course))/g, '<a hreflang="en" ')
    .replace(/(property="og:url" content="[^"]*\/)"/, `$1${locale}.html"`);
  if (lacks.size) throw new Error(`locales/${locale}.json lacks:\n${[...lacks].map((text) => `  ${JSON.stringify(text)}: "",`).join('\n')}`);
  return page;
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const dir = process.argv[2] ?? 'dist';
  const html = readFileSync(path.join(dir, 'index.html'), 'utf8');
  for (const name of readdirSync(path.join(dir, 'locales'))) {
    const locale = path.basename(name, '.json');
    writeFileSync(path.join(dir, `${locale}.html`), landing(html, locale, JSON.parse(readFileSync(path.join(dir, 'locales', name), 'utf8'))));
  }
}
