// For everyone: axe in every state, contrast that axe does not see, zoom, spacing, target sizes, touch, motion and flashes.
// Run after `make site`: node tests/page/everyone.mjs [scene,…]. The keyboard and the voice have keyboard.mjs.
import { audit, browser, check, on, open, play, seek, site } from './checks.mjs';

const element = (page) => page.locator('second-leader');
const panel = (page) => element(page).locator('section.panel:not([hidden])');
const PANELS = ['Inspect', 'Why?', 'Log', 'Messages', 'Majorities', 'Charts', 'Runs and compare', 'Report', 'Table', 'Link to this moment', 'Lessons'];
const MILESTONES = ['maintenanceStart', 'firstLooking', 'secondLeader', 'brokerMoved', 'secondController', 'firstWriteFailed', 'firstDeadLetter', 'secondClusterGone', 'dlqEmpty', 'end'];

async function show(page, name) {
  await element(page).getByRole('button', { name, exact: true }).click();
  await panel(page).waitFor();
  await panel(page).locator('*').first().waitFor();
}

/** Nothing went wrong, and the page is closed. */
async function done(page, what) {
  check(`nothing was reported as an error ${what}`, page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function milestones() {
  const page = await open('?autoplay=off&theme=light');
  for (const milestone of MILESTONES) {
    await seek(page, milestone);
    await audit(page, `paused at ${milestone}`);
  }
  await done(page, 'at the milestones');
}

async function panels(query, options, what) {
  const page = await open(`?autoplay=off${query}`, options);
  await seek(page, 40);
  await audit(page, `mid-incident, ${what}`);
  for (const name of PANELS) {
    await show(page, name);
    await audit(page, `with ${name} open, ${what}`);
  }
  await done(page, what);
}

await play([['milestones', milestones],
  ['panels', () => panels('&theme=light', { width: 1280 }, 'light')],
  ['contrast', () => panels('&theme=contrast', { width: 640 }, 'contrast')],
  ['dark', () => panels('&theme=dark', { width: 400 }, 'dark')],
  ['tiny', () => panels('', { width: 320 }, '320')],
]);
