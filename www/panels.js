// What the panels need of the page besides their markup: names of their own, charts that a pointer reads, previews of what is pasted.
import { live } from './modules.js';

/** Regions of one name on one page get numbers: two sandboxes may have the same panel open. */
function landmarks(element, root) {
  for (const panel of root.querySelectorAll('section[aria-label]:not([hidden])')) {
    const said = panel.getAttribute('aria-label');
    const name = said.replace(/ \(\d+\)$/, '');
    const taken = (label) => [...live].some((other) => other !== element && other.shadowRoot.querySelector(`section[aria-label="${CSS.escape(label)}"]:not([hidden])`));
    let label = name;
    for (let n = 2; taken(label); n += 1) label = `${name} (${n})`;
    if (said !== label) panel.setAttribute('aria-label', label);
  }
}

const read = new WeakSet();

/** A pointer over a chart reads values off; the slider below it does the same. */
function pointers(root, act) {
  if (read.has(root)) return;
  read.add(root);
  for (const kind of ['pointermove', 'pointerdown']) {
    root.addEventListener(kind, ({ target, clientX, pointerType, type }) => {
      const figure = target.closest?.('[data-point]');
      if (figure && (pointerType === 'mouse' || type === 'pointerdown')) act(figure.dataset.point, String(Math.round(clientX - figure.getBoundingClientRect().left)));
    });
  }
}

/** The panels were written. `act` tells the module what somebody does. */
export function written(element, root, act) {
  landmarks(element, root);
  pointers(root, act);
  const preview = root.querySelector('.preview');
  if (preview && preview.shown !== preview.dataset.code) import('./preview.js').then((module) => module.preview(preview));
}
