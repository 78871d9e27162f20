// The rest of <second-leader>: how it is shown, where its scenario comes from, exports and links, messages between frames, the help.
// Loaded when one of them is first needed.
import { InvalidInputError, issuesOf as issues, line, listed, pageOf, pairs, plain, table, text, texts } from './says.js';
import { attributes, camel, origin, word, wrong } from './wishes.js';
import { copy, png, save } from './away.js';
import { converse } from './frames.js';
import { locale } from './locale.js';
import { written } from './panels.js';

export { written };

const MAX_QUERY = 8192;
const MAX_FRAGMENT = 16384;
const MAX_FILE = 256 * 1024;
/** What each wish about the showing may be; the first is what it is without one. */
const WORDS = { view: ['full', 'lesson', 'bare'], theme: ['auto', 'light', 'dark', 'contrast'], motion: ['auto', 'full', 'reduced'], locale: ['en', 'de'], v: ['1'] };
const PANELS = ['inspect', 'why', 'log', 'spacetime', 'quorum', 'charts', 'runs', 'report', 'decide', 'table', 'share', 'lessons'];
const ACROSS = ['view', 'panels', 'controls', 'lock', 'theme', 'motion', 'locale', 'embed', 'origin', 'title', 'src', 'xapi', 'edx'];
const MILESTONES = 'maintenanceStart, firstLooking, secondLeader, brokerMoved, secondController, firstWriteFailed, firstDeadLetter, detected, secondClusterGone, dlqEmpty, end';
/** `ui` of a scenario file: what the module reads as lines, and what are attributes. */
const UI_LINES = ['autoplay', 'speed', 'stopAt', 'pauseAt'];

const issue = (field, value, message) => ({ field, value: text(value).slice(0, 60), message });
const short = (value) => text(value).slice(0, 40);
const note = (words) => line('!', words);

/** What was wrong while an element was prepared, and what belongs to it until it is taken down. */
const known = new WeakMap();
function about(element) {
  if (!known.has(element)) known.set(element, { notices: '', mended: {}, ends: [] });
  return known.get(element);
}

/** Takes what the address asks for as attributes, and finds the scenario file, if there is one. */
export async function prepare(element, inside) {
  const mine = about(element);
  mine.notices = '';
  let hash = '';
  if (element.hasAttribute('url-parameters')) {
    if (location.search.length > MAX_QUERY) mine.notices += note(`the query is ${location.search.length} bytes long (at most ${MAX_QUERY}) and was not read`);
    else {
      for (const [name, value] of new URLSearchParams(location.search)) {
        if (name === 'src') mine.notices += note(`src=${short(value)} is an attribute, and nothing in an address`);
        else if (name === 'v' && value !== '1') mine.notices += note(`v=${short(value)} → 1 (1)`);
        else if (ACROSS.includes(name) && !element.hasAttribute(name)) element.setAttribute(name, value);
      }
    }
    hash = location.hash;
  }
  await grades(element, inside);
  await speak(element, inside);
  if (!mine.converses && window.parent !== window && (element.hasAttribute('url-parameters') || element.hasAttribute('embed'))) {
    mine.converses = true;
    mine.ends.push(converse(element, inside));
  }
  let found;
  await learn(element, inside);
  try {
    found = await source(element, hash);
  } catch (error) {
    mine.notices += (error.issues ?? [issue('src', '', error.message)]).map((i) => note(`${i.field}${i.value ? ` = ${i.value}` : ''}: ${i.message}`)).join('');
    return null;
  }
  if (!found) return null;
  const module = await inside.load('lab').catch(() => null); // whoever mounts it says why
  const sound = module && !module.validate(found.file);
  if (!sound) return { file: found.file || ' ', lines: '' };
  const begin = opening(element, inside, found);
  await speak(element, inside); // a file may say in which language
  return begin;
}

/** The names of the parameters, as soon as somebody asks for some of them. */
let keys = null;

/** Learns what parameters there are, if the element names some. Resolves to true when it has. */
async function learn(element, inside) {
  if (keys || !(element.hasAttribute('controls') || element.hasAttribute('lock'))) return false;
  keys = await allowed(inside.load).then((all) => all.keys, () => null); // whoever mounts it says why
  return keys !== null;
}

