// The three artefacts as they are used: the site from a sub-path, the single file from a disk, in frames and without storage, the
// landing page in every width and theme, and hosts that serve it badly. Run after `make artefacts`: node tests/page/artefacts.mjs [scene,…]
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PATIENCE, audit, browser, check, on, open, play, seek, site } from './checks.mjs';
import { host, root } from './server.mjs';

const SINGLE = join(root, 'second-leader.html');

/** A page that counts what it asks the network for, and what goes wrong in it. */
async function bare(options = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  page.troubles = [];
  page.requests = [];
  page.on('console', (m) => { if (m.type() === 'error') page.troubles.push(m.text()); });
  page.on('pageerror', (e) => page.troubles.push(String(e)));
  page.on('request', (r) => { if (!/^(data|about|blob):/.test(r.url())) page.requests.push(r.url()); });
  return page;
}

const TYPES = { html: 'text/html', js: 'text/javascript', css: 'text/css', wasm: 'application/wasm', json: 'application/json', svg: 'image/svg+xml', png: 'image/png' };
const built = async (path, headers = {}) => {
  const name = path.endsWith('/') ? `${path}index.html` : path;
  try {
    return [200, { 'content-type': TYPES[name.split('.').pop()] ?? 'text/plain', ...headers }, await readFile(join(root, name))];
  } catch {
    return [404, { 'content-type': 'text/plain' }, 'not found'];
  }
};

/** The incident, and the panels, in a frame or page that has the element. */
async function plays(frame, where) {
  const found = await frame.evaluate(async () => {
    const e = document.querySelector('second-leader');
    e.scrollIntoView();
    await e.ready;
    await e.seek('firstDeadLetter');
    return [e.shadowRoot.querySelectorAll('.peer.leading').length, e.metrics.deadLettered, e.shadowRoot.querySelector('.headline').textContent];
  });
  check(`${where}: the incident plays to its first dead letter, with two leaders`, found[0] === 2 && found[1] === 1 && /2 leaders/.test(found[2]), found.join(' '));
  for (const name of ['Why?', 'Charts', 'Inspect']) {
    await frame.locator('second-leader').getByRole('button', { name, exact: true }).click();
    await frame.locator('second-leader').getByRole('region', { name, exact: true }).waitFor({ timeout: PATIENCE });
  }
  check(`${where}: the panels open`, true);
  const help = await frame.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.field[data-key=joinRate]')?.title, null, { timeout: PATIENCE }).then((h) => h.jsonValue());
  check(`${where}: the longer texts are there`, help.length > 20, help);
}

