// German as the second locale: whatever the page shows has an entry in its file, and the page bears it. See scripts/locale.mjs, too.
// Run after a build: node tests/page/locale.mjs [scene]
import { readFileSync } from 'node:fs';
import { PATIENCE, check, open, play, seek, site } from './checks.mjs';

const presets = ['the-incident', 'patient', 'jitter', 'checklist', 'observers-first', 'final-list-trap', 'stuck', 'replace-three-of-five', 'more-brokers', 'no-dead-letters', 'not-idempotent', 'retry-storm', 'wrong-recovery', 'finish-the-rollout', 'leader-killed', 'leader-frozen', 'kraft'];
const panels = ['inspect', 'why', 'log', 'spacetime', 'quorum', 'charts', 'runs', 'report', 'decide', 'table', 'share', 'lessons'];
const german = '?autoplay=off&seed=7&locale=de';

/** What German lacked on this page. */
const missing = (page) => page.evaluate(async () => [...(await (await import('./locale.js')).locale('de')).missing]);
const complete = async (page, sentence) => {
  const texts = await missing(page);
  check(sentence, texts.length === 0, texts.map((text) => `  ${JSON.stringify(text)}: "",`).join('\n'));
};
const within = (page, body, ...args) => page.evaluate(([text, given]) => new Function('e', 'root', '...given', `return (${text})(e, root, ...given)`)(document.querySelector('second-leader'), document.querySelector('second-leader').shadowRoot, ...given), [body.toString(), args]);
/** The next two frames: what was asked for is drawn. */
const drawn = (page) => page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
const act = (page, selector) => within(page, (e, root, s) => root.querySelectorAll(s).forEach((button) => { if (button.isConnected) button.dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true })); }), selector);
const shown = (page, name) => page.waitForFunction((panel) => document.querySelector('second-leader').shadowRoot.querySelector(`.panel-${panel}`), name);
async function panel(page, name) {
  await within(page, (e, root, n) => { const button = root.querySelector(`.tabs [data-lab="${n}"]`); if (button.getAttribute('aria-expanded') !== 'true') button.click(); }, name);
  await shown(page, name);
  await drawn(page);
}

async function stages() {
  const page = await open(german);
  const root = await within(page, (e, r) => [r.querySelector('.root').parentElement.lang, r.querySelector('.headline').textContent]);
  check('the root says that it is German, and is', root[0] === 'de' && root[1] === '1 Leader · 1 Controller', root.join());
  for (const id of presets) {
    await within(page, (e, r, name) => e.load(name), id);
    for (const at of [0, 4, 6, 7, 8, 9, 12, 20, 45, 62, 75, 100, 240]) await seek(page, at);
  }
  await complete(page, 'every preset speaks German at every instant');
  const picture = await within(page, (e) => e.exportImage('svg'));
  check('the exported picture is German', />Kafka-Broker</.test(picture) && !/brokers</.test(picture));
  check('the description is German', /^broker|Broker 1: gehorcht/m.test(await within(page, (e) => e.describe())));
  await complete(page, 'exports and the description lack nothing');
  const narrow = await open(german);
  await narrow.setViewportSize({ width: 400, height: 900 });
  for (const at of [2, 7, 20, 62, 200]) await seek(narrow, at);
  await complete(narrow, 'a narrow page lacks nothing');
}

