// What learning platforms are told of a lesson, when the page asks for it: xAPI statements (`xapi`), and Open edX's getGrade, getState
// and setState (`edx`), called on this window or over its channel of messages. Loaded only then.
import { beside } from './says.js';

const ADL = 'http://adlnet.gov/expapi';
const KINDS = { number: 'numeric', choice: 'choice', machine: 'fill-in' };
const MAX_MESSAGE = 65_536;

/** Is this asked for? The pass mark in `xapi` if there is one, otherwise true or false. */
export function wanted(element, name) {
  const value = element.getAttribute(name);
  if (value === null || value === 'off') return false;
  return name === 'xapi' && /^(0?\.\d+|[01](\.0*)?)$/.test(value) ? Number(value) : true;
}

/** Begins to tell. Returns how to stop. */
export function grade(element, inside) {
  const ends = [];
  if (wanted(element, 'xapi') !== false) ends.push(statements(element, inside));
  if (wanted(element, 'edx')) ends.push(edx(element, inside));
  return () => { for (const end of ends) end(); };
}

/** What the module says of the lesson that is under way; null: there is none. */
function report(inside) {
  try {
    return JSON.parse(inside.handle().lesson?.() || 'null');
  } catch {
    return null;
  }
}

/** Tells answers, beginnings and ends as xAPI statements: the event `xapi`. Who it was, the platform adds. */
function statements(element, inside) {
  let began = performance.now();
  let before = began;
  const since = (then) => `PT${((performance.now() - then) / 1000).toFixed(2)}S`;
  const lessonId = (lesson) => `${location.href.replace(/[?#].*$/s, '')}?lesson=${encodeURIComponent(lesson)}`;
  const activity = (id, type, name, locale, more) => ({ objectType: 'Activity', id, definition: { type: `${ADL}/activities/${type}`, name: { [locale]: name }, ...more } });
  const score = (points, of) => (of ? { score: { scaled: points / of, raw: points, min: 0, max: of } } : {});
  const say = (verb, object, result, context) => {
    const statement = { verb: { id: `${ADL}/verbs/${verb}`, display: { 'en-US': verb } }, object, ...(result && { result }), ...(context && { context }), timestamp: new Date().toISOString() };
    inside.dispatch('xapi', { statement });
  };
  const lessonOf = ({ lesson, title, locale }) => activity(lessonId(lesson), 'lesson', title || lesson, locale);
  const told = {
    lessonstart: ({ detail }) => {
      before = began = performance.now();
      say(report(inside)?.answers.length ? 'resumed' : 'attempted', lessonOf(detail));
    },
    answer: ({ detail: { lesson, step, kind, question, options, given, correct, locale, points, of } }) => {
      const choices = options.map((text, i) => ({ id: String(i + 1), description: { [locale]: text } }));
      const object = activity(`${lessonId(lesson)}#${encodeURIComponent(step)}`, 'cmi.interaction', step, locale, { description: { [locale]: question }, interactionType: KINDS[kind], ...(choices.length && { choices }), ...(correct.length && { correctResponsesPattern: correct }) });
      const result = { ...score(points, of), ...(of && { success: points === of }), completion: true, response: given, duration: since(before) };
      before = performance.now();
      say('answered', object, result, { contextActivities: { parent: [{ objectType: 'Activity', id: lessonId(lesson) }] } });
    },
    lessonend: ({ detail }) => {
      const { points, of } = detail;
      const mark = wanted(element, 'xapi');
      const result = { ...score(points, of), completion: true, duration: since(began) };
      say('completed', lessonOf(detail), result);
      if (typeof mark !== 'number' || !of) return;
      const success = points / of >= mark;
      say(success ? 'passed' : 'failed', lessonOf(detail), { ...result, success });
    },
  };
  for (const [name, tell] of Object.entries(told)) element.addEventListener(name, tell);
  return () => { for (const [name, tell] of Object.entries(told)) element.removeEventListener(name, tell); };
}

/** What Open edX shows to learners in place of its own words when a submission cannot be made. */
const later = (message) => Object.assign(new Error(message), { name: 'Waitfor Exception' });
// It unescapes what it is given; without a percent sign nothing is changed by that.
const plain = (json) => json.replaceAll('%', '\\u0025');

