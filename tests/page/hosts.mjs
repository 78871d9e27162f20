// The sandbox in difficult places: policies, sandboxed frames, servers that answer wrongly, no storage. Each check is a sentence.
// Run after a build: node tests/page/hosts.mjs
import { launch, serve } from './server.mjs';

let [passed, failed] = [0, 0];
function check(sentence, holds, detail = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${sentence}${holds || !detail ? '' : `\n       ${detail}`}`);
}
const browser = await launch();

/** The start page on a server with these headers, with some answers changed. */
async function host(headers, prepare = async () => {}) {
  const site = await serve(headers);
  const context = await browser.newContext({ reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.troubles = [];
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
  check('and the storyboard stays', await none.page.getByRole('img', { name: /Four pictures/ }).count() === 1 && await none.page.getByRole('alert').isVisible());
  await none.end();
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

for (const [name, run] of Object.entries({ policies, servers, framed })) {
  if (process.argv[2] && !process.argv[2].split(',').includes(name)) continue;
  try {
    await run();
  } catch (error) {
    check(`${name} ran to its end`, false, String(error).split('\n').slice(0, 6).join('\n       '));
  }
}
await browser.close();
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
