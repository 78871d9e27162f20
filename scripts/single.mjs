// Makes the single file: the page with everything in it, for file://, uploads and sandboxed frames:
//   node scripts/single.mjs dist      (after the site: it takes the built lab module and the element's own files from there)
//   node scripts/single.mjs dist de   in this language: dist/second-leader.de.html, of dist/de.html. The file in English
//                                     brings no other language along; over http it finds one that lies beside it.
// The element's modules are put one after the other in functions of their own; the wasm module is
// packed (LZMA, by xz: a fifth smaller than gzip would make it) and written as text.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, existsSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import path from 'node:path';
import { unpack } from './single/unpack.js';

const [dir = 'dist', locale = ''] = process.argv.slice(2);
const tools = process.env.TOOLS ?? process.env.SECOND_LEADER_TOOLS ?? path.join(homedir(), '.cache/second-leader/tools');
const { parse } = createRequire(path.join(tools, 'node_modules/'))('acorn');
const file = (name) => readFileSync(path.join(dir, name), 'utf8');

/** Stands for `import.meta`: where the element believes its files to be. Nothing is ever fetched from there. */
const META = 'secondLeaderMeta';

/** Every node of a syntax tree. */
function* nodes(tree) {
  if (typeof tree?.type === 'string') yield tree;
  for (const child of Object.values(tree ?? {})) if (child && typeof child === 'object') yield* nodes(child);
}

/** The names a pattern or declaration binds. */
const names = (declaration) => (declaration.id ? [declaration.id.name] : declaration.declarations.map((d) => {
  if (d.id.type !== 'Identifier') throw new Error('only plain names can be exported');
  return d.id.name;
}));

/** A module as the body of a function: what it imports comes from `need`, what it exports is returned. */
function body(name) {
  const source = file(name);
  const tree = parse(source, { ecmaVersion: 'latest', sourceType: 'module' });
  const edits = [];
  const exported = [];
  const imports = [];
  const local = (from) => {
    if (!from.startsWith('./')) throw new Error(`${name} imports ${from}, which is not beside it`);
    imports.push(from.slice(2));
    return `need(${JSON.stringify(from.slice(2))})`;
  };
  for (const node of tree.body) {
    if (node.type === 'ImportDeclaration') {
      const parts = node.specifiers.map((s) => {
        if (s.type === 'ImportNamespaceSpecifier') throw new Error(`${name} imports a whole module`);
        return `${s.type === 'ImportDefaultSpecifier' ? 'default' : s.imported.name}: ${s.local.name}`;
      });
      edits.push([node.start, node.end, `const { ${parts.join(', ')} } = ${local(node.source.value)};`]);
    } else if (node.type === 'ExportNamedDeclaration' && node.declaration) {
      exported.push(...names(node.declaration).map((n) => [n, n]));
      edits.push([node.start, node.declaration.start, '']);
    } else if (node.type === 'ExportNamedDeclaration' && !node.source) {
      exported.push(...node.specifiers.map((s) => [s.exported.name, s.local.name]));
      edits.push([node.start, node.end, '']);
    } else if (/^Export/.test(node.type)) {
      throw new Error(`${name} exports in a way that this does not know: ${node.type}`);
    }
  }
  for (const node of nodes(tree)) {
    if (node.type === 'MetaProperty') edits.push([node.start, node.end, META]);
    else if (node.type === 'ImportExpression' && node.source.type === 'Literal') edits.push([node.start, node.end, `Promise.resolve().then(() => ${local(node.source.value)})`]);
  }
  let text = source;
  for (const [start, end, by] of edits.sort((a, b) => b[0] - a[0])) text = text.slice(0, start) + by + text.slice(end);
  // Getters: an importer sees a name that is bound later.
  const out = exported.map(([as, from]) => `get ${JSON.stringify(as)}() { return ${from}; }`);
  return { text: `(need) => {\n${text}\nreturn { ${out.join(', ')} };\n}`, imports };
}

/** The modules that `entry` needs, by name. */
function reach(entry, found = new Map()) {
  if (found.has(entry)) return found;
  found.set(entry, null);
  const { text, imports } = body(entry);
  found.set(entry, text);
  for (const name of imports) reach(name, found);
  return found;
}

