// <second-leader>: the sandbox as a custom element. Knows nothing about parameters: the module's one table does.
import { KEYS, meaning } from './keys.js';
import { base, brought, live, load } from './modules.js';
import { InvalidInputError, LoadError, Voice, beside, issuesOf, line, now, pageOf, pairs, read, text } from './says.js';
import { Focus, Stage } from './stage.js';

export { InvalidInputError, LoadError };

/** The version of the engine. */
export const version = '0.1.0';
/** How it is shown, and where the scenario comes from: read by api.js, never by the module. */
const SHOWN = ['view', 'embed', 'panels', 'controls', 'lock', 'theme', 'motion', 'locale', 'origin', 'src', 'v', 'title', 'xapi', 'edx'];
const NOT_PARAMETERS = new Set([...SHOWN, 'lesson', 'url-parameters', 'class', 'id', 'style', 'slot', 'part', 'lang', 'dir', 'hidden', 'role', 'tabindex', 'is', 'exportparts', 'inert', 'translate']);
const MAX_QUERY = 8192;
const MAX_PAIRS = 100;
/** So many events within each other: a listener causes the next one. */
const DEEPEST = 20;
/** What goes back in a run. Only the build with the panels has checkpoints: a long run wants them then. */
const BACK = new Set(['time', 'backward', 'skip', 'tenth', 'back']);
/** After these, screen readers hear where it is now. */
const MOVES = new Set(['next', 'back', 'skip', 'tenth', 'forward', 'backward', 'goto', 'restart']);
const LONG = 900; // seconds that are simulated again from the beginning without a pause to be felt

const LOADING = 'The sandbox is loading.';

export class SecondLeader extends HTMLElement {
  #handle = null;
  #mounting = null;
  #onScreen = true;
  #observers = [];
  #settleReady;
  #root;
  #slot;
  #cover;
  #voice;
  #moved = 0;
  #stepping = false;
  #focus = new Focus();
  #stage = null;
  #locale = null;
  #seeks = new Map();
  #lastSeek = 0;
  #frame = 0;
  #lab = null;
  #sizes = null;
  #column = null;
  #opening = null;
  #api = null;
  #asked = '';
  #wishes = '';
  #disposed = false;
  #settled = false;
  #depth = 0;
  #known = '';
  #gone = false;
  #ready;
  /** What api.js may use. */
  #inside = {
    base, keys: KEYS, load, shown: SHOWN,
    handle: () => this.#use(),
    root: () => this.#root,
    grow: async () => { await this.#there(); await this.#grow(); return this.#use(); },
    open: (panel, arg) => this.#open(panel, arg),
    say: (words) => this.#say(words),
    dispatch: (name, detail) => this.#dispatch(name, detail),
    configure: () => this.#configure(),
    t: (words) => this.#t(words),
    foreign: (words) => this.#foreign(words),
    speak: (locale) => this.#speak(locale),
  };

  constructor() {
    super();
    this.#promise();
    const shadow = this.attachShadow({ mode: 'open' });
    this._styled = this.#style('second-leader.css');
    this.#slot = document.createElement('slot');
    this.#slot.textContent = LOADING;
    this.#root = document.createElement('div');
    this.#root.className = 'mount';
    this.#root.setAttribute('part', 'root');
    this.#root.lang = 'en';
    this.#cover = document.createElement('div');
    this.#cover.className = 'cover';
    this.#cover.hidden = true;
    const said = document.createElement('p');
    said.className = 'said';
    said.setAttribute('role', 'status');
    this.#voice = new Voice(said);
    const poster = document.createElement('slot');
    poster.name = 'poster';
    this.#slot.before(poster);
    const caption = document.createElement('slot');
    caption.name = 'caption';
    shadow.append(poster, this.#slot, this.#cover, this.#root, said, caption);
  }

  /** Does anything here need api.js before the first picture? */
  #needsApi() {
    const set = (name) => this.hasAttribute(name);
    if (SHOWN.some((name) => name !== 'theme' && set(name)) || this.querySelector(':scope > script[type="application/json"]')) return true;
    if (!set('url-parameters')) return false;
    return window.parent !== window || location.search.length > MAX_QUERY || location.hash.startsWith('#s=') || [...new URLSearchParams(location.search).keys()].some((name) => SHOWN.includes(name));
  }

