// The whole public surface in a real browser: methods, links, frames, life, and bad input by the hundred (deterministic).
// Run after a build: node tests/page/api.mjs
import { readFileSync } from 'node:fs';
import { browser, check, open as opened, play, site } from './checks.mjs';

/** PNG files need more than the strict policy of the other tests allows. */
const open = (path) => opened(path, { strict: false });
const within = (page, body, arg) => page.evaluate(body, arg);

async function members() {
  const page = await open('?autoplay=off');
  const document_ = readFileSync(new URL('../../docs/EMBED.md', import.meta.url), 'utf8');
  const names = (title) => [...document_.split(`## ${title}\n`)[1].split('\n## ')[0].matchAll(/^\| `(\w+)/gm)].map((m) => m[1]);
  const missing = await within(page, ([methods, properties]) => {
    const e = document.querySelector('second-leader');
    return [...methods.filter((m) => typeof e[m] !== 'function'), ...properties.filter((p) => e[p] === undefined || e[p] === null)];
  }, [names('Methods'), names('Properties')]);
  check('every method and property of docs/EMBED.md is there', missing.length === 0 && names('Methods').length === 14, missing.join());
  const there = await within(page, async () => {
    const e = document.querySelector('second-leader');
    await e.seek(20);
    e.step(2);
    const later = e.currentTime;
    e.step(-2);
    const trace = await e.exportData('trace');
    const svg = await e.exportImage('svg');
    const png = await e.exportImage('png');
    return { later, back: e.currentTime, phase: e.phase, words: await e.describe(), lines: trace.split('\n').length, csv: (await e.exportData('csv')).split('\r\n')[0], json: JSON.parse(await e.exportData('json')), svg: new DOMParser().parseFromString(svg, 'image/svg+xml').documentElement.tagName, png: png.type };
  });
  const parts = names('Parts');
  const lacking = await within(page, async (parts) => {
    const root = document.querySelector('second-leader').shadowRoot;
    root.querySelector('[data-node=zk1] [role=button]').dispatchEvent(new MouseEvent('click', { bubbles: true, composed: true }));
    root.querySelector('[data-lab=log]').click();
    while (!root.querySelector('.panel-log') || !root.querySelector('.popover')) await new Promise(requestAnimationFrame);
    return parts.filter((part) => !root.querySelector(`[part~=${part}]`));
  }, parts);
  check('every part of docs/EMBED.md can be styled', lacking.length === 0 && parts.length === 13, lacking.join());
  check('step goes on and back', there.later > 20 && there.back <= 20);
  check('phase says that the cluster is split', there.phase === 'split');
  check('describe names the leaders and a broker', /zk11: leads/.test(there.words) && /broker 10:/.test(there.words));
  check('exports are a trace, CSV, JSON, SVG and PNG', there.lines > 1000 && there.csv.startsWith('time (s),') && there.json.schemaVersion === 1 && there.svg === 'svg' && there.png === 'image/png');
  const strict = await within(page, async () => {
    const e = document.querySelector('second-leader');
    const before = JSON.stringify([e.params, e.currentTime, e.scenario]);
    const tries = [() => e.load({ schemaVersion: 1, params: { brokers: 99 } }), () => e.load(7), () => e.load('{'), () => e.load('no/such.json'), () => e.act({ do: 'stopNode', node: 'zk99' }), () => e.act('fly'), () => e.exportData('pdf'), () => e.embedCode('fax'), () => e.step(0.5), () => e.setParams([]), () => e.seek({}), () => { e.speed = 'fast'; }];
    const wrong = [];
    for (const attempt of tries) {
      try { await attempt(); wrong.push(`${attempt} passed`); } catch (x) { if (x.name !== 'InvalidInputError' || !x.issues?.[0]?.message) wrong.push(`${attempt}: ${x}`); }
    }
    if (before !== JSON.stringify([e.params, e.currentTime, e.scenario])) wrong.push('something changed');
    return wrong;
  });
  check('whatever is refused is an InvalidInputError that names it, and changes nothing', strict.length === 0, strict.join('\n       '));
  const module = await within(page, async () => {
    const m = await import('./second-leader.js');
    const again = await import('./second-leader.js?copy');
    const div = document.body.appendChild(document.createElement('div'));
    const refused = await m.create(div, { params: { brokers: 99, nonsense: 1 }, view: 'upside-down' }).catch((x) => x);
    const empty = div.childElementCount;
    const made = await m.create(div, { scenario: 'patient', params: { retries: 0 }, autoplay: false });
    made.scrollIntoView();
    await made.ready;
    const params = made.params;
    made.dispose();
    made.dispose();
    return { same: again.define() === customElements.get('second-leader'), refused: refused.issues?.map((i) => i.field), empty, retries: params.retries, joinRate: params.joinRate, left: div.childElementCount, valid: await m.validate('the-incident'), issues: (await m.validate({ schemaVersion: 1, params: { brokers: 99 } })).map((i) => i.field), result: await m.simulate('the-incident', { params: { retries: 2 }, until: 60 }), wrong: await m.simulate('the-incident', { params: { retries: -1 } }).catch((x) => x.name) };
  });
  check('a second copy of the module does no harm', module.same);
  check('create refuses bad options and puts nothing there', module.empty === 0 && module.refused?.includes('view'), JSON.stringify(module.refused));
  check('create makes one, dispose removes it, twice too', module.retries === 0 && module.joinRate === 30 && module.left === 0);
  check('validate and simulate need no stage', module.valid.length === 0 && module.issues.join() === '/params/brokers' && module.result.until === 60 && module.result.params.retries === 2 && module.wrong === 'InvalidInputError');
  check('no errors among them', page.troubles.filter((t) => !/404/.test(t)).length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function links() {
  const page = await open('?scenario=leader-killed&autoplay=off');
  const here = await within(page, async () => {
    const e = document.querySelector('second-leader');
    await e.seek(20.5);
    await e.act('stopNode', { node: 'zk2' });
    await e.seek(33.25);
    return { link: await e.link(), json: await e.exportData('json') };
  });
  const other = await open(here.link.slice(site.url.length));
  const there = await within(other, async () => {
    const e = document.querySelector('second-leader');
    return { time: e.currentTime, paused: e.paused, json: await e.exportData('json'), notice: e.shadowRoot.querySelector('.notice').hidden };
  });
  check('a link leads to the very same moment, paused', there.time === 33.25 && there.paused && there.json === here.json && there.notice);
  await other.context().close();
  const old = await open(here.link.slice(site.url.length).replace('engine=0.1.0', 'engine=0.0.9').replace(/check=\w+/, 'check=0'));
  check('a link of another version whose run differs says so', await old.getByText('This link was made by version 0.0.9').isVisible());
  await old.context().close();
  for (const [what, hash, words] of [['damaged', '#s=%%%', 'the link is damaged'], ['too long', `#s=${'A'.repeat(20_000)}`, 'a link has at most 16 KiB'], ['wrong', '#s=e30', '/schemaVersion: is missing']]) {
    const bad = await open(`?autoplay=off${hash}`);
    check(`a link that is ${what} says so, and the incident is shown`, await bad.getByText(words).isVisible() && (await within(bad, () => document.querySelector('second-leader').scenario)) === 'the-incident');
    await bad.context().close();
  }
  const long = await open(`?autoplay=off&x=${'y'.repeat(9000)}`);
  check('a query that is too long is not read, and that is said', await long.getByText(/the query is \d+ bytes long/).isVisible());
  await long.context().close();
  await page.context().close();
}

async function presentation() {
  const page = await open('?autoplay=off&panels=why,log&controls=joinRate,retries&lock=retries&theme=purple');
  check('only the chosen panels are offered', await page.getByRole('button', { name: 'Why?' }).isVisible() && !(await page.getByRole('button', { name: 'Charts', exact: true }).isVisible()));
  check('only the chosen controls are shown', await page.getByRole('spinbutton', { name: 'Join rate' }).isVisible() && !(await page.getByRole('spinbutton', { name: 'Brokers', exact: true }).isVisible()));
  check('a locked control cannot be moved', await page.getByRole('spinbutton', { name: 'Retries' }).isDisabled());
  check('a theme that is none is named with those that are', await page.getByText('theme=purple → auto (auto, light, dark, contrast)').isVisible());
  await page.getByRole('button', { name: 'Restart', exact: true }).focus();
  await page.keyboard.press('?');
  check('? shows the keys', await page.getByRole('dialog', { name: 'Keys' }).getByText('Restart with a new seed').isVisible());
  await page.getByRole('checkbox', { name: 'Single keys do something' }).uncheck();
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Restart', exact: true }).focus();
  const before = await within(page, () => document.querySelector('second-leader').currentTime);
  await page.keyboard.press('5');
  check('single keys can be turned off', (await within(page, () => document.querySelector('second-leader').currentTime)) === before);
  await page.context().close();
}

async function frames() {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  await page.route('**/host.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><iframe src="index.html?autoplay=off&embed" width="900" height="600"></iframe>' }));
  await page.goto(`${site.url}host.html`);
  const said = await page.evaluate(async () => {
    const heard = [];
    addEventListener('message', (e) => heard.push(e.data));
    const frame = document.querySelector('iframe').contentWindow;
    const post = (m) => frame.postMessage(m, '*');
    const until = async (f) => { for (;;) { const hit = heard.find(f); if (hit) return hit; await new Promise((done) => { addEventListener('message', done, { once: true }); setTimeout(done, 200); }); } };
    const ask = (type, id, more) => { post({ ns: 'second-leader', v: 1, type, id, ...more }); return until((m) => m.type === 'result' && m.id === id); };
    const greet = setInterval(() => post({ ns: 'second-leader', v: 1, type: 'hello', id: 'hello' }), 100);
    await until((m) => m.type === 'result' && m.id === 'hello');
    clearInterval(greet);
    // Whatever is foreign or malformed is ignored.
    let seed = 7;
    const next = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
    const odd = [null, undefined, 0, -1, NaN, Infinity, '', 'x', [], {}, [1], { a: 1 }, 'second-leader', 1n, new Date(0), 'play', 'hello', true];
    for (let i = 0; i < 400; i += 1) {
      const message = { ns: next(3) ? 'second-leader' : odd[next(odd.length)], v: next(3) ? 1 : odd[next(odd.length)], type: next(2) ? ['seek', 'setParams', 'load', 'act', 'get', 'subscribe', 'theme', 'nonsense', '__proto__', 'constructor'][next(10)] : odd[next(odd.length)], id: next(2) ? `f${i}` : odd[next(odd.length)] };
      for (const field of ['target', 'params', 'scenario', 'action', 'name', 'events', 'theme']) message[field] = odd[next(odd.length)];
      post(next(4) ? message : odd[next(odd.length)]);
    }
    const results = [await ask('setParams', 's1', { params: { brokers: 99 } }), await ask('setParams', 's2', { params: { seed: 3 } }), await ask('seek', 's3', { target: 20 }), await ask('get', 's4', { name: 'metrics' }), await ask('get', 's5', { name: 'lunch' }), await ask('act', 's6', { action: { do: 'stopNode', node: 'zk11' } })];
    const ids = heard.filter((m) => m?.type === 'result' && m.id !== 'hello').map((m) => m.id);
    return { results, once: new Set(ids).size === ids.length, resize: heard.some((m) => m.type === 'resize' && m.height > 100), lti: heard.some((m) => m.subject === 'lti.frameResize' && m.height > 100), embedly: heard.some((m) => typeof m === 'string' && JSON.parse(m).context === 'iframe.resize') };
  });
  check('a bad command is answered with its issues', said.results[0].ok === false && said.results[0].error.issues[0].field === 'brokers');
  check('good commands are answered with their values', said.results[1].value?.seed === 3 && said.results[2].value === 20 && said.results[3].value?.produced > 0 && said.results[5].ok, JSON.stringify(said.results.slice(1)).slice(0, 400));
  check('an unknown name is answered with those there are', /metrics/.test(said.results[4].error?.message ?? ''));
  check('four hundred odd messages later every id had one result', said.once);
  check('the height is told in all three ways', said.resize && said.lti && said.embedly, JSON.stringify(said).slice(-120));
  await page.context().close();
}

