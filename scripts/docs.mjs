// Makes pages of the documents that the site links:  node scripts/docs.mjs dist
// As much of Markdown as they use. Links to other documents become links between the pages; a link into the code becomes its name.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const out = path.join(process.argv[2] ?? 'dist', 'docs');
const NAMES = ['ARCHITECTURE', 'EMBED', 'FIDELITY', 'MODEL', 'TEACH'].filter((name) => existsSync(`docs/${name}.md`));
const page = (name) => `${name.toLowerCase()}.html`;
const escape = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
const slug = (text) => text.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '').trim().replaceAll(' ', '-');

/** Where a link leads from a page; "" when only the repository has it. */
function target(href) {
  if (/^(https?:|#)/.test(href)) return href;
  const [, name, hash = ''] = href.match(/^(\w+)\.md(#.*)?$/) ?? [];
  return NAMES.includes(name) ? page(name) + hash : '';
}

/** What stands within a line. */
function inline(text) {
  const kept = [];
  const keep = (html) => `\0${kept.push(html) - 1}\0`;
  let html = text.replace(/(`+)(.+?)\1/g, (_, ticks, code) => keep(`<code>${escape(code)}</code>`));
  html = escape(html)
    .replace(/!\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/\[([^\]]+)\]\(([^)\s]+)\)/g, (_, label, href) => (target(href) ? `<a href="${target(href)}">${label}</a>` : label))
    .replace(/\*\*(.+?)\*\*/g, '<strong>$1</strong>')
    .replace(/(^|[\s(])\*([^*\s][^*]*)\*/g, '$1<em>$2</em>');
  while (/\0/.test(html)) html = html.replace(/\0(\d+)\0/g, (_, i) => kept[i]);
  return html;
}

const cells = (line) => line.replace(/^\||\|$/g, '').split(/(?<!\\)\|/).map((cell) => cell.trim().replaceAll('\\|', '|'));
const row = (line, tag) => `<tr>${cells(line).map((cell) => (cell ? `<${tag}>${inline(cell)}</${tag}>` : '<td></td>')).join('')}</tr>`;

/** The blocks of a document as HTML. */
function blocks(lines) {
  const html = [];
  let i = 0;
  let tables = 0;
  const until = (stop) => {
    const found = [];
    while (i < lines.length && !stop(lines[i])) found.push(lines[i++]);
    return found;
  };
  while (i < lines.length) {
    const line = lines[i];
    const item = line.match(/^(-|\d+\.) +/);
    if (!line.trim()) {
      i += 1;
    } else if (line.startsWith('```')) {
      i += 1;
      html.push(`<pre><code>${escape(until((l) => l.startsWith('```')).join('\n'))}</code></pre>`);
      i += 1;
    } else if (/^#+ /.test(line)) {
      const [, marks, text] = line.match(/^(#+) (.*)$/);
      html.push(`<h${marks.length} id="${slug(text)}">${inline(text)}</h${marks.length}>`);
      i += 1;
    } else if (line.startsWith('|')) {
      const rows = until((l) => !l.startsWith('|'));
      const body = rows.slice(2).map((r) => row(r, 'td')).join('\n');
      const head = cells(rows[0]).some((cell) => cell) ? `<thead>${row(rows[0], 'th')}</thead>` : '';
      html.push(`<div class="wide" role="region" aria-label="Table ${tables += 1}" tabindex="0"><table>${head}<tbody>${body}</tbody></table></div>`);
    } else if (item) {
      const list = /\d/.test(item[1]) ? 'ol' : 'ul';
      const items = [];
      while (i < lines.length && /^(-|\d+\.) /.test(lines[i])) {
        const first = lines[i++].replace(/^(-|\d+\.) +/, '');
        items.push([first, ...until((l) => !/^ +\S/.test(l)).map((l) => l.trim())].join('\n'));
        while (i + 1 < lines.length && !lines[i].trim() && /^(-|\d+\.) /.test(lines[i + 1])) i += 1;
      }
      html.push(`<${list}>${items.map((text) => `<li>${inline(text)}</li>`).join('\n')}</${list}>`);
    } else {
      html.push(`<p>${inline(until((l) => !l.trim() || /^(#+ |```|\||- )/.test(l)).join('\n'))}</p>`);
    }
  }
  return html.join('\n');
}

mkdirSync(out, { recursive: true });
for (const name of NAMES) {
  const lines = readFileSync(`docs/${name}.md`, 'utf8').split('\n');
  const title = lines[0].replace(/^# /, '');
  writeFileSync(path.join(out, page(name)), `<!doctype html>
<html lang="en">
<head>
  <meta charset="utf-8">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <title>${escape(title)} – Second Leader</title>
  <meta name="color-scheme" content="light dark">
  <link rel="icon" type="image/svg+xml" href="../icon.svg">
  <link rel="stylesheet" href="../page.css">
</head>
<body>
  <main class="document">
    <p><a href="../">Second Leader</a></p>
${blocks(lines)}
  </main>
</body>
</html>
`);
}