async function panelsInGerman() {
  const page = await open(german);
  for (const id of ['the-incident', 'kraft', 'no-dead-letters']) {
    await within(page, (e, r, name) => e.load(name), id);
    await seek(page, 20);
    for (const name of panels) {
      await panel(page, name);
      for (const at of [3, 7, 20, 70]) await seek(page, at);
    }
  }
  await complete(page, 'every panel speaks German');
  await within(page, (e) => e.load('the-incident'));
  await seek(page, 20);
  await panel(page, 'inspect');
  const things = await within(page, (e, root) => [...root.querySelectorAll('[data-in="inspect:subject"] option')].map((o) => o.value));
  for (const view of ['variables', 'trees', 'belief']) {
    await act(page, `[data-act="inspect:show"][data-arg=${view}]`);
    for (const thing of things) {
      await within(page, (e, root, value) => { const select = root.querySelector('[data-in="inspect:subject"]'); select.value = value; select.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true })); }, thing);
      await drawn(page);
    }
  }
  await act(page, '[data-act="inspect:message"]');
  await complete(page, 'everything that can be inspected speaks German');
  await panel(page, 'why');
  for (const milestone of ['secondLeader', 'firstDeadLetter', 'secondController', 'detected']) {
    await act(page, `[data-act="why:milestone"][data-arg=${milestone}]`);
    await drawn(page);
    for (const verb of ['all', 'forward', 'job']) { await act(page, `[data-act="why:${verb}"]`); await drawn(page); }
  }
  await panel(page, 'log');
  for (const kind of ['election', 'membership', 'session', 'controller', 'partition', 'job', 'consumer', 'operator', 'milestone']) { await act(page, `[data-act="log:kind"][data-arg=${kind}]`); await drawn(page); }
  await panel(page, 'spacetime');
  for (const verb of ['out', 'out', 'in', 'fit']) { await act(page, `[data-act="spacetime:${verb}"]`); await drawn(page); }
  await panel(page, 'runs');
  await act(page, '[data-lab=runs][data-arg=slowly]');
  await drawn(page);
  await act(page, '.field[data-key=retries] .versus');
  await drawn(page);
  await act(page, '[data-act="runs:naming"]');
  await drawn(page);
  await seek(page, 90);
  await complete(page, 'chains, logs, diagrams and runs side by side speak German');
}

async function dialogs() {
  const page = await open(german);
  await seek(page, 20);
  for (const node of ['zk1', 'zk11', 'broker10', 'broker1']) {
    await act(page, `.node[data-node=${node}]`);
    await drawn(page);
    for (const verb of ['isolate', 'rejoin', 'freeze', 'thaw', 'stop', 'start', 'close']) { await act(page, `.popover [data-act=${verb}]`); await drawn(page); }
  }
  await seek(page, 24);
  await within(page, (e) => { e.setParams({ brokers: 3, replicationFactor: 3, backoff: 'jittered', dlq: false, joinRate: 30 }); });
  await drawn(page);
  await within(page, (e, root) => root.querySelector('.transport [data-act=slowly]').click());
  await page.keyboard.press('Tab');
  await within(page, (e, root) => root.querySelector('.tabs [data-act=help]').click());
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('dialog[open]'));
  await complete(page, 'dialogs, changed values and the help speak German');
  check('the help is German', await within(page, (e, root) => root.querySelector('dialog h2').textContent === 'Tasten'));
  const asked = await open('?locale=de&autoplay=off&stopAt=14');
  await within(asked, (e) => { e.setAttribute('pause-at', 'secondLeader'); e.reset(); });
  for (const bad of ['brokers=99', 'backoff=fast', 'theme=pink', 'nonsense=1', 'speed=fast', 'start=never', 'pauseAt=lunch', 'stopAt=never', 'scenario=none', 'panels=kitchen', 'minInsync=9', `x=${'y'.repeat(9000)}`]) {
    const odd = await open(`?locale=de&autoplay=off&${bad}`);
    await drawn(odd);
    const lacks = await missing(odd);
    check(`a notice about ${bad.slice(0, 20)} is German`, lacks.length === 0 && await within(odd, (e, root) => root.querySelectorAll('.notice:not([hidden]) li').length > 0), lacks.join('\n'));
    await odd.context().close();
  }
  for (const file of ['{', '{"schemaVersion":1,"params":{"brokers":99}}', '{"schemaVersion":2}', '{"schemaVersion":1,"plan":{"old":[1],"oldLeader":1,"fresh":[{"sid":1,"startMs":0,"list":[]}]}}', '{"schemaVersion":1,"oops":1}']) {
    const odd = await open(`?locale=de&autoplay=off#s=${btoa(file)}`);
    await drawn(odd);
    const lacks = await missing(odd);
    check(`a notice about ${file.slice(0, 40)} is German`, lacks.length === 0, lacks.join('\n'));
    await odd.context().close();
  }
}

