// Input nobody meant: every way in is given what a stranger would try. Nothing throws that should not, freezes, or is half applied; what is
// refused is named with its field, its value and what is allowed. Run after a build: node tests/page/hostile.mjs [scene,…]
import { browser, check, open as opened, play, site } from './checks.mjs';
import { host } from './server.mjs';

const open = (path) => opened(path, { strict: false });
const none = (wrong) => [wrong.length === 0, wrong.slice(0, 8).join('\n       ')];

/** In the page: odd values of every kind, by name, and how a refusal must look. */
const prepare = (page) => page.evaluate(() => {
  const cyclic = {};
  cyclic.self = cyclic;
  const deep = (n) => JSON.parse(`${'['.repeat(n)}${']'.repeat(n)}`);
  globalThis.odd = () => ({
    undefined, null: null, true: true, nan: NaN, infinity: Infinity, minus: -Infinity, negativeZero: -0, huge: 1e308, tiny: 5e-324, big: 10n, symbol: Symbol('x'), empty: '', space: ' ', text: 'nonsense', number: '10', spaced: ' 10 ', comma: '1,000', hex: '0x10', exponent: '1e1', fullwidth: '１０', arabic: '٣',
    surrogate: '\ud800', nul: '\u0000', tab: 'a\tb', newline: 'a\nb=1', proto: '__proto__', constructor: 'constructor', long: 'x'.repeat(3e6), list: [1], lists: [[1], [2]], holes: new Array(5), many: new Array(1e6).fill(1), object: {}, cyclic, throws: { get a() { throw new Error('gotcha'); }, get do() { throw new Error('gotcha'); }, get schemaVersion() { throw new Error('gotcha'); } },
    shouts: { toString() { throw new Error('gotcha'); }, valueOf() { throw new Error('gotcha'); } }, five: { toString: () => '5', valueOf: () => 5 }, json: { toJSON() { throw new Error('gotcha'); } }, proxy: new Proxy({}, { ownKeys() { throw new Error('gotcha'); }, get() { throw new Error('gotcha'); }, getPrototypeOf() { throw new Error('gotcha'); } }),
    map: new Map([['brokers', 3]]), date: new Date(NaN), regexp: /x/, function: () => 5, buffer: new ArrayBuffer(8), typed: new Uint8Array(3), element: document.body, promise: Promise.resolve(1), bare: Object.create(null), prototype: JSON.parse('{"__proto__": {"brokers": 3}, "constructor": 1, "hasOwnProperty": 2}'), deep: deep(5000), wide: Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [`k${i}`, i])),
  });
  globalThis.state = (e) => JSON.stringify([e.params, e.currentTime, e.scenario, e.paused, e.shadowRoot.querySelectorAll('.peer').length]);
  /** Every issue has a field, and says what is wrong in words that are short enough to be read. */
  globalThis.named = (error) => error?.name === 'InvalidInputError' && error.issues.length > 0 && error.issues.every((i) => i.field && i.value.length <= 60 && i.message && i.message.length < 2000 && !/undefined|\[object/.test(i.message));
});

