// The sandbox in difficult places: policies, sandboxed frames, servers that answer wrongly, no storage. Each check is a sentence.
// Run after a build: node tests/page/hosts.mjs
import { PATIENCE, browser, check, play } from './checks.mjs';
import { host as answering, serve } from './server.mjs';

/** The start page on a server with these headers, with some answers changed. */
async function host(headers, prepare = async () => {}) {
  const site = await serve(headers);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.troubles = [];
  page.base = site.url;
  page.on('pageerror', (e) => page.troubles.push(String(e)));
  await prepare(page, site);
  return { page, site, end: async () => { await context.close(); site.close(); } };
}
/** Whether it got ready, or the code of the LoadError. */
const outcome = (page) => page.evaluate(() => document.querySelector('second-leader').ready.then(() => 'ready', (error) => `${error.name} ${error.code}: ${error.message}`));

async function policies() {
  const strict = await host({ 'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" });
  const refused = [];
  strict.page.on('console', (m) => { if (/Content Security Policy/.test(m.text())) refused.push(m.text()); });
  await strict.page.goto(`${strict.site.url}?autoplay=off&panels=why&view=lesson&theme=contrast`);
  check('a strict policy with wasm-unsafe-eval is enough, for every kind of showing', (await outcome(strict.page)) === 'ready' && refused.length === 0, refused.join('\n       '));
  await strict.end();
  const none = await host({ 'content-security-policy': "default-src 'self'; script-src 'self'; style-src 'self'" });
  await none.page.goto(none.site.url);
  const said = await outcome(none.page);
  check('a policy without it is named, with the cure', said.startsWith('LoadError wasm-csp') && said.includes("'wasm-unsafe-eval'"), said);
  const words = await none.page.evaluate(async () => {
    const { explain } = await import('./says.js');
    const refusals = ['call to WebAssembly.instantiateStreaming() blocked by CSP', "Refused to create a WebAssembly object because 'unsafe-eval' or 'wasm-unsafe-eval' is not an allowed source of script in the following Content Security Policy directive", "Compiling or instantiating WebAssembly module violates the following Content Security policy directive"];
    return refusals.map((text) => explain(new TypeError(text)).code).join();
  });
  check('it is known in the words of Firefox, Safari and Chromium', words === 'wasm-csp,wasm-csp,wasm-csp', words);
  check('and the storyboard stays', await none.page.getByRole('img', { name: /Four pictures/ }).count() === 1 && await none.page.getByRole('alert').isVisible());
  await none.end();
}

/** A frame may be shown before what was written is placed: in a slow browser Yew lets one pass. */
async function unplaced() {
  const { page, end } = await host({});
  await page.goto(`${page.base}?autoplay=off`);
  await outcome(page);
  const seen = await page.evaluate(() => {
    const node = document.querySelector('second-leader').shadowRoot.querySelector('[data-x]');
    const [placed, again] = [getComputedStyle(node).visibility, node.getAttribute('style')];
    node.removeAttribute('style');
    const unplaced = getComputedStyle(node).visibility;
    node.setAttribute('style', again);
    return `${placed} ${unplaced}`;
  });
  check('a node that has no place yet is not shown at a wrong one', seen === 'visible hidden', seen);
  await end();
}

async function servers() {
  const missing = await host({}, (page) => page.route('**/*_bg.wasm*', (route) => route.fulfill({ status: 404, contentType: 'text/html', body: 'not found' })));
  await missing.page.goto(missing.site.url);
  const said = await outcome(missing.page);
  check('a module that is not there is named as such', said.startsWith('LoadError wasm-'), said);
  await missing.page.unroute('**/*_bg.wasm*');
  await missing.page.getByRole('button', { name: 'Try again' }).click();
  await missing.page.waitForFunction(() => document.querySelector('second-leader').params);
  check('and it can be tried again', true);
  await missing.end();
  const typed = await host({}, (page) => page.route('**/*_bg.wasm', async (route) => route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'text/plain' } })));
  await typed.page.goto(typed.site.url);
  const answer = await outcome(typed.page);
  check('a wrong MIME type works all the same, or is named', answer === 'ready' || answer.startsWith('LoadError wasm-mime'), answer);
  await typed.end();
}