/** Tells a learning platform what it asks for. */
async function grades(element, inside) {
  const mine = about(element);
  if (mine.grades || !(element.hasAttribute('xapi') || element.hasAttribute('edx'))) return;
  mine.grades = true;
  const { grade } = await import('./grading.js');
  if (known.get(element) === mine) mine.ends.push(grade(element, inside));
}

/** The scenario file: of the link, of `src`, or inside the element. */
async function source(element, hash) {
  if (hash.startsWith('#s=')) return linked(hash);
  const inline = element.querySelector(':scope > script[type="application/json"]');
  if (inline) return { file: small(inline.textContent, 'script'), extras: {} };
  const src = element.getAttribute('src');
  return src ? { file: await fetched(src), extras: {} } : null;
}

function small(file, field) {
  if (file.length > MAX_FILE) throw new InvalidInputError([issue(field, `${file.length} bytes`, 'a scenario file has at most 256 KiB')]);
  return file;
}

async function fetched(src, field = 'src') {
  try {
    const answer = await fetch(new URL(src, document.baseURI), { signal: AbortSignal.timeout?.(30_000) });
    if (!answer.ok) throw new Error(`the server answered ${answer.status}`);
    const [reader, parts] = [answer.body.getReader(), []];
    for (let length = 0; ;) {
      const { done, value } = await reader.read();
      if (done) return new TextDecoder().decode(await new Blob(parts).arrayBuffer());
      parts.push(value);
      length += value.length;
      if (length > MAX_FILE) {
        reader.cancel();
        small({ length }, field);
      }
    }
  } catch (error) {
    throw error instanceof InvalidInputError ? error : new InvalidInputError([issue(field, src, `could not be fetched: ${text(error?.message)}`)]);
  }
}

/** The scenario file of a link, and what else the link says. */
function linked(hash) {
  if (hash.length > MAX_FRAGMENT) throw new InvalidInputError([issue('#s', `${hash.length} bytes`, 'a link has at most 16 KiB')]);
  const extras = Object.fromEntries(new URLSearchParams(hash.slice(1)));
  try {
    const bytes = Uint8Array.from(atob(extras.s.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));
    const file = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    if (file) return { file, extras };
    throw new Error('nothing');
  } catch {
    throw new InvalidInputError([issue('#s', short(extras.s), 'the link is damaged: this is no base64url of UTF-8 text')]);
  }
}

/** How a file wants to be shown, which is the page's matter; and whether it is a lesson. The module says what is wrong with it. */
function apart(file) {
  try {
    const { ui, steps, locale: tag } = JSON.parse(file.replace(/^\ufeff/, ''));
    const language = String(tag).split('-')[0]; // a file in a language that the page knows is read in a page in that language
    const speaks = WORDS.locale.includes(language) && language !== 'en' ? { locale: language } : {};
    return { ui: { ...speaks, ...(ui && typeof ui === 'object' && !Array.isArray(ui) ? ui : {}) }, teaches: Array.isArray(steps) && steps.length > 0, file };
  } catch {
    return { ui: {}, teaches: false, file };
  }
}

/** Takes over how a file wants to be shown, where the element says nothing; what an earlier file wanted is forgotten. A lesson
 * changes some of it from step to step, and says so itself. */
function adopt(element, ui, teaches) {
  const mine = about(element);
  for (const name of mine.adopted ?? []) element.removeAttribute(name);
  mine.adopted = ACROSS.filter((name) => name in ui && !element.hasAttribute(name) && !(teaches && ['view', 'panels', 'controls', 'lock'].includes(name)));
  for (const name of mine.adopted) element.setAttribute(name, word(ui[name]));
}

/** What a file and a link ask for: lines for the module, attributes, and where to begin. */
function opening(element, inside, { file: whole, extras }) {
  const { ui, file, teaches } = apart(whole);
  let lines = UI_LINES.filter((name) => name in ui).map((name) => line(name, word(ui[name]))).join('');
  adopt(element, ui, teaches);
  if (/^\d{1,3}$/.test(extras.own ?? '')) lines += line('!own', extras.own);
  if (extras.run) lines += line('!run', extras.run);
  const start = ['number', 'string'].includes(typeof ui.start) ? ui.start : null;
  if (start !== null || extras.check) lines += line('autoplay', ui.autoplay === true ? 'on' : 'off');
  const arrive = async () => {
    try {
      if (start !== null) await element.seek(start);
      if (extras.check) compare(element, inside, extras);
    } catch (error) {
      if (element.isConnected) tellNotice(element, inside, note(error.message));
    }
  };
  return { file, lines, arrive };
}