async function methods() {
  const page = await open('?autoplay=off');
  await prepare(page);
  for (const [name, f, fine] of [
    ['setParams', (e, v) => e.setParams(v), ['object', 'bare']],
    ['setParams value', (e, v) => e.setParams({ brokers: v }), ['number', 'spaced']],
    ['setParams word', (e, v) => e.setParams({ backoff: v }), []],
    ['setParams list', (e, v) => e.setParams({ removed: v }), ['empty', 'list', 'space']],
    ['setParams name', (e, v) => e.setParams({ [typeof v === 'string' ? v : 'x']: 1 }), []],
    ['seek', (e, v) => e.seek(v), ['infinity', 'minus', 'negativeZero', 'huge', 'tiny', 'number', 'spaced']],
    ['step', (e, v) => e.step(v), ['undefined', 'negativeZero']],
    ['load', (e, v) => e.load(v), []],
    ['act', (e, v) => e.act(v), []],
    ['act by name', (e, v) => e.act('stopNode', v), []],
    ['act on', (e, v) => e.act({ do: 'stopNode', node: v }), ['number']],
    ['act set', (e, v) => e.act({ do: 'set', key: 'writeRate', value: v }), []],
    ['embedCode', (e, v) => e.embedCode(v), ['undefined']],
    ['link', (e, v) => e.link(v), ['undefined', 'null', 'object', 'bare']],
    ['link option', (e, v) => e.link({ panels: v }), ['undefined', 'empty', 'space', 'holes']],
    ['exportData', (e, v) => e.exportData(v), ['undefined']],
    ['exportImage', (e, v) => e.exportImage(v), ['undefined']],
    ['exportImage options', (e, v) => e.exportImage('svg', v), ['undefined', 'null', 'object', 'bare']],
    ['exportImage width', (e, v) => e.exportImage('svg', { width: v }), ['undefined']],
    ['exportImage theme', (e, v) => e.exportImage('svg', { theme: v }), ['undefined']],
    ['speed', (e, v) => { e.speed = v; }, ['number', 'spaced']],
  ]) {
    const wrong = await page.evaluate(async ([body, fine]) => {
      const e = document.querySelector('second-leader');
      const f = new Function(`return (${body})`)();
      const wrong = [];
      for (const [kind, value] of Object.entries(globalThis.odd())) {
        const before = globalThis.state(e);
        const start = performance.now();
        let error = null;
        try { await f(e, value); } catch (x) { error = x ?? 'nothing'; }
        if (performance.now() - start > 3000) wrong.push(`${kind}: took ${(performance.now() - start).toFixed()} ms`);
        if (error && !globalThis.named(error)) wrong.push(`${kind}: ${error.name} ${String(error.message).slice(0, 200)}`);
        if (error && globalThis.state(e) !== before) wrong.push(`${kind}: half applied`);
        if (!error && !fine.includes(kind)) wrong.push(`${kind}: was taken`);
      }
      await e.seek(1);
      return wrong;
    }, [f.toString(), fine]);
    check(`${name}: odd values are refused by name, or harmless`, ...none(wrong));
  }
  check('no errors besides', page.troubles.filter((t) => !/404/.test(t)).length === 0, page.troubles.join('\n       ').slice(0, 500));
  await page.context().close();
}

async function options() {
  const page = await open('?autoplay=off');
  await prepare(page);
  const wrong = await page.evaluate(async () => {
    const m = await import('./second-leader.js');
    const wrong = [];
    const div = document.body.appendChild(document.createElement('div'));
    const names = ['view', 'panels', 'controls', 'lock', 'theme', 'motion', 'locale', 'embed', 'origin', 'title', 'src', 'xapi', 'edx', 'lesson', 'autoplay', 'speed', 'start', 'stopAt', 'pauseAt', 'scenario', 'params', 'nonsense', '__proto__'];
    const tried = async (what, f, allowed) => {
      let error = null;
      try { await f(); } catch (x) { error = x ?? 'nothing'; }
      if (error && !globalThis.named(error)) wrong.push(`${what}: ${error.name} ${String(error.message).slice(0, 150)}`);
      if (error && div.childElementCount) wrong.push(`${what}: something is there`);
      if (!error && !allowed) wrong.push(`${what}: was taken`);
      for (const e of [...div.children]) e.dispose?.();
      div.replaceChildren();
    };
    for (const [kind, value] of Object.entries(globalThis.odd())) {
      await tried(`create(el, ${kind})`, () => m.create(div, value), ['undefined', 'object', 'bare'].includes(kind));
      await tried(`create(${kind})`, () => m.create(value), kind === 'element');
      document.querySelectorAll('body > second-leader').forEach((e) => e.dispose());
      for (const name of names) {
        const harmless = { __proto__: null, undefined: true, true: ['embed', 'xapi', 'edx', 'autoplay'], empty: ['panels', 'controls', 'lock', 'embed', 'xapi', 'edx', 'autoplay', 'title', 'src', 'lesson', 'pauseAt'], negativeZero: ['start', 'stopAt', 'xapi'], tiny: ['start', 'stopAt', 'xapi'] }[kind];
        const words = typeof value === 'string' && value.length < 100 && ['title', 'src', 'lesson'].includes(name);
        const list = ['space', 'holes'].includes(kind) && ['panels', 'controls', 'lock', 'pauseAt'].includes(name);
        const empty = name === 'params' && ['object', 'bare'].includes(kind);
        await tried(`create(el, {${name}: ${kind}})`, () => m.create(div, Object.defineProperty({}, name, { value, enumerable: true })), harmless === true || harmless?.includes(name) || words || list || empty);
      }
      await tried(`create params ${kind}`, () => m.create(div, { params: { brokers: value } }), ['number', 'spaced'].includes(kind));
      await tried(`simulate(${kind})`, () => m.simulate(value, { until: 1 }), kind === 'undefined');
      await tried(`simulate options ${kind}`, () => m.simulate('leader-killed', value), ['undefined', 'null', 'object', 'bare'].includes(kind));
      await tried(`simulate until ${kind}`, () => m.simulate('leader-killed', { until: value }), ['undefined', 'negativeZero', 'tiny'].includes(kind));
      await tried(`simulate params ${kind}`, () => m.simulate('leader-killed', { until: 0, params: { brokers: value } }), ['number', 'spaced'].includes(kind));
      const issues = await m.validate(value).catch((x) => x);
      if (!Array.isArray(issues) || !issues.length || !globalThis.named({ name: 'InvalidInputError', issues })) wrong.push(`validate(${kind}): ${String(issues).slice(0, 100)}`);
    }
    return wrong;
  });
  check('create, simulate and validate refuse what is none, by name', ...none(wrong));
  const ui = await page.evaluate(async () => {
    const { validate } = await import('./second-leader.js');
    return (await validate({ schemaVersion: 1, ui: { view: 'x', panels: ['y'], edx: true, speed: 7000 } })).map((i) => i.field).sort().join();
  });
  check('wrong members of ui are found by validate', ui === '/ui/edx,/ui/panels/0,/ui/speed,/ui/view', ui);
  check('no errors with options', page.troubles.filter((t) => !/404/.test(t)).length === 0, page.troubles.join('\n       ').slice(0, 500));
  await page.context().close();
}