/** Plays a lesson to its end, without looking. */
async function lesson(page, name) {
  await within(page, (e, root, n) => root.querySelector(`[data-act="lessons:start"][data-arg="${n}"]`).click(), name);
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.lesson:not([hidden])'));
  await within(page, (e) => { e.speed = 600; });
  await page.waitForFunction(() => {
    const root = document.querySelector('second-leader').shadowRoot;
    if (root.querySelector('.lesson .actions > b')) return true;
    const option = root.querySelector('.lesson [data-act="lessons:answer"]');
    const input = root.querySelector('.lesson #answer');
    if (option && input && !input.value) {
      input.value = root.querySelector('.lesson label').textContent.includes('zk5') ? 'zk5' : '9';
      input.dispatchEvent(new InputEvent('input', { bubbles: true, composed: true }));
    }
    (option ?? root.querySelector('.lesson :is([data-act="lessons:go"], [data-act="lessons:pass"], [data-act="lessons:do"], [data-act="lessons:hurry"])'))?.click();
    return false;
  }, null, { polling: 100, timeout: PATIENCE });
  await act(page, '[data-act="lessons:leave"]');
  await drawn(page);
}

async function lessons() {
  const page = await open(german);
  for (const name of ['the-second-leader', 'why-slow-is-not-enough']) {
    await panel(page, 'lessons');
    await lesson(page, name);
    await complete(page, `the lesson ${name} is German to its end`);
  }
}

async function languages() {
  const page = await open('?autoplay=off');
  await seek(page, 20);
  const words = () => within(page, (e, root) => {
    const texts = [];
    const walk = document.createTreeWalker(root.querySelector('.mount'), NodeFilter.SHOW_TEXT);
    while (walk.nextNode()) if (/\p{L}{3}/u.test(walk.currentNode.data)) texts.push(walk.currentNode.data.trim());
    return texts;
  });
  await drawn(page);
  const english = await words();
  const about = await within(page, (e, root) => root.querySelector('.about').textContent);
  await within(page, (e) => e.setAttribute('locale', 'de'));
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.mount').lang === 'de');
  await drawn(page);
  await page.waitForFunction(() => /Acht Hosts/.test(document.querySelector('second-leader').shadowRoot.querySelector('.about').textContent));
  const there = await words();
  const table = JSON.parse(readFileSync(new URL('../../www/locales/de.json', import.meta.url)));
  const same = there.filter((text) => english.includes(text) && table[text] !== text && !/^(?:zk|[A-Z])?[\d\s]*$/.test(text) && table[text.replace(/[\d\s]+/g, ' {}').trim()] !== text.replace(/[\d\s]+/g, ' {}').trim());
  check('another language comes without a reload, and changes every text', same.length <= 3, same.join(' | '));
  await within(page, (e) => e.setAttribute('locale', 'en'));
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.mount').lang === 'en');
  await page.waitForFunction((text) => document.querySelector('second-leader').shadowRoot.querySelector('.about').textContent === text, about);
  await drawn(page);
  const back = await words();
  check('and goes again', back.join() === english.join(), english.filter((text) => !back.includes(text)).concat('→', back.filter((text) => !english.includes(text))).slice(0, 9).join(' | '));

  const austrian = await open('?autoplay=off&locale=de-AT');
  await austrian.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.headline').textContent === '1 Leader · 1 Controller');
  check('de-AT is German, too, and nothing to tell of', await within(austrian, (e, root) => root.querySelector('.mount').lang === 'de' && root.querySelector('.notice').hidden));

  const without = await (await page.context().browser().newContext({ reducedMotion: 'reduce' })).newPage();
  await without.route('**/locales/de.json', (route) => route.fulfill({ status: 404 }));
  await without.goto(`${site.url}${german}`);
  await without.evaluate(() => document.querySelector('second-leader').ready);
  await without.waitForFunction(() => /locale=de/.test(document.querySelector('second-leader').shadowRoot.querySelector('.notice').textContent));
  check('without its file it is English and says so', await within(without, (e, root) => root.querySelector('.headline').textContent === '1 leader · 1 controller' && root.querySelector('.mount').lang !== 'de'));

  const dead = await (await page.context().browser().newContext({ reducedMotion: 'reduce' })).newPage();
  await dead.route('**/sandbox_bg.wasm', (route) => route.fulfill({ status: 404 }));
  await dead.goto(`${site.url}${german}`);
  await dead.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.cover:not([hidden]) button'));
  check('what cannot be loaded is explained in German', /^Die Sandbox konnte nicht geladen werden/.test(await within(dead, (e, root) => root.querySelector('.cover').textContent)));

  const small = await open(german);
  await small.setViewportSize({ width: 320, height: 900 });
  for (const at of [2, 7, 20, 70]) {
    await seek(small, at);
    const wide = await small.evaluate(() => document.documentElement.scrollWidth);
    check(`nothing is wider than 320 px at ${at} s`, wide <= 320, String(wide));
  }
  for (const name of panels) {
    await panel(small, name);
    const wide = await small.evaluate(() => document.documentElement.scrollWidth);
    check(`nothing is wider than 320 px in the panel ${name}`, wide <= 320, String(wide));
  }
}

