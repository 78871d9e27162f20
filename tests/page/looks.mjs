// What axe does not measure, computed in the page from the styles it really has: contrast inside SVG, target sizes, what is clipped.

/** Runs in the page. Everything of every sandbox that is seen, with contrasts, sizes and overlaps; returns sentences about what is wrong. */
export function faults(kind) {
  const root = document.querySelector('second-leader').shadowRoot;
  const all = (selector) => [...root.querySelectorAll(selector)].filter((e) => e.checkVisibility?.({ checkOpacity: true, checkVisibilityCSS: true }) ?? true).filter((e) => { const b = e.getBoundingClientRect(); return b.width + b.height > 0; });
  const name = (e) => `${e.tagName} ${e.getAttribute('class') ?? ''} ${(e.getAttribute('aria-label') || e.textContent || e.id || '').trim().slice(0, 40)}`.replace(/\s+/g, ' ');
  const pen = Object.assign(document.createElement('canvas'), { width: 1, height: 1 }).getContext('2d', { willReadFrequently: true });
  const rgba = (colour) => {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = '#000';
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = pen.getImageData(0, 0, 1, 1).data;
    return [r, g, b, a / 255];
  };
  const over = ([r, g, b, a], [R, G, B]) => [r * a + R * (1 - a), g * a + G * (1 - a), b * a + B * (1 - a), 1];
  const light = (colour) => colour.slice(0, 3).map((v) => v / 255).map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)).reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const seen = (e) => { let o = 1; for (let at = e; at && at !== root; at = at.parentElement) o *= Number(getComputedStyle(at).opacity); return o; };
  const paint = (e, what) => {
    const style = getComputedStyle(e);
    if (style[what] === 'none' || style[what].startsWith('url')) return null;
    const [r, g, b, a] = rgba(style[what]);
    return [r, g, b, a * Number(style[`${what}Opacity`]) * seen(e)];
  };
  const paper = () => {
    for (let at = root.querySelector('.root'); at; at = at.parentElement ?? at.getRootNode().host) {
      const found = rgba(getComputedStyle(at).backgroundColor);
      if (found[3] === 1) return found;
    }
    return [255, 255, 255, 1];
  };
  /** What lies under a point, without this element: every filled shape and background, from below. */
  const ground = (x, y, self) => {
    const stack = root.elementsFromPoint(x, y).filter((e) => e !== self && !self.contains(e) && root.contains(e)).reverse();
    return stack.reduce((below, e) => {
      if (e.closest('svg')) {
        if (['svg', 'g', 'text', 'tspan', 'title'].includes(e.tagName)) return below;
        const fill = e.isPointInFill?.(new DOMPoint(x, y).matrixTransform(e.getScreenCTM().inverse())) && paint(e, 'fill');
        return fill ? over(fill, below) : below;
      }
      const [r, g, b, a] = rgba(getComputedStyle(e).backgroundColor);
      return over([r, g, b, a * seen(e)], below);
    }, paper());
  };
  const middle = (e) => { const b = e.getBoundingClientRect(); return [b.x + b.width / 2, b.y + b.height / 2]; };
  const wrong = [];
  if (kind === 'plates') {
    // Forced colours put a plate of the canvas's colour behind every word, unless the element refuses them.
    const probe = root.appendChild(document.createElement('i'));
    probe.style.backgroundColor = 'Canvas';
    const plate = rgba(getComputedStyle(probe).backgroundColor);
    probe.remove();
    for (const e of all('*')) {
      if (e.closest('svg, :disabled') || ![...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim())) continue;
      e.scrollIntoView({ block: 'center' });
      const below = getComputedStyle(e).forcedColorAdjust === 'none' ? over(rgba(getComputedStyle(e).backgroundColor), ground(...middle(e), e)) : plate;
      const found = contrast(over(rgba(getComputedStyle(e).color), below), below);
      if (found < 4.5) wrong.push(`${found.toFixed(2)}:1 ${name(e)}`);
    }
  }
  if (kind === 'contrast') {
    const open = new CSSStyleSheet();
    open.replaceSync('svg * { pointer-events: visiblePainted !important } canvas { pointer-events: none !important } .ground { pointer-events: auto !important } .differing, .differing * { pointer-events: none !important }');
    root.adoptedStyleSheets.push(open);
    for (const e of all('svg text')) {
      if (e.closest('[inert]')) continue; // the run beside it wears the same, and cannot be asked what lies where
      if (!e.textContent.trim()) continue;
      e.scrollIntoView({ block: 'center' });
      const style = getComputedStyle(e);
      const halo = style.paintOrder.startsWith('stroke') && parseFloat(style.strokeWidth) >= 2 && rgba(style.stroke);
      const below = halo || ground(...middle(e), e);
      const found = contrast(over(paint(e, 'fill'), below), below);
      const large = parseFloat(style.fontSize) >= 24 || (parseFloat(style.fontSize) >= 18.66 && Number(style.fontWeight) >= 700);
      if (found < (large ? 3 : 4.5)) wrong.push(`${found.toFixed(2)} ${name(e)} [${style.fill} on ${below.map(Math.round)}]`);
    }
    // Marks that say something by themselves: what is drawn, and with what.
    const marks = [['.node .body', 'stroke'], ['.hull', 'stroke'], ['.arc:not(.none)', 'stroke'], ['.tether.a, .tether.b', 'stroke'], ['.link.a, .link.b', 'stroke'], ['.client rect', 'stroke'], ['.wall', 'stroke'], ['.letter', 'fill'],
      ['.controller circle', 'fill'], ['.failures rect', 'stroke'], ['.crown', 'stroke'], ['.strip .lead', 'fill'], ['.strip .follow', 'stroke'], ['.strip .below', 'fill'], ['.epoch circle', 'stroke'], ['.pips circle', 'stroke'],
      ['.chart .line:not(.pale)', 'stroke'], ['.charts .line', 'stroke'], ['.cursor', 'stroke'], ['.timeline .done', 'fill'], ['.timeline .two', 'fill'], ['.tick', 'stroke'], ['.fate rect', 'fill'], ['.hop', 'stroke'], ['.mark', 'stroke'], ['.cross', 'stroke']];
    for (const [selector, what] of marks) {
      for (const e of all(selector)) {
        const box = e.getBoundingClientRect();
        const used = what === 'fill' || (e.getAttribute('d') ?? 'yes');
        if (!used || (box.width < 1 && box.height < 1) || Number(e.getAttribute('width') ?? 1) === 0) continue;
        const colour = paint(e, what);
        if (!colour) continue;
        e.scrollIntoView({ block: 'center' });
        const at = e.getBoundingClientRect();
        // Against what lies just outside of it. A crown's dark outline or its gold: whichever is told apart.
        const sides = [[at.x - 2, at.y + at.height / 2], [at.right + 2, at.y + at.height / 2], [at.x + at.width / 2, at.y - 2], [at.x + at.width / 2, at.bottom + 2]].map(([x, y]) => ground(x, y, e));
        const colours = selector === '.crown' ? [colour, paint(e, 'fill') ?? colour] : [colour];
        const [found, below] = sides.flatMap((b) => colours.map((c) => [contrast(over(c, b), b), b])).sort((a, b) => b[0] - a[0])[0];
        if (found < 3) wrong.push(`${found.toFixed(2)} ${selector} ${what} ${name(e)} [${getComputedStyle(e)[what]} on ${below.map(Math.round)}]`);
      }
    }
    for (const e of all('button, select, input[type=text], input[type=number], textarea')) {
      const style = getComputedStyle(e);
      const below = ground(...middle(e), e);
      const edges = [rgba(style.borderTopColor), rgba(style.backgroundColor), rgba(style.color)].map((c) => contrast(over(c, below), below));
      if (Math.max(...edges) < 3) wrong.push(`${Math.max(...edges).toFixed(2)} the edge of ${name(e)}`);
    }
    root.adoptedStyleSheets = root.adoptedStyleSheets.filter((sheet) => sheet !== open);
    scrollTo(0, 0);
  }
  if (kind === 'targets') {
    // WCAG 2.5.8: 24 × 24, or a circle of 24 around its middle meets no other target; links in sentences are exempt.
    const found = all('a[href], button, input, select, textarea, summary, [role=button], [data-act]:not(svg .mark):not(svg text)').map((e) => ({ e, box: (e.tagName === 'INPUT' && e.type === 'checkbox' ? e.closest('label') ?? e : e).getBoundingClientRect() })).filter(({ box }) => box.width > 0);
    for (const { e, box } of found) {
      if (box.width >= 23.99 && box.height >= 23.99) continue;
      const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
      const near = found.filter(({ e: o, box: b }) => o !== e && !e.contains(o) && !o.contains(e) && (() => {
        const small = b.width < 24 || b.height < 24;
        const [dx, dy] = [x - Math.max(b.x, Math.min(x, b.right)), y - Math.max(b.y, Math.min(y, b.bottom))];
        return Math.hypot(dx, dy) < 12 || (small && Math.hypot(x - b.x - b.width / 2, y - b.y - b.height / 2) < 24);
      })());
      if (near.length) wrong.push(`${box.width.toFixed(0)}×${box.height.toFixed(0)} ${name(e)} beside ${near.map(({ e: o }) => name(o)).slice(0, 2).join(', ')}`);
    }
  }
  if (kind === 'fit') {
    if (document.documentElement.scrollWidth > innerWidth) wrong.push(`the page is ${document.documentElement.scrollWidth} px wide in a window of ${innerWidth}`);
    const host = document.querySelector('second-leader').getBoundingClientRect();
    for (const e of all('button, summary, h2, h3, h4, p, label, li, dt, dd, th, td, .value, .unit, select, input')) {
      const box = e.getBoundingClientRect();
      if (!box.width || e.closest('.said, .versus') || e.closest('[aria-hidden=true]')) continue;
      const scroller = e.closest('.scroll, .panel, details');
      const scrolls = scroller && scroller.scrollWidth > scroller.clientWidth && getComputedStyle(scroller).overflowX === 'auto';
      if (!scrolls && (box.right > host.right + 1 || box.x < host.x - 1)) wrong.push(`${name(e)} sticks out: ${box.x.toFixed(0)}–${box.right.toFixed(0)} of ${host.x.toFixed(0)}–${host.right.toFixed(0)}`);
      const card = e.closest('.popover, .question, .notice, .lesson, .controls')?.getBoundingClientRect();
      if (card && (box.right > card.right + 1 || box.x < card.x - 1 || box.bottom > card.bottom + 1)) wrong.push(`${name(e)} sticks out of its card`);
      const style = getComputedStyle(e);
      if (['hidden', 'clip'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1) wrong.push(`${name(e)} is cut off`);
      if (['BUTTON', 'P', 'LI', 'LABEL', 'H2', 'H3'].includes(e.tagName) && e.scrollWidth > e.clientWidth + 2 && style.display !== 'inline' && !scrolls) wrong.push(`the words of ${name(e)} leave their box`);
    }
    // Controls in the flow of the page never lie on each other; what is meant to lie over the stage is not in the flow.
    const flat = all('button, select, input, summary, textarea, .headline, .caption, .legend li').filter((e) => !e.closest('.popover, .question, .notice-place, .timeline, dialog, .versus, .said')).map((e) => [e, e.getBoundingClientRect()]).filter(([, b]) => b.width);
    flat.forEach(([a, p], i) => {
      for (const [b, q] of flat.slice(i + 1)) {
        if (a.contains(b) || b.contains(a)) continue;
        const [w, h] = [Math.min(p.right, q.right) - Math.max(p.x, q.x), Math.min(p.bottom, q.bottom) - Math.max(p.y, q.y)];
        if (w > 1.5 && h > 1.5) wrong.push(`${name(a)} lies on ${name(b)}`);
      }
    });
  }
  return [...new Set(wrong)];
}