/** Open edX's JSInput: `SecondLeader.getGrade` and its kin on this window, and the same over its channel. */
function edx(element, inside) {
  let id; // of the lesson that the page began with
  let last = null;
  let coming = null; // a state that is being restored
  let begun;
  const first = new Promise((done) => { begun = done; });
  const here = () => {
    const found = report(inside);
    if (found && found.lesson === id) last = found;
    return last;
  };
  const start = ({ detail }) => {
    id ??= detail.lesson;
    here();
    begun();
  };
  element.addEventListener('lessonstart', start);
  element.addEventListener('answer', here);
  element.addEventListener('lessonend', here);

  const getGrade = () => {
    const found = coming ? null : here();
    if (!found) throw later('The lesson is still loading. Try again in a moment.');
    const { lesson, points, of, over, answers } = found;
    return plain(JSON.stringify({ score: of ? points / of : 0, points, of, over, lesson, answers }));
  };
  const getState = () => coming ?? plain(here()?.state ?? '');
  const setState = (given) => {
    const text = understood(given);
    if (!text) return;
    coming = text;
    const done = restore(text).catch(() => {}).then(() => { if (coming === text) coming = null; });
    queue = Promise.all([queue, done]);
  };
  let queue = Promise.resolve();

  /** Goes on where the lesson was left, once it has begun. */
  async function restore(text) {
    await first;
    const state = JSON.parse(text);
    if (coming !== text || state.lesson !== id) return;
    const file = await beside(`lessons/${encodeURIComponent(asked(element) ?? id)}.json`);
    const handle = await inside.grow();
    handle.resume(`${JSON.stringify(state)}\n${file}`);
    for (let tries = 0; inside.handle().resuming && tries < 3000; tries += 1) {
      inside.handle().travel(); // frames do not come in hidden tabs
      await new Promise((done) => { setTimeout(done, 10); });
    }
  }

  const mine = { getGrade, getState, setState };
  const before = globalThis.SecondLeader;
  if (!before) globalThis.SecondLeader = mine;
  const hangUp = window.parent === window ? () => {} : channel(element, { getGrade, getState, setState }, () => queue);
  return () => {
    hangUp();
    if (globalThis.SecondLeader === mine) delete globalThis.SecondLeader;
    element.removeEventListener('lessonstart', start);
    element.removeEventListener('answer', here);
    element.removeEventListener('lessonend', here);
  };
}

/** The lesson that the page asks for. */
const asked = (element) => element.getAttribute('lesson') ?? (element.hasAttribute('url-parameters') ? new URLSearchParams(location.search).get('lesson') : null);

/** A state that may be one of ours, on one line; null: it is none. */
function understood(given) {
  try {
    const state = typeof given === 'string' ? JSON.parse(given) : given;
    const text = state?.v === 1 && typeof state.lesson === 'string' ? plain(JSON.stringify(state)) : '';
    return text.length <= MAX_MESSAGE ? text : null;
  } catch {
    return null;
  }
}

/** The wire protocol of jschannel, as Open edX speaks it with frames of other origins: JSON texts, methods with the scope JSInput. */
function channel(element, calls, settled) {
  const SCOPE = 'JSInput::';
  const origin = () => element.getAttribute('origin') || '*';
  const post = (message) => {
    try {
      window.parent.postMessage(JSON.stringify(message), origin());
    } catch { /* an origin that is none: nobody hears it */ }
  };
  const hear = async ({ data, source, origin: from }) => {
    if (source !== window.parent || (origin() !== '*' && from !== origin()) || typeof data !== 'string' || data.length > MAX_MESSAGE) return;
    let message;
    try {
      message = JSON.parse(data);
    } catch {
      return;
    }
    const { method, id, params } = message ?? {};
    if (typeof method !== 'string' || !method.startsWith(SCOPE)) return;
    const name = method.slice(SCOPE.length);
    if (name === '__ready' && params === 'ping') post({ method: `${SCOPE}__ready`, params: 'pong' });
    if (!Object.hasOwn(calls, name) || (typeof id !== 'string' && !Number.isFinite(id))) return;
    try {
      const answer = name === 'setState' && calls.setState(params);
      await settled();
      post({ id, result: name === 'setState' ? answer ?? true : calls[name]() });
    } catch (error) {
      post({ id, error: 'runtime_error', message: error.message });
    }
  };
  window.addEventListener('message', hear);
  post({ method: `${SCOPE}__ready`, params: 'ping' });
  return () => window.removeEventListener('message', hear);
}
