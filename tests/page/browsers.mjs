// The sandbox in other browsers than Chromium: whatever of Chromium, Firefox and WebKit (the engine of Safari) is installed here.
// Each check is a sentence. Run after `make artefacts`: node tests/page/browsers.mjs [chromium,firefox,webkit]
// Other programs, such as older ones: FIREFOX=…, CHROMIUM=… with CHROMEDRIVER=…, WEBKIT_DRIVER=…; then some scenes: … webkit panels,file
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { BROWSERS, lacks, open } from './drivers.mjs';
import { host, root } from './server.mjs';

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.json': 'application/json', '.svg': 'image/svg+xml', '.png': 'image/png' };
const POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' blob:";
const WITHOUT = POLICY.replace(" 'wasm-unsafe-eval'", '');
/** Remembers what must not happen. Firefox's own number fields have pictures that a policy refuses, and some WebKits tell when sizes settle
 * a frame later: neither is the page's doing. */
const EARS = `globalThis.heard = [];
addEventListener('error', (e) => /ResizeObserver loop/.test(e.message) || heard.push(e.message || e.detail?.message || 'not loaded: ' + (e.target.src || e.target.href)), true);
addEventListener('unhandledrejection', (e) => heard.push('unhandled: ' + e.reason));
addEventListener('securitypolicyviolation', (e) => { if (e.blockedURI !== 'data') heard.push('policy: ' + e.violatedDirective + ' ' + e.blockedURI); });
for (const kind of ['error', 'warn']) { const say = console[kind]; console[kind] = (...words) => { heard.push(words.join(' ')); say.apply(console, words); }; }`;
const AROUND = `<!doctype html><html lang="en"><head><title>course</title><script src="ears.js"></script></head><body style="margin:0">`;

/** The site under a strict policy, with ears in each page, and pages that frame it. */
const serve = (policy) => host(async (path) => {
  const name = normalize(decodeURIComponent(path.endsWith('/') ? `${path}index.html` : path));
  if (name === '/ears.js') return [200, { 'content-type': TYPES['.js'] }, EARS];
  if (name === '/around.html') return [200, { 'content-type': TYPES['.html'] }, AROUND];
  try {
    const body = await readFile(join(root, name));
    return [200, { 'content-type': TYPES[extname(name)] ?? 'text/plain', 'content-security-policy': policy }, extname(name) === '.html' ? String(body).replace('<head>', '<head><script src="/ears.js"></script>') : body];
  } catch {
    return [404, { 'content-type': 'text/plain' }, 'not found'];
  }
});

let [passed, failed] = [0, 0];
let [page, site] = [null, null];

function check(sentence, holds, detail = '') {
  if (holds) passed += 1;
  else failed += 1;
  console.log(`${holds ? 'ok  ' : 'FAIL'} ${page.name} ${page.version}: ${sentence}${holds ? '' : `\n       ${typeof detail === 'string' ? detail : JSON.stringify(detail)}`}`);
}

/** Goes there and waits until the element shows its first picture. */
async function visit(address, from = site.url) {
  await page.go(from + address);
  await page.run(async () => {
    await customElements.whenDefined('second-leader');
    const e = document.querySelector('second-leader');
    e.scrollIntoView();
    await e.ready;
  });
}

/** Where something inside the element is, in the window: its middle. */
const place = (selector) => page.run((s) => {
  const found = document.querySelector('second-leader').shadowRoot.querySelector(s);
  found.scrollIntoView({ block: 'center' });
  const { x, y, width, height } = found.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}, selector);
const click = async (selector) => page.click(...await place(selector));

/** What the whole run of the incident is, by Node.js: the digest of its events. */
async function digest() {
  const lab = await import(pathToFileURL(join(root, 'lab.js')));
  await lab.default({ module_or_path: await readFile(join(root, 'lab_bg.wasm')) });
  const trial = new lab.Trial(JSON.stringify({ schemaVersion: 1, base: 'the-incident' }), '', 60);
  while (!trial.work());
  return JSON.parse(trial.result()).traceHash;
}
const hash = await digest();