/** Files in a language of their own: the page speaks it, or says which texts are in it. */
async function files() {
  const page = await open('?autoplay=off');
  const lesson = (locale) => ({ schemaVersion: 1, id: 'own', title: 'Un titre', description: 'Deux chefs.', locale, steps: [{ id: 'a', title: 'Premier pas', text: 'Regardez.', question: { ask: 'Combien?', options: [{ text: 'un', is: { fact: 'leaders', op: '==', value: 1 } }, { text: 'deux', is: { fact: 'leaders', op: '==', value: 2 } }] } }] });
  const texts = () => within(page, (e, root) => ['.title', '.about', '.lesson-head b', '.lesson h3', '.lesson .ask p', '.lesson .options button'].map((s) => root.querySelector(s)?.querySelector('[lang]')?.lang ?? `${s}: ${root.querySelector(s)?.textContent}`));
  await within(page, (e, root, file) => e.load(file), lesson('fr'));
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.lesson h3'));
  check('the texts of a French file say that they are French', (await texts()).every((lang) => lang === 'fr'), (await texts()).join(' | '));
  check('and the page stays English around them', await within(page, (e, root) => root.querySelector('.mount').lang === 'en' && root.querySelector('.about').textContent === 'Deux chefs.'));
  await within(page, (e, root, file) => e.load(file), lesson('de-AT'));
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.mount').lang === 'de');
  await drawn(page);
  check('with a German file the page speaks German', (await texts()).every((lang) => lang === 'de-AT') && await within(page, (e, root) => /^Frage|Lektion/.test(root.querySelector('.lesson').getAttribute('aria-label'))), (await texts()).join(' | '));
  const inline = await page.evaluate(async (file) => {
    const e = document.createElement('second-leader');
    e.setAttribute('autoplay', 'off');
    e.innerHTML = `<script type="application/json">${file}</script>`;
    document.body.prepend(e);
    e.scrollIntoView();
    await e.ready;
    const first = e.shadowRoot.querySelector('.headline').textContent;
    e.dispose();
    return first;
  }, JSON.stringify(lesson('de')));
  check('a German file inside the element is German from its first picture', inline === '1 Leader · 1 Controller', inline);
  await within(page, (e) => e.load('patient'));
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.mount').lang === 'en');
  check('and English again with the next', await within(page, (e, root) => !root.querySelector('.title [lang]') && !e.hasAttribute('locale')));
}

await play([['stages', stages], ['panels', panelsInGerman], ['dialogs', dialogs], ['lessons', lessons], ['languages', languages], ['files', files]]);