/** Is this the run that was linked? */
function compare(element, inside, { check, own = '0', engine = '?' }) {
  const [digest, did] = inside.handle().digest().split(' ');
  if (digest === check && did === own) return;
  const who = engine === element.version ? 'This link' : `This link was made by version ${short(engine)}, and this is version ${element.version}. It`;
  const lost = Number(own) - Number(did);
  const why = lost > 0 ? `${lost} of its actions cannot be done here` : 'the run is another one here';
  tellNotice(element, inside, note(`${who} does not lead to the moment it was made at: ${why}. You see its scenario as far as it goes.`));
}

function tellNotice(element, inside, words) {
  about(element).notices += words;
  inside.handle().notice(words.slice(2).trimEnd());
}

/** Speaks the language it is asked for, as soon as its file is there. Resolves to true when something is wrong with it. */
async function speak(element, inside) {
  const name = element.getAttribute('locale') ?? 'en';
  const mine = about(element);
  if (!WORDS.locale.includes(name) || name === (mine.locale ?? 'en')) return false;
  mine.locale = name;
  const found = await locale(name);
  if (mine.locale !== name) return false; // asked for yet another one meanwhile
  inside.speak(found);
  const wrong = !found && name !== 'en';
  if (wrong) mine.notices += note(`locale=${name} → en: locales/${name}.json could not be read`);
  return wrong;
}

/** Shows it as its attributes ask. Returns what is wrong with them, and what was wrong before. */
export function apply(element, inside) {
  const mine = about(element);
  let { notices } = mine;
  for (const [name, words] of Object.entries(WORDS)) {
    let value = element.getAttribute(name);
    const language = name === 'locale' && value?.split(/[-_]/)[0].toLowerCase(); // de-AT is German, too
    if (language && value !== language && words.includes(language)) element.setAttribute(name, value = language);
    if (value === null || words.includes(value)) {
      if (value !== words[0]) delete mine.mended[name]; // somebody has thought again
    } else {
      mine.mended[name] = note(`${name}=${short(value)} → ${words[0]} (${words.join(', ')})`);
      element.setAttribute(name, words[0]);
    }
  }
  notices += Object.values(mine.mended).join('');
  grades(element, inside);
  const xapi = element.getAttribute('xapi') ?? '';
  if (!/^(|on|off|0?\.\d+|[01](\.0*)?)$/.test(xapi)) notices += note(`xapi=${short(xapi)} → on (on, off, or a pass mark in 0–1)`);
  for (const panel of listed(element.getAttribute('panels')) ?? []) if (!PANELS.includes(panel)) notices += note(`panels=${short(panel)} is no panel (${PANELS.join(', ')})`);
  for (const name of ['controls', 'lock']) {
    for (const key of keys ? listed(element.getAttribute(name)) ?? [] : []) if (!['scenario', ...keys].includes(camel(key))) notices += note(`${name}=${short(key)} is no parameter (scenario, ${keys.join(', ')})`);
  }
  const from = element.getAttribute('origin');
  if (from && origin(from)) notices += note(`origin=${short(from)} ${origin(from)}: nobody is heard, or told`);
  show(element, inside);
  for (const news of [learn(element, inside), speak(element, inside)]) news.then((some) => { if (some) inside.configure(); });
  const root = inside.root();
  if (element.title) {
    root.setAttribute('role', 'region');
    root.setAttribute('aria-label', element.title);
  }
  return notices;
}

/** Shows as much of it as its attributes ask, and the lesson that is under way where they say nothing. */
export function show(element, inside) {
  const mine = about(element);
  const root = inside.root();
  const lesson = root.querySelector('.lesson')?.dataset ?? {};
  const wish = (name) => element.getAttribute(name) ?? lesson[name];
  const [panels, controls, lock] = [listed(wish('panels')), listed(wish('controls')), listed(wish('lock')) ?? []];
  for (const name of ['view', 'panels', 'controls']) {
    if (wish(name) === undefined) delete root.dataset[name];
    else root.dataset[name] = wish(name);
  }
  const keep = (names) => names.map(camel).filter((name) => /^\w+$/.test(name));
  const but = (names, attribute) => names.map((name) => `:not([${attribute}="${name}"])`).join('');
  let css = '';
  if (panels) css += `.tabs [data-lab]${but(panels.filter((p) => PANELS.includes(p)), 'data-lab')} { display: none }`;
  if (controls) {
    css += `.field[data-key]${but([...keep(controls), ...keep(lock)], 'data-key')} { display: none }`;
    for (const more of root.querySelectorAll('.more')) if (more.querySelector('.field')) more.open = true; // what is shown must not be folded away
    css += controls.includes('scenario') ? '' : '.field.pick { display: none }';
  }
  mine.lock = new Set(keep(lock));
  mine.kept = controls && [...keep(controls), ...mine.lock];
  style(element, css);
  filled(element, root);
}

