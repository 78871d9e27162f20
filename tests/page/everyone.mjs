// For everyone: axe in every state, and what axe does not see (looks.mjs): contrast inside SVG, zoom, spacing, target sizes; touch, flashes.
// Not the product of all states, themes and widths: every state once, every theme and width with the states that look different in it.
// Run after `make site`: node tests/page/everyone.mjs [scene,…]. The keyboard and screen readers have keyboard.mjs.
import { PATIENCE, audit, browser, check, on, open, play, seek, site } from './checks.mjs';
import { faults } from './looks.mjs';

const element = (page) => page.locator('second-leader');
const panel = (page) => element(page).locator('section.panel:not([hidden])');
const button = (page, name) => element(page).getByRole('button', { name, exact: true });
const until = (page, condition, arg) => page.waitForFunction(condition, arg, { timeout: PATIENCE });
const PANELS = { inspect: 'Inspect', why: 'Why?', log: 'Log', spacetime: 'Messages', quorum: 'Majorities', charts: 'Charts', runs: 'Runs and compare', report: 'Report', decide: 'Decide', table: 'Table', share: 'Link to this moment', lessons: 'Lessons' };
const MILESTONES = ['maintenanceStart', 'firstLooking', 'secondLeader', 'brokerMoved', 'secondController', 'firstWriteFailed', 'firstDeadLetter', 'detected', 'secondClusterGone', 'dlqEmpty', 'end'];
const SENTENCES = { contrast: 'every word and mark of the pictures stands out', targets: 'every target is large enough or has room', fit: 'nothing is clipped, covered or wider than the window' };

async function show(page, name) {
  await element(page).locator('.tabs').getByRole('button', { name: PANELS[name], exact: true }).click();
  await element(page).locator(`section.panel-${name}`).waitFor();
}

async function sound(page, kind, when) {
  const found = await page.evaluate(faults, kind);
  check(`${SENTENCES[kind]} ${when}`, found.length === 0, found.slice(0, 8).join('\n       '));
}

