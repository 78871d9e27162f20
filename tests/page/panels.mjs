// The panels that explain a run, as a person uses them: opened, asked, compared, stepped through, by mouse and by keys.
// Run after `make site`: node tests/page/panels.mjs [scene,…]
import { audit, check, on, open, play, seek } from './checks.mjs';

const PANELS = ['Inspect', 'Why?', 'Log', 'Messages', 'Majorities', 'Charts', 'Runs and compare', 'Report'];
const element = (page) => page.locator('second-leader');
const panel = (page) => element(page).locator('section.panel:not([hidden])');

async function show(page, name) {
  await element(page).getByRole('button', { name, exact: true }).click();
  await panel(page).and(page.getByRole('region', { name, exact: true })).waitFor();
}

async function takeover() {
  const page = await open('?retries=2&seed=11');
  const requests = [];
  page.on('request', (r) => requests.push(new URL(r.url()).pathname));
  await seek(page, 31.5);
  check('the panels are not loaded before one is opened', !requests.some((path) => path.includes('lab')));
  const before = await on(page, (e) => JSON.stringify([e.metrics, e.ledger, e.params, e.currentTime, e.paused]));
  const heard = await on(page, (e) => { const names = (globalThis.heard = []); for (const name of ['ready', 'pause', 'play', 'paramchange', 'milestone', 'error']) e.addEventListener(name, () => names.push(name)); return names; });
  await show(page, 'Log');
  const after = await on(page, (e) => JSON.stringify([e.metrics, e.ledger, e.params, e.currentTime, e.paused]));
  check('the build with the panels takes over at the same instant, with the same numbers', before === after, `${before}\n       ${after}`);
  check('and nobody hears of it', (await page.evaluate(() => globalThis.heard)).length === heard.length);
  check('it was loaded once', requests.filter((path) => path.endsWith('lab_bg.wasm')).length === 1, requests.join(' '));
  await seek(page, 5);
  await seek(page, 31.5);
  check('going back and forth ends where it was', before === (await on(page, (e) => JSON.stringify([e.metrics, e.ledger, e.params, e.currentTime, e.paused]))));
  check('nothing was reported as an error', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function audited(width, dark) {
  const here = `at ${width} px, ${dark ? 'dark' : 'light'}`;
  const page = await open('', { width, dark });
  await seek(page, 40);
  for (const name of PANELS) {
    await show(page, name);
    await audit(page, `with ${name} open, ${here}`);
    check(`${name} is not wider than the window, ${here}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  }
  check(`no panel reported an error, ${here}`, page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function why() {
  const page = await open('');
  await seek(page, 20);
  await show(page, 'Why?');
  await panel(page).getByRole('button', { name: /^first dead letter/ }).click();
  const steps = await panel(page).locator('.chain li').allInnerTexts();
  const told = steps.join('\n');
  const expected = [/dead-letter queue/, /3 retries fail at broker 10/, /metadata that it got from broker 10/, /takes it: it is controller/, /zk11 serves as leader/, /zk11 wins the election: 8 of the 11/, /list each other/, /maintenance begins: 8 hosts/];
  check('why a job was dead-lettered leads back to the hosts that list each other', expected.every((words) => words.test(told)), told);
  check('and names the join rate', /Join rate\s+480/.test(told), told);
  await panel(page).locator('.chain').getByRole('button', { name: /^0:07\.080/ }).first().click();
  await page.waitForFunction(() => Math.abs(document.querySelector('second-leader').currentTime - 7.08) < 0.01);
  check('each link goes to its moment', true);
  check('and stays there', await on(page, (e) => e.paused));
  await panel(page).getByRole('button', { name: 'What came of it?' }).click();
  check('and what came of it can be asked', await panel(page).getByRole('heading', { name: 'What came of it' }).isVisible());
  check('nothing was reported as an error', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function fork() {
  const page = await open('');
  await seek(page, 60);
  await seek(page, 8.6);
  await element(page).getByRole('button', { name: /^broker 10/ }).click();
  await element(page).getByRole('button', { name: 'Stop', exact: true }).click();
  await seek(page, 60);
  const spared = await on(page, (e) => e.metrics.deadLettered);
  await show(page, 'Runs and compare');
  check('acting in the past leaves the old future as another run', (await panel(page).locator('.runs > li').count()) === 2);
  await panel(page).getByRole('button', { name: 'Compare run 1' }).click();
  await panel(page).getByRole('heading', { name: 'Differences at 1:00.0' }).waitFor();
  const rows = await panel(page).locator('tr', { has: page.getByRole('rowheader', { name: /dead letters/ }) }).innerText();
  check('both stand side by side on one clock, and the differences are named', /≠/.test(rows), rows);
  check('there are two stages', (await element(page).locator('svg.stage[part=stage]').count()) === 2);
  await panel(page).getByRole('button', { name: 'Show run 1' }).click();
  await page.waitForFunction((n) => document.querySelector('second-leader').metrics.deadLettered !== n, spared);
  check('the other run can be shown, untouched', (await on(page, (e) => e.metrics.deadLettered)) > spared);
  await panel(page).getByRole('button', { name: 'Name run 1' }).click();
  await panel(page).getByRole('textbox', { name: 'Name of run 1' }).fill('as it <was>');
  await panel(page).getByRole('button', { name: 'Keep this name' }).click();
  check('runs can be named, whatever the name', await panel(page).locator('.runs').getByText('as it ‹was›').isVisible());
  await panel(page).getByRole('button', { name: 'Stop comparing run 2' }).click();
  check('one stage again', (await element(page).locator('svg.stage[part=stage]').count()) === 1);
  await panel(page).getByRole('button', { name: 'Delete run 2' }).click();
  check('and deleted', (await panel(page).locator('.runs > li').count()) === 1);
  check('nothing was reported as an error', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function sideBySide() {
  const page = await open('');
  await seek(page, 30);
  await element(page).getByRole('button', { name: 'Both side by side' }).click();
  await panel(page).getByRole('heading', { name: /^Differences/ }).waitFor();
  check('one click shows the same run with hosts added slowly beside it', await element(page).locator('.twin').getByText('1 leader · 1 controller').isVisible());
  await element(page).locator('.field[data-key=retries]').hover();
  await element(page).getByRole('button', { name: /^Compare with another value of Retries/ }).click();
  await panel(page).getByLabel(/The same run, but with Retries/).fill('0');
  await page.waitForFunction(() => /Retries 3 → 0/.test(document.querySelector('second-leader').shadowRoot.querySelector('.twin b')?.textContent));
  check('and one click on any value compares it with another', true);
  await panel(page).getByLabel(/The same run, but with Retries/).fill('99');
  check('a bad value says what is allowed, and changes nothing', await panel(page).getByText(/Retries.*0–10|0–10/).first().isVisible());
  await audit(page, 'with two stages');
  check('nothing was reported as an error', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function keys() {
  const page = await open('');
  await seek(page, 20);
  await element(page).getByRole('button', { name: 'Play' }).focus();
  const time = () => on(page, (e) => e.currentTime);
  const trail = [await time()];
  for (const key of [',', ',', ',']) { await page.keyboard.press(key); trail.push(await time()); }
  check('a comma steps back to the event before', trail[0] > trail[1] && trail[1] > trail[2] && trail[2] > trail[3], trail.join(' '));
  for (const key of ['.', '.']) await page.keyboard.press(key);
  check('and a full stop forward again', (await time()) === trail[1], `${await time()} ${trail}`);
  await page.keyboard.press('f');
  await element(page).getByRole('button', { name: 'Runs and compare' }).focus();
  await page.keyboard.press('Enter');
  await panel(page).waitFor();
  check('F forks here', (await panel(page).locator('.runs > li').count()) === 2);
  await element(page).getByRole('button', { name: 'Charts', exact: true }).press('Enter');
  await panel(page).getByRole('slider', { name: 'Read values at' }).focus();
  const read = () => panel(page).locator('.reading').innerText();
  const first = await read();
  for (let i = 0; i < 5; i += 1) await page.keyboard.press('ArrowLeft');
  check('the charts are read by keys, too', first !== (await read()), first);
  const box = await panel(page).locator('.figure').boundingBox();
  const byKeys = await read();
  await page.mouse.move(box.x + box.width / 2, box.y + 60);
  await page.waitForFunction((before) => document.querySelector('second-leader').shadowRoot.querySelector('.reading').textContent !== before, byKeys);
  check('and by the mouse', /^2:[23]\d/.test(await read()), await read());
  check('while the run stays where it is', (await time()) === trail[1]);
  check('nothing was reported as an error', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function taken() {
  const page = await open('', { strict: false }); // a picture that is painted is a blob, which the strict policy refuses
  await seek(page, 70);
  await show(page, 'Charts');
  const file = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), panel(page).getByRole('button', { name, exact: true }).click()]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    return Buffer.concat(parts);
  };
  const metrics = await on(page, (e) => e.metrics);
  check('the CSV has a row per sample', (await file('Samples (CSV)')).toString().trim().split('\n').length > 60);
  check('the JSON has the same numbers as the page', JSON.parse(await file('Result (JSON)')).metrics.deadLettered === metrics.deadLettered);
  check('the trace begins at the beginning', /^0\.\d{6} /.test((await file('Trace (text)')).toString()));
  for (const name of ['Charts', 'Stage']) {
    const svg = (await file(`${name} (SVG)`)).toString();
    const size = await page.evaluate(async (text) => {
      const picture = new Image();
      picture.src = `data:image/svg+xml,${encodeURIComponent(text)}`;
      await picture.decode();
      return [picture.naturalWidth, picture.naturalHeight];
    }, svg);
    check(`${name} opens as a picture of its own`, size[0] > 300 && size[1] > 150, size.join('×'));
    const png = await file(`${name} (PNG)`);
    check(`${name} is painted as PNG, too`, png.subarray(1, 4).toString() === 'PNG' && png.length > 5_000, `${png.length} bytes`);
  }
  const strict = await open('');
  await seek(strict, 20);
  await show(strict, 'Charts');
  await panel(strict).getByRole('button', { name: 'Stage (PNG)' }).click();
  await strict.getByText(/could not be saved/).waitFor({ state: 'attached' });
  check('where a page allows no blobs, it says that the picture could not be saved', true);
  await strict.context().close();
  await page.context().close();
}

async function playingWithPanels() {
  const page = await open('', { motion: 'no-preference' });
  for (const name of PANELS) {
    await show(page, name);
    const from = await on(page, (e) => e.play() ?? e.currentTime);
    await page.waitForFunction((t) => document.querySelector('second-leader').currentTime > t + 0.8, from);
  }
  check('it plays on whatever is open', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

await play([['takeover', takeover], ['wide', () => audited(1280, false)], ['dark', () => audited(1280, true)], ['narrow', () => audited(400, false)], ['narrow-dark', () => audited(400, true)], ['tiny', () => audited(320, false)], ['why', why], ['fork', fork], ['beside', sideBySide], ['keys', keys], ['taken', taken], ['playing', playingWithPanels]]);