/** Adds rules to the element's own. A policy that forbids inline styles lets such a sheet pass; Safari has them since 16.4. */
function style({ shadowRoot }, css) {
  const mine = about(shadowRoot.host);
  if (!css && !mine.style && !mine.sheet) return;
  if (!shadowRoot.adoptedStyleSheets) {
    mine.style ??= shadowRoot.appendChild(document.createElement('style'));
    mine.style.textContent = css;
    return;
  }
  if (!mine.sheet) shadowRoot.adoptedStyleSheets = [...shadowRoot.adoptedStyleSheets, mine.sheet = new CSSStyleSheet()];
  mine.sheet.replaceSync(css);
}

/** The panel of parameters was written anew: groups without a field that is shown are none, what is locked cannot be moved. */
export function filled(element, root) {
  const mine = about(element);
  const lock = mine.lock ?? new Set();
  for (const group of root.querySelectorAll('.controls section, .controls .more')) {
    const fields = [...group.querySelectorAll('.field[data-key]')];
    group.classList.toggle('none', Boolean(mine.kept && fields.length && !fields.some((field) => mine.kept.includes(field.dataset.key))));
  }
  if (!lock.size && !mine.locked) return;
  mine.locked = lock.size > 0;
  for (const field of root.querySelectorAll('.field')) {
    const locked = lock.has(field.dataset.key ?? 'scenario');
    for (const input of field.querySelectorAll('input, select')) input.disabled = locked;
  }
}

/** It is taken down. */
export function leave(element) {
  const mine = about(element);
  for (const end of mine?.ends ?? []) end();
  mine.style?.remove();
  if (mine.sheet) element.shadowRoot.adoptedStyleSheets = element.shadowRoot.adoptedStyleSheets.filter((sheet) => sheet !== mine.sheet);
  known.delete(element);
  element.shadowRoot.querySelector('dialog')?.remove();
}

const refused = (inside, found) => {
  inside.dispatch('invalidinput', { issues: found, notices: [] });
  return new InvalidInputError(found);
};

const isName = (scenario) => typeof scenario === 'string' && /^[\w-]+$/.test(scenario);
/** What is wrong with the file that was made of a preset's name is wrong with the name. */
const ofName = (scenario, found) => (isName(scenario) ? found.map((i) => (i.field === '/base' ? { ...i, field: 'scenario', value: scenario } : i)) : found);