async function disk() {
  const page = await bare();
  await page.goto(pathToFileURL(SINGLE).href);
  await plays(page, 'from a disk');
  check('from a disk: nothing but the file itself is asked for', page.requests.length === 1, page.requests.join(' '));
  check('from a disk: no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

/** The file in German: nothing of it is in English, and nothing is fetched. */
async function german() {
  const page = await bare();
  await page.goto(pathToFileURL(SINGLE.replace('.html', '.de.html')).href);
  await seek(page, 45);
  const found = await on(page, (e) => ({ lang: [document.documentElement.lang, e.shadowRoot.querySelector('.mount').lang].join(), words: e.shadowRoot.querySelector('.headline').textContent, intro: document.querySelector('.lead').textContent, help: e.shadowRoot.querySelector('.field[data-key=joinRate] label').textContent }));
  check('the file in German speaks German', found.lang === 'de,de' && found.words === '2 Leader · 2 Controller' && /^Am 9\. Oktober 2020/.test(found.intro) && found.help === 'Beitrittsrate', JSON.stringify(found));
  check('and asks for nothing but itself', page.requests.length === 1 && page.troubles.length === 0, [...page.requests, ...page.troubles].join(' '));
  await page.context().close();
}

async function framed() {
  const text = await readFile(SINGLE, 'utf8');
  for (const way of ['src', 'srcdoc']) {
    const server = await host((path) => (path === '/second-leader.html' ? [200, { 'content-type': 'text/html' }, text] : [200, { 'content-type': 'text/html' }, '<!doctype html><title>course</title><body></body>']));
    const page = await bare();
    await page.goto(server.url);
    const where = `in a sandboxed frame by ${way}`;
    await page.evaluate(([way, text]) => {
      const frame = Object.assign(document.createElement('iframe'), { width: 1200, height: 850, title: 'sandbox', sandbox: 'allow-scripts' });
      if (way === 'src') frame.src = 'second-leader.html';
      else frame.srcdoc = text;
      document.body.append(frame);
    }, [way, text]);
    const frame = await (await page.waitForSelector('iframe')).contentFrame();
    await frame.waitForSelector('second-leader');
    check(`${where}: it has neither storage nor an origin`, await frame.evaluate(() => { try { return !localStorage; } catch { return self.origin === 'null'; } }));
    await plays(frame, where);
    const asked = page.requests.filter((url) => !/\/(second-leader.html|favicon.ico)?$/.test(url));
    check(`${where}: it asks for nothing else`, asked.length === 0, asked.join(' '));
    check(`${where}: no errors`, page.troubles.filter((t) => !/favicon/.test(t)).length === 0, page.troubles.join('\n       '));
    await page.context().close();
    server.close();
  }
}

async function reloads() {
  const page = await bare();
  await page.goto(`${pathToFileURL(SINGLE).href}?scenario=patient&theme=dark`);
  await on(page, (e) => e.ready);
  check('the single file reads its address as the site does', (await on(page, (e) => e.scenario)) === 'patient');
  await page.evaluate(() => globalThis.secondLeaderCrashed());
  await page.locator('second-leader').getByRole('button', { name: 'Reload' }).click();
  await seek(page, 20);
  check('after a crash it comes back from what is in the file', (await on(page, (e) => e.currentTime)) === 20);
  await page.context().close();
}

async function subpath() {
  const server = await host((path) => (path.startsWith('/courses/kafka/week3/') ? built(path.slice('/courses/kafka/week3'.length)) : [404, {}, '']));
  const page = await bare();
  await page.goto(`${server.url}courses/kafka/week3/`);
  await plays(page, 'from a sub-path');
  check('from a sub-path: nothing is asked for elsewhere', page.requests.every((url) => url.startsWith(`${server.url}courses/kafka/week3/`)), page.requests.join(' '));
  check('from a sub-path: no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
  server.close();
}

/** Hosts that get something wrong say so, and the story stays. */
async function badHosts() {
  const cases = [
    ['the module is missing', (path) => (path.endsWith('sandbox_bg.wasm') ? [404, { 'content-type': 'text/plain' }, 'no'] : built(path)), /^wasm-/, /sandbox_bg\.wasm|could not be loaded/],
    ['the policy forbids WebAssembly', (path) => built(path, { 'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self'" }), /^wasm-csp$/, /wasm-unsafe-eval/],
  ];
  for (const [what, answer, code, cure] of cases) {
    const server = await host(answer);
    const page = await bare();
    await page.goto(server.url);
    const error = await on(page, (e) => e.ready.then(() => ({ code: 'none' }), (error) => ({ code: error.code, text: error.message })));
    check(`when ${what}, the error says which it is`, code.test(error.code), JSON.stringify(error));
    check(`when ${what}, the text names the cure`, cure.test(error.text ?? ''), error.text);
    check(`when ${what}, the story stays`, await page.getByRole('img', { name: /Four pictures/ }).isVisible() && await page.locator('.storyboard li').count() === 4);
    await page.context().close();
    server.close();
  }
  const server = await host((path) => (path.endsWith('.wasm') ? built(path, { 'content-type': 'text/plain' }) : built(path)));
  const page = await bare();
  await page.goto(server.url);
  await seek(page, 20);
  check('with a wrong type for the module it works all the same', (await on(page, (e) => e.currentTime)) === 20);
  await page.context().close();
  server.close();
}

async function thirty() {
  const server = await host((path) => (path === '/thirty.html'
    ? [200, { 'content-type': 'text/html' }, `<!doctype html><html lang=en><title>thirty</title><script type=module src=second-leader.js></script>${'<div style="min-height:1000px"><second-leader autoplay=off></second-leader></div>'.repeat(30)}`]
    : built(path)));
  const page = await bare();
  await page.goto(`${server.url}thirty.html`);
  const first = await page.evaluate(async () => { const all = [...document.querySelectorAll('second-leader')]; await all[0].ready; return all.filter((e) => e.params).length; });
  check('of thirty sandboxes on a page only those near the window are started', first >= 1 && first <= 6, `${first}`);
  const times = await page.evaluate(async () => {
    const all = [...document.querySelectorAll('second-leader')];
    for (const [i, e] of all.entries()) await e.seek(i + 1);
    return all.map((e) => e.currentTime);
  });
  check('and all thirty can be used, each by itself', times.every((t, i) => t === i + 1), times.join(' '));
  check('the module was fetched once', page.requests.filter((url) => url.endsWith('sandbox_bg.wasm')).length === 1);
  check('thirty: no errors', page.troubles.filter((t) => !/favicon|404/.test(t)).length === 0, page.troubles.join('\n       '));
  await page.context().close();
  server.close();
}

async function landing() {
  for (const [width, dark] of [[1600, false], [1280, true], [400, false], [400, true], [320, false]]) {
    const here = `at ${width} px, ${dark ? 'dark' : 'light'}`;
    const page = await open('', { width, dark });
    check(`the landing page is not wider than the window, ${here}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await audit(page, `on the landing page, ${here}`);
    check(`the landing page reports no error, ${here}`, page.troubles.length === 0, page.troubles.join('\n       '));
    await page.context().close();
  }
  const page = await open('');
  const broken = await page.evaluate(() => [...document.querySelectorAll('a[href^="#"]')].filter((a) => !document.getElementById(a.hash.slice(1))).map((a) => a.hash));
  check('every link within the page leads somewhere', broken.length === 0, broken.join(' '));
  const files = await page.evaluate(() => [...document.querySelectorAll('a[href], link[href]')].map((a) => a.href).filter((url) => url.startsWith(location.origin)).map((url) => url.replace(/[?#].*/, '')));
  const missing = [];
  for (const url of new Set(files)) if (!(await page.request.get(url)).ok()) missing.push(url);
  check('every file that the page links is there', missing.length === 0, missing.join(' '));
  const card = await page.evaluate(() => Object.fromEntries([...document.querySelectorAll('meta[property^="og:"], meta[name^="twitter:"]')].map((m) => [m.getAttribute('property') ?? m.name, m.content])));
  check('the page has a card', card['og:title'] && card['og:description'] && card['og:image:alt'] && card['twitter:card'] === 'summary_large_image', JSON.stringify(card));
  const picture = await readFile(join(root, card['og:image'].split('/').pop()));
  check('its picture is 1200 by 630, and at most 120 kB', picture.readUInt32BE(16) === 1200 && picture.readUInt32BE(20) === 630 && picture.length <= 120_000, `${picture.length}`);
  await page.context().close();
}

/** The page around it in German: every link has its twin, and leads to what speaks German. */
async function landingInGerman() {
  for (const width of [1280, 320]) {
    const page = await open('de.html', { width });
    const here = `in German, at ${width} px`;
    const found = await page.evaluate(() => ({ lang: document.documentElement.lang, inside: document.querySelector('second-leader').shadowRoot.querySelector('.mount').lang, titles: [...document.querySelectorAll('h2')].map((h) => h.textContent).join(), wide: document.documentElement.scrollWidth > innerWidth }));
    check(`the landing page says that it is German, ${here}`, found.lang === 'de' && found.inside === 'de' && found.titles.startsWith('Lektionen,Zum Ausprobieren,'), JSON.stringify(found));
    check(`it is not wider than the window, ${here}`, !found.wide);
    await audit(page, `on the landing page ${here}`);
    check(`it reports no error, ${here}`, page.troubles.length === 0, page.troubles.join('\n       '));
    if (width === 1280) {
      const links = (at) => at.evaluate(() => [...document.querySelectorAll('main > :not(second-leader) a')].map((a) => a.getAttribute('href')).join());
      const german = await links(page);
      await page.getByRole('link', { name: 'In English' }).click();
      await page.getByRole('link', { name: 'Auf Deutsch', exact: true }).first().waitFor();
      check('the page in English has the same links, and one back', (await links(page)).replace('de.html', 'index.html') === german, german);
      await page.getByRole('link', { name: 'Auf Deutsch', exact: true }).first().click();
      await page.getByRole('link', { name: /^Vier Wege/ }).click();
      await page.locator('second-leader').locator('.lesson').getByRole('heading').first().waitFor();
      check('a lesson that begins there speaks German', await on(page, (e) => e.shadowRoot.querySelector('.mount').lang === 'de' && /Lektion verlassen/.test(e.shadowRoot.querySelector('.lesson').textContent)));
    }
    await page.context().close();
  }
}

async function lessons() {
  const names = (await readdir(join(root, 'lessons'))).map((name) => name.replace('.json', ''));
  for (const address of [site.url, pathToFileURL(SINGLE).href]) {
    const page = await bare();
    await page.goto(address);
    const linked = await page.locator('#lessons .cards a').evaluateAll((all) => all.map((a) => new URLSearchParams(a.search).get('lesson')));
    check(`every shipped lesson is linked from the page (${new URL(address).protocol})`, [...linked].sort().join() === [...names].sort().join(), linked.join());
    await page.locator('#lessons .cards a').first().click();
    await page.locator('second-leader').locator('.lesson').getByRole('heading').first().waitFor({ timeout: PATIENCE });
    check(`and its link begins it (${new URL(address).protocol})`, /healthy cluster/i.test(await page.locator('second-leader').locator('.lesson').innerText()));
    check(`without an error (${new URL(address).protocol})`, page.troubles.length === 0, page.troubles.join('\n       '));
    await page.context().close();
  }
}

async function documents() {
  const names = (await readdir(join(root, 'docs'))).filter((name) => name.endsWith('.html'));
  for (const name of names) {
    const page = await open(`docs/${name}`, { width: 400 });
    await audit(page, `on docs/${name}`);
    const dead = [];
    for (const href of new Set(await page.evaluate(() => [...document.querySelectorAll('a[href]')].map((a) => a.href).filter((url) => url.startsWith(location.origin))))) {
      const [file, hash] = href.split('#');
      const answer = await page.request.get(file);
      if (!answer.ok() || (hash && !(await answer.text()).includes(`id="${decodeURIComponent(hash)}"`))) dead.push(href);
    }
    check(`every link on docs/${name} leads somewhere`, dead.length === 0, dead.join(' '));
    check(`docs/${name} is not wider than the window`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    await page.context().close();
  }
}

async function withoutScript() {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  for (const address of [site.url, pathToFileURL(SINGLE).href]) {
    await page.goto(address);
    const told = await page.locator('main').innerText();
    check(`without JavaScript the page tells what happened and that nothing was lost (${new URL(address).protocol})`, /October 2020/.test(told) && /no job was lost/i.test(told) && await page.getByRole('img', { name: /Four pictures/ }).isVisible());
  }
  await context.close();
}

await play([['disk', disk], ['german', german], ['framed', framed], ['reloads', reloads], ['subpath', subpath], ['badHosts', badHosts], ['thirty', thirty], ['landing', landing], ['landingInGerman', landingInGerman], ['lessons', lessons], ['documents', documents], ['withoutScript', withoutScript]]);
