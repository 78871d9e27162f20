// Takes the screenshots: node tests/page/screens.mjs [directory]. Wide, dark, 400 and 320 px; start, mid-incident, recovered.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { launch, serve } from './server.mjs';

const directory = process.argv[2] ?? 'docs';
const only = process.argv[3];
const shots = [
  ['screenshot', 1280, 'light', 'the-incident', 56],
  ['screenshot-dark', 1280, 'dark', 'the-incident', 56],
  ['screenshot-start', 1280, 'light', 'the-incident', 2],
  ['screenshot-election', 1280, 'light', 'the-incident', 6.55],
  ['screenshot-recovering', 1280, 'light', 'the-incident', 64],
  ['screenshot-recovered', 1280, 'light', 'the-incident', 140],
  ['screenshot-more-brokers', 1280, 'light', 'more-brokers', 40],
  ['screenshot-400', 400, 'light', 'the-incident', 56],
  ['screenshot-400-dark', 400, 'dark', 'the-incident', 140],
  ['screenshot-320', 320, 'light', 'the-incident', 56],
  ['screenshot-why', 1280, 'light', 'the-incident', 20, ['Why?', /^first dead letter/]],
  ['screenshot-beside', 1280, 'light', 'the-incident', 20, ['Both side by side']],
];
await mkdir(directory, { recursive: true });
const site = await serve();
const browser = await launch();
for (const [name, width, theme, scenario, at, clicks] of shots) {
  if (only && !only.split(',').includes(name)) continue;
  const page = await browser.newPage({ viewport: { width, height: 900 }, reducedMotion: 'reduce' });
  page.on('console', (m) => { if (m.type() === 'error') console.error(name, m.text()); });
  page.on('pageerror', (e) => console.error(name, e.message));
  await page.goto(`${site.url}?scenario=${scenario}&theme=${theme}&autoplay=off`);
  await page.evaluate(async (at) => {
    const element = document.querySelector('second-leader');
    await element.ready;
    await element.seek(at);
  }, at);
  for (const button of clicks ?? []) {
    await page.locator('second-leader').getByRole('button', { name: button }).first().click();
    await page.locator('second-leader section.panel:not([hidden])').waitFor();
  }
  const shown = page.locator(name === 'screenshot-why' ? 'second-leader .chain' : 'second-leader');
  await shown.screenshot({ path: join(directory, `${name}.png`) });
  console.log(join(directory, `${name}.png`));
  await page.close();
}
await browser.close();
site.close();