/** A scenario in any form as the text of a file. */
async function fileOf(scenario) {
  if (scenario && typeof scenario === 'object') {
    try {
      return small(JSON.stringify(scenario) ?? '', 'scenario');
    } catch (error) {
      throw error instanceof InvalidInputError ? error : new InvalidInputError([issue('scenario', 'an object', `is not JSON: ${text(error?.message).split('\n')[0]}`)]);
    }
  }
  if (typeof scenario !== 'string' || !scenario.trim()) throw new InvalidInputError([issue('scenario', scenario, 'must be a scenario file, as an object or as JSON, its address, or the id of a preset')]);
  if (/^\s*[{["]/.test(scenario)) return small(scenario, 'scenario');
  if (isName(scenario)) return small(JSON.stringify({ schemaVersion: 1, base: scenario }), 'scenario');
  return fetched(small(scenario, 'scenario'), 'scenario');
}

/** Shows a scenario file from its start, or where its `ui.start` says. */
export async function open(element, inside, scenario) {
  let found;
  try {
    const { ui, file, teaches } = apart(await fileOf(scenario));
    const handle = await inside.grow();
    const wrong = handle.load(file, UI_LINES.filter((name) => name in ui).map((name) => line(name, word(ui[name]))).join(''));
    found = ofName(scenario, issues(wrong));
    if (!found.length) {
      adopt(element, ui, teaches);
      if (['number', 'string'].includes(typeof ui.start)) await element.seek(ui.start);
    }
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    found = error.issues;
  }
  if (found.length) throw refused(inside, found);
}

/** Does something to the cluster, now. */
export async function act(element, inside, action, more = {}) {
  let file;
  try {
    file = small(JSON.stringify(typeof action === 'string' ? { ...plain(more, 'more'), do: action } : action) ?? 'null', 'action');
  } catch (error) {
    throw refused(inside, error instanceof InvalidInputError ? error.issues : [issue('action', typeof action === 'object' ? 'an object' : action, `is not JSON: ${text(error?.message).split('\n')[0]}`)]);
  }
  const handle = await inside.grow();
  const found = issues(handle.actOn(file));
  if (found.length) throw refused(inside, found);
}

/** A link to this moment, or what authors paste: `link`, `iframe`, `element`, `markdown`. */
export async function embed(element, inside, kind, options) {
  if (!['link', 'iframe', 'element', 'markdown'].includes(kind)) throw new InvalidInputError([issue('kind', kind, 'must be one of link, iframe, element, markdown')]);
  const wishes = plain(options ?? {}, 'options');
  const handle = await inside.grow();
  const found = wrong(wishes, ACROSS, await allowed(inside.load));
  if (found.length) throw new InvalidInputError(found.map((row) => issue(...row)));
  const shown = attributes(wishes).map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join('&');
  return handle.embed(kind, pageOf(element), String(new URL('second-leader.js', inside.base)), shown);
}

/** What wishes may be. */
const allowed = async (load) => ({ enums: WORDS, panels: PANELS, keys: table((await load()).parameters()).map(([key]) => key) });

export async function describe(element, inside) {
  return inside.foreign((await inside.grow()).describe());
}

export async function exportData(element, inside, kind) {
  if (!['csv', 'json', 'trace'].includes(kind)) throw new InvalidInputError([issue('kind', kind, 'must be one of csv, json, trace')]);
  return (await inside.grow()).data(kind);
}

/** The stage as SVG text, or as a PNG file. */
export async function exportImage(element, inside, kind, options) {
  if (!['svg', 'png'].includes(kind)) throw new InvalidInputError([issue('kind', kind, 'must be one of svg, png')]);
  const { width = 900, theme = element.getAttribute('theme') ?? 'auto', scale = 2 } = plain(options ?? {}, 'options', ['width', 'theme', 'scale']);
  if (!WORDS.theme.includes(theme)) throw new InvalidInputError([issue('theme', theme, `must be one of ${WORDS.theme.join(', ')}`)]);
  for (const [name, value, min, max] of [['width', width, 320, 2400], ['scale', scale, 1, 4]]) {
    if (!Number.isInteger(value) || value < min || value > max) throw new InvalidInputError([issue(name, value, `must be a whole number in ${min}–${max}`)]);
  }
  const dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches);
  const svg = inside.foreign((await inside.grow()).picture(width, dark));
  return kind === 'svg' ? svg : png(svg, scale);
}

/** A panel's text goes into the clipboard. */
export async function copied(element, inside, words) {
  inside.say(await copy(words) ? 'Copied.' : 'The browser did not let us copy: select the text instead.');
}

/** A panel's text becomes a file. */
export async function saved(element, inside, name, kind, words) {
  try {
    await save(name, kind, words);
    inside.say(`Saved ${name}.`);
  } catch (error) {
    inside.say(`${name} could not be saved: ${error.message}`);
  }
}

/** What is wrong with a target of `seek`. */
export const noTarget = (element, inside, target) => new InvalidInputError([issue('target', target, `must be seconds, or a milestone: ${MILESTONES}`)]);

/** Every parameter there is. */
export async function parameters(load) {
  const { help: helps = {} } = await texts();
  return table((await load()).parameters()).map(([key, label, unit, kind, initial, min, max, values, source]) => ({
    key, label, unit, kind, default: initial, min: Number(min), max: Number(max), values: values ? values.split(',') : [], source, help: helps[key] ?? '',
  }));
}

/** The keys, from the one table. */
export function help(element, inside) {
  const root = element.shadowRoot;
  root.querySelector('dialog')?.remove();
  const dialog = document.createElement('dialog');
  dialog.className = 'help';
  dialog.setAttribute('aria-label', inside.t('Keys'));
  const make = (tag, words, ...kids) => {
    const made = document.createElement(tag);
    made.textContent = inside.t(words);
    made.append(...kids);
    return made;
  };
  const names = { ' ': 'Space', ArrowRight: '→', ArrowLeft: '←', Escape: 'Esc' };
  const shown = (keys) => (keys.length === 10 ? '0–9' : keys.map((k) => names[k] ?? (k.length === 1 ? k.toUpperCase() : k)).join(', '));
  const list = make('dl', '');
  for (const { keys, says } of inside.keys) list.append(make('dt', '', make('kbd', shown(keys))), make('dd', says));
  const off = Object.assign(document.createElement('input'), { type: 'checkbox', checked: !element.hasAttribute('data-no-keys') });
  off.onchange = () => element.toggleAttribute('data-no-keys', !off.checked);
  const close = Object.assign(make('button', 'Close'), { type: 'button', autofocus: true, onclick: () => dialog.close() });
  const back = root.activeElement;
  dialog.onclose = () => { dialog.remove(); back?.focus?.(); };
  dialog.append(make('h2', 'Keys'), make('p', 'They work while the focus is inside.'), list, make('label', '', off, ' Single keys do something'), close);
  inside.root().append(dialog);
  dialog.showModal();
}

/** What is wrong with a file and these values on top of it. */
function refusals(module, file, values) {
  try {
    new module.Trial(file, values, 0).free();
    return [];
  } catch (error) {
    if (typeof error === 'string') return issues(error);
    throw error;
  }
}

const isElement = (value) => {
  try {
    return value instanceof Element;
  } catch {
    return false; // a proxy that minds
  }
};

/** Puts a sandbox into an element. */
export async function create(load, target, options = {}) {
  if (!isElement(target)) throw new InvalidInputError([issue('el', target, 'must be an element')]);
  const { params = {}, scenario, ...wishes } = plain(options, 'options');
  const values = plain(params, 'params');
  const file = scenario !== undefined && !isName(scenario);
  const whole = file ? await fileOf(scenario) : '';
  const module = await load(file ? 'lab' : 'sandbox').catch(() => null); // the element itself will say why
  if (module) {
    const found = wrong(wishes, ['scenario', 'params', ...ACROSS, 'lesson', 'autoplay', 'speed', 'start', 'stopAt', 'pauseAt'], await allowed(async () => module)).map((row) => issue(...row));
    found.push(...(file ? refusals(module, whole, pairs(values)) : issues(module.check(scenario ?? 'the-incident', pairs(values)))));
    if (found.length) throw new InvalidInputError(found);
  }
  const element = document.createElement('second-leader');
  for (const [name, value] of [...attributes(wishes), ...attributes(values)]) if (/^[a-z][\w-]*$/.test(name)) element.setAttribute(name, value);
  if (file) element.append(Object.assign(document.createElement('script'), { type: 'application/json', textContent: whole }));
  else if (scenario !== undefined) element.setAttribute('scenario', scenario);
  target.append(element);
  return element;
}

/** What is wrong with a scenario file. */
export async function validate(load, scenario) {
  try {
    return ofName(scenario, issues((await load('lab')).validate(await fileOf(scenario))));
  } catch (error) {
    if (error instanceof InvalidInputError) return error.issues;
    throw error;
  }
}

/** Runs a scenario without a stage, a slice at a time. */
export async function simulate(load, scenario = 'the-incident', options = {}) {
  const { params = {}, until, signal } = plain(options ?? {}, 'options', ['params', 'until', 'signal']);
  if (until !== undefined && !(typeof until === 'number' && until >= 0 && until <= 36_000)) throw new InvalidInputError([issue('until', until, 'must be seconds in 0–36000')]);
  if (signal !== undefined && !(signal instanceof AbortSignal)) throw new InvalidInputError([issue('signal', signal, 'must be an AbortSignal')]);
  const values = pairs(params);
  const [module, file] = await Promise.all([load('lab'), fileOf(scenario)]);
  let trial;
  try {
    trial = new module.Trial(file, values, until ?? -1);
  } catch (error) {
    throw typeof error === 'string' ? new InvalidInputError(ofName(scenario, issues(error))) : error;
  }
  try {
    while (!trial.work()) {
      signal?.throwIfAborted();
      await new Promise((done) => { setTimeout(done); });
    }
    return JSON.parse(trial.result());
  } finally {
    trial.free();
  }
}