/** Nothing went wrong, and the page is closed. */
async function done(page, what) {
  check(`nothing was reported as an error ${what}`, page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function run() {
  const page = await open('?autoplay=off&theme=light');
  await audit(page, 'at the start');
  for (const milestone of MILESTONES) {
    await seek(page, milestone);
    await audit(page, `paused at ${milestone}`);
  }
  await button(page, 'Restart').click();
  await audit(page, 'while it plays');
  await done(page, 'at the milestones');
}

async function dialogs() {
  const page = await open('?theme=light&brokers=500', { motion: 'no-preference' });
  await page.getByText('brokers=500 → 30 (1–30)').waitFor();
  await audit(page, 'with a notice');
  await page.goto(`${site.url}?theme=dark`);
  await page.getByText('Which leader is right?').waitFor({ timeout: PATIENCE });
  await audit(page, 'while the question is open');
  await page.keyboard.press('Tab');
  await on(page, (e) => e.shadowRoot.querySelector('.toggle').focus());
  await page.keyboard.press('Escape');
  check('Escape puts the question aside', !(await page.getByText('Which leader is right?').isVisible()));
  for (const name of [/^zk11, /, /^broker 10, /]) {
    await element(page).getByRole('button', { name }).click();
    await element(page).getByRole('dialog').waitFor();
    await audit(page, `with the dialog of ${String(name).slice(2, -4)}`);
    await sound(page, 'fit', `with the dialog of ${String(name).slice(2, -4)}`);
    await page.keyboard.press('Escape');
  }
  await show(page, 'inspect');
  const subjects = await panel(page).getByRole('combobox', { name: 'Look at' }).locator('option').evaluateAll((all) => all.map((o) => o.value));
  const kinds = [...new Map(subjects.map((s) => [s.replace(/\d+/g, ''), s])).values()];
  for (const subject of kinds) {
    await panel(page).getByRole('combobox', { name: 'Look at' }).selectOption(subject);
    await audit(page, `inspecting ${subject}`);
  }
  await panel(page).getByRole('spinbutton', { name: 'or at job' }).fill('300');
  for (const view of ['Variables', 'Trees side by side', 'View as this node']) {
    await panel(page).getByRole('combobox', { name: 'Look at' }).selectOption('zk11');
    await button(page, view).click();
    await audit(page, `inspecting zk11: ${view}`);
  }
  await done(page, 'with dialogs');
}

/** All panels, or some, in one theme and width: what is measured, and axe unless panels.mjs has asked it about them already. */
async function panels(query, options, names, kinds, what, asked = false) {
  const page = await open(`?autoplay=off${query}`, options);
  for (const at of [6.55, 64, 40]) {
    await seek(page, at);
    for (const kind of kinds) await sound(page, kind, `at ${at} s, ${what}`);
  }
  await audit(page, `mid-incident, ${what}`);
  for (const name of names) {
    await show(page, name);
    if (name === 'runs') {
      await button(page, 'Both side by side').click();
      await panel(page).getByRole('heading', { name: /^Differences/ }).waitFor();
    }
    if (!asked || ['decide', 'table', 'share', 'lessons'].includes(name)) await audit(page, `with ${PANELS[name]} open, ${what}`);
    for (const kind of kinds) await sound(page, kind, `with ${PANELS[name]} open, ${what}`);
    if (name === 'runs') await panel(page).getByRole('button', { name: /^Stop comparing/ }).click();
  }
  await done(page, what);
}

async function lessons() {
  const page = await open('?lesson=the-second-leader&theme=light&speed=20', { motion: 'no-preference' });
  const lesson = element(page).getByRole('region', { name: 'Lesson' });
  const seen = new Set();
  for (let i = 0; i < 60; i += 1) {
    await until(page, () => document.querySelector('second-leader').shadowRoot.querySelector('.lesson:not([hidden])')?.querySelector('.options button, [data-act="lessons:go"], #answer') || /The lesson is over/.test(document.querySelector('second-leader').shadowRoot.querySelector('.lesson')?.textContent));
    const text = await lesson.innerText();
    const choices = lesson.locator('.options button');
    const state = /The lesson is over/.test(text) ? 'at its end' : /Not this time/.test(text) ? 'answered wrong' : /Right\. /.test(text) ? 'answered right' : await choices.count() || await lesson.locator('#answer').count() ? 'with a question open' : 'with a text to read';
    if (!seen.has(state)) await audit(page, `in a lesson ${state}`);
    seen.add(state);
    if (state === 'at its end') break;
    if (state === 'with a question open' && await choices.count()) await choices.nth(seen.has('answered wrong') ? 1 : 0).click();
    else if (state === 'with a question open') {
      await lesson.locator('#answer').fill(seen.has('answered wrong') ? '10' : '1');
      await lesson.getByRole('button', { name: 'Answer', exact: true }).click();
    } else await lesson.locator('[data-act="lessons:go"]').click();
    await until(page, () => document.querySelector('second-leader').shadowRoot.activeElement);
    await on(page, (e) => { if (e.paused && /The run goes on/.test(e.shadowRoot.querySelector('.lesson').textContent)) e.play(); });
  }
  check('a lesson was seen in all its states, and never lost the focus', ['with a text to read', 'with a question open', 'at its end'].every((s) => seen.has(s)) && (seen.has('answered wrong') || seen.has('answered right')), [...seen].join());
  await done(page, 'in a lesson');
}

async function covers() {
  const page = await open('?autoplay=off&theme=dark');
  await page.evaluate(async () => {
    const e = document.querySelector('second-leader');
    const heard = new Promise((done) => e.addEventListener('error', done, { once: true }));
    const module = await import('./sandbox.js');
    let again = () => {};
    const host = { emit() {}, arrived() {}, settle() {}, draw() {}, foreign: () => false, translate: (m) => m, now: () => { again(); return 0; } };
    const handle = module.mount(document.createElement('div'), 'autoplay=off\n', host, true, '');
    again = () => handle.reset();
    try { handle.seek('20', 1); handle.travel(); } catch { /* the module is dead */ }
    return heard.then(() => true);
  });
  await element(page).getByRole('alert').waitFor();
  await audit(page, 'after a crash');
  await page.context().close();
  const context = await browser.newContext({ viewport: { width: 400, height: 800 } });
  const broken = await context.newPage();
  await broken.route('**/*_bg.wasm*', (route) => route.fulfill({ status: 404, contentType: 'text/html', body: 'not found' }));
  await broken.goto(site.url);
  await broken.getByRole('button', { name: 'Try again' }).waitFor();
  await audit(broken, 'when the module cannot be loaded');
  await context.close();
}

async function pages() {
  for (const [path, options] of [['', { width: 1280, dark: true }], ['', { width: 320 }], ['course.html', { width: 640 }], ['?view=lesson&autoplay=off', { width: 640 }], ['?view=bare&autoplay=off', { width: 400, dark: true }]]) {
    const page = await open(path, options);
    await audit(page, `on ${path || 'the start page'} at ${options.width} px`);
    await sound(page, 'fit', `on ${path || 'the start page'} at ${options.width} px`);
    if (path === 'course.html') {
      for (const i of [0, 1]) {
        await element(page).nth(i).getByRole('button', { name: 'Log', exact: true }).click();
        await element(page).nth(i).locator('section.panel-log').waitFor();
      }
      await audit(page, 'with the same panel open in two sandboxes');
    }
    await done(page, `on ${path || 'the start page'}`);
  }
  const document = await open('docs/embed.html', { width: 400 });
  for (const name of ['embed', 'teach', 'model', 'fidelity', 'architecture']) {
    await document.goto(`${site.url}docs/${name}.html`);
    await audit(document, `on docs/${name}.html`);
    const about = await document.evaluate(() => [window.document.documentElement.lang, window.document.title, window.document.documentElement.scrollWidth <= innerWidth]);
    check(`docs/${name}.html has a language and a title, and fits a small window`, about[0] === 'en' && about[1].length > 8 && about[2], about.join());
  }
  await done(document, 'on the documents');
}

async function spaced() {
  for (const width of [320, 1280]) {
    const page = await open('?autoplay=off&theme=light', { width });
    await seek(page, 40);
    await on(page, (e) => {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync('* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p { margin-bottom: 2em !important }');
      e.shadowRoot.adoptedStyleSheets = [...e.shadowRoot.adoptedStyleSheets, sheet];
    });
    await sound(page, 'fit', `with wide text at ${width} px`);
    for (const name of ['why', 'charts', 'share', 'lessons']) {
      await show(page, name);
      await sound(page, 'fit', `with wide text and ${PANELS[name]} at ${width} px`);
    }
    await done(page, 'with wide text');
  }
}

async function touch() {
  const page = await open('?autoplay=off&brokers=30&newNodes=20', { width: 400, hasTouch: true, isMobile: true });
  await seek(page, 40);
  await sound(page, 'targets', 'with 23 hosts and 30 brokers at 400 px');
  await element(page).getByRole('button', { name: /^broker 30, / }).tap();
  const dialog = element(page).getByRole('dialog', { name: 'broker 30' });
  await dialog.waitFor();
  const box = await dialog.boundingBox();
  check('a tap on a node opens its dialog, within the window', box.x >= 0 && box.x + box.width <= 400, JSON.stringify(box));
  await dialog.getByRole('button', { name: 'Close' }).tap();
  await page.getByText('Change the incident').tap();
  const slider = element(page).getByRole('slider', { name: 'Retries', exact: true });
  await slider.scrollIntoViewIfNeeded();
  const at = await slider.boundingBox();
  const client = await page.context().newCDPSession(page);
  const finger = (type, x) => client.send('Input.dispatchTouchEvent', { type, touchPoints: type === 'touchEnd' ? [] : [{ x, y: at.y + at.height / 2 }] });
  await finger('touchStart', at.x + at.width * 0.3);
  for (const share of [0.4, 0.6, 0.8, 0.95]) await finger('touchMove', at.x + at.width * share);
  await finger('touchEnd');
  await until(page, () => document.querySelector('second-leader').params.retries >= 8);
  check('a finger drags a slider', true);
  check('and what a mouse would see only while it hovers is there', await on(page, (e) => [...e.shadowRoot.querySelectorAll('.versus')].every((v) => Number(getComputedStyle(v).opacity) >= 0.7)));
  await done(page, 'by touch');
}

/** WCAG 2.3.1: three flashes a second at most. Every frame that the browser shows is looked at, in fields of some 64 px. */
async function flashes(query) {
  const page = await open(`?autoplay=off&${query}`, { motion: 'no-preference' });
  const client = await page.context().newCDPSession(page);
  const frames = [];
  client.on('Page.screencastFrame', ({ data, metadata, sessionId }) => { frames.push([metadata.timestamp, data]); client.send('Page.screencastFrameAck', { sessionId }).catch(() => {}); });
  await client.send('Page.startScreencast', { format: 'jpeg', quality: 60, maxWidth: 640, maxHeight: 450 });
  for (let i = 0; i < 3; i += 1) {
    await on(page, async (e) => { await e.seek(0); e.speed = 600; e.play(); });
    await until(page, () => { const e = document.querySelector('second-leader'); return e.paused && e.currentTime === e.duration; });
  }
  await client.send('Page.stopScreencast');
  const reader = await open('docs/embed.html', { strict: false });
  const worst = await reader.evaluate(async (shots) => {
    const [columns, rows] = [20, 14];
    const canvas = new OffscreenCanvas(columns, rows);
    const pen = canvas.getContext('2d', { willReadFrequently: true });
    const lin = (v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);
    const fields = Array.from({ length: columns * rows }, () => ({ turns: [], top: 0, low: 1, way: 0 }));
    for (const [at, data] of shots) {
      const image = await createImageBitmap(new Blob([Uint8Array.from(atob(data), (c) => c.charCodeAt(0))], { type: 'image/jpeg' }), { resizeWidth: columns, resizeHeight: rows, resizeQuality: 'high' });
      pen.drawImage(image, 0, 0);
      const pixels = pen.getImageData(0, 0, columns, rows).data;
      fields.forEach((f, i) => {
        const light = [0, 1, 2].reduce((sum, c) => sum + lin(pixels[i * 4 + c]) * [0.2126, 0.7152, 0.0722][c], 0);
        const red = lin(pixels[i * 4]) / Math.max(1e-6, lin(pixels[i * 4]) + lin(pixels[i * 4 + 1]) + lin(pixels[i * 4 + 2])) >= 0.8;
        // A turn: a tenth of the whole range up after down or down after up, the darker below 0.8; or to or from saturated red.
        f.top = Math.max(f.top, light);
        f.low = Math.min(f.low, light);
        const turn = (way) => { if (f.way !== way) f.turns.push(at); f.way = way; f.top = f.low = light; };
        if (f.way !== 1 && light - f.low >= 0.1 && f.low < 0.8) turn(1);
        else if (f.way !== -1 && f.top - light >= 0.1 && light < 0.8) turn(-1);
        if (f.red !== undefined && f.red !== red) f.turns.push(at);
        f.red = red;
      });
    }
    // Two turns are a flash. Fields that flash within the same second are one area of so many fields.
    const second = (f, from) => f.turns.filter((t) => t >= from && t < from + 1).length / 2;
    const times = [...new Set(fields.flatMap((f) => f.turns))];
    return Math.max(0, ...times.map((from) => fields.filter((f) => second(f, from) > 3).length));
  }, frames);
  // A quarter of 341 × 256 px is five fields of 64 × 64.
  check(`no area flashes more than three times a second at 600×, ${query} (${frames.length} frames)`, frames.length > 20 && worst <= 5, `${worst} fields of 64 × 64 px`);
  await reader.context().close();
  await done(page, 'at 600×');
}

const ALL = Object.keys(PANELS);
await play([['run', run], ['dialogs', dialogs], ['lessons', lessons], ['covers', covers], ['pages', pages], ['spaced', spaced], ['touch', touch],
  ['light', () => panels('&theme=light', { width: 1280 }, ALL, ['contrast', 'targets', 'fit'], 'light, 1280 px')],
  ['dark', () => panels('&theme=dark', { width: 400 }, ['spacetime', 'quorum', 'charts', 'runs', 'share'], ['contrast', 'fit'], 'dark, 400 px', true)],
  ['contrast', () => panels('&theme=contrast', { width: 640, deviceScaleFactor: 2 }, ['inspect', 'why', 'spacetime', 'charts', 'runs'], ['contrast', 'fit'], 'contrast, 640 px twice as large')],
  ['more', () => panels('', { dark: true, contrast: 'more' }, ['spacetime', 'charts'], ['contrast'], 'more contrast, dark')],
  ['forced', () => panels('', { dark: true, forcedColors: 'active' }, ['spacetime', 'quorum', 'charts'], ['contrast'], 'forced colours, dark')],
  ['forced-light', () => panels('', { forcedColors: 'active' }, ['charts'], ['contrast'], 'forced colours, light')],
  ['tiny', () => panels('&theme=light', { width: 320 }, ALL, ['targets', 'fit'], '320 px', true)],
  ['flashes', () => flashes('theme=light')], ['flashes-dark', () => flashes('theme=dark')],
]);
