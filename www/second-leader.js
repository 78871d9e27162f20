// <second-leader>: the sandbox as a custom element. Knows nothing about parameters: the module's one table does.
import { Painter } from './paint.js';
import { InvalidInputError, LoadError, copy, explain, save, tell, texts } from './says.js';

export { InvalidInputError, LoadError };

const base = new URL('.', import.meta.url);
const brought = globalThis.secondLeaderAssets; // the single file has everything in it
const PRESENTATION = new Set(['url-parameters', 'class', 'id', 'style', 'slot', 'part', 'title', 'lang', 'dir', 'hidden', 'role', 'tabindex', 'is', 'exportparts', 'inert', 'translate', 'theme']);
const MAX_QUERY = 8192;

// Two builds of one program: `sandbox` for the first picture, and `lab` with the panels, loaded when one is first opened. One
// module of each for all instances; after a crash, the next generation is loaded afresh.
let generation = 0;
const modules = new Map();
function load(name = 'sandbox') {
  const key = name + generation;
  if (!modules.has(key)) {
    const query = generation ? `?generation=${generation}` : '';
    const loading = (brought?.module(generation) ?? import(new URL(`${name}.js${query}`, base)).then(async (module) => {
      await module.default({ module_or_path: new URL(`${name}_bg.wasm`, base) });
      return module;
    })).catch((cause) => { modules.delete(key); throw explain(cause); });
    modules.set(key, loading);
  }
  return modules.get(key);
}

const live = new Set();
const still = () => matchMedia('(prefers-reduced-motion: reduce)').matches;
globalThis.secondLeaderCrashed = () => {
  generation += 1;
  const cause = new Error('the module panicked');
  console.error(cause); // its stack says where
  for (const element of [...live]) element._crashed(cause.message);
};
document.addEventListener('visibilitychange', () => { for (const element of live) element._seen(); });

// Single keys, only while the focus is inside.
const KEYS = { ' ': 'toggle', k: 'toggle', r: 'restart', '[': 'back', ']': 'next', '<': 'slower', '>': 'faster', '.': 'forward', ',': 'backward', f: 'fork' };
const SKIPS = { ArrowLeft: -5, ArrowRight: 5 };

const spell = (value) => (typeof value === 'boolean' ? (value ? 'on' : 'off') : String(value));
const line = (name, value) => `${name}=${String(value).replaceAll('\n', ' ')}\n`;
const words = { on: true, off: false };

/** Lines of `name=value` as an object of numbers, booleans and strings. */
function read(text) {
  const object = {};
  for (const row of (text ?? '').split('\n')) {
    const [name, value] = row.split('=');
    if (name) object[name] = value[0] === "'" ? value.slice(1) : words[value] ?? (/^-?[\d.]+$/.test(value) ? Number(value) : value);
  }
  return object;
}

/** Rows of columns. */
const table = (text) => (text ? text.trimEnd().split('\n').map((row) => row.split('\t')) : []);

export class SecondLeader extends HTMLElement {
  #handle = null;
  #mounting = null;
  #onScreen = true;
  #observers = [];
  #settleReady;
  #root;
  #slot;
  #cover;
  #live;
  #painters = [];
  #seeks = new Map();
  #lastSeek = 0;
  #frame = 0;
  #lab = null;
  #sizes = null;
  #column = null;