/** Odd input by the hundred: nothing throws, and the sandbox works on. */
async function fuzz() {
  const page = await open('?autoplay=off');
  const wrong = await within(page, async () => {
    let seed = 11;
    const next = (n) => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed % n; };
    const { parameters, validate } = await import('./second-leader.js');
    const keys = (await parameters()).map((p) => p.key.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`));
    const values = ['', '-1', '1e9', 'NaN', '0x10', '9'.repeat(400), 'null', 'on', 'off', '1,2', '<b>', '"', '=', '\n', '\t', '\u0000', '💥', '１', '-0', '0.0000001', 'kraft', 'auto'];
    const names = [...keys, 'speed', 'start', 'stop-at', 'pause-at', 'autoplay', 'scenario', 'view', 'panels', 'controls', 'lock', 'theme', 'motion', 'locale', 'title', 'nonsense', 'x=y'.replace('=', '-')];
    const e = document.querySelector('second-leader');
    const wrong = [];
    addEventListener('error', (x) => { if (x.message) wrong.push(x.message); });
    for (let i = 0; i < 300; i += 1) {
      const name = names[next(names.length)];
      e.setAttribute(name, values[next(values.length)]);
      if (i % 10 === 9) {
        await Promise.resolve();
        for (const a of [...e.attributes]) if (a.name !== 'url-parameters') e.removeAttribute(a.name);
        await new Promise((done) => { setTimeout(done); });
        if (!Number.isFinite(e.params?.brokers)) wrong.push(`after ${name} there are no parameters`);
      }
    }
    const text = JSON.stringify({ schemaVersion: 1, base: 'the-incident', params: { brokers: 4, removed: [1] }, actions: [{ at: 1, do: 'stopNode', node: 'zk1' }] });
    for (let i = 0; i < 300; i += 1) {
      const at = next(text.length);
      const file = text.slice(0, at) + ['', '"', '{', ']', '-', '9', 'null', '\\u0000', ','][next(9)] + text.slice(at + next(4));
      const before = JSON.stringify([e.scenario, e.params]);
      try {
        const issues = await validate(file);
        if (issues.some((x) => !x.message)) wrong.push(`${file}: an issue without a message`);
        if (issues.length && i % 5 === 0) await e.load(file).then(() => wrong.push(`${file} was loaded`), () => {});
        if (issues.length && before !== JSON.stringify([e.scenario, e.params])) wrong.push(`${file} was half applied`);
      } catch (x) {
        wrong.push(`${file}: ${x}`);
      }
    }
    await e.seek(5);
    if (e.currentTime !== 5) wrong.push('it does not go on');
    return wrong;
  });
  check('six hundred odd attributes and files: nothing throws, nothing is half applied', wrong.length === 0, wrong.slice(0, 5).join('\n       '));
  const broken = [];
  for (const query of ['?%', '?=&=&&', '?joinRate=%E0%A4%A', '?seed=99999999999999999999', '?__proto__=1&constructor=2', '?start=nowhere&stopAt=never&pauseAt=x,y', `?title=${'<script>'.repeat(50)}`, '?v=2&!=x&!own=3', '?embed&origin=javascript:1']) {
    const odd = await open(`${query}&autoplay=off`);
    if (odd.troubles.length || !(await within(odd, () => Number.isFinite(document.querySelector('second-leader').params.brokers)))) broken.push(`${query}: ${odd.troubles.join()}`);
    await odd.context().close();
  }
  check('odd addresses never stop it', broken.length === 0, broken.join('\n       '));
  await page.context().close();
}

async function life() {
  const page = await open('?autoplay=off');
  const client = await page.context().newCDPSession(page);
  const used = async () => {
    for (let i = 0; i < 3; i += 1) await client.send('HeapProfiler.collectGarbage');
    return (await client.send('Runtime.getHeapUsage')).usedSize;
  };
  const cycles = (n) => page.evaluate(async (n) => {
    for (let i = 0; i < n; i += 1) {
      const e = document.createElement('second-leader');
      e.setAttribute('autoplay', 'off');
      document.body.prepend(e);
      e.scrollIntoView();
      await e.ready;
      e.dispose();
    }
  }, n);
  await cycles(20);
  const before = await used();
  await cycles(200);
  const grown = (await used()) - before;
  check(`200 times mounted and destroyed keep at most 1 MB (${(grown / 1e3).toFixed(0)} kB)`, grown <= 1e6);
  const many = await page.evaluate(async () => {
    const all = Array.from({ length: 30 }, (_, i) => {
      const e = document.createElement('second-leader');
      e.setAttribute('seed', i + 1);
      e.setAttribute('autoplay', 'off');
      document.body.append(e);
      return e;
    });
    for (const e of all) { e.scrollIntoView(); await e.ready; }
    await Promise.all(all.map((e) => e.seek(10)));
    return all.filter((e, i) => e.params.seed === i + 1 && e.currentTime === 10).length;
  });
  check('thirty on one page are thirty runs', many === 30);
  const unseen = await page.evaluate(async () => {
    const e = document.createElement('second-leader');
    document.body.append(e);
    scrollTo(0, 0);
    const far = e.getBoundingClientRect().top > innerHeight + 1000;
    await e.ready;
    return far && e.params.brokers === 10;
  });
  check('who waits for one that nobody sees does not wait in vain', unseen);
  check('no errors in their lives', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

await play(Object.entries({ members, links, presentation, frames, fuzz, life }));
