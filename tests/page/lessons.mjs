// Lessons on the page: what a step shows, hides and locks, tasks, decisions; and the preview of what authors paste.
// Run after a build: node tests/page/lessons.mjs
import { audit, check, on, open, play, seek } from './checks.mjs';

const FILE = {
  schemaVersion: 1, id: 'slower', title: 'Slower', base: 'the-incident',
  steps: [
    { id: 'look', when: 'start', title: 'Look', text: 'Eight hosts will come.', highlight: ['joinRate'] },
    { id: 'split', when: { milestone: 'secondLeader' }, title: 'Two', text: 'There are {leaders} leaders.', highlight: ['ledger'], panel: 'quorum' },
    { id: 'decide', title: 'Decide', text: 'Do something.', panel: 'decide', task: { text: 'Kill the second cluster.', do: 'killSecondCluster' } },
    { id: 'slow', title: 'Slowly', text: 'Now slowly.', controls: ['joinRate'], task: { text: 'Set the join rate to 30.', param: 'joinRate', value: 30 } },
    { id: 'end', title: 'The end', text: 'That was {score} of {scoreOf}.' },
  ],
  ui: { view: 'lesson', panels: ['why'], controls: ['joinRate', 'retries'], lock: ['joinRate', 'retries'] },
};

/** What the lesson shows now. */
const showing = (page) => on(page, (e) => {
  const root = e.shadowRoot;
  const seen = (selector, name) => [...root.querySelectorAll(selector)].filter((x) => x.checkVisibility()).map((x) => x.dataset[name]).join();
  const locked = [...root.querySelectorAll('.field[data-key]')].filter((x) => x.checkVisibility() && x.querySelector('input, select').disabled).map((x) => x.dataset.key).join();
  return { step: root.querySelector('.lesson h3')?.textContent, fields: seen('.field[data-key]', 'key'), locked, panels: seen('.tabs [data-lab]', 'lab'), ledger: root.querySelector('.fates').checkVisibility(), charts: root.querySelector('.charts').checkVisibility() };
});
/** Waits for a step, and until the page is as it wants it. */
const until = (page, title) => page.waitForFunction((t) => {
  const root = document.querySelector('second-leader').shadowRoot;
  const [lesson, mount] = [root.querySelector('.lesson'), root.querySelector('.mount')];
  return lesson.querySelector('h3')?.textContent === t && ['panels', 'controls'].every((name) => lesson.dataset[name] === mount.dataset[name]);
}, title);
const press = (page, name) => page.getByRole('region', { name: 'Lesson' }).getByRole('button', { name, exact: true }).click();