  #still() {
    const motion = this.getAttribute('motion');
    return motion === 'reduced' || (motion !== 'full' && matchMedia('(prefers-reduced-motion: reduce)').matches);
  }

  /** It is not ready any more. */
  #begin() {
    if (this.#settled) this.#promise();
    this.#settled = false;
  }

  #promise() {
    this.#ready = new Promise((resolve, reject) => { this.#settleReady = { resolve, reject }; });
    this.#ready.catch(() => {}); // whoever waits for it is told; nobody must
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
    if (this.#disposed) return;
    this.#gone = false;
    live.add(this);
    if (this.#observers.length) return;
    const attributes = new MutationObserver(() => { if (this.#handle) this.#configure(); });
    attributes.observe(this, { attributes: true });
    const sight = new IntersectionObserver((entries) => {
      this.#onScreen = entries.at(-1).isIntersecting;
      this._seen();
      if (this.#onScreen) this.#mount().catch(() => {});
    }, { rootMargin: '200px' });
    sight.observe(this);
    const again = () => { if (this.hasAttribute('url-parameters') && location.hash.startsWith('#s=')) this.#again(); };
    addEventListener('hashchange', again);
    this.#observers = [attributes, sight, { disconnect: () => removeEventListener('hashchange', again) }];
    this.#listen();
  }

  disconnectedCallback() {
    // Moving an element disconnects it for a moment; only one that stays away is taken down.
    setTimeout(() => { if (!this.isConnected) { this.#gone = true; this.#unmount(); } }, 0);
  }

  async #mount() {
    this.#mounting ??= (async () => {
      if (this.#needsApi()) this.#api ??= await import('./api.js');
      const opening = await this.#api?.prepare(this, this.#inside);
      const file = opening?.file ?? '';
      const [module] = await Promise.all([load(file ? 'lab' : 'sandbox'), this._styled, file && this.#style('lab.css')]);
      if (!this.isConnected || this.#disposed) throw new Error('the sandbox was removed');
      this.#slot.hidden = this.#slot.previousSibling.hidden = true;
      if (file) this.#lab = Promise.resolve();
      const notices = this.#api?.apply(this, this.#inside) ?? '';
      this.#asked = notices + this.#pairs();
      this.#handle = module.mount(this.#root, (opening?.lines ?? '') + this.#asked, this.#host(true), this.#still(), file);
      this.#opening = opening?.arrive?.();
      this._seen();
      this.#frame = requestAnimationFrame(this.#each);
      const lesson = this.getAttribute('lesson') ?? (this.hasAttribute('url-parameters') ? new URLSearchParams(location.search).get('lesson') : null);
      if (lesson) this.ready.then(() => this.#teach(lesson));
    })();
    try {
      await this.#mounting;
    } catch (error) {
      this.#mounting = null;
      if (this.isConnected && !this.#disposed) this.#fail(error);
      throw error;
    }
  }

  /** From the beginning, with what the address says now. */
  #again() {
    this.#unmount();
    this.connectedCallback();
  }

  /** Attributes have changed. */
  #configure() {
    this.#stage?.forget();
    if (!this.#api && this.#needsApi()) {
      import('./api.js').then((api) => { this.#api = api; this.#configure(); });
      return;
    }
    const asked = (this.#api?.apply(this, this.#inside) ?? '') + this.#pairs();
    if (asked !== this.#asked) this.#handle?.configure(asked);
    this.#asked = asked;
  }

  /** Lets the build with the panels take over, if it has not yet: the run, its past and its forks go on as they are. */
  #grow() {
    return (this.#lab ??= (async () => {
      this.#root.classList.add('growing');
      const [module] = await Promise.all([load('lab'), this.#style('lab.css')]);
      if (!this.#handle) throw new Error('the sandbox was removed');
      this.#api ??= await import('./api.js');
      const [old, before] = [this.#root, this.#handle];
      const fresh = old.cloneNode(false);
      fresh.classList.remove('growing');
      fresh.style.cssText = `position:absolute;visibility:hidden;width:${old.clientWidth}px`;
      old.after(fresh);
      this.#root = fresh;
      this.#handle = module.mount(fresh, this.#pairs(), this.#host(false), this.#still(), before.state());
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
    if (panel === 'share') this.#handle?.act('share:base', `${pageOf(this)}\n${new URL('second-leader.js', base)}`);
    if (arg) this.#handle?.act(`${panel}:open`, arg);
    else this.#handle?.act('tab', panel);
  }

  /** What a panel asks of the page. */
  #ask(what, name, kind, text) {
    if (/^image|utf-8/.test(kind)) text = this.#foreign(text); // made for people
    if (what === 'copy') this.#later('copied', text);
    else if (what === 'save') this.#later('saved', name, kind, text);
    else if (what === 'lesson') this.#teach(name);
    else if (what === 'tell') this.#dispatch(name, JSON.parse(text));
    else this.#say(text);
  }

  /** Fetches a lesson and begins it. */
  async #teach(name) {
    try {
      await this.load(await beside(`lessons/${encodeURIComponent(name)}.json`));
    } catch (error) {
      this.#say(`The lesson could not be loaded: ${error.message}`);
      this.#handle?.act('lessons:failed', error.message);
    }
  }

  /** Screen readers say this. */
  #say(words) {
    this.#voice.say(this.#t(words));
  }

  /** Somebody went elsewhere; once there, screen readers hear where that is. */
  #arrive() {
    clearTimeout(this.#moved);
    this.#moved = setTimeout(() => { if (this.#handle) this.#voice.say(now(this.#root), '.headline'); }, 400);
  }

  /** A text in the visitor's language. */
  #t(words) {
    return this.#locale?.text(words) ?? words;
  }

  /** Markup, or a text of several lines, in the visitor's language. */
  #foreign(words) {
    return this.#locale?.[words.startsWith('<svg') ? 'picture' : words[0] === '<' ? 'markup' : 'text'](words) ?? words;
  }

  /** From now on in this language; null is English. */
  #speak(locale) {
    this.#locale = locale;
    this.#slot.textContent = this.#t(LOADING);
    for (const e of [this.#root, ...this.shadowRoot.querySelectorAll('.cover, .said')]) e.lang = locale ? this.getAttribute('locale') : 'en';
    this.#stage?.retell();
    this.#handle?.act('relabel', '');
  }

  // The only clock.
  #each = (time) => {
    if (!this.#handle) return;
    this.#handle.frame(time);
    this.#frame = requestAnimationFrame(this.#each);
  };

  /** What the module asks of the page. */
  #host(first) {
    const stage = (this.#stage = new Stage(this.#root, (words) => this.#t(words)));
    const root = this.#root;
    const still = this.#still();
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
        stage.place();
        const { view, panels, controls, lock } = root.querySelector('.lesson')?.dataset ?? {};
        const wishes = [view, panels, controls, lock].join();
        if (this.#api && wishes !== this.#wishes) this.#api.show(this, this.#inside);
        this.#wishes = wishes;
        if (fill) {
          stage.fill();
          this.#api?.filled(this, root);
        }
        if (focus) root.querySelector(focus)?.focus({ preventScroll: true });
        stage.fit(0, width, height);
        this.#focus.restore(this, root);
        this.#voice.listen(root);
        if (this.#lab) this.#api?.written(this, root, (what, arg) => this.#handle?.act(what, arg));
        const column = root.querySelector('.main');
        if (this.#column !== column) this.#sizes?.observe(this.#column = column);
      },
      fit: (width, height) => stage.fit(1, width, height),
      draw: (marks, paused, number) => stage.draw(paused || !still ? marks : [], paused, number),
      foreign: () => this.#locale !== null,
      translate: (markup) => this.#foreign(markup),
      now: () => performance.now(),
    };
  }

  /** Everything that happens inside is heard at the root. */
  #listen() {
    this.#column = null;
    this.#focus.listen(this.#root);
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
    const say = (what, arg = '') => {
      if (MOVES.has(what)) this.#arrive();
      this.#stepping = this.#still() && (what === 'toggle' || what === 'continue') && this.paused;
      if (BACK.has(what) && this.duration > LONG) this.#grow().catch(() => {});
      this.#handle?.act(what, String(arg));
    };
    const key = near('[data-key]')?.dataset.key;
    const value = () => {
      if (target.type === 'checkbox') return target.checked ? 'on' : 'off';
      return target.type === 'range' ? this.#handle?.slide(key, target.valueAsNumber) : target.value;
    };
    if (event.type === 'keydown') {
      if (event.key === 'Enter' && target.dataset?.in) return near('.actions')?.querySelector('input ~ [data-act]')?.click();
      // A dialog that the focus leaves would cover what comes next.
      if (event.key === 'Tab' && near('.popover')) setTimeout(() => { if (!this.shadowRoot.activeElement?.closest('.popover')) say('dropped'); });
      const [what, arg] = meaning(event, target, this.hasAttribute('data-no-keys')) ?? [];
      if (!what) return;
      if (what !== 'close') event.preventDefault();
      if (what === 'seed') say('set', `seed=${Math.floor(Math.random() * 1e6)}`);
      else if (what === 'table') this.#open('table');
      else if (what === 'describe') this.describe().then((words) => this.#say(words), () => {});
      else if (what === 'help') this.#later('help');
      else if (what === 'close' && !this.#root.querySelector('.popover')) { say('close'); say('dismiss'); }
      else say(what, arg);
    } else if (event.type === 'click') {
      const { act, arg } = near('[data-act]')?.dataset ?? {};
      const panel = near('[data-lab]')?.dataset;
      const node = near('[data-node]')?.dataset.node;
      if (panel) this.#open(panel.lab, panel.arg);
      else if (act === 'help') this.#later('help');
      else if (act) say(act, arg);
      else if (node) say('select', node);
      else if (!near('.popover')) say('dropped');
    } else if (event.type === 'input') {
      if (target.dataset.in) say(target.dataset.in, target.value);
      else if (target.id === 'time' || target.id === 'speed') say(target.id, target.value);
      else if (target.type === 'range') {
        // While a slider is dragged, its number field follows; the run restarts when it is let go.
        const number = near('[data-key]').querySelector('input[type=number]');
        // A key's step may be too small to be another value: it goes on to the next one.
        const way = Math.sign(target.valueAsNumber - target.dataset.value);
        for (let p = target.valueAsNumber; way && value() === number.dataset.value && p > target.min && p < target.max;) target.value = p += way;
        number.value = value();
        target.setAttribute('aria-valuetext', `${value()} ${near('[data-key]').querySelector('.unit').textContent}`);
      }
    } else if (target.id === 'scenario') {
      say('scenario', target.value);
    } else if (key) {
      say('set', `${key}=${value()}`);
    }
  }

  #unmount() {
    this.#begin();
    cancelAnimationFrame(this.#frame);
    live.delete(this);
    for (const observer of this.#observers) observer.disconnect();
    this.#observers = [];
    const handle = this.#handle;
    this.#handle = null;
    handle?.destroy();
    if (handle) setTimeout(() => handle.free()); // who removes it may have been called by it
    this.#mounting = null;
    this.#lab = this.#opening = this.#locale = null;
    this.#api?.leave(this);
    for (const { reject } of this.#seeks.values()) reject(new Error('the sandbox was removed'));
    this.#seeks.clear();
    this.#renewRoot();
    this.#slot.hidden = this.#slot.previousSibling.hidden = false;
    this.#voice.hush();
    clearTimeout(this.#moved);
  }

  /** Attributes, and the page's query when the element asks for it: a line for each. */
  #pairs() {
    let pairs = '';
    for (const { name, value } of this.attributes) {
      if (!NOT_PARAMETERS.has(name) && !/^(data-|aria-|on|_|\W)/.test(name)) pairs += line(name, value);
    }
    if (this.hasAttribute('url-parameters') && location.search.length <= MAX_QUERY) {
      for (const [name, value] of new URLSearchParams(location.search)) if (!NOT_PARAMETERS.has(name) && /^(?!utm_|fbclid|gclid)\w/.test(name)) pairs += line(name, value);
    }
    const all = pairs.split('\n');
    if (all.length > MAX_PAIRS) pairs = `${all.slice(0, MAX_PAIRS).join('\n')}\n${line('!', `of ${all.length - 1} parameters the first ${MAX_PAIRS} were read`)}`;
    return pairs;
  }

  #emit(name, text, number) {
    if (name === 'ready') {
      queueMicrotask(async () => {
        this.#learn();
        await this.#opening;
        this.#settleReady.resolve(this);
        this.#settled = true;
        this.#dispatch('ready');
      });
    } else if (name === 'milestone') {
      if (this.#stepping && text !== 'end' && !this.#root.querySelector('.lesson:not([hidden])')) this.#rest(text);
      this.#dispatch(name, { name: text, time: number });
    } else if (name === 'timeupdate') {
      this.#dispatch(name, { currentTime: number });
    } else if (name === 'invalidinput') {
      this.#dispatch(name, { issues: [], notices: text.split('\n') });
    } else if (name === 'phasechange') {
      this.#dispatch(name, { phase: text });
    } else if (name === 'ratechange') {
      this.#dispatch(name, { speed: number });
    } else {
      if (name === 'paramchange') this.#learn();
      this.#dispatch(name);
    }
  }

  /** Whoever wants little motion sees a step per milestone: it stays there. */
  #rest(milestone) {
    this.#stepping = false;
    this.#arrive();
    queueMicrotask(() => { this.#handle?.pause(); this.#handle?.seek(milestone, 0); });
  }

  /** Keeps what a crash would take away: what was run. */
  #learn() {
    if (this.#handle) this.#known = `?${new URLSearchParams({ scenario: this.scenario, ...this.params })}`;
  }

  #dispatch(name, detail = null) {
    if (this.#depth >= DEEPEST) { // others have their turn first
      setTimeout(() => this.#dispatch(name, detail));
      return;
    }
    this.#depth += 1;
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
    this.#depth -= 1;
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
    this.#begin();
    // The dead module's objects are left alone: calling into it would only throw again.
    this.#handle = null;
    this.#mounting = null;
    this.#lab = null;
    this.#opening = null;
    const seed = new URLSearchParams(this.#known).get('seed') ?? '7';
    this.#show(`The simulation stopped because of an error in it (seed ${seed}).`, 'Reload', () => {
      this.#cover.hidden = true;
      this.#renewRoot();
      this.#mount().catch(() => {});
    }, this.#known && new URL(this.#known, pageOf(this)));
    this.#dispatch('error', { code: 'crashed', message });
  }

  /** A fresh root: what an earlier module left in the old one is of no use. */
  #renewRoot() {
    const fresh = this.#root.cloneNode(false);
    this.#root.replaceWith(fresh);
    this.#root = fresh;
    if (this.isConnected) this.#listen();
  }

  #show(text, action, then, link) {
    const p = document.createElement('p');
    p.setAttribute('role', 'alert');
    p.textContent = this.#t(text);
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = this.#t(action);
    button.onclick = then;
    this.#cover.replaceChildren(p, button);
    if (link) this.#cover.append(Object.assign(document.createElement('a'), { href: link, textContent: this.#t('A link to this run') }));
    this.#cover.hidden = false;
  }

  _seen() {
    this.#handle?.setVisible(this.#onScreen && document.visibilityState === 'visible');
  }

  #use() {
    if (!this.#handle) throw new Error(this.#disposed ? 'the sandbox was disposed' : 'the sandbox is not ready: await its `ready` promise first');
    return this.#handle;
  }

  play() { this.#use().play(); }
  pause() { this.#use().pause(); }
  reset() { this.#use().reset(); }

  /** So many events on, or back; it stays there, paused. */
  step(n = 1) {
    if (!Number.isInteger(n) || Math.abs(n) > 10_000) throw new InvalidInputError([{ field: 'n', value: text(n), message: 'must be a whole number in -10000–10000' }]);
    this.#use().step(n);
  }

  /** It is ready, or will be; what was taken away will not be until it is put somewhere again. */
  #there() {
    if (this.#gone && !this.#disposed) throw new Error('the sandbox was removed');
    if (!this.#handle && !this.#disposed) this.#mount().catch(() => {}); // who asks for something does not wait until it is seen
    return this.#handle ? this : this.ready;
  }

  /** What api.js does. */
  async #later(name, ...args) {
    this.#api ??= await import('./api.js');
    return this.#api[name](this, this.#inside, ...args);
  }

  load(scenario) { return this.#later('open', scenario); }
  act(action, more) { return this.#later('act', action, more); }
  link(options) { return this.#later('embed', 'link', options); }
  embedCode(kind = 'iframe', options = {}) { return this.#later('embed', kind, options); }
  describe() { return this.#later('describe'); }
  exportData(kind = 'json') { return this.#later('exportData', kind); }
  exportImage(kind = 'svg', options = {}) { return this.#later('exportImage', kind, options); }

  /** Takes it off the page for good. */
  dispose() {
    if (this.#disposed) return;
    this.#disposed = true;
    this.remove();
    this.#unmount();
    this.#settleReady.reject(new Error('the sandbox was disposed'));
  }

  /** Goes to a time in seconds or a milestone's name; resolves when the page shows it, paused. */
  async seek(target) {
    if (Number.isNaN(target) || !['number', 'string'].includes(typeof target)) throw await this.#later('noTarget', target);
    const to = typeof target === 'number' ? Math.min(Math.max(target, 0), 1e6).toFixed(6) : target.slice(0, 60);
    await this.#there();
    const id = (this.#lastSeek += 1);
    if (this.#use().seek(to, id)) throw await this.#later('noTarget', to);
    const arrival = new Promise((resolve, reject) => { this.#seeks.set(id, { resolve, reject }); });
    // Frames do not come in hidden tabs; a seek must arrive all the same.
    const on = () => { if (this.#seeks.has(id) && this.#handle?.travel()) setTimeout(on); };
    on();
    return arrival;
  }

  /** Sets parameters, all or none, and restarts. Throws InvalidInputError and changes nothing when one is not legal. */
  setParams(values) {
    const handle = this.#use();
    const issues = issuesOf(handle.setParams(pairs(values)));
    if (issues.length) {
      this.#dispatch('invalidinput', { issues, notices: [] });
      throw new InvalidInputError(issues);
    }
  }

  /** Who waits for it does not wait until it is seen. After a failure it stays as it is until somebody tries again. */
  get ready() {
    if (this.isConnected && this.#cover.hidden) this.#mount().catch(() => {});
    return this.#ready;
  }
  get params() { return this.#handle && read(this.#handle.params()); }
  get metrics() { return this.#handle && read(this.#handle.metrics()); }
  get ledger() { return this.#handle && read(this.#handle.ledger()); }
  get phase() { return this.#handle?.phase ?? 'calm'; }
  get version() { return version; }
  get scenario() { return this.#handle?.scenario; }
  get paused() { return this.#handle?.paused ?? true; }
  get duration() { return this.#handle?.duration ?? NaN; }
  get currentTime() { return this.#handle?.currentTime ?? 0; }
  set currentTime(seconds) { this.seek(seconds).catch(({ issues }) => { if (issues) this.#dispatch('invalidinput', { issues, notices: [] }); }); }
  get speed() { return this.#handle?.speed ?? 1; }
  set speed(factor) {
    const value = typeof factor === 'number' ? factor.toFixed(3) : typeof factor === 'string' ? factor.slice(0, 60) : 'no';
    if (!this.#use().setSpeed(value)) throw new InvalidInputError([{ field: 'speed', value: text(factor), message: "must be 'auto' or a number in 0.05–600" }]);
  }
}

/** Every parameter there is: key, label, unit, kind, default, range, words, source, help. */
export const parameters = async () => (await import('./api.js')).parameters(load);

/** Defines the element under another name, too. Calling it again does no harm. */
export function define(name = 'second-leader') {
  try {
    if (!customElements.get(name)) customElements.define(name, customElements.get('second-leader') ? class extends SecondLeader {} : SecondLeader);
    return customElements.get(name);
  } catch {
    throw new InvalidInputError([{ field: 'name', value: name, message: 'must be an element name, such as my-sandbox' }]);
  }
}
define();

/** Puts a sandbox into an element; rejects with an InvalidInputError, and puts nothing there, when an option is not legal. */
export const create = async (...args) => (await import('./api.js')).create(load, ...args);
/** What is wrong with a scenario file: a list of issues, empty when it is sound. */
export const validate = async (scenario) => (await import('./api.js')).validate(load, scenario);
/** Runs a scenario without a stage; resolves to what `second-leader run --json` prints. */
export const simulate = async (...args) => (await import('./api.js')).simulate(load, ...args);
