// What is said of input that nobody meant, word for word; and what becomes of sandboxes that are taken away while something is asked of
// them. Run after a build: node tests/page/wording.mjs [scene,…]
import { check, open as opened, play } from './checks.mjs';

const open = (path) => opened(path, { strict: false });
const none = (wrong) => [wrong.length === 0, wrong.slice(0, 8).join('\n       ')];

/** What is said of what was changed or refused: the field, the value, and what is allowed. */
async function wording() {
  const query = 'brokers=3.7&partitions=1000000000&seed=99999999999999999999999&joinRate=99999&oldLeader=x&removed=x&speed=-1&start=-5&stopAt=99999&pauseAt=lunch&controls=joinRate,lunch&lock=supper&origin=here&joinrate=3&brokerz=4&v=2&src=x.json';
  const page = await open(`?${query}`);
  const told = await page.evaluate(() => [...document.querySelector('second-leader').shadowRoot.querySelectorAll('.notice li')].map((li) => li.textContent.replaceAll('\u2060', '')));
  const says = ['brokers=3.7 → 4 (1–30)', 'partitions=1000000000 → 100 (1–100)', 'seed=99999999999999999999999 → 4294967295 (0–4294967295)', 'joinRate=99999 → 1200 (1–1200)', 'oldLeader=x → the highest (1–9)', 'removed=x → none (sids 1–9)', 'speed=-1 → 0.05 (auto, 0.05–600)', 'start=-5 → 0 (seconds in 0–36000, or a milestone)', 'stopAt=99999 → 36000 (seconds in 0–36000, or a milestone)', 'pauseAt=lunch is no milestone', 'controls=lunch is no parameter (scenario, oldNodes, ', 'lock=supper is no parameter (scenario, oldNodes, ', 'origin=here must be an origin, such as https://example.org', 'joinrate=3 is not a parameter', 'brokerz=4 is not a parameter', 'v=2 → 1 (1)', 'src=x.json is an attribute'];
  check('what an address says wrongly is told with its name, its value and what is allowed', ...none([...says.filter((words) => !told.some((line) => line.startsWith(words))), ...(told.length === says.length ? [] : told)]));
  const wrong = await page.evaluate(async () => {
    const m = await import('./second-leader.js');
    const e = document.querySelector('second-leader');
    const wrong = [];
    const refuses = async (what, f, field, value, words) => {
      const error = await (async () => f())().then(() => null, (x) => x);
      const issue = (Array.isArray(error) ? error : error?.issues)?.[0];
      if (issue?.field !== field || issue.value !== value || !issue.message.includes(words)) wrong.push(`${what}: ${error?.name} ${JSON.stringify(issue)}`);
    };
    const fails = async (f) => { throw await f(); };
    await refuses('define', () => m.define('x'), 'name', 'x', 'my-sandbox');
    await refuses('define', () => m.define(Symbol('x')), 'name', 'Symbol(x)', 'my-sandbox');
    await refuses('seek', () => e.seek(null), 'target', 'null', 'secondLeader');
    await refuses('speed', () => { e.speed = 7000; }, 'speed', '7000', '0.05–600');
    await refuses('load', () => e.load('incident'), 'scenario', 'incident', 'the-incident, patient');
    await refuses('create', () => m.create(document.body, { scenario: 'incident' }), 'scenario', 'incident', 'the-incident, patient');
    await refuses('simulate', () => m.simulate('incident'), 'scenario', 'incident', 'the-incident, patient');
    await refuses('validate', () => fails(() => m.validate('incident')), 'scenario', 'incident', 'the-incident, patient');
    await refuses('options', () => m.create(document.body, { brokers: 3 }), 'brokers', '3', 'known: scenario, params, view');
    await refuses('setParams', () => e.setParams({ joinrate: 3 }), 'joinrate', '3', 'did you mean joinRate?');
    await refuses('setParams', () => e.setParams({ lunch: 3 }), 'lunch', '3', 'is not a parameter');
    const heard = [];
    e.addEventListener('invalidinput', ({ detail }) => heard.push(detail));
    e.pause();
    const before = e.currentTime;
    e.currentTime = 'lunch';
    for (let i = 0; i < 4500 && !heard.length; i += 1) await new Promise((done) => { setTimeout(done, 20); });
    if (heard[0]?.issues[0].field !== 'target' || !Array.isArray(heard[0].notices) || e.currentTime !== before) wrong.push(`currentTime: ${JSON.stringify(heard)}`);
    try { e.setParams({ brokers: 99 }); } catch { /* so it must be */ }
    if (!Array.isArray(heard[1]?.notices)) wrong.push(`setParams: ${JSON.stringify(heard[1])}`);
    return wrong;
  });
  check('what programs say wrongly is refused with its name, its value and what is allowed', ...none(wrong));
  const kept = await page.evaluate(async () => {
    const e = document.createElement('second-leader');
    for (const [name, value] of Object.entries({ autoplay: 'off', view: 'upside-down', panels: 'lunch', brokers: '99' })) e.setAttribute(name, value);
    document.body.prepend(e);
    e.scrollIntoView();
    await e.ready;
    const told = () => [...e.shadowRoot.querySelectorAll('.notice li')].map((li) => li.textContent.split(/[= ]/)[0]).join();
    const until = async (what) => { for (let i = 0; i < 9000 && told() !== what; i += 1) await new Promise((done) => { setTimeout(done, 10); }); return told(); };
    const all = await until('view,panels,brokers');
    e.setAttribute('theme', 'dark');
    await e.seek(1);
    const still = told();
    e.setAttribute('panels', 'log');
    const less = await until('view,brokers');
    e.setAttribute('view', 'bare');
    const least = await until('brokers');
    e.removeAttribute('brokers');
    return [all, still, less, least, await until('')].join(' / ');
  });
  check('each notice stays as long as what it is about', kept === 'view,panels,brokers / view,panels,brokers / view,brokers / brokers / ', kept);
  await page.context().close();
}