async function steps() {
  const page = await open('?autoplay=off');
  await on(page, (e, file) => e.load(file), FILE);
  await until(page, 'Look');
  const first = await showing(page);
  check('a file with steps is a lesson, wherever it comes from', first.step === 'Look');
  check('it shows the controls and the panels it names, and locks what it locks', first.fields === 'joinRate,retries' && first.locked === 'joinRate,retries' && first.panels === 'why', JSON.stringify(first));
  check('the ledger and the charts wait until a step points at them', !first.ledger && !first.charts);
  await audit(page, 'in a lesson whose controls are locked');
  await press(page, 'Go on');
  await press(page, 'Fast forward');
  await until(page, 'Two');
  const second = await showing(page);
  check('a step that points at the ledger brings it', second.ledger && !second.charts);
  check('a panel that a step opens is offered from then on', second.panels === 'why,quorum' && await page.getByRole('region', { name: 'Majorities' }).isVisible(), second.panels);
  await press(page, 'Go on');
  await until(page, 'Decide');
  await page.waitForFunction(() => !/being simulated/.test(document.querySelector('second-leader').shadowRoot.querySelector('.decide')?.textContent ?? 'being simulated'));
  await page.getByRole('button', { name: 'Do it: Kill the second cluster', exact: true }).click();
  await until(page, 'Slowly');
  check('a task that is done is recognised', true);
  const third = await showing(page);
  check('a step unlocks what it is about', third.fields === 'joinRate' && third.locked === '', JSON.stringify(third));
  await press(page, 'Do it for me');
  await until(page, 'The end');
  check('a task can be done for somebody who does not find it', (await on(page, (e) => e.params.joinRate)) === 30);
  await press(page, 'Go on');
  await page.getByText('The lesson is over.').waitFor();
  await press(page, 'Leave the lesson');
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.fates').checkVisibility());
  const after = await showing(page);
  check('whoever leaves it has everything back', after.charts && after.fields.split(',').length > 10 && after.locked === '' && after.panels.split(',').length === 12, JSON.stringify(after));
  check('no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function within() {
  const page = await open('course.html');
  const made = await page.evaluate(async (file) => {
    const e = document.createElement('second-leader');
    e.setAttribute('controls', 'brokers');
    e.append(Object.assign(document.createElement('script'), { type: 'application/json', textContent: JSON.stringify(file) }));
    document.body.prepend(e);
    e.scrollIntoView();
    await e.ready;
    const root = e.shadowRoot;
    const fields = () => [...root.querySelectorAll('.field[data-key]')].filter((x) => x.checkVisibility()).map((x) => x.dataset.key).join();
    const title = root.querySelector('.lesson h3')?.textContent;
    const before = fields();
    await e.load('patient');
    return { title, before };
  }, FILE);
  check('a lesson inside the element begins by itself', made.title === 'Look', JSON.stringify(made));
  check("what the page's author says counts more than what the file wants", made.before === 'joinRate,brokers,retries' || made.before.includes('brokers'), made.before);
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.lesson').hidden);
  check('another scenario ends it', true);
  await page.context().close();
}

async function decisions() {
  const page = await open('?autoplay=off');
  await seek(page, 45);
  await page.getByRole('button', { name: 'Decide', exact: true }).click();
  await page.waitForFunction(() => !/being simulated/.test(document.querySelector('second-leader').shadowRoot.querySelector('.decide')?.textContent ?? 'being simulated'));
  const rows = () => on(page, (e) => Object.fromEntries([...e.shadowRoot.querySelectorAll('.decide tbody tr')].map((tr) => [tr.querySelector('button')?.dataset.arg ?? 'decided', [...tr.querySelectorAll('td.num')].map((td) => td.lastChild.textContent)])));
  const foretold = await rows();
  check('seven decisions, each with its price', Object.keys(foretold).length === 7 && Object.values(foretold).every((row) => row.length === 7), JSON.stringify(foretold));
  await audit(page, 'with the decisions');
  await page.getByRole('button', { name: 'Do it: Kill the second cluster', exact: true }).click();
  await seek(page, 1e6);
  const came = await on(page, (e) => ({ dead: String(e.metrics.deadLettered), lost: String(e.metrics.lost) }));
  check('what was foretold is what came', foretold.kill[3] === came.dead && foretold.kill[6] === came.lost, JSON.stringify([foretold.kill, came]));
  await page.context().close();
}

async function preview() {
  const page = await open('?autoplay=off');
  await seek(page, 45);
  await page.getByRole('button', { name: 'Link to this moment' }).click();
  await page.getByRole('group', { name: 'Panels to offer' }).getByRole('button', { name: 'Why?' }).click();
  await page.getByText('All controls').click();
  await page.locator('select[data-in="share:control joinRate"]').selectOption('lock');
  await page.getByRole('button', { name: 'Preview' }).click();
  await page.waitForFunction(() => document.querySelector('second-leader').shadowRoot.querySelector('.preview second-leader')?.params);
  const inside = await on(page, async (e) => {
    const shown = e.shadowRoot.querySelector('.preview second-leader');
    await shown.ready;
    const root = shown.shadowRoot;
    const heard = [];
    for (const name of ['ready', 'play', 'timeupdate', 'click']) e.addEventListener(name, () => heard.push(name));
    shown.play();
    shown.pause();
    return { time: shown.currentTime, controls: shown.getAttribute('controls'), panels: shown.getAttribute('panels'), locked: root.querySelector('[data-key=joinRate] input').disabled, heard };
  });
  check('the preview is the pasted text: its moment, its panels, its locks', inside.time === 45 && inside.controls === 'joinRate' && inside.panels === 'why' && inside.locked, JSON.stringify(inside));
  check('what happens in the preview is no news of the page', inside.heard.length === 0, inside.heard.join());
  await audit(page, 'with a preview of what is shared');
  check('no errors', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

await play(Object.entries({ steps, within, decisions, preview }));
