// Shows what the text of an embedded element would show: the text itself, parsed, as a page would that has it pasted in.

/** Nothing that happens in there is news for the sandbox around it. */
const INSIDE = ['click', 'input', 'change', 'keydown', 'ready', 'play', 'pause', 'ended', 'timeupdate', 'ratechange', 'paramchange', 'phasechange', 'milestone', 'invalidinput', 'error', 'answer', 'lessonend', 'xapi'];

/** Fills `.preview` from its `data-code`, unless it shows that already. */
export function preview(place) {
  const code = place.dataset.code;
  if (place.shown === code) return;
  if (place.shown === undefined) for (const name of INSIDE) place.addEventListener(name, (event) => event.stopPropagation());
  place.shown = code;
  const pasted = new DOMParser().parseFromString(code.replaceAll('\u0001', '"'), 'text/html').querySelector('second-leader');
  const element = document.createElement('second-leader');
  for (const { name, value } of pasted?.attributes ?? []) element.setAttribute(name, value);
  element.append(...(pasted?.childNodes ?? []));
  place.replaceChildren(element);
}