async function incident() {
  await visit('?autoplay=off&motion=reduced');
  const found = await page.run(async () => {
    const e = document.querySelector('second-leader');
    const { simulate } = await import('./second-leader.js');
    const { traceHash } = await simulate('the-incident', { until: 60 });
    await e.seek(20);
    const root = e.shadowRoot;
    const leaders = [...root.querySelectorAll('.peer.leading')].map((g) => g.dataset.node).join();
    const stage = root.querySelector('.stage:not(.ground)').getBoundingClientRect();
    const astray = [...root.querySelectorAll('.stage [data-x]')].filter((g) => {
      const box = g.getBoundingClientRect();
      const [dx, dy] = [stage.x + Number(g.dataset.x) - box.x, stage.y + Number(g.dataset.y) - box.y]; // from its corner to where it is put
      return !box.width || dx < -1 || dx > box.width + 1 || dy < -1 || dy > box.height + 1;
    }).map((g) => g.dataset.node);
    const canvas = root.querySelector('canvas');
    const dots = () => canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
    for (let frames = 0; frames < 300 && !dots(); frames += 1) await new Promise(requestAnimationFrame);
    const early = [leaders, root.querySelector('.headline').textContent, astray, dots()];
    await e.seek('end');
    return { traceHash, early, phase: e.phase, lost: e.metrics.lost, left: e.ledger.deadLettered, time: e.currentTime === e.duration };
  });
  check('the incident is the very same run, event for event', found.traceHash === hash, `${found.traceHash} instead of ${hash}`);
  check('at 20 s two leaders are crowned, and it says so', found.early[0] === 'zk3,zk11' && /^2 leaders/.test(found.early[1]), found.early);
  check('every node stands where the stage has it, and messages are drawn', found.early[2].length === 0 && found.early[3], found.early);
  check('it plays to its end, where nothing is lost and nothing waits', found.phase === 'recovered' && found.lost === 0 && found.left === 0 && found.time, found);
}

async function playing() {
  await visit('?autoplay=off');
  await click('.toggle');
  const went = await page.until(() => document.querySelector('second-leader').currentTime > 1 && document.querySelector('second-leader').currentTime);
  await click('.toggle');
  check('a click plays it, and time passes', went > 1 && await page.run(() => document.querySelector('second-leader').paused));
  // Yew may let a frame pass between what it writes and what places it: nothing may be seen at the wrong place meanwhile.
  const astray = await page.run(async () => {
    const { shadowRoot } = document.querySelector('second-leader');
    let [found, over] = [0, false];
    const look = () => {
      for (const node of shadowRoot.querySelectorAll('.mount [data-x]')) if (!node.style.transform && getComputedStyle(node).visibility === 'visible') found += 1;
      if (!over) requestAnimationFrame(() => { const { port1, port2 } = new MessageChannel(); port1.onmessage = look; port2.postMessage(0); });
    };
    look();
    shadowRoot.querySelector('[data-lab=log]').click();
    while (!shadowRoot.querySelector('.panel-log')) await new Promise(requestAnimationFrame);
    for (let frames = 0; frames < 5; frames += 1) await new Promise(requestAnimationFrame);
    over = true;
    return found;
  });
  check('while the build with the panels takes over, nothing is shown at a wrong place', astray === 0, `${astray} nodes`);
}

