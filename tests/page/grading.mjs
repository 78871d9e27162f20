// Lessons as learning platforms see them: a mock of Open edX's LMS around a frame, on the same origin and on another one (jschannel), xAPI
// statements, and nothing of it for those who do not ask. Run after a build: node tests/page/grading.mjs [scene,…]
import { browser, check, play, site } from './checks.mjs';
import { host } from './server.mjs';

const LESSON = 'why-slow-is-not-enough';
const VERBS = 'http://adlnet.gov/expapi/verbs/';

/** A page with the sandbox in a frame, on the same origin or on another one. */
async function outer(same, query) {
  const page = await (await browser.newContext({ reducedMotion: 'reduce' })).newPage();
  page.troubles = [];
  page.requests = [];
  page.on('pageerror', (e) => page.troubles.push(String(e)));
  page.on('console', (m) => { if (m.type() === 'error') page.troubles.push(m.text()); });
  page.on('request', (r) => page.requests.push(r.url()));
  const body = `<!doctype html><html lang=en><title>LMS</title><link rel=icon href=data:,><script>heard = []; addEventListener('message', (e) => { if (e.data?.ns === 'second-leader') heard.push(e.data); });</script><iframe width=1200 height=850 src="${site.url}index.html?${query}"></iframe>`;
  const lms = await host(() => [200, { 'content-type': 'text/html' }, body]);
  if (same) await page.route('**/lms.html', (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(`${same ? site.url : lms.url}lms.html`);
  const frame = await (await page.waitForSelector('iframe')).contentFrame();
  await frame.waitForSelector('second-leader');
  return { page, frame, end: async () => { await page.context().close(); lms.close(); } };
}

/** Takes the lesson: the first answer of each question, and on. With `until`, stops after so many answers. */
const take = (frame, until = 99) => frame.evaluate(async (most) => {
  const e = await new Promise((done) => { const at = setInterval(() => { const found = document.querySelector('second-leader'); if (found?.params) { clearInterval(at); done(found); } }, 20); });
  let [answers, over] = [0, false];
  e.addEventListener('answer', () => { answers += 1; });
  e.addEventListener('lessonend', () => { over = true; });
  await new Promise((done) => {
    const at = setInterval(() => {
      if (over || answers >= most) { clearInterval(at); done(); return; }
      const lesson = e.shadowRoot.querySelector('section.lesson');
      if (e.paused === false) e.speed = 600;
      const [option, input, go] = ['.options button', '#answer', '[data-act="lessons:go"], [data-act="lessons:do"]'].map((s) => lesson?.querySelector(s));
      if (option) option.click();
      else if (input) {
        input.value = '7';
        input.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
        lesson.querySelector('[data-act="lessons:answer"]').click();
      } else if (go && (e.paused || go.dataset.act === 'lessons:do')) go.click();
    }, 30);
  });
  return { answers, over };
}, until);

/** What the parent does on the same origin: JSInput with sop. */
const direct = (page, name, ...args) => page.evaluate(([name, args]) => document.querySelector('iframe').contentWindow.SecondLeader[name](...args), [name, args]);
/** Waits until a grade can be had. */
const ready = (page) => page.waitForFunction(() => { try { return JSON.parse(document.querySelector('iframe').contentWindow.SecondLeader.getGrade()); } catch { return null; } });

async function sameOrigin() {
  const query = `lesson=${LESSON}&edx&autoplay=off`;
  const first = await outer(true, query);
  await ready(first.page);
  const fresh = JSON.parse(await direct(first.page, 'getGrade'));
  check('at its beginning a lesson has a grade of nothing out of all questions', fresh.score === 0 && fresh.of === 6 && !fresh.over && fresh.answers.length === 0, JSON.stringify(fresh));
  const took = await take(first.frame);
  check('the lesson can be taken to its end in a frame', took.over && took.answers === 3, JSON.stringify(took));
  const [grade, state] = [await direct(first.page, 'getGrade'), await direct(first.page, 'getState')];
  const told = JSON.parse(grade);
  check('its grade has a score in 0–1, and each answer', told.over && told.score === told.points / told.of && told.score >= 0 && told.score <= 1 && told.answers.length === 3 && told.answers.every((a) => a.step && a.given && a.of === 2), grade);
  check('its state is short, and survives what the LMS does to it', state.length <= 4096 && (await first.page.evaluate((s) => unescape(s) === s && decodeURI(s) === s, state)), `${state.length}`);
  check('nothing of xAPI was said', !(await first.page.evaluate(() => heard.some((m) => m.type === 'xapi'))));
  check('no errors', first.page.troubles.length === 0, first.page.troubles.join('\n       '));
  await first.end();

  const again = await outer(true, query);
  await again.page.waitForFunction(() => document.querySelector('iframe').contentWindow.SecondLeader?.setState);
  const early = await again.page.evaluate((s) => { const { setState, getGrade } = document.querySelector('iframe').contentWindow.SecondLeader; setState(s); try { return getGrade(); } catch (e) { return `${e.name}: ${e.message}`; } }, state);
  check('while it is restored a grade is refused in the way of the LMS', early === 'Waitfor Exception: The lesson is still loading. Try again in a moment.', early);
  check('while it is restored the state is what was set', (await direct(again.page, 'getState')) === state);
  await ready(again.page);
  check('restored after a reload it has the same grade', (await direct(again.page, 'getGrade')) === grade, await direct(again.page, 'getGrade'));
  check('and the same state', (await direct(again.page, 'getState')) === state, `${await direct(again.page, 'getState')}\n       ${state}`);
  check('the page says that the lesson is over', /The lesson is over/.test(await again.frame.evaluate(() => document.querySelector('second-leader').shadowRoot.querySelector('.lesson').textContent)));
  const garbage = [undefined, null, '', '{', '[]', '7', '%', { v: 1 }, { v: 1, lesson: 5 }, JSON.stringify({ v: 1, lesson: 'other' }), state.slice(0, -9), state.replace(/"answers":\[/, '"answers":["0 0 0 0 0",'), 'x'.repeat(1e6), { v: 1, lesson: LESSON, place: 'a', now: '- -', answers: {}, runs: [{}] }];
  const threw = await again.page.evaluate(async (all) => {
    const { setState } = document.querySelector('iframe').contentWindow.SecondLeader;
    const wrong = [];
    for (const state of all) { try { setState(state); } catch (error) { wrong.push(`${JSON.stringify(state)}: ${error}`); } }
    return wrong;
  }, garbage);
  check('setState never throws', threw.length === 0, threw.join('\n       '));
  await ready(again.page);
  check('no errors after all that', again.page.troubles.length === 0, again.page.troubles.join('\n       '));
  await again.end();
}

/** The parent's half of jschannel, as the LMS has it: queues until ready, ids, JSON texts. */
const channel = (page, calls) => page.evaluate(async (all) => {
  const target = document.querySelector('iframe').contentWindow;
  let [ready, id] = [false, 4711];
  const waiting = new Map();
  const queue = [];
  const post = (m) => target.postMessage(JSON.stringify(m), '*');
  addEventListener('message', (event) => {
    if (event.source !== target || typeof event.data !== 'string') return;
    const m = JSON.parse(event.data);
    if (m.method === 'JSInput::__ready' && !ready) {
      ready = true;
      if (m.params === 'ping') post({ method: 'JSInput::__ready', params: 'pong' });
      while (queue.length) post(queue.shift());
    } else if (waiting.has(m.id)) {
      waiting.get(m.id)(m);
      waiting.delete(m.id);
    }
  });
  post({ method: 'JSInput::__ready', params: 'ping' });
  const call = (method, params) => new Promise((done) => {
    id += 1;
    waiting.set(id, done);
    const m = { id, method: `JSInput::${method}`, params };
    if (ready) post(m);
    else queue.push(m);
  });
  const answers = [];
  for (const [method, params] of all) answers.push(await call(method, params));
  return answers;
}, calls);

async function otherOrigin() {
  const query = `lesson=${LESSON}&edx&autoplay=off`;
  const first = await outer(false, query);
  await take(first.frame, 2);
  const [grade, state] = await channel(first.page, [['getGrade', ''], ['getState', '']]);
  check('another origin is answered over jschannel', JSON.parse(grade.result).answers.length === 2 && JSON.parse(state.result).v === 1, JSON.stringify(grade));
  await first.end();
  const again = await outer(false, query);
  // The LMS asks before anything is loaded: all is queued, and answered in its order.
  const [set, after, kept] = await channel(again.page, [['setState', state.result], ['getGrade', ''], ['getState', '']]);
  check('a state that is set before the page is ready is restored, and the grade is the same', set.result === true && after.result === grade.result, `${JSON.stringify(after)}\n       ${grade.result}`);
  check('and so is the state', kept.result === state.result, `${kept.result}\n       ${state.result}`);
  const odd = await again.page.evaluate(async () => {
    const target = document.querySelector('iframe').contentWindow;
    const heard = [];
    addEventListener('message', (e) => { if (typeof e.data === 'string' && 'id' in JSON.parse(e.data)) heard.push(JSON.parse(e.data)); });
    for (const data of ['', '{', 'null', '7', '[]', '{"method":7}', '{"method":"JSInput::"}', '{"id":1,"method":"getGrade"}', '{"id":2,"method":"Other::getGrade"}', '{"id":3,"method":"JSInput::constructor"}', '{"id":4,"method":"JSInput::__proto__"}', '{"method":"JSInput::getGrade"}', '{"id":{},"method":"JSInput::getGrade"}', `{"id":5,"method":"JSInput::${'x'.repeat(1e5)}"}`]) target.postMessage(data, '*');
    target.postMessage('{"id":6,"method":"JSInput::setState","params":{"a":[1]}}', '*');
    target.postMessage('{"id":7,"method":"JSInput::getGrade"}', '*');
    await new Promise((done) => { const at = setInterval(() => { if (heard.some((m) => m.id === 7)) { clearInterval(at); done(); } }, 20); });
    return heard.map((m) => m.id);
  });
  check('malformed calls are ignored', odd.join() === '6,7', odd.join());
  check('no errors over the channel', again.page.troubles.length === 0, again.page.troubles.join('\n       '));
  await again.end();
}

/** What is wrong with the shape of a statement. */
function malformed({ verb, object, result, context, timestamp, ...rest }) {
  const wrong = [];
  if (Object.keys(rest).length) wrong.push(`unknown: ${Object.keys(rest)}`);
  if (!verb?.id?.startsWith(VERBS) || verb.display['en-US'] !== verb.id.slice(VERBS.length)) wrong.push('verb');
  if (object?.objectType !== 'Activity' || !URL.canParse(object.id) || !/^http:\/\/adlnet.gov\/expapi\/activities\//.test(object.definition?.type) || !object.definition.name.en) wrong.push('object');
  if (Number.isNaN(Date.parse(timestamp))) wrong.push('timestamp');
  if (result) {
    if (!/^PT\d+\.\d\dS$/.test(result.duration) || typeof result.completion !== 'boolean') wrong.push('result');
    const { score } = result;
    if (score && !(score.min === 0 && score.raw >= 0 && score.raw <= score.max && score.scaled === score.raw / score.max)) wrong.push('score');
  }
  if (context && !context.contextActivities.parent.every((p) => p.objectType === 'Activity' && URL.canParse(p.id))) wrong.push('context');
  return wrong;
}

async function statements() {
  const { page, frame, end } = await outer(true, `lesson=${LESSON}&xapi=0.6&autoplay=off`);
  await frame.evaluate(() => { globalThis.events = []; addEventListener('xapi', (e) => globalThis.events.push(e.detail.statement)); });
  await take(frame);
  const [heard, events] = [await page.evaluate(() => heard), await frame.evaluate(() => globalThis.events)];
  const said = heard.filter((m) => m.type === 'xapi').map((m) => m.statement);
  const verbs = said.map((s) => s.verb.display['en-US']);
  check('a lesson is told as attempted, answered, completed, and passed or failed', /^attempted,answered,answered,answered,completed,(passed|failed)$/.test(verbs.join()), verbs.join());
  const wrong = said.flatMap((s) => malformed(s).map((w) => `${s.verb.display['en-US']}: ${w}`));
  check('every statement has the shape of the specification, without an actor', said.length === 6 && wrong.length === 0, wrong.join('\n       '));
  const answer = said[1];
  check('an answer names its step, its lesson, its kind, its response and its score', answer.object.id.includes(`?lesson=${LESSON}#`) && answer.context.contextActivities.parent[0].id.endsWith(`?lesson=${LESSON}`) && ['choice', 'numeric', 'fill-in'].includes(answer.object.definition.interactionType) && answer.result.response && answer.result.score.max === 2 && answer.result.success === (answer.result.score.scaled === 1), JSON.stringify(answer));
  const known = said.slice(1, 4).filter(({ object: { definition: d }, result: r }) => {
    if (d.interactionType === 'choice') return d.choices.some((c) => c.id === r.response && c.description.en) && d.correctResponsesPattern.includes(r.response) === r.success;
    if (d.interactionType !== 'numeric') return d.correctResponsesPattern.includes(r.response) === r.success;
    const [least, most] = d.correctResponsesPattern[0].split('[:]').map(Number);
    return (Number(r.response) >= least && Number(r.response) <= most) === r.success;
  });
  check('an answer says what could be chosen and what was right, and its response agrees with that', known.length === 3, JSON.stringify(said.slice(1, 4).map((s) => [s.object.definition, s.result])));
  const last = said.at(-1);
  check('the pass mark decides', last.result.success === (last.result.score.scaled >= 0.6) && verbs.at(-1) === (last.result.success ? 'passed' : 'failed'), JSON.stringify(last.result));
  check('the element tells the same as events', JSON.stringify(events.slice(-5)) === JSON.stringify(said.slice(-5)));
  const plain = heard.filter((m) => ['lessonstart', 'answer', 'lessonend'].includes(m.type)).map((m) => m.type);
  check('answers, beginning and end are messages, too', plain.join() === 'lessonstart,answer,answer,answer,lessonend', plain.join());
  const end_ = heard.find((m) => m.type === 'lessonend').detail;
  check('what is told at the end is out of all questions', end_.of === 6 && end_.points === last.result.score.raw && end_.lesson === LESSON, JSON.stringify(end_));
  check('no globals without edx', await frame.evaluate(() => !('SecondLeader' in globalThis)));
  check('no errors with xAPI', page.troubles.length === 0, page.troubles.join('\n       '));
  await end();
}

async function unasked() {
  const { page, frame, end } = await outer(true, `lesson=${LESSON}&autoplay=off`);
  await take(frame, 1);
  const types = await page.evaluate(() => heard.map((m) => m.type));
  check('who does not ask is told answers, but no statements', types.includes('answer') && !types.includes('xapi'), types.join());
  check('who does not ask loads nothing of it, and finds no global', !page.requests.some((url) => url.endsWith('grading.js')) && await frame.evaluate(() => !('SecondLeader' in globalThis)));
  await end();
  const odd = await outer(true, 'xapi=often&autoplay=off');
  await odd.frame.getByText('xapi=often → on (on, off, or a pass mark in 0–1)').waitFor();
  check('a pass mark that is none is named', true);
  await odd.end();
}

await play([['sameOrigin', sameOrigin], ['otherOrigin', otherOrigin], ['statements', statements], ['unasked', unasked]]);
