// For everyone who does not use a mouse or does not see the picture: a walk by Tab alone, every key of the one table, dialogs, sliders,
// names and roles, and what screen readers are told, and how often.
// Run after `make site`: node tests/page/keyboard.mjs [scene,…]
import { KEYS } from '../../www/keys.js';
import { PATIENCE, audit, check, on, open, play, seek } from './checks.mjs';

const element = (page) => page.locator('second-leader');
const panel = (page) => element(page).locator('section.panel:not([hidden])');
const time = (page) => on(page, (e) => e.currentTime);
const until = (page, condition, arg) => page.waitForFunction(condition, arg, { timeout: PATIENCE });

/** What has the focus: what it is, where it is, whether that is to be seen. Null outside of the sandbox. */
const focused = (page) => page.evaluate(() => {
  const root = document.querySelector('second-leader').shadowRoot;
  const e = root.activeElement;
  if (!e) return null;
  const box = e.getBoundingClientRect();
  const style = getComputedStyle(e);
  const top = root.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  return {
    name: (e.getAttribute('aria-label') || e.labels?.[0]?.textContent || root.getElementById(e.getAttribute('aria-labelledby'))?.textContent || e.textContent).trim().slice(0, 60),
    tag: e.tagName, kind: e.tagName + e.type, number: [...root.querySelectorAll('*')].indexOf(e), x: box.x, y: box.y + scrollY,
    ring: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
    inside: box.top >= -1 && box.bottom <= innerHeight + 1,
    obscured: !(top && (e.contains(top) || top.contains(e) || top.closest('[data-node]') === e.closest('[data-node]'))),
  };
});

