// What the module cannot write as markup: places by number, values of inputs, the canvases, what a lesson points at.
import { Painter } from './paint.js';
import { tell, texts } from './says.js';

// What a lesson can point at, by its name there.
const SPOTS = { banner: '.banner', zookeeper: '.peer', kafka: '.broker', clients: '.client', tray: '.tray', ledger: '.fates', chart: '.charts', timeline: '.timeline', recovery: '.field[data-key=heal]' };
const spotted = (name) => SPOTS[name] ?? `[data-node="${CSS.escape(name)}"], .field[data-key="${CSS.escape(name)}"]`;

/** One instance's. `t` translates a text. */
export class Stage {
  #root;
  #t;
  #painters = [];

  constructor(root, t) {
    this.#root = root;
    this.#t = t;
  }

  #all(selector) {
    return this.#root.querySelectorAll(selector);
  }

  /** The canvas of this number has this size: 0, or 1 for the run beside it. */
  fit(number, width, height) {
    const canvas = this.#all('canvas')[number];
    if (this.#painters[number]?.canvas !== canvas) this.#painters[number] = new Painter(canvas);
    this.#painters[number].fit(width, height);
  }

  draw(marks, paused, number) {
    this.#painters[number]?.draw(marks, paused);
  }

  /** The colours may have changed. */
  forget() {
    for (const painter of this.#painters) painter.forget();
  }

  /** The DOM was written: place what is placed by number, and mark what the lesson points at. */
  place() {
    for (const e of this.#all('[data-x]')) {
      const place = `translate(${e.dataset.x}px,${e.dataset.y}px)`;
      if (e.place === place) continue;
      // Only a node that has a place moves; a new one appears where it belongs.
      e.style.transition = e.place ? '' : 'none';
      e.style.transform = e.place = place;
    }
    for (const e of this.#all('[data-left]')) Object.assign(e.style, { left: `${e.dataset.left}px`, top: `${e.dataset.top}px` });
    const spots = (this.#root.querySelector('.lesson')?.dataset.spots ?? '').split(' ').filter(Boolean);
    for (const e of this.#all('.spotted')) if (!spots.some((s) => e.matches(spotted(s)))) e.classList.remove('spotted');
    for (const s of spots) for (const e of this.#all(spotted(s))) e.classList.add('spotted');
    for (const e of this.#all('[data-words]')) tell(e, e.dataset.words, this.#t);
  }

  /** Another language: everything is told anew. */
  retell() {
    for (const e of this.#all('[data-words]')) e.told = '';
    this.fill();
  }

  /** The parameters were written: put their values and helps into the inputs. */
  fill() {
    for (const e of this.#all('[data-value]')) {
      if (e.type === 'checkbox') e.checked = e.dataset.value === 'on';
      else e.value = e.dataset.value;
    }
    texts().then(({ help = {} }) => { for (const e of this.#all('.field[data-key]')) e.querySelector('input, select').ariaDescription = e.title = this.#t(help[e.dataset.key] ?? ''); });
  }
}

const gone = (e) => !e.isConnected || e.closest('[hidden], details:not([open]) > :not(summary)');

/** Where the focus goes when what has it is taken away: to the same control again, to what it was part of, to playback. */
export class Focus {
  #held = null;
  #ways = [];

  listen(root) {
    root.addEventListener('focusin', (event) => this.#hold(event.composedPath()[0]));
    // What is taken away loses the focus, too; that it is gone is known a moment later.
    root.addEventListener('focusout', ({ target }) => setTimeout(() => { if (this.#held === target && !gone(target)) this.#held = null; }));
  }

  #hold(e) {
    const { act, lab, arg } = e.dataset;
    const node = e.closest('[data-node]')?.dataset.node;
    const what = lab ? `[data-lab="${lab}"]` : act && `[data-act="${act}"]`;
    const again = e.id ? `#${CSS.escape(e.id)}` : what ? what + (arg === undefined ? '' : `[data-arg="${CSS.escape(arg)}"]`) : node && `[data-node="${node}"] [role=button]`;
    this.#held = e;
    this.#ways = [again, lab && `[data-lab="${lab}"][aria-expanded]`, ['.lesson', '.panel'].find((part) => e.closest(part)), '.toggle'].filter(Boolean);
  }

  /** The page was written. */
  restore(host, root) {
    if (!this.#held || !gone(this.#held)) return;
    this.#held = null;
    const active = host.shadowRoot.activeElement;
    if ((active && !gone(active)) || ![null, document.body, host].includes(host.getRootNode().activeElement)) return;
    this.#ways.flatMap((way) => [...root.querySelectorAll(way)]).find((e) => !gone(e))?.focus({ preventScroll: true });
  }
}