async function framed() {
  const { page, site, end } = await host({ 'access-control-allow-origin': '*' }, (page, site) => page.route('**/host.html', (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><iframe sandbox="allow-scripts" src="${site.url}index.html?autoplay=off" width=900 height=600></iframe>` })));
  await page.goto(`${site.url}host.html`);
  const frame = page.frames()[1] ?? await page.waitForEvent('frameattached');
  await frame.waitForFunction(() => document.querySelector('second-leader')?.params);
  const there = await frame.evaluate(async () => {
    const e = document.querySelector('second-leader');
    await e.seek(20);
    let storage = 'there';
    try { storage = typeof localStorage; } catch { storage = 'none'; }
    return { origin, storage, time: e.currentTime, link: await e.link() };
  });
  check('a sandboxed frame without storage works, link and all', there.origin === 'null' && there.storage === 'none' && there.time === 20 && there.link.includes('#s='), JSON.stringify(there).slice(0, 200));
  await frame.getByRole('button', { name: 'Link to this moment' }).click();
  const text = frame.getByRole('textbox', { name: 'Link', exact: true });
  await text.waitFor();
  check('without a clipboard the link can be selected', (await text.inputValue()).includes('#s='));
  await end();
}

/** A page on one server, with this markup; the sandbox's files are on another one. */
async function elsewhere(headers, body) {
  const site = await serve(headers);
  const around = await answering(() => [200, { 'content-type': 'text/html' }, `<!doctype html><html lang=en><title>course</title><link rel=icon href=data:,>${body(site.url)}`]);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.troubles = [];
  page.on('pageerror', (e) => page.troubles.push(String(e)));
  await page.goto(around.url);
  return { page, context, site, end: async () => { await context.close(); site.close(); around.close(); } };
}

async function crossOrigin() {
  // A frame of another origin has its own storage, which browsers may refuse, and no clipboard unless it is allowed one.
  const { page, end } = await elsewhere({}, (url) => `<iframe src="${url}index.html?autoplay=off&panels=share" width=1100 height=800></iframe>`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForFunction(() => document.querySelector('second-leader')?.params);
  const there = await frame.evaluate(async () => {
    for (const name of ['localStorage', 'sessionStorage', 'indexedDB']) Object.defineProperty(globalThis, name, { get() { throw new DOMException('denied', 'SecurityError'); } });
    const e = document.querySelector('second-leader');
    await e.seek('secondLeader');
    return { leaders: e.shadowRoot.querySelectorAll('.peer.leading').length, link: await e.link() };
  });
  check('in a frame of another origin, without storage, the incident plays and links are made', there.leaders === 2 && there.link.includes('#s='), JSON.stringify(there).slice(0, 100));
  await frame.getByRole('button', { name: 'Link to this moment' }).click();
  const link = frame.getByRole('textbox', { name: 'Link', exact: true });
  await link.waitFor();
  check('and without a clipboard the link can be selected there', (await link.inputValue()).includes('#s='));
  check('no errors in a frame of another origin', page.troubles.length === 0, page.troubles.join('\n       '));
  await end();
}

async function withoutCors() {
  // The scripts may be read from there, the module may not: what a CDN does that allows scripts only.
  const site = await serve((file) => (file.endsWith('.wasm') ? {} : { 'access-control-allow-origin': '*' }));
  const course = await answering(() => [200, { 'content-type': 'text/html' }, `<!doctype html><html lang=en><title>course</title><link rel=icon href=data:,><second-leader><p>The story.</p></second-leader><script type=module src="${site.url}second-leader.js"></script>`]);
  const page = await (await browser.newContext()).newPage();
  await page.goto(course.url);
  await page.waitForFunction(() => customElements.get('second-leader'));
  const said = await outcome(page);
  check('a module on a server that does not allow it is named, with the cure', said.startsWith('LoadError wasm-cors') && said.includes('Access-Control-Allow-Origin'), said);
  check('and the story stays there', await page.getByText('The story.').isVisible());
  await page.context().close();
  course.close();
  site.close();
}

async function moved() {
  const { page, end } = await host({});
  await page.goto(`${page.base}?autoplay=off`);
  await outcome(page);
  const found = await page.evaluate(async () => {
    const e = document.querySelector('second-leader');
    await e.act({ do: 'stopNode', node: 'zk2' });
    await e.seek(20);
    const before = JSON.stringify([e.currentTime, e.params, e.metrics]);
    const mount = e.shadowRoot.querySelector('.root');
    document.body.append(document.createElement('div'));
    document.body.lastChild.append(e);
    await new Promise((done) => { setTimeout(done); });
    const kept = before === JSON.stringify([e.currentTime, e.params, e.metrics]) && mount.isConnected;
    await e.seek(25);
    const on = e.currentTime;
    e.remove();
    await new Promise((done) => { setTimeout(done); });
    const gone = e.params;
    document.body.prepend(e);
    e.scrollIntoView();
    await e.ready;
    return { kept, on, gone, again: e.currentTime, params: typeof e.params.brokers };
  });
  check('an element that is moved keeps its run, its time and its page', found.kept && found.on === 25, JSON.stringify(found));
  check('one that stays away is taken down, and begins anew when it comes back', found.gone === null && found.again === 0 && found.params === 'number', JSON.stringify(found));
  check('moving makes no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await end();
}

/** Time goes on by this much, or does not within so many frames. */
const passes = (page) => page.evaluate(async () => {
  const e = document.querySelector('second-leader');
  const [before, frame] = [e.currentTime, () => new Promise((done) => { requestAnimationFrame(done); })];
  for (let i = 0; i < 40; i += 1) await frame();
  return e.currentTime - before;
});

async function unseen() {
  const { page, end } = await host({});
  await page.goto(`${page.base}?autoplay=off`);
  await outcome(page);
  await page.evaluate(() => {
    const e = document.querySelector('second-leader');
    document.body.append(Object.assign(document.createElement('div'), { style: 'height: 9000px' }));
    e.speed = 1;
    e.play();
  });
  check('what is on the screen plays', (await passes(page)) > 0.1);
  const scroll = (to) => page.evaluate(async (to) => {
    scrollTo(0, to);
    const e = document.querySelector('second-leader');
    await new Promise((done) => { new IntersectionObserver((entries, o) => { if (entries.at(-1).isIntersecting === (to === 0)) { o.disconnect(); setTimeout(done, 0); } }, { rootMargin: '200px' }).observe(e); });
  }, to);
  await scroll(8000);
  const still = await passes(page);
  check('what is scrolled away stands still, and is not paused for it', still === 0 && await page.evaluate(() => !document.querySelector('second-leader').paused), `${still}`);
  await scroll(0);
  check('and goes on when it is scrolled back', (await passes(page)) > 0.1);
  // A tab that is really hidden has no frames at all; here the page is told that it is hidden while its frames go on, which is harder.
  const hide = (state) => page.evaluate((state) => {
    Object.defineProperty(document, 'visibilityState', { get: () => state, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);
  await hide('hidden');
  const hidden = await passes(page);
  check('in a hidden tab it stands still', hidden === 0, `${hidden}`);
  check('a seek arrives in a hidden tab all the same', (await page.evaluate(async () => { const e = document.querySelector('second-leader'); await e.seek(30); return e.currentTime; })) === 30);
  await hide('visible');
  await page.evaluate(() => document.querySelector('second-leader').play());
  const on = await passes(page);
  check('and goes on when the tab is shown, without a leap', on > 0.1 && on < 20, `${on}`);
  await end();
}

async function slow() {
  const { page, end } = await host({});
  const client = await page.context().newCDPSession(page);
  await client.send('Network.enable');
  await client.send('Network.emulateNetworkConditions', { offline: false, latency: 200, downloadThroughput: 100_000, uploadThroughput: 100_000 });
  await page.goto(page.base, { waitUntil: 'commit' });
  await page.getByRole('img', { name: /Four pictures/ }).waitFor();
  check('on a slow network the storyboard is read meanwhile', (await page.locator('.storyboard li').count()) === 4 && await page.evaluate(() => !document.querySelector('second-leader').params));
  await client.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
  await page.waitForFunction(() => document.querySelector('second-leader').params, null, { timeout: PATIENCE });
  check('and then it works, and takes its place', await page.evaluate(async () => { const e = document.querySelector('second-leader'); await e.seek(20); return e.currentTime === 20 && !document.querySelector('.storyboard').checkVisibility(); }));
  await end();
}

async function scriptless() {
  const site = await serve();
  const page = await (await browser.newContext({ javaScriptEnabled: false })).newPage();
  await page.goto(site.url);
  const told = await page.locator('.storyboard li').allInnerTexts();
  check('without JavaScript the story is there in four sentences and a picture', told.length === 4 && told.every((t) => /^[A-Z].*\.$/s.test(t.trim())) && await page.getByRole('img', { name: /Four pictures/ }).isVisible(), told.join(' | '));
  await page.context().close();
  site.close();
}

await play(Object.entries({ policies, unplaced, servers, framed, crossOrigin, withoutCors, moved, unseen, slow, scriptless }));