async function walk(width) {
  const page = await open('?autoplay=off', { width });
  await seek(page, 40);
  await page.locator('nav a').last().focus();
  const stops = [];
  for (;;) {
    await page.keyboard.press('Tab');
    const stop = await focused(page);
    if (!stop || stops.length > 200) break;
    stops.push(stop);
  }
  const here = `at ${width} px`;
  const wanted = await on(page, (e) => [...e.shadowRoot.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]')].filter((c) => !c.disabled && c.checkVisibility({ visibilityProperty: true })).map((c) => [...e.shadowRoot.querySelectorAll('*')].indexOf(c)));
  const missed = wanted.filter((n) => !stops.some((s) => s.number === n));
  check(`Tab reaches every one of the ${wanted.length} controls, ${here}`, wanted.length > 40 && missed.length === 0, `${stops.length} stops; missed ${missed}`);
  check(`each once, in the order of the page, ${here}`, stops.every((s, i) => i === 0 || s.number > stops[i - 1].number));
  const at = (name) => stops.findIndex((s) => s.name.startsWith(name));
  const order = ['zk1,', 'zk11,', 'broker 1,', 'broker 10,', 'Play', 'Auto pace', 'Add hosts slowly', 'Time', 'Inspect', 'Lessons', width > 1000 ? 'Scenario' : 'Change the incident'].map(at);
  check(`hosts, brokers, playback, time, panels, parameters, ${here}`, order.every((n, i) => n >= 0 && (i === 0 || n > order[i - 1])), `${order} ${stops.map((s) => s.name).join(' | ')}`);
  for (const [what, bad] of [['has a ring', (s) => !s.ring], ['is in the window', (s) => !s.inside], ['is not covered', (s) => s.obscured]]) {
    const found = stops.filter(bad);
    check(`what has the focus ${what}, ${here}`, found.length === 0, found.map((s) => `${s.tag} ${s.name}`).join(' | '));
  }
  check(`after the last one the focus leaves the sandbox, ${here}`, (await focused(page)) === null && await page.evaluate(() => document.activeElement !== document.body));
  await page.keyboard.press('Shift+Tab');
  check(`and Shift+Tab leads back in, ${here}`, (await focused(page))?.number === stops.at(-1).number);
  const nameless = stops.filter((s) => !s.name);
  check(`every stop has a name, ${here}`, nameless.length === 0, nameless.map((s) => s.tag).join(' '));
  const twice = stops.filter((s, i) => stops.some((o, n) => n < i && o.name === s.name && o.kind === s.kind)).map((s) => s.name);
  check(`no two of a kind have the same name, ${here}`, twice.length === 0, twice.join(' | '));
  await page.context().close();
}


/** What each act of the table is to do: called with a function that presses one of its keys. */
const DOES = {
  toggle: async (page, press) => { await press(); const playing = !(await on(page, (e) => e.paused)); await press(); return playing && on(page, (e) => e.paused); },
  forward: async (page, press) => { await seek(page, 20); await press(); return (await time(page)) > 20 && (await time(page)) < 21; },
  backward: async (page, press) => { await seek(page, 20); await press(); return (await time(page)) < 20 && (await time(page)) > 19; },
  skip: async (page, press, row) => { await seek(page, 20); await press(); return (await time(page)) === 20 + row.arg; },
  next: async (page, press) => { await seek(page, 0); await press(); return Math.abs((await time(page)) - 3) < 0.01; },
  back: async (page, press) => { await seek(page, 5); await press(); return Math.abs((await time(page)) - 3) < 0.01; },
  tenth: async (page, press, row, key) => { await press(); return (await time(page)) === (await on(page, (e) => e.duration)) * Number(key) / 10; },
  faster: async (page, press) => { await on(page, (e) => { e.speed = 2; }); await press(); return (await on(page, (e) => e.speed)) === 4; },
  slower: async (page, press) => { await on(page, (e) => { e.speed = 2; }); await press(); return (await on(page, (e) => e.speed)) === 1; },
  restart: async (page, press) => { await seek(page, 50); await press(); const from = await time(page); await on(page, (e) => e.pause()); return from < 2; },
  seed: async (page, press) => { const seed = await on(page, (e) => e.params.seed); await press(); await on(page, (e) => e.pause()); const other = await on(page, (e) => e.params.seed); await on(page, (e, s) => { e.setParams({ seed: s }); e.pause(); }, seed); return other !== seed; },
  fork: async (page, press) => { await seek(page, 20); await press(); await element(page).getByRole('button', { name: 'Runs and compare' }).press('Enter'); await panel(page).waitFor(); return (await panel(page).locator('.runs > li').count()) >= 2; },
  describe: async (page, press) => { await seek(page, 40); await press(); await until(page, () => /zk11: .*broker 10: /s.test(document.querySelector('second-leader').shadowRoot.querySelector('.said').textContent)); return true; },
  table: async (page, press) => { await press(); await page.getByRole('region', { name: 'Table' }).waitFor(); return true; },
  help: async (page, press) => { await press(); await page.getByRole('dialog', { name: 'Keys' }).waitFor(); await page.keyboard.press('Escape'); return true; },
  select: async (page, press) => { await element(page).getByRole('button', { name: /^zk3, / }).focus(); await press(); return element(page).getByRole('dialog', { name: 'zk3' }).isVisible(); },
  close: async (page, press) => { await press(); return !(await element(page).getByRole('dialog', { name: 'zk3' }).isVisible()); },
};

async function keys() {
  const page = await open('?autoplay=off', { motion: 'no-preference' });
  for (const row of KEYS) {
    for (const key of row.keys) {
      if (!['select', 'close'].includes(row.act)) await on(page, (e) => e.shadowRoot.querySelector('.root').focus());
      check(`${key === ' ' ? 'Space' : key}: ${row.says}`, await DOES[row.act]?.(page, () => page.keyboard.press(key), row, key));
    }
  }
  await element(page).getByRole('button', { name: 'Keys (?)' }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Keys' });
  const shown = await dialog.locator('dt, dd').allInnerTexts();
  const wanted = KEYS.flatMap(({ keys, says }) => [keys.length === 10 ? '0–9' : keys.map((k) => ({ ' ': 'Space', ArrowRight: '→', ArrowLeft: '←', Escape: 'Esc' })[k] ?? (k.length === 1 ? k.toUpperCase() : k)).join(', '), says]);
  check('the help shows exactly the table of keys', JSON.stringify(shown) === JSON.stringify(wanted), shown.join(' | '));
  check('it takes the focus', await dialog.evaluate((d) => d.contains(d.getRootNode().activeElement)));
  await page.keyboard.press('k');
  check('and while it is open keys do nothing behind it', await on(page, (e) => e.paused));
  await audit(page, 'with the help open');
  await dialog.getByRole('checkbox', { name: 'Single keys do something' }).press('Space');
  await page.keyboard.press('Escape');
  check('Escape closes it and gives the focus back', !(await dialog.isVisible()) && (await focused(page))?.name === 'Keys (?)');
  await page.keyboard.press('k');
  check('single keys can be switched off', await on(page, (e) => e.paused));
  check('no errors while pressing keys', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function controls() {
  const page = await open('?autoplay=off');
  await seek(page, 40);
  for (const [key, name, dialog] of [['Enter', /^zk3, leading/, 'zk3'], ['Space', /^zk11, leading/, 'zk11'], ['Enter', /^broker 1, /, 'broker 1'], ['Space', /^broker 10, /, 'broker 10']]) {
    await element(page).getByRole('button', { name }).press(key);
    const open = await element(page).getByRole('dialog', { name: dialog, exact: true }).isVisible();
    check(`${key} on ${dialog} opens its dialog, and the focus is in it`, open && await on(page, (e) => !!e.shadowRoot.activeElement.closest('.popover')));
    await page.keyboard.press('Escape');
    check(`Escape gives the focus back to ${dialog}`, name.test((await focused(page))?.name ?? ''));
  }
  await element(page).getByRole('button', { name: /^zk3, / }).press('Enter');
  const dialog = element(page).getByRole('dialog', { name: 'zk3' });
  for (let i = 0; i < 8 && await on(page, (e) => !!e.shadowRoot.activeElement?.closest('.popover')); i += 1) await page.keyboard.press('Tab');
  await dialog.waitFor({ state: 'hidden' });
  check('Tab leads out of a dialog, which closes and covers nothing', (await focused(page))?.name === 'Play');
  for (const [name, read] of [['Time', (e) => e.currentTime], ['Speed', (e) => e.speed], ['Join rate', (e) => e.params.joinRate], ['Retries', (e) => e.params.retries], ['Seed', (e) => e.params.seed]]) {
    const slider = element(page).getByRole('slider', { name, exact: true });
    const at = async (key) => { await slider.press(key); await on(page, (e) => e.pause()); await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); })); return on(page, read); };
    const [low, up, page1, high, down, page2] = [await at('Home'), await at('ArrowRight'), await at('PageUp'), await at('End'), await at('ArrowLeft'), await at('PageDown')];
    check(`${name}: arrows, PageUp and PageDown, Home and End`, low < up && up < page1 && page1 < high && high > down && down > page2, [low, up, page1, high, down, page2].join(' '));
    check(`${name} says its value with its unit`, /^[\d.,:]+ ?(×|hosts\/min|)$/.test(await slider.getAttribute('aria-valuetext')) && (await slider.getAttribute('aria-valuetext')) !== '', await slider.getAttribute('aria-valuetext'));
  }
  check('there are no tabs, menus or trees that would want arrow keys', (await on(page, (e) => e.shadowRoot.querySelectorAll('[role=tab], [role=menu], [role=tree], [role=listbox], [role=radiogroup], [role=grid]').length)) === 0);
  const strip = element(page).getByRole('group', { name: 'Understand this run' }).getByRole('button');
  check('the buttons of the panels say whether theirs is open', (await strip.evaluateAll((all) => all.filter((b) => !b.hasAttribute('aria-expanded')).map((b) => b.textContent))).join() === 'Keys (?)');
  await element(page).getByRole('button', { name: 'Log', exact: true }).press('Enter');
  await panel(page).waitFor();
  await until(page, () => document.querySelector('second-leader').shadowRoot.activeElement?.textContent === 'Log');
  check('the focus stays on the button that opened the first panel, though all of it was built anew', true);
  await seek(page, 8.6);
  await element(page).getByRole('button', { name: 'Messages', exact: true }).press('Enter');
  const next = panel(page).getByRole('button', { name: 'Next event ›' });
  await next.press('Enter');
  const first = await panel(page).locator('span.picked').innerText();
  await panel(page).getByRole('button', { name: '‹ Event before' }).press('Enter');
  const second = await panel(page).locator('span.picked').innerText();
  check('keys step through the events of the picture of messages', first !== second && /^\d+ of \d+ · 0:0\d\.\d: /.test(second), `${first} | ${second}`);
  await panel(page).getByRole('button', { name: 'Why?', exact: true }).press('Enter');
  await page.getByRole('region', { name: 'Why?' }).getByText(second.match(/job \d+|zk\d+|broker \d+/i)[0]).first().waitFor();
  check('and ask why the one they came to happened', true);
  await on(page, (e) => e.setParams({ brokers: 6 }));
  await page.getByRole('spinbutton', { name: 'Brokers', exact: true }).fill('500');
  await page.keyboard.press('Enter');
  await page.getByText('brokers=500 → 30 (1–30)').first().waitFor();
  await page.getByRole('button', { name: 'Dismiss' }).press('Enter');
  await until(page, () => document.querySelector('second-leader').shadowRoot.activeElement?.matches('.toggle'));
  check('whoever dismisses a notice by keys still has the focus inside', true);
  check('no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function voice() {
  const page = await open('?autoplay=off&theme=light', { motion: 'no-preference' });
  await on(page, (e) => {
    const heard = (globalThis.heard = []);
    const live = '[role=status], [role=alert], [role=log], [aria-live]:not([aria-live=off]), output, [role=timer], [role=marquee]';
    new MutationObserver((records) => {
      const of = (n) => (n.nodeType === 1 ? n : n.parentElement)?.closest(live);
      const regions = new Set(records.map((r) => of(r.target)).filter((r) => r?.textContent.trim()));
      for (const region of regions) heard.push([performance.now(), region.textContent]);
    }).observe(e.shadowRoot, { subtree: true, childList: true, characterData: true });
  });
  for (let i = 0; i < 3; i += 1) {
    await on(page, async (e) => { await e.seek(0); e.speed = 600; e.play(); });
    await until(page, () => { const e = document.querySelector('second-leader'); return e.currentTime === e.duration && e.paused; });
  }
  const said = (words) => until(page, (w) => document.querySelector('second-leader').shadowRoot.querySelector('.said').textContent.includes(w), words);
  // Paused between the two: what is said next cannot take the place of it.
  await seek(page, 'secondLeader');
  await said('2 leaders, 1 controller');
  await on(page, (e) => { e.speed = 'auto'; e.play(); });
  await said('2 leaders, 2 controllers');
  check('the second leader is announced, and while it plays the second controller', true);
  await on(page, (e) => e.shadowRoot.querySelector('.root').focus());
  for (const key of ['.', ',', '.', 'ArrowRight', ']', ']', '[', '3', '9']) await page.keyboard.press(key);
  await until(page, () => { const root = document.querySelector('second-leader').shadowRoot; return root.querySelector('.said').textContent.includes(root.querySelector('.headline').textContent.replaceAll(' · ', ', ')) && root.querySelector('.said').textContent.startsWith(root.querySelector('.time b').textContent); });
  check('in the end screen readers have heard where it is and what is there', true);
  await page.getByRole('slider', { name: 'Retries', exact: true }).press('ArrowLeft');
  await until(page, () => /again with retries 2/.test(document.querySelector('second-leader').shadowRoot.querySelector('.said').textContent.replaceAll('\u2060', '')));
  check('and what a change has done', true);
  const heard = await page.evaluate(() => globalThis.heard);
  const gaps = heard.slice(1).map(([at], i) => at - heard[i][0]);
  check(`never more than one announcement in two seconds (${heard.length} in all)`, heard.length >= 4 && Math.min(...gaps) >= 2000, heard.map(([at, words]) => `${(at / 1000).toFixed(2)} ${words}`).join('\n       '));
  check('the canvases are hidden from screen readers', (await on(page, (e) => [...e.shadowRoot.querySelectorAll('canvas')].every((c) => c.closest('[aria-hidden=true]')))));
  await page.context().close();
}

async function structure() {
  for (const [path, count] of [['', 1], ['course.html', 2]]) {
    const page = await open(path + (path ? '' : '?autoplay=off'));
    const found = await page.evaluate(() => {
      const headings = [];
      const walk = (node) => {
        for (const e of node.children) {
          if (e.tagName === 'SLOT' || !e.checkVisibility?.()) continue;
          if (/^H[1-6]$/.test(e.tagName)) headings.push([Number(e.tagName[1]), e.textContent]);
          walk(e.shadowRoot ?? e);
        }
      };
      walk(document.body);
      return { headings, lang: document.documentElement.lang, title: document.title, langs: [...document.querySelectorAll('second-leader')].map((e) => e.shadowRoot.querySelector('[part=root]').lang) };
    });
    check(`the headings of ${path || 'the start page'} go down one level at a time`, found.headings.every(([n], i) => (i === 0 ? n === 1 : n - found.headings[i - 1][0] <= 1)), JSON.stringify(found.headings));
    check(`${path || 'the start page'} has a title and a language, and so has each sandbox`, found.lang === 'en' && found.title.length > 10 && found.langs.length === count && found.langs.every((l) => l === 'en'), JSON.stringify(found));
    await page.context().close();
  }
  const german = await open('?autoplay=off&locale=de');
  await until(german, () => document.querySelector('second-leader').shadowRoot.querySelector('[part=root]').lang === 'de');
  check('what is said in German is marked as German', (await on(german, (e) => [...e.shadowRoot.querySelectorAll('.said, .cover')].filter((p) => p.parentNode === e.shadowRoot).map((p) => p.lang).join())) === 'de,de');
  await german.context().close();
  const page = await open('?autoplay=off');
  await seek(page, 40);
  await page.keyboard.press('Tab');
  await on(page, (e) => e.shadowRoot.querySelector('.root').focus());
  await page.keyboard.press('t');
  await page.getByRole('region', { name: 'Table' }).waitFor();
  const rows = await panel(page).locator('tbody tr').evaluateAll((all) => all.map((r) => [...r.children].map((c) => c.textContent)));
  const nodes = await on(page, (e) => [...e.shadowRoot.querySelectorAll('[data-node] [role=button]')].map((n) => n.getAttribute('aria-label')));
  const missing = nodes.filter((said) => !rows.some(([name]) => name === said.split(',')[0]));
  check('the table twin has a row for every node of the stage', nodes.length === 21 && missing.length === 0, missing.join(' | '));
  // What a node's name says, in the words of its row.
  const same = { leading: /leads/, following: /follows/, looking: /looking/, controller: /controller/, 'no vote here': /not counted/, throttled: /throttled/ };
  const untold = nodes.filter((said) => {
    const row = rows.find(([name]) => name === said.split(',')[0])?.join(' ') ?? '';
    const [, letter] = said.match(/ensemble ([A-Z])/) ?? [];
    return said.split(', ').slice(1).some((part) => (same[part] && !same[part].test(row)) || (/^(leads|epoch) /.test(part) && !row.includes(part)) || (/ failed: /.test(part) && !row.includes(part.split(': ')[1]))) || (letter && !new RegExp(`(in|obeys) ${letter}`).test(row));
  });
  check('and says of each what the stage says: state, ensemble, controller, what failed', untold.length === 0, untold.map((said) => `${said} ≠ ${rows.find(([name]) => name === said.split(',')[0])}`).join('\n       '));
  check('and the jobs that wait, the dead letters, the clients', ['producers', 'consumers', 'dead letters'].every((what) => rows.some(([name]) => name.includes(what))), rows.map(([n]) => n).join());
  await page.context().close();
}

async function little() {
  const page = await open('');
  check('for people who want little motion it waits to be started', await on(page, (e) => e.paused));
  await until(page, () => document.querySelector('second-leader').shadowRoot.querySelector('.about')?.textContent);
  const stills = () => on(page, async (e) => {
    const shot = () => e.shadowRoot.querySelector('.root').innerHTML + e.shadowRoot.querySelector('canvas').toDataURL();
    const before = shot();
    for (let n = 0; n < 40; n += 1) await new Promise(requestAnimationFrame);
    return before === shot() && e.shadowRoot.getAnimations().length === 0;
  });
  check('and nothing moves by itself', await stills());
  check('no transition runs', (await on(page, (e) => [...e.shadowRoot.querySelectorAll('*')].filter((n) => !getComputedStyle(n).transitionDuration.split(', ').every((d) => d === '0s')).length)) === 0);
  const stops = [];
  for (let i = 0; i < 3; i += 1) {
    const stop = on(page, (e) => new Promise((done) => e.addEventListener('milestone', (m) => done(m.detail), { once: true })));
    await on(page, (e) => { e.speed = 8; });
    await element(page).getByRole('button', { name: 'Play' }).click();
    const { name, time: at } = await stop;
    await until(page, (t) => { const e = document.querySelector('second-leader'); return e.paused && Math.abs(e.currentTime - t) < 0.001; }, at);
    stops.push(name);
  }
  check('Play takes a step per milestone, and stays there', stops.join() === 'maintenanceStart,firstLooking,secondLeader', stops.join());
  await element(page).getByRole('button', { name: 'Next milestone' }).click();
  await until(page, () => document.querySelector('second-leader').currentTime > 7.4);
  check('and the picture stands still again', await stills());
  await page.context().close();
}

await play([['walk', () => walk(1280)], ['walk-narrow', () => walk(320)], ['keys', keys], ['controls', controls], ['voice', voice], ['structure', structure], ['little', little]]);