/** Text within a script element: nothing in it may end the element. */
const inside = (text) => text.replace(/<(?=\/script|!--)/gi, '\\x3c');

const modules = reach('second-leader.js');
const glue = body('lab.js').text;
const styles = Object.fromEntries(readdirSync(dir).filter((name) => /^(second-leader|lab)\.css$/.test(name)).map((name) => [name, file(name)]));
const texts = Object.fromEntries(
  [...readdirSync(dir), ...['scenarios', 'lessons'].filter((sub) => existsSync(path.join(dir, sub))).flatMap((sub) => readdirSync(path.join(dir, sub)).map((name) => `${sub}/${name}`))]
    .filter((name) => name.endsWith('.json') && name !== 'scenario.schema.json')
    .map((name) => [name, JSON.stringify(JSON.parse(file(name)))]),
);
if (locale) texts[`locales/${locale}.json`] = JSON.stringify(JSON.parse(file(`locales/${locale}.json`)));
const wasm = readFileSync(path.join(dir, 'lab_bg.wasm'));
const whole = Buffer.concat([wasm, Buffer.from(JSON.stringify({ styles, texts }))]);
const packed = execFileSync('xz', ['--format=lzma', '--lzma1=preset=9e,pb=0,lc=4', '--stdout'], { input: whole, maxBuffer: 1 << 28 });
if (Buffer.compare(Buffer.from(unpack(packed, whole.length)), whole) !== 0) throw new Error('what was packed is not what comes out');
const list = [...modules].map(([name, text]) => `${JSON.stringify(name)}: ${text}`).join(',\n');
const own = (name) => readFileSync(new URL(name, import.meta.url), 'utf8');
const long = `${own('single/unpack.js').replaceAll('export ', '')}
const secondLeaderMeta = { url: /^https?:/.test(location.protocol) ? location.href.replace(/[?#].*$/s, '') : 'https://second-leader.invalid/' };
${own('single/assets.js')
    .replace("'GLUE'", () => glue).replace("'WASM'", () => JSON.stringify(packed.toString('base64'))).replace("'SIZE'", () => whole.length).replace("'TEXT'", () => wasm.length)}
const secondLeaderModules = {
${list}
};
const secondLeaderMade = {};
const secondLeaderNeed = (name) => (secondLeaderMade[name] ??= secondLeaderModules[name](secondLeaderNeed));
Object.assign(globalThis, { secondLeader: secondLeaderNeed('second-leader.js') });`;
const script = execFileSync('terser', ['--module', '--ecma', '2020', '--compress', 'passes=2,ecma=2020', '--mangle'], { input: long, encoding: 'utf8', maxBuffer: 1 << 28 });

// The page itself, without what it would fetch.
let page = file(locale ? `${locale}.html` : 'index.html');
page = page.replace(/^.*<link rel="(?:modulepreload|preload|alternate|canonical|manifest)".*\n/gm, '').replace(/^.*<meta (?:property="og:|name="twitter:).*\n/gm, '');
page = page.replace(/<link rel="icon"[^>]*>/, () => `<link rel="icon" href="data:image/svg+xml;base64,${Buffer.from(file('icon.svg')).toString('base64')}">`);
page = page.replace(/<link rel="stylesheet" href="([^"]+)">/g, (_, name) => `<style>\n${file(name)}</style>`);
page = page.replace(/<!--site-->[^]*?<!--\/site-->\n?/g, '');
page = page.replace(' class="single"', '');
page = page.replace(/ *<script type="module" src="second-leader.js"><\/script>\n/, '');
page = page.replace('</body>', () => `<script type="module">\n${inside(script)}\n</script>\n</body>`);
const left = page.match(/<(?:link|script|img)[^>]+(?:href|src)="(?!data:)[^"]*"/g);
if (left) throw new Error(`the single file would fetch: ${left.join(' ')}`);
writeFileSync(path.join(dir, locale ? `second-leader.${locale}.html` : 'second-leader.html'), page);