  constructor() {
    super();
    this.ready = new Promise((resolve, reject) => { this.#settleReady = { resolve, reject }; });
    this.ready.catch(() => {}); // whoever waits for it is told; nobody must
    const shadow = this.attachShadow({ mode: 'open' });
    this._styled = this.#style('second-leader.css');
    this.#slot = document.createElement('slot');
    this.#slot.textContent = 'The sandbox is loading.';
    this.#root = document.createElement('div');
    this.#root.className = 'mount';
    this.#root.setAttribute('part', 'root');
    this.#cover = document.createElement('div');
    this.#cover.className = 'cover';
    this.#cover.hidden = true;
    this.#live = document.createElement('p');
    this.#live.className = 'said';
    this.#live.setAttribute('role', 'status');
    shadow.append(this.#slot, this.#root, this.#cover, this.#live);
  }

  /** Adds a style sheet; resolves when it counts. */
  #style(name) {
    if (brought) {
      this.shadowRoot.prepend(Object.assign(document.createElement('style'), { textContent: brought.style(name) }));
      return Promise.resolve();
    }
    const sheet = document.createElement('link');
    sheet.rel = 'stylesheet';
    sheet.href = new URL(name, base);
    this.shadowRoot.prepend(sheet);
    return new Promise((done) => { sheet.onload = sheet.onerror = () => done(); });
  }

  connectedCallback() {
    live.add(this);
    if (this.#observers.length) return;
    const attributes = new MutationObserver(() => { if (this.#handle) { this.#theme(); for (const painter of this.#painters) painter.forget(); this.#handle.configure(this.#pairs()); } });
    attributes.observe(this, { attributes: true });
    const sight = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1).isIntersecting;
      this._seen();
      if (this.#onScreen) this.#mount().catch(() => {});
    }, { rootMargin: '200px' });
    sight.observe(this);
    this.#observers = [attributes, sight];
    this.#listen();
  }

  disconnectedCallback() {
    // Moving an element disconnects it for a moment; only one that stays away is taken down.
    setTimeout(() => { if (!this.isConnected) this.#unmount(); }, 0);
  }

  async #mount() {
    this.#mounting ??= (async () => {
      const [module] = await Promise.all([load(), this._styled]);
      if (!this.isConnected) return;
      this.#theme();
      this.#slot.hidden = true;
      this.#handle = module.mount(this.#root, this.#pairs(), this.#host(), still(), '');
      this._seen();
      this.#frame = requestAnimationFrame(this.#each);
    })();
    try {
      await this.#mounting;
    } catch (error) {
      this.#mounting = null;
      this.#fail(error);
      throw error;
    }
  }

  /** Lets the build with the panels take over, if it has not yet: the run, its past and its forks go on as they are. */
  #grow() {
    return (this.#lab ??= (async () => {
      this.#root.classList.add('growing');
      const [module] = await Promise.all([load('lab'), this.#style('lab.css')]);
      if (!this.#handle) throw new Error('the sandbox was removed');
      const [old, before] = [this.#root, this.#handle];
      const fresh = old.cloneNode(false);
      fresh.classList.remove('growing');
      fresh.style.cssText = `position:absolute;visibility:hidden;width:${old.clientWidth}px`;
      old.after(fresh);
      this.#root = fresh;
      this.#painters = [];
      this.#handle = module.mount(fresh, this.#pairs(), this.#host(), still(), before.state());
      this._seen();
      before.destroy();
      before.free();
      old.remove();
      fresh.style.cssText = '';
      this.#listen();
    })().catch((error) => { this.#lab = null; this.#root.classList.remove('growing'); throw error; }));
  }

  /** Opens a panel, or closes it. */
  async #open(panel, arg) {
    try {
      await this.#grow();
    } catch (error) {
      return this.#fail(error);
    }
    if (arg) this.#handle?.act(`${panel}:open`, arg);
    else this.#handle?.act('tab', panel);
  }

  /** What a panel asks of the page. */
  #ask(what, name, kind, text) {
    if (what === 'copy') copy(text).then((done) => this.#say(done ? 'Copied.' : 'The browser did not let us copy: select the text instead.'));
    else if (what === 'save') save(name, kind, text).then(() => this.#say(`Saved ${name}.`), (error) => this.#say(`${name} could not be saved: ${error.message}`));
    else this.#say(text);
  }

  /** Screen readers say this. */
  #say(text) {
    this.#live.textContent = '';
    this.#live.textContent = text;
  }

  // The only clock.
  #each = (time) => {
    if (!this.#handle) return;
    this.#handle.frame(time);
    this.#frame = requestAnimationFrame(this.#each);
  };

  /** What the module asks of the page. */
  #host() {
    const root = this.#root;
    let first = !this.#lab;
    const all = (selector) => root.querySelectorAll(selector);
    const fit = (stage, width, height) => {
      const canvas = all('canvas')[stage];
      if (this.#painters[stage]?.canvas !== canvas) this.#painters[stage] = new Painter(canvas);
      this.#painters[stage].fit(width, height);
    };
    return {
      emit: (name, text, number) => { if (name !== 'ready' || first) this.#emit(name, text, number); },
      ask: (...wish) => this.#ask(...wish),
      arrived: (seek, error) => {
        const { resolve, reject } = this.#seeks.get(seek) ?? {};
        this.#seeks.delete(seek);
        if (error) reject?.(new Error(error));
        else resolve?.();
      },
      settle: (width, height, fill, focus) => {
        for (const e of all('[data-x]')) {
          const place = `translate(${e.dataset.x}px,${e.dataset.y}px)`;
          if (e.place === place) continue;
          // Only a node that has a place moves; a new one appears where it belongs.
          e.style.transition = e.place ? '' : 'none';
          e.style.transform = e.place = place;
        }
        for (const e of all('[data-left]')) Object.assign(e.style, { left: `${e.dataset.left}px`, top: `${e.dataset.top}px` });
        if (fill) {
          for (const e of all('[data-value]')) {
            if (e.type === 'checkbox') e.checked = e.dataset.value === 'on';
            else e.value = e.dataset.value;
          }
          texts().then(({ help = {} }) => { for (const e of all('.field[data-key]')) e.title = help[e.dataset.key] ?? ''; });
        }
        for (const e of all('[data-words]')) tell(e, e.dataset.words);
        if (focus) root.querySelector(focus)?.focus({ preventScroll: true });
        fit(0, width, height);
        const column = root.querySelector('.main');
        if (this.#column !== column) this.#sizes?.observe(this.#column = column);
      },
      fit: (width, height) => fit(1, width, height),
      draw: (marks, paused, stage) => this.#painters[stage]?.draw(marks, paused),
      now: () => performance.now(),
    };
  }

  /** Everything that happens inside is heard at the root. */
  #listen() {
    this.#column = null;
    for (const kind of ['click', 'input', 'change', 'keydown']) this.#root.addEventListener(kind, (event) => this.#hear(event, event.composedPath()[0]));
    this.#sizes = new ResizeObserver(() => {
      const column = this.#root.querySelector('.main')?.clientWidth;
      if (column) this.#handle?.resize(column, this.#root.clientWidth);
    });
    this.#sizes.observe(this.#root);
    this.#observers.push(this.#sizes);
  }

  #hear(event, target) {
    const near = (selector) => target.closest?.(selector);
    const say = (what, arg = '') => this.#handle?.act(what, String(arg));
    const key = near('[data-key]')?.dataset.key;
    const value = () => {
      if (target.type === 'checkbox') return target.checked ? 'on' : 'off';
      return target.type === 'range' ? this.#handle?.slide(key, target.valueAsNumber) : target.value;
    };
    if (event.type === 'keydown') {
      const [what, arg] = this.#meaning(event, target) ?? [];
      if (!what) return;
      if (what !== 'close') event.preventDefault();
      say(what, arg);
    } else if (event.type === 'click') {
      const { act, arg } = near('[data-act]')?.dataset ?? {};
      const panel = near('[data-lab]')?.dataset;
      const node = near('[data-node]')?.dataset.node;
      if (panel) this.#open(panel.lab, panel.arg);
      else if (act) say(act, arg);
      else if (node) say('select', node);
      else if (!near('.popover')) say('dropped');
    } else if (event.type === 'input') {
      if (target.dataset.in) say(target.dataset.in, target.value);
      else if (target.id === 'time' || target.id === 'speed') say(target.id, target.value);
      else if (target.type === 'range') {
        // While a slider is dragged, its number field follows; the run restarts when it is let go.
        near('[data-key]').querySelector('input[type=number]').value = value();
        target.setAttribute('aria-valuetext', `${value()} ${near('[data-key]').querySelector('.unit').textContent}`);
      }
    } else if (target.id === 'scenario') {
      say('scenario', target.value);
    } else if (key) {
      say('set', `${key}=${value()}`);
    }
  }

  /** What a key means here, never those that the focused control needs itself. */
  #meaning(event, target) {
    const { key } = event;
    if (event.ctrlKey || event.altKey || event.metaKey || event.defaultPrevented) return null;
    if (key === 'Escape') return ['close'];
    const press = key === ' ' || key === 'Enter';
    const node = target.closest?.('[data-node]')?.dataset.node;
    if (press && node) return ['select', node];
    const slider = target.type === 'range';
    if (target.matches?.('select, textarea, input:not([type=range], [type=checkbox])') || (press && target.matches?.('button, summary, input[type=checkbox]'))) return null;
    if (key in SKIPS) return slider ? null : ['skip', SKIPS[key]];
    if (/^[0-9]$/.test(key)) return ['tenth', key];
    const what = KEYS[key.toLowerCase()];
    return what ? [what] : null;
  }

  #unmount() {
    cancelAnimationFrame(this.#frame);
    live.delete(this);
    for (const observer of this.#observers) observer.disconnect();
    this.#observers = [];
    this.#handle?.destroy();
    this.#handle?.free();
    this.#handle = null;
    this.#mounting = null;
    this.#painters = [];
    this.#lab = null;
    for (const { reject } of this.#seeks.values()) reject(new Error('the sandbox was removed'));
    this.#seeks.clear();
    this.#renewRoot();
    this.#slot.hidden = false;
  }

  /** Attributes, and the page's query when the element asks for it: a line for each. */
  #pairs() {
    let pairs = '';
    for (const { name, value } of this.attributes) {
      if (!PRESENTATION.has(name) && !/^(data-|aria-|on|_|\W)/.test(name)) pairs += line(name, value);
    }
    if (this.hasAttribute('url-parameters') && location.search.length <= MAX_QUERY) {
      for (const [name, value] of new URLSearchParams(location.search)) pairs += line(name, value);
    }
    return pairs;
  }

  #theme() {
    const query = this.hasAttribute('url-parameters') ? new URLSearchParams(location.search).get('theme') : null;
    if (query && ['auto', 'light', 'dark'].includes(query) && !this.hasAttribute('theme')) this.setAttribute('theme', query);
  }

  #emit(name, text, number) {
    if (name === 'ready') {
      queueMicrotask(() => { this.#settleReady.resolve(this); this.#dispatch('ready'); });
    } else if (name === 'milestone') {
      this.#dispatch(name, { name: text, time: number });
    } else if (name === 'timeupdate') {
      this.#dispatch(name, { currentTime: number });
    } else if (name === 'invalidinput') {
      this.#dispatch(name, { notices: text.split('\n') });
    } else {
      this.#dispatch(name);
    }
  }

  #dispatch(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  #fail(error) {
    this.#settleReady.reject(error);
    this.#show(error.message, 'Try again', () => {
      this.#cover.hidden = true;
      this.#mount().catch(() => {});
    });
    this.#dispatch('error', { code: error.code ?? 'crashed', message: error.message });
  }

  _crashed(message) {
    if (!this.#mounting) return;
    // The dead module's objects are left alone: calling into it would only throw again.
    this.#handle = null;
    this.#mounting = null;
    this.#painters = [];
    this.#lab = null;
    const seed = this.getAttribute('seed') ?? '7';
    this.#show(`The simulation stopped because of an error in it (seed ${seed}).`, 'Reload', () => {
      this.#cover.hidden = true;
      this.#renewRoot();
      this.#mount().catch(() => {});
    });
    this.#dispatch('error', { code: 'crashed', message });
  }