async function panels() {
  await visit('?autoplay=off&motion=reduced');
  const empty = await page.run(async () => {
    const e = document.querySelector('second-leader');
    await e.seek(45);
    const found = [];
    for (const { dataset: { lab } } of [...e.shadowRoot.querySelectorAll('.tabs [data-lab]')]) {
      const button = () => e.shadowRoot.querySelector(`.tabs [data-lab=${lab}]`);
      button().click();
      let panel;
      for (const end = performance.now() + 20_000; performance.now() < end; await new Promise(requestAnimationFrame)) {
        panel = e.shadowRoot.querySelector(`.panel-${lab}`);
        if (panel && panel.textContent.length > 100 && !/being simulated/.test(panel.textContent)) break;
      }
      if (!(panel?.getBoundingClientRect().height > 50) || panel.textContent.length < 100) found.push(lab);
      button().click();
    }
    return [e.shadowRoot.querySelectorAll('.tabs [data-lab]').length, ...found];
  });
  check('all twelve panels open, and something is in them', empty[0] === 12 && empty.length === 1, empty);
  const pictures = await page.run(async () => {
    const e = document.querySelector('second-leader');
    const [svg, png] = [await e.exportImage('svg'), await e.exportImage('png', { width: 900, scale: 2 })];
    const image = await createImageBitmap(png);
    const [, wide] = svg.match(/^<svg [^>]*\bwidth="?(\d+)/) ?? [];
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    canvas.getContext('2d').drawImage(image, 0, 0);
    const colours = new Set(new Uint32Array(canvas.getContext('2d').getImageData(0, 0, image.width, image.height).data.buffer));
    return { wide: Number(wide), type: png.type, width: image.width, colours: colours.size };
  });
  check('the stage becomes a file, as SVG and as PNG with all its colours', pictures.wide >= 900 && pictures.type === 'image/png' && pictures.width === 2 * pictures.wide && pictures.colours > 100, pictures);
  const shared = await page.run(async () => {
    const e = document.querySelector('second-leader');
    e.shadowRoot.querySelector('.tabs [data-lab=share]').click();
    const find = async (selector) => { for (;;) { const found = e.shadowRoot.querySelector(selector); if (found) return found; await new Promise(requestAnimationFrame); } };
    const texts = [...(await find('.panel-share')).querySelectorAll('textarea')].map((t) => t.value || t.textContent);
    [...e.shadowRoot.querySelectorAll('.panel-share button')].find((b) => b.textContent === 'Preview').click();
    const preview = await find('.preview second-leader');
    preview.scrollIntoView();
    await preview.ready;
    await new Promise(requestAnimationFrame);
    return [texts.some((t) => t.includes('#s=')), texts.some((t) => t.startsWith('<iframe')), preview.currentTime];
  });
  check('sharing writes a link and a frame, and its preview shows this very moment', shared[0] && shared[1] && shared[2] === 45, shared);
}

async function hands() {
  await visit('?autoplay=off&motion=reduced');
  await page.run(() => document.querySelector('second-leader').seek(20));
  const state = () => page.run(() => {
    const e = document.querySelector('second-leader');
    const { shadowRoot: r } = e;
    return { time: e.currentTime, popover: r.querySelector('.popover h3')?.textContent, help: Boolean(r.querySelector('dialog[open]')), focus: r.activeElement?.closest('[data-node]')?.dataset.node ?? r.activeElement?.className ?? r.activeElement?.tagName };
  });
  await click('[data-node=zk1] [role=button]');
  await page.until(() => document.querySelector('second-leader').shadowRoot.querySelector('.popover'));
  const shown = await state();
  await page.press('Escape');
  await page.until(() => !document.querySelector('second-leader').shadowRoot.querySelector('.popover'));
  const back = await state();
  check('a click on a host tells what it holds; Escape goes back to it', shown.popover?.startsWith('zk1') && back.focus === 'zk1', [shown, back]);
  await page.press('ArrowRight');
  await page.until(() => document.querySelector('second-leader').currentTime === 25);
  await page.press('ArrowLeft');
  await page.until(() => document.querySelector('second-leader').currentTime === 20);
  await page.press('.');
  await page.until(() => { const { currentTime } = document.querySelector('second-leader'); return currentTime > 20 && currentTime < 21; });
  check('arrows and the full stop move through time', true);
  await page.press('?');
  await page.until(() => document.querySelector('second-leader').shadowRoot.querySelector('dialog[open]'));
  const inside = await page.run(() => document.querySelector('second-leader').shadowRoot.activeElement.textContent);
  await page.press('Escape');
  await page.until(() => !document.querySelector('second-leader').shadowRoot.querySelector('dialog'));
  const after = await state();
  check('? opens the keys with the focus inside; Escape closes them, and the focus is back', inside === 'Close' && after.focus === 'zk1', [inside, after]);
  await page.press('Tab', 'Tab');
  const next = await state();
  await page.press('Shift+Tab');
  check('Tab leads from node to node, and back', next.focus !== 'zk1' && next.focus.startsWith('zk') && (await state()).focus.startsWith('zk'), next);
  await page.run(() => document.querySelector('second-leader').shadowRoot.querySelector('.toggle').focus());
  await page.press(' ');
  const plays = await page.until(() => !document.querySelector('second-leader').paused);
  await page.press('k');
  check('Space on the button plays, K pauses', plays && await page.until(() => document.querySelector('second-leader').paused));
  await page.run(() => { document.querySelector('second-leader').shadowRoot.querySelector('.controls').open = true; });
  const [x, y] = await place('.field[data-key=newNodes] input[type=range]');
  await page.drag(x, y, Math.max(-400, 4 - x));
  const few = await page.until(() => document.querySelector('second-leader').params.newNodes < 8 && { hosts: document.querySelector('second-leader').params.newNodes });
  check('a slider that is dragged to its left restarts the run with fewer hosts', few.hosts < 8, few);
}

/** Takes a lesson to its end: the first answer of each question, and on. */
async function lesson() {
  await visit('?lesson=the-second-leader&view=lesson&motion=reduced');
  const took = await page.run(async () => {
    const e = document.querySelector('second-leader');
    let [answers, over] = [0, null];
    e.addEventListener('answer', () => { answers += 1; });
    e.addEventListener('lessonend', ({ detail }) => { over = detail; });
    for (const end = performance.now() + 50_000; !over && performance.now() < end; await new Promise(requestAnimationFrame)) {
      const step = e.shadowRoot.querySelector('.lesson');
      const [option, input, answer, go] = ['.options button', '#answer', '.ask .primary', '[data-act="lessons:go"], [data-act="lessons:do"]'].map((s) => step?.querySelector(s));
      if (!e.paused) e.speed = 600;
      if (input) {
        input.value = '8';
        input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
        answer.click();
      } else if (option) option.click();
      else if (e.paused || go?.dataset.act === 'lessons:do') go?.click(); // who goes on before a step has come skips it
    }
    return { answers, of: over?.of, points: over?.points };
  });
  check('a lesson can be taken to its end, and is told with its points', took.answers >= 3 && took.of >= 6 && took.points >= 0, took);
}

async function shows() {
  await visit('?autoplay=off&locale=de&theme=dark&controls=joinRate,retries&lock=retries&panels=why,log&motion=reduced');
  const found = await page.run(async () => {
    const e = document.querySelector('second-leader');
    await e.seek(20);
    const { shadowRoot: r } = e;
    const seen = (selector) => [...r.querySelectorAll(selector)].filter((x) => x.getClientRects().length > 0);
    const before = { words: r.querySelector('.banner').textContent, lang: r.querySelector('.mount').lang, paper: getComputedStyle(r.querySelector('.root')).backgroundColor, fields: seen('.field[data-key]').map((f) => f.dataset.key).join(), groups: seen('.controls section').length, locked: r.querySelector('.field[data-key=retries] input').disabled, panels: seen('.tabs [data-lab]').map((b) => b.dataset.lab).join() };
    e.setAttribute('new-nodes', '3');
    e.removeAttribute('controls');
    e.setAttribute('theme', 'contrast');
    while (e.params.newNodes !== 3 || seen('.field[data-key]').length < 5) await new Promise(requestAnimationFrame);
    return { before, groups: seen('.controls section').length, paper: getComputedStyle(r.querySelector('.root')).backgroundColor };
  });
  const { before } = found;
  check('in German it says the same, with a decimal comma', /^2 Leader · 2 Controller\s*10,0\u00a0% der Schreibzugriffe scheitern/.test(before.words) && before.lang === 'de', before.words);
  check('dark is dark, and more contrast is white', before.paper === 'rgb(18, 22, 27)' && found.paper === 'rgb(255, 255, 255)', [before.paper, found.paper]);
  check('it shows the controls and panels that are asked for, and locks what is to be locked', before.fields === 'joinRate,retries' && before.groups === 2 && before.locked && before.panels === 'why,log', before);
  check('attributes that change later count, too', found.groups > before.groups, found);
}

async function frames() {
  await page.go(`${site.url}around.html`);
  const said = await page.run(async () => {
    const heard = [];
    addEventListener('message', ({ data }) => heard.push(data));
    const frame = Object.assign(document.createElement('iframe'), { width: 400, height: 900, src: './?autoplay=off&embed&motion=reduced' });
    frame.style.border = '0';
    document.body.append(frame);
    const until = async (test) => { for (;;) { const found = heard.find(test); if (found) return found; await new Promise((done) => { setTimeout(done, 50); }); } };
    await until((m) => m.type === 'ready');
    const ask = (type, more) => {
      frame.contentWindow.postMessage({ ns: 'second-leader', v: 1, type, id: type, ...more }, '*');
      return until((m) => m.type === 'result' && m.id === type);
    };
    const [sought, refused] = [await ask('seek', { target: 'secondLeader' }), await ask('setParams', { params: { brokers: 99 } })];
    const { documentElement } = frame.contentDocument;
    return { sought: sought.value, refused: refused.error.issues[0].field, height: heard.some((m) => m.type === 'resize' && m.height > 1000), wide: documentElement.scrollWidth - documentElement.clientWidth, heard: frame.contentWindow.heard };
  });
  check('a page around a frame commands it, and hears its answers and its height', said.sought > 7 && said.refused === 'brokers' && said.height, said);
  check('400 pixels are wide enough: nothing has to be scrolled sideways', said.wide <= 0 && said.heard.length === 0, said);
}

async function file() {
  await visit('?autoplay=off&scenario=the-incident', pathToFileURL(join(root, 'second-leader.html')).href);
  const found = await page.run(async () => {
    const e = document.querySelector('second-leader');
    await e.seek(20);
    e.shadowRoot.querySelector('[data-lab=why]').click();
    while (!e.shadowRoot.querySelector('.panel-why')) await new Promise(requestAnimationFrame);
    return [location.protocol, e.shadowRoot.querySelectorAll('.peer.leading').length];
  });
  check('the single file plays from a disk, panels and all', found[0] === 'file:' && found[1] === 2, found);
}

async function refusals() {
  const strict = await serve(WITHOUT);
  await page.go(strict.url);
  const said = await page.run(async () => {
    await customElements.whenDefined('second-leader');
    const e = document.querySelector('second-leader');
    const error = await e.ready.then(() => ({}), (x) => x);
    return { code: error.code, message: error.message, cover: e.shadowRoot.querySelector('.cover:not([hidden]) [role=alert]')?.textContent, story: document.querySelectorAll('.storyboard li').length, beneath: getComputedStyle(e.shadowRoot.querySelector('.mount')).visibility };
  });
  check('a policy without WebAssembly is named with its cure, and the story stays', said.code === 'wasm-csp' && said.message.includes('wasm-unsafe-eval') && said.cover === said.message && said.story === 4 && said.beneath === 'hidden', said);
  strict.close();
}

const SCENES = { incident, playing, panels, hands, lesson, shows, frames, file, refusals };
const wanted = (process.argv[2] ?? Object.keys(BROWSERS).join()).split(',');
const scenes = process.argv[3]?.split(',') ?? Object.keys(SCENES);
let tried = 0;
for (const name of wanted) {
  const missing = lacks(name);
  if (missing) {
    console.log(`     ${name} was not tried: ${missing}`);
    continue;
  }
  tried += 1;
  page = { name, version: '?' };
  try {
    page = await open(name);
    await page.go('about:blank');
    // Safari before 16.4 hides what is not asked for by an inline style.
    site = await serve(await page.run(() => 'adoptedStyleSheets' in document) ? POLICY : POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'"));
    for (const scene of scenes) {
      try {
        await SCENES[scene]();
      } catch (error) {
        check(`${scene} ran to its end`, false, String(error).slice(0, 400));
      }
      const heard = ['refusals', 'file'].includes(scene) ? [] : await page.run(() => globalThis.heard ?? ['the page is gone']).catch((error) => [String(error)]);
      check(`no errors, no warnings and no broken policy (${scene})`, heard.length === 0, heard);
    }
  } catch (error) {
    check('it starts', false, String(error));
  } finally {
    await page.end?.();
    site?.close();
  }
}
console.log(`${tried} browsers, ${passed} passed, ${failed} failed`);
process.exitCode = failed || !tried ? 1 : 0;