/** Nothing is waited for that cannot come, and nothing that is gone is kept. */
async function gone() {
  const page = await open('?autoplay=off');
  const wrong = await page.evaluate(async () => {
    const wrong = [];
    const within = (p) => Promise.race([p.then(() => 'done', (x) => x.message), new Promise((done) => { setTimeout(() => done('hangs'), 5000); })]);
    const calls = { seek: (e) => e.seek(3), load: (e) => e.load('patient'), act: (e) => e.act('startDrain'), link: (e) => e.link(), describe: (e) => e.describe(), exportData: (e) => e.exportData(), exportImage: (e) => e.exportImage() };
    for (const [name, call] of Object.entries(calls)) {
      const never = document.createElement('second-leader');
      const waits = within(call(never));
      never.dispose();
      const e = document.createElement('second-leader');
      e.setAttribute('autoplay', 'off');
      document.body.prepend(e);
      e.scrollIntoView();
      await e.ready;
      const asked = within(call(e));
      e.remove();
      await new Promise((done) => { setTimeout(done); });
      const said = [await waits, await asked, await within(call(e))];
      if (said[0] !== 'the sandbox was disposed' || said[1] === 'hangs' || said[2] !== 'the sandbox was removed') wrong.push(`${name}: ${said}`);
      document.body.prepend(e);
      e.scrollIntoView();
      if (await within(e.seek(2)) !== 'done' || e.currentTime !== 2) wrong.push(`${name}: not there again`);
      e.dispose();
    }
    return wrong;
  });
  check('what was asked of a sandbox that is taken away is refused, not waited for; put back, it serves', ...none(wrong));
  const client = await page.context().newCDPSession(page);
  await client.send('Performance.enable');
  const nodes = async () => {
    for (let i = 0; i < 3; i += 1) await client.send('HeapProfiler.collectGarbage');
    return (await client.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'Nodes').value;
  };
  const cycles = (n) => page.evaluate(async (n) => {
    for (let i = 0; i < n; i += 1) {
      const e = document.createElement('second-leader');
      document.body.prepend(e);
      e.scrollIntoView();
      await e.ready;
      await e.seek('secondLeader');
      e.setParams({ brokers: 5 });
      e.dispose();
    }
  }, n);
  await cycles(3);
  const before = await nodes();
  await cycles(20);
  const grown = (await nodes()) - before;
  check(`nothing of what still had something to say is kept (${grown} nodes)`, grown < 1000);
  check('no errors of what is gone', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

await play(Object.entries({ wording, gone }));
