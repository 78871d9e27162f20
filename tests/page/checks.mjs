// What the page tests share: checks that are sentences, pages that remember what must not happen, audits.
import { axeSource, launch, serve } from './server.mjs';

/** ms that a condition may take on a busy machine. Never what is tested: only a page that hangs takes so long. */
export const PATIENCE = 90_000;
/** ms that a scene may take: what hangs fails, and the others have their turn. */
const SCENE = 600_000;
let passed = 0;
let failed = 0;
const axe = await axeSource();
export const site = await serve({ 'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" });
export const browser = await launch();
const plain = browser.newContext.bind(browser);
browser.newContext = async (options) => {
  const made = await plain(options);
  made.setDefaultTimeout(PATIENCE);
  return made;
};

/** Says whether something holds. */
export function check(sentence, holds, detail = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence}${holds || !detail ? '' : `\n       ${detail}`}`);
}

/** A page that remembers what must not happen: console errors, and requests to other origins. With `clock`, its time is ours. */
export async function open(path, { width = 1280, dark = false, motion = 'reduce', strict = true, clock = false, ...more } = {}) {
  const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme: dark ? 'dark' : 'light', reducedMotion: motion, bypassCSP: !strict, ...more });
  const page = await context.newPage();
  page.troubles = [];
  if (clock) await page.clock.install();
  // axe itself sets inline styles, which the strict policy refuses and reports: that is not the page's doing.
  page.on('console', (m) => { if (!page.auditing && (m.type() === 'error' || m.type() === 'warning')) page.troubles.push(m.text()); });
  page.on('pageerror', (e) => page.troubles.push(String(e)));
  page.on('request', (r) => { if (!r.url().startsWith(site.url) && !/^(data|blob):/.test(r.url())) page.troubles.push(`request to ${r.url()}`); });
  page.on('response', (r) => { if (r.status() >= 400) page.troubles.push(`${r.status()} ${r.url()}`); });
  await page.goto(site.url + path);
  await page.evaluate(async () => {
    // One after the other: each loads when it is seen.
    for (const e of document.querySelectorAll('second-leader')) {
      e.scrollIntoView();
      await e.ready;
    }
  });
  return page;
}

export const on = (page, f, ...args) => page.evaluate(([body, a]) => {
  const element = document.querySelector('second-leader');
  return new Function('e', '...a', `return (${body})(e, ...a)`)(element, ...a);
}, [f.toString(), args]);
export const seek = (page, to) => page.evaluate((at) => document.querySelector('second-leader').seek(at), to);

export async function audit(page, when) {
  page.auditing = true;
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe);
  const result = await page.evaluate(() => window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  page.auditing = false;
  const text = result.violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.target.flat().join(' ')).join(' | ')}`).join('\n       ');
  check(`axe finds nothing ${when}`, result.violations.length === 0, text);
}

/** Plays scenes ([name, function]), or those the command line names, and ends the process; fails if a check did. */
export async function play(scenes) {
  for (const [name, run] of scenes) {
    if (process.argv[2] && !process.argv[2].split(',').includes(name)) continue;
    let timer;
    const late = new Promise((_, fail) => { timer = setTimeout(() => fail(new Error(`nothing came of it in ${SCENE / 60_000} minutes`)), SCENE); });
    try {
      await Promise.race([run(), late]);
    } catch (error) {
      check(`${name} ran to its end`, false, String(error).split('\n').slice(0, 6).join('\n       '));
    } finally {
      clearTimeout(timer);
    }
  }
  await browser.close();
  site.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed ? 1 : 0;
}