async function addresses() {
  const b64 = (text) => Buffer.from(text, 'latin1').toString('base64url');
  const cases = [
    ['#s=', 'the link is damaged'], ['#s=%E0%A4%A', 'the link is damaged'], [`#s=${b64('{"schemaVersion":1,"title":"\xff\xfe"}')}`, 'the link is damaged'], [`#s=${b64('\xef\xbb\xbf{"schemaVersion":1,"base":"patient"}')}`, null],
    [`#s=${b64('{"schemaVersion":1}')}&s=%`, 'the link is damaged'], [`#s=${b64('[]')}`, 'must be an object'], [`#s=${b64('{"schemaVersion":1,"ui":{"theme":"dark","view":"bare","start":"lunch"}}')}`, '/ui/start'], [`#s=${b64('{"schemaVersion":2}')}`, 'newer version'],
    [`#s=${b64('{"schemaVersion":1,"params":{"brokers":3},"params":{"brokers":4}}')}`, 'is given twice'], [`#s=${b64(`{"schemaVersion":1,"plan":${'['.repeat(3000)}`)}`, 'is not JSON'], [`#s=${b64('{"schemaVersion":1,"__proto__":{"ui":{}}}')}`, '__proto__'],
    [`#s=${b64('{"schemaVersion":1}')}&own=999&check=zz&engine=${'9'.repeat(300)}&run=${'x'.repeat(500)}`, 'does not lead to the moment'], [`#s=${b64('{"schemaVersion":1,"ui":[]}')}`, '/ui'], [`#s=${'A'.repeat(16_000)}`, 'is not JSON'],
    ['?joinRate=1e3&joinRate=2&brokers=１０', 'brokers=１０'], ['?brokers=%31%30%00', 'brokers=10'], ['?retries=-0&seed=1e5&healAt=1,000', 'healAt=1,000'], [`?${'a=1&'.repeat(1500)}`, 'is not a parameter'], ['?speed=NaN&start=-1&stopAt=1e999&pauseAt=end,,x', 'pauseAt=x'], ['?panels=__proto__&controls=constructor&lock=toString', 'panels=__proto__'],
    ['?lesson=../../secret', 'could not be loaded'], ['?lesson=%00', 'could not be loaded'], ['?scenario=__proto__', 'scenario=__proto__'], ['?origin=not an origin&embed&locale=constructor&motion=hasOwnProperty', 'locale=constructor'], ['?%ED%A0%80=1&title=%ED%A0%80&brokers=99', 'brokers=99'],
  ];
  const wrong = [];
  for (const [address, says] of cases) {
    const page = await open(`${address.startsWith('#') ? '?autoplay=off' : `${address}&autoplay=off`}${address.startsWith('#') ? address : ''}`);
    const e = await page.evaluate(async (words) => {
      const e = document.querySelector('second-leader');
      const all = () => e.shadowRoot.textContent;
      for (let i = 0; words && i < 4500 && !all().includes(words); i += 1) await new Promise((done) => { setTimeout(done, 20); });
      const notice = e.shadowRoot.querySelector('.notice');
      return { told: !words || all().includes(words), notice: notice?.textContent, height: notice?.offsetHeight ?? 0, brokers: e.params?.brokers, scenario: e.scenario, theme: e.getAttribute('theme'), view: e.getAttribute('view') };
    }, says);
    const troubles = page.troubles.filter((t) => !/404|lessons\//.test(t));
    if (!e.told) wrong.push(`${address.slice(0, 60)}: does not say "${says}" but "${e.notice?.slice(0, 200)}"`);
    if (!says && e.scenario !== 'patient') wrong.push(`${address.slice(0, 60)}: ${e.scenario} ${e.notice}`);
    if (e.height > 300) wrong.push(`${address.slice(0, 60)}: a notice of ${e.height} px`);
    if (address.startsWith('#') && says && (e.theme || e.view)) wrong.push(`${address.slice(0, 60)}: half applied`);
    if (!Number.isFinite(e.brokers) || troubles.length) wrong.push(`${address.slice(0, 60)}: ${troubles.join().slice(0, 200)}`);
    await page.context().close();
  }
  check('odd addresses are told of, change nothing by half, and never stop it', ...none(wrong));
}

async function files() {
  const endless = await host((path) => [200, { 'content-type': 'application/json', 'access-control-allow-origin': '*' }, path === '/large' ? 'x'.repeat(3e6) : path === '/bom' ? '\ufeff{"schemaVersion":1,"base":"patient","ui":{"start":5}}' : '']);
  const page = await open('?autoplay=off');
  await prepare(page);
  const S = '"schemaVersion":1';
  const sound = (more) => `{${S},${more}}`;
  const bad = [
    '', ' ', '\u0000', '{', '}', 'null', '1', '"x"', '[]', '{}', `{${S}`, `{${S},}`, `{${S}}x`, "{'schemaVersion':1}", `{${S},"a":01}`, '{"schemaVersion":"1"}', '{"schemaVersion":1.5}', '{"schemaVersion":1e99}', '{"schemaVersion":-1}', '{"schemaVersion":99}', '{"schemaVersion":null}', '{"schemaVersion":[1]}',
    sound('"params":null'), sound('"params":[]'), sound('"params":{"brokers":"10"}'), sound('"params":{"brokers":1e308}'), sound('"params":{"brokers":1e999}'), sound('"params":{"brokers":[10]}'), sound('"params":{"brokers":10.0000001}'), sound('"params":{"__proto__":1}'), sound('"params":{"joinRate":-0.0000001}'), sound('"params":{"removed":[1,1.5]}'), sound('"params":{"removed":1}'), sound('"params":{"retries":3,"retries":3}'),
    sound('"plan":{}'), sound('"plan":{"old":[],"fresh":[]}'), sound('"plan":{"old":[1,1],"fresh":[]}'), sound('"plan":{"old":[1],"fresh":[{"sid":2,"startMs":0,"list":[]}]}'), sound('"plan":{"old":[1],"fresh":[{"sid":1,"startMs":0,"list":[1]}]}'), sound('"plan":{"old":[1],"fresh":[{"sid":2,"startMs":0,"list":[9]},{"sid":2,"startMs":0,"list":[2]}]}'), sound('"plan":{"old":[1],"fresh":[{"sid":2,"startMs":1e300,"list":[2]}]}'), sound('"plan":{"old":[1],"fresh":[{"sid":2,"startMs":-1,"list":[2]}]}'), sound('"plan":{"old":[256],"fresh":[]}'), sound('"plan":{"old":"1","fresh":{}}'), sound(`"plan":{"old":[${Array.from({ length: 300 }, (_, i) => i + 1)}],"fresh":[]}`),
    sound('"actions":{}'), sound('"actions":[null]'), sound('"actions":[{}]'), sound('"actions":[{"at":1}]'), sound('"actions":[{"at":36001,"do":"startDrain"}]'), sound('"actions":[{"at":"1","do":"startDrain"}]'), sound('"actions":[{"at":1,"do":"startDrain","do":"stopDrain"}]'), sound('"actions":[{"at":1,"do":"__proto__"}]'), sound('"actions":[{"at":1,"do":"stopNode"}]'), sound('"actions":[{"at":1,"do":"stopNode","node":99}]'), sound('"actions":[{"at":1,"do":"set","key":"brokers","value":3}]'), sound('"actions":[{"at":1,"do":"set","key":"writeRate","value":"9"}]'), sound('"actions":[{"at":1,"do":"addNodes","count":1e9}]'), sound(`"actions":[${Array.from({ length: 201 }, () => '{"at":1,"do":"startDrain"}')}]`),
    sound('"expect":1'), sound('"expect":[{}]'), sound('"expect":[{"metric":"lost","op":"=","value":0}]'), sound('"expect":[{"metric":"lost","op":"==","value":"0"}]'), sound('"steps":{}'), sound('"steps":[{}]'), sound('"steps":[{"id":"a","text":"x"},{"id":"a","text":"x"}]'), sound('"steps":[{"id":"a","text":[[]]}]'), sound('"ui":null'), sound('"ui":{"start":-1}'), sound('"ui":{"controls":["__proto__"]}'), sound('"ui":{"origin":"x"}'), sound('"title":{}'), sound('"base":"constructor"'), sound(`"title":"${'x'.repeat(300_000)}"`), sound('"x\\ud800":1'), `${'{"a":'.repeat(4000)}1${'}'.repeat(4000)}`,
  ];
  const wrong = await page.evaluate(async (bad) => {
    const e = document.querySelector('second-leader');
    const { validate } = await import('./second-leader.js');
    const wrong = [];
    for (const file of bad) {
      const before = globalThis.state(e);
      const attributes = [...e.attributes].map((a) => a.name).join();
      const issues = await validate(file).catch((x) => x);
      if (!Array.isArray(issues) || !issues.length || !globalThis.named({ name: 'InvalidInputError', issues })) wrong.push(`${file.slice(0, 100)}: validate says ${JSON.stringify(issues)?.slice(0, 200)}`);
      const error = await e.load(file).then(() => null, (x) => x);
      if (!error || !globalThis.named(error)) wrong.push(`${file.slice(0, 100)}: load says ${error}`);
      if (globalThis.state(e) !== before || attributes !== [...e.attributes].map((a) => a.name).join()) wrong.push(`${file.slice(0, 100)}: half applied`);
      // In the page: told, and the incident instead.
      const inline = document.createElement('second-leader');
      inline.setAttribute('autoplay', 'off');
      inline.append(Object.assign(document.createElement('script'), { type: 'application/json', textContent: file }));
      e.before(inline);
      inline.scrollIntoView();
      await inline.ready;
      const notice = inline.shadowRoot.querySelector('.notice');
      if (notice.hidden || notice.textContent.length < 20 || inline.scenario !== 'the-incident') wrong.push(`${file.slice(0, 100)}: inside an element: ${notice.textContent.slice(0, 100)} ${inline.scenario}`);
      inline.dispose();
    }
    return wrong;
  }, bad);
  check(`${bad.length} files that are none are refused by name, wherever they come from`, ...none(wrong));
  const fetched = await page.evaluate(async (url) => {
    const e = document.querySelector('second-leader');
    const tries = ['large', 'empty', 'nothing here'].map((name) => url + name).concat(['http://[', 'data:,x', 'javascript:1', 'blob:x', 'http://127.0.0.1:1/']);
    const wrong = [];
    for (const name of tries) {
      const error = await e.load(name).then(() => null, (x) => x);
      if (!error || !globalThis.named(error)) wrong.push(`${name}: ${error}`);
    }
    await e.load(`${url}bom`);
    if (e.scenario !== 'patient' || e.currentTime !== 5) wrong.push(`a byte order mark: ${e.scenario} ${e.currentTime}`);
    return wrong;
  }, endless.url);
  check('addresses of files that are none are refused by name, and a byte order mark does no harm', ...none(fetched));
  await page.context().close();
  endless.close();
}

async function frames() {
  const body = `<!doctype html><html lang=en><title>host</title><link rel=icon href=data:,><iframe src="${site.url}index.html?autoplay=off" width=900 height=600></iframe>`;
  const around = await host(() => [200, { 'content-type': 'text/html' }, body]);
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  const troubles = [];
  page.on('pageerror', (e) => troubles.push(String(e)));
  await page.goto(around.url);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForFunction(() => document.querySelector('second-leader')?.params);
  const said = await page.evaluate(async () => {
    const heard = [];
    let wake = () => {};
    addEventListener('message', (e) => { heard.push(e.data); wake(); });
    const frame = document.querySelector('iframe').contentWindow;
    const post = (m, transfer) => frame.postMessage(m, '*', transfer);
    const until = async (f) => { for (;;) { const hit = heard.find(f); if (hit) return hit; await new Promise((done) => { wake = done; }); } };
    const ns = { ns: 'second-leader', v: 1 };
    const buffer = new ArrayBuffer(1e6);
    post({ ...ns, type: 'seek', id: 'transferred', target: buffer }, [buffer]);
    post({ ...ns, type: 'load', id: 'map', scenario: new Map([[1, 2]]) });
    const cyclic = {};
    cyclic.self = cyclic;
    post({ ...ns, type: 'setParams', id: 'cyclic', params: cyclic });
    post({ ...ns, type: 'load', id: 'cyclicFile', scenario: cyclic });
    post({ ...ns, type: 'act', id: 'big', action: { do: 'stopNode', node: 10n } });
    post({ ...ns, type: 'act', id: 'long', action: { do: 'x'.repeat(1e6) } });
    post({ ...ns, type: 'subscribe', id: 'many', events: new Array(1e5).fill('play') });
    post({ ...ns, type: 'theme', id: 'theme', theme: ['dark'] });
    for (const id of [null, {}, [], NaN, Infinity, true, 1n]) post({ ...ns, type: 'play', id });
    for (const v of ['1', 1.5, null, true, [1]]) post({ ns: 'second-leader', v, type: 'play', id: 'version' });
    for (let i = 0; i < 3; i += 1) post({ ...ns, type: 'get', id: 'same', name: 'phase' });
    for (let i = 0; i < 10_000; i += 1) post({ ...ns, type: ['get', 'setParams', 'nonsense', 'seek'][i % 4], id: `n${i}`, name: 'phase', params: { brokers: 99 }, target: {} });
    post({ ...ns, type: 'get', id: 'last', name: 'params' });
    await until((m) => m.id === 'last' && m.type === 'result');
    for (const id of ['n9999', 'map']) await until((m) => m.id === id);
    const results = heard.filter((m) => m?.type === 'result');
    const of = (id) => results.filter((m) => m.id === id);
    const refused = ['transferred', 'map', 'cyclic', 'cyclicFile', 'big', 'long', 'theme'].filter((id) => of(id).length !== 1 || of(id)[0].ok || !of(id)[0].error.issues[0]?.message || of(id)[0].error.issues[0].value.length > 60);
    return { refused, odd: of('version').length + results.filter((m) => typeof m.id !== 'string').length, same: of('same').length, thousands: new Set(results.map((m) => m.id).filter((id) => /^n\d/.test(id))).size, named: of('n1')[0].error.issues[0], brokers: of('last')[0].value.brokers };
  });
  check('odd messages are refused by name, each with one result', said.refused.length === 0 && said.odd === 0 && said.same === 3, JSON.stringify(said));
  check('ten thousand messages at once are answered, one by one', said.thousands === 10_000 && said.named.field === 'brokers' && said.brokers === 10, JSON.stringify(said));
  check('none of them throws', troubles.length === 0, troubles.slice(0, 5).join('\n       '));
  await page.context().close();
  around.close();
}

async function listeners() {
  const page = await open('?autoplay=off');
  const found = await page.evaluate(async () => {
    const wrong = [];
    addEventListener('error', (x) => { if (x.message && !/ResizeObserver/.test(x.message)) wrong.push(x.message); });
    addEventListener('unhandledrejection', (x) => wrong.push(`unhandled: ${x.reason}`));
    const settle = (e) => new Promise((done) => { setTimeout(done, 50); }).then(() => e.seek(3));
    // Before it is ready.
    const early = document.createElement('second-leader');
    early.setAttribute('autoplay', 'off');
    for (const f of [() => early.play(), () => early.step(), () => early.setParams({ seed: 1 }), () => { early.speed = 2; }]) { try { f(); } catch (x) { if (!/not ready/.test(x.message)) wrong.push(`early: ${x}`); } }
    for (const name of ['params', 'metrics', 'ledger']) if (early[name] !== null) wrong.push(`early ${name}`);
    document.body.prepend(early);
    for (let i = 0; i < 200; i += 1) { early.setAttribute('join-rate', i); early.setAttribute('theme', ['dark', 'x', 'light'][i % 3]); early.toggleAttribute('embed'); }
    const both = await Promise.allSettled([early.seek(7), early.load('patient'), early.act('stopNode', { node: 'zk1' }), early.link(), early.ready]);
    if (both.some((x) => x.status === 'rejected')) wrong.push(`at once: ${both.map((x) => x.reason)}`);
    // One event makes the next, without end: others still have their turn.
    let changes = 0;
    const chase = () => { changes += 1; early.setParams({ seed: changes }); };
    early.addEventListener('paramchange', chase);
    early.setParams({ seed: 0 });
    await settle(early);
    early.removeEventListener('paramchange', chase);
    if (changes < 5) wrong.push(`only ${changes} changes`);
    let refusals = 0;
    const insist = () => { refusals += 1; try { early.setParams({ brokers: 99 }); } catch { /* again */ } };
    early.addEventListener('invalidinput', insist);
    insist();
    await settle(early);
    early.removeEventListener('invalidinput', insist);
    if (refusals < 5) wrong.push(`only ${refusals} refusals`);
    // Everything from within everything.
    const deeds = [(e) => e.play(), (e) => e.pause(), (e) => e.step(3), (e) => e.step(-3), (e) => e.reset(), (e) => { e.currentTime = 4; }, (e) => { e.speed = 20; }, (e) => e.act({ do: 'crashConsumer', node: 'consumer1' }), (e) => e.load('slow'), (e) => e.setAttribute('seed', changes), (e) => e.exportImage('svg'), (e) => e.link()];
    for (const event of ['play', 'pause', 'timeupdate', 'milestone', 'phasechange', 'paramchange', 'ratechange', 'ended']) {
      for (const deed of deeds) {
        const once = () => { try { Promise.resolve(deed(early)).catch(() => {}); } catch (x) { wrong.push(`${deed} in ${event}: ${x}`); } };
        early.addEventListener(event, once, { once: true });
        early.setParams({ seed: 5 });
        early.play();
        await early.seek('secondLeader').catch(() => {});
        early.removeEventListener(event, once);
      }
    }
    await settle(early);
    // Removed by its own event.
    for (const event of ['ready', 'play', 'pause', 'paramchange', 'milestone', 'invalidinput']) {
      const e = document.createElement('second-leader');
      e.setAttribute('autoplay', 'off');
      e.addEventListener(event, () => e.dispose(), { once: true });
      document.body.prepend(e);
      e.scrollIntoView();
      await e.ready.catch(() => {});
      try {
        if (event !== 'ready') {
          e.play();
          if (event === 'invalidinput') { try { e.setParams({ brokers: 99 }); } catch { /* so it must be */ } }
          if (event === 'paramchange') e.setParams({ seed: 9 });
          if (event === 'milestone') await e.seek('secondLeader').catch(() => {});
          if (event === 'pause') e.pause();
        }
      } catch (x) {
        wrong.push(`disposed in ${event}: ${x}`);
      }
      for (let i = 0; e.isConnected && i < 4500; i += 1) await new Promise((done) => { setTimeout(done, 20); });
      if (e.isConnected || e.params !== null) wrong.push(`disposed in ${event}, and still there`);
      for (const f of [() => e.play(), () => e.seek(1), () => e.load('patient'), () => e.act('startDrain'), () => e.link(), () => e.describe(), () => e.setParams({}), () => e.reset()]) {
        const error = await Promise.race([(async () => f())().then(() => 'nothing', (x) => x), new Promise((done) => { setTimeout(() => done('hangs'), 1000); })]);
        if (!/disposed/.test(error.message)) wrong.push(`${f} after dispose in ${event}: ${error.message ?? error}`);
      }
    }
    await settle(early);
    if (early.currentTime !== 3) wrong.push('the other one does not go on');
    return wrong;
  });
  check('from within any event, before it is ready and after it is gone: nothing breaks, nothing hangs', ...none(found));
  check('no errors from listeners', page.troubles.length === 0, page.troubles.slice(0, 5).join('\n       '));
  await page.context().close();
}

await play(Object.entries({ methods, options, addresses, files, frames, listeners }));
