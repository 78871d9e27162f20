// What programs may wish for a sandbox, checked one by one before any of it counts: options of create, link and embedCode.
import { listed, text } from './says.js';

const MILESTONES = ['maintenanceStart', 'firstLooking', 'secondLeader', 'brokerMoved', 'secondController', 'firstWriteFailed', 'firstDeadLetter', 'detected', 'secondClusterGone', 'dlqEmpty', 'end'];
/** `join-rate` as `joinRate`. */
export const camel = (name) => name.replace(/-([a-z])/g, (_, c) => c.toUpperCase());

/** A value as an attribute has it. */
export const word = (value) => (Array.isArray(value) ? value.map(text).join(',') : value === true ? 'on' : value === false ? 'off' : text(value)).replace(/\p{Surrogate}/gu, '\ufffd');

const truth = (value) => (typeof value === 'boolean' || ['on', 'off', ''].includes(value) ? null : 'must be true or false');
const moment = (value) => ((typeof value === 'number' ? value >= 0 && value <= 36_000 : MILESTONES.includes(value)) ? null : `must be seconds in 0–36000, or one of ${MILESTONES.join(', ')}`);
const words = (most) => (value) => (typeof value === 'string' && value.length <= most ? null : `must be a text of at most ${most} characters`);
const names = (known) => (value) => {
  const all = Array.isArray(value) ? value.map(text) : typeof value === 'string' ? listed(value) : null;
  return all?.every((name) => name === 'none' || known.includes(camel(name))) ? null : `must be some of ${known.join(', ')}; or none`;
};
/** What is wrong with an origin, or null. */
export const origin = (value) => {
  try {
    return new URL(value).origin === value ? null : 'must be an origin, such as https://example.org';
  } catch {
    return 'must be an origin, such as https://example.org';
  }
};

/** What each wish may be: a function that says what is wrong with a value, or null. */
function rules(enums, panels, keys) {
  const controls = names(['scenario', ...keys]);
  const all = {
    panels: names(panels), controls, lock: controls, autoplay: truth, embed: truth, edx: truth, origin, title: words(300), src: words(2000), lesson: words(100),
    speed: (value) => (value === 'auto' || (typeof value === 'number' && value >= 0.05 && value <= 600) ? null : "must be 'auto' or a number in 0.05–600"),
    start: moment, stopAt: moment,
    pauseAt: (value) => names(MILESTONES)(value),
    xapi: (value) => (truth(value) === null || (typeof value === 'number' && value >= 0 && value <= 1) ? null : 'must be true, false, or a pass mark in 0–1'),
  };
  for (const [name, known] of Object.entries(enums)) all[name] = (value) => (known.includes(value) ? null : `must be one of ${known.join(', ')}`);
  return all;
}

/** What is wrong with these wishes: rows of name, value and what it must be. Only those in `allowed` are any. */
export function wrong(wishes, allowed, { enums, panels, keys }) {
  const known = rules(enums, panels, keys);
  return Object.entries(wishes).flatMap(([name, value]) => {
    const message = allowed.includes(name) && Object.hasOwn(known, name) ? known[name](value) : `is not an option; known: ${allowed.join(', ')}`;
    return message === null || value === undefined ? [] : [[name, value, message]];
  });
}

/** Wishes as attributes, in kebab-case; what is not wished for is left out. */
export const attributes = (wishes) => Object.entries(wishes)
  .filter(([name, value]) => value !== undefined && !(['embed', 'edx'].includes(name) && ['off', 'false'].includes(word(value))))
  .map(([name, value]) => [name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`), word(value)]);
