// postMessage v1: what a frame and the page around it say to each other.
import { InvalidInputError, text } from './says.js';

const NS = 'second-leader';
const ALWAYS = ['ready', 'milestone', 'phasechange', 'invalidinput', 'error', 'lessonstart', 'answer', 'lessonend', 'xapi'];
const STATE = ['timeupdate', 'play', 'pause', 'ended', 'ratechange', 'paramchange'];

const stateOf = (e) => ({
  version: e.version, scenario: e.scenario, paused: e.paused, currentTime: e.currentTime, duration: e.duration, speed: e.speed, phase: e.phase, params: e.params, metrics: e.metrics, ledger: e.ledger,
});

const bad = (field, value, message) => new InvalidInputError([{ field, value, message }]);

/** Every command, and what it answers. */
const COMMANDS = {
  hello: async (e) => { await e.ready; return stateOf(e); },
  play: (e) => e.play(),
  pause: (e) => e.pause(),
  reset: (e) => e.reset(),
  seek: async (e, { target }) => { await e.seek(target); return e.currentTime; },
  setParams: (e, { params }) => { e.setParams(params); return e.params; },
  load: async (e, { scenario }) => { await e.load(scenario); return stateOf(e); },
  act: (e, { action }) => e.act(action),
  get: async (e, { name }) => {
    if (name === 'state') return stateOf(e);
    if (name === 'link') return e.link();
    if (name === 'description') return e.describe();
    if (['csv', 'json', 'trace'].includes(name)) return e.exportData(name);
    const values = stateOf(e);
    if (typeof name !== 'string' || !Object.hasOwn(values, name)) throw bad('name', name, `must be one of state, link, description, csv, json, trace, ${Object.keys(values).join(', ')}`);
    return values[name];
  },
  subscribe: (e, { events }, told) => {
    const wrong = Array.isArray(events) ? events.find((name) => !STATE.includes(name)) : events;
    if (!Array.isArray(events) || [...events].some((name) => !STATE.includes(name))) throw bad('events', wrong, `must be a list of ${STATE.join(', ')}`);
    told.clear();
    for (const name of events) told.add(name);
    return events;
  },
  theme: (e, { theme }) => {
    if (!['auto', 'light', 'dark', 'contrast'].includes(theme)) throw bad('theme', theme, 'must be one of auto, light, dark, contrast');
    e.setAttribute('theme', theme);
  },
};

/** Talks with the page around this frame. Returns how to stop. */
export function converse(element) {
  const told = new Set();
  const origin = () => element.getAttribute('origin') || '*';
  const post = (message, to = origin()) => {
    try {
      window.parent.postMessage(message, to);
    } catch { /* an origin that is none, or something that cannot be copied: nobody hears it */ }
  };
  const say = (type, more) => post({ ns: NS, v: 1, type, ...more });
  const hear = async (event) => {
    const { data, source } = event;
    if (source !== window.parent || (origin() !== '*' && event.origin !== origin())) return;
    if (data === null || typeof data !== 'object' || data.ns !== NS || data.v !== 1 || typeof data.type !== 'string') return;
    const { type, id } = data;
    const named = typeof id === 'string' || Number.isFinite(id);
    if (id !== undefined && !named) return;
    try {
      if (!Object.hasOwn(COMMANDS, type)) throw bad('type', type, `must be one of ${Object.keys(COMMANDS).join(', ')}`);
      const value = await COMMANDS[type](element, data, told);
      if (named) say('result', { id, ok: true, value: value ?? null });
    } catch (error) {
      if (named) say('result', { id, ok: false, error: { name: text(error?.name), message: text(error?.message), code: error?.code ?? null, issues: error?.issues ?? [] } });
    }
  };
  const forward = (event) => {
    if (ALWAYS.includes(event.type)) say(event.type, event.type === 'ready' ? { state: stateOf(element) } : event.type === 'xapi' ? event.detail : { detail: event.detail });
    else if (told.has(event.type)) say('state', { event: event.type, state: stateOf(element) });
  };
  let announced = 0;
  const sizes = new ResizeObserver(() => {
    const height = Math.ceil(document.documentElement.getBoundingClientRect().height);
    if (height === announced || !height) return;
    announced = height;
    say('resize', { height });
    if (!element.hasAttribute('embed')) return;
    post(JSON.stringify({ src: location.href, context: 'iframe.resize', height })); // Embedly's way
    post({ subject: 'lti.frameResize', height }); // Canvas's
  });
  window.addEventListener('message', hear);
  for (const name of [...ALWAYS, ...STATE]) element.addEventListener(name, forward);
  sizes.observe(document.documentElement);
  return () => {
    window.removeEventListener('message', hear);
    for (const name of [...ALWAYS, ...STATE]) element.removeEventListener(name, forward);
    sizes.disconnect();
  };
}