  /** A fresh root: what an earlier module left in the old one is of no use. */
  #renewRoot() {
    const fresh = this.#root.cloneNode(false);
    this.#root.replaceWith(fresh);
    this.#root = fresh;
    if (this.isConnected) this.#listen();
  }

  #show(text, action, then) {
    const p = document.createElement('p');
    p.setAttribute('role', 'alert');
    p.textContent = text;
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = action;
    button.onclick = then;
    this.#cover.replaceChildren(p, button);
    this.#cover.hidden = false;
  }

  _seen() {
    this.#handle?.setVisible(this.#onScreen && document.visibilityState === 'visible');
  }

  #use() {
    if (!this.#handle) throw new Error('the sandbox is not ready: await its `ready` promise first');
    return this.#handle;
  }

  play() { this.#use().play(); }
  pause() { this.#use().pause(); }
  reset() { this.#use().reset(); }

  /** Goes to a time in seconds or a milestone's name; resolves when the page shows it, paused. */
  async seek(target) {
    const text = typeof target === 'number' ? Math.min(Math.max(target, 0), 1e6).toFixed(6) : String(target);
    if (Number.isNaN(target)) throw new Error('seek needs seconds or the name of a milestone');
    if (!this.#handle) { await this.#mount(); await this.ready; }
    const id = (this.#lastSeek += 1);
    const wrong = this.#use().seek(text, id);
    if (wrong) throw new Error(wrong);
    const arrival = new Promise((resolve, reject) => { this.#seeks.set(id, { resolve, reject }); });
    // Frames do not come in hidden tabs; a seek must arrive all the same.
    const on = () => { if (this.#seeks.has(id) && this.#handle?.travel()) setTimeout(on); };
    on();
    return arrival;
  }

  /** Sets parameters, all or none, and restarts. Throws InvalidInputError and changes nothing when one is not legal. */
  setParams(values) {
    if (values === null || typeof values !== 'object') {
      throw new InvalidInputError([{ field: '', value: String(values), message: 'must be an object of parameters' }]);
    }
    const text = this.#use().setParams(Object.entries(values).map(([name, value]) => line(name, spell(value))).join(''));
    const issues = table(text).map(([field, value, message]) => ({ field, value, message }));
    if (issues.length) {
      this.#dispatch('invalidinput', { issues });
      throw new InvalidInputError(issues);
    }
  }

  get params() { return this.#handle && read(this.#handle.params()); }
  get metrics() { return this.#handle && read(this.#handle.metrics()); }
  get ledger() { return this.#handle && read(this.#handle.ledger()); }
  get scenario() { return this.#handle?.scenario; }
  get paused() { return this.#handle?.paused ?? true; }
  get duration() { return this.#handle?.duration ?? NaN; }
  get currentTime() { return this.#handle?.currentTime ?? 0; }
  set currentTime(seconds) { this.seek(seconds).catch(() => {}); }
  get speed() { return this.#handle?.speed ?? 1; }
  set speed(factor) {
    const value = typeof factor === 'number' ? factor.toFixed(3) : String(factor);
    if (!this.#use().setSpeed(value)) throw new InvalidInputError([{ field: 'speed', value: String(factor), message: "must be 'auto' or a number in 0.05–600" }]);
  }
}

/** Every parameter there is: key, label, unit, kind, default, range, words, source, help. */
export async function parameters() {
  const { help: helps = {} } = await texts();
  return table((await load()).parameters()).map(([key, label, unit, kind, initial, min, max, values, source]) => ({
    key, label, unit, kind, default: initial, min: Number(min), max: Number(max), values: values ? values.split(',') : [], source, help: helps[key] ?? '',
  }));
}

if (!customElements.get('second-leader')) customElements.define('second-leader', SecondLeader);
