// Measures what the page costs: main-thread time per frame with some 500 messages in flight, and the time to the first
// picture. Prints both; exits with 1 when a budget is broken. Run after a release build: node tests/page/frames.mjs
import { launch, serve } from './server.mjs';

const FRAME_MS = 4;
const FIRST_PICTURE_MS = 1000;
const site = await serve();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });

await page.addInitScript(() => {
  // From the end of loading the page's files to the first stage that is painted.
  window.firstPicture = new Promise((done) => {
    addEventListener('ready', () => requestAnimationFrame(() => requestAnimationFrame(() => {
      const loaded = Math.max(...performance.getEntriesByType('resource').filter((r) => r.startTime < performance.now()).map((r) => r.responseEnd));
      done({ sinceFiles: performance.now() - loaded, sinceStart: performance.now() });
    })));
  });
});
await page.goto(`${site.url}?writeRate=150&autoplay=off`);
const first = await page.evaluate(() => window.firstPicture);

// Real time, mid-incident, so many jobs that some five hundred messages are drawn at once.
await page.evaluate(async () => {
  const e = document.querySelector('second-leader');
  await e.seek(20);
  e.speed = 1;
  e.play();
});
const client = await page.context().newCDPSession(page);
await client.send('Performance.enable', { timeDomain: 'threadTicks' }); // work, not waiting for a processor that others use
const metrics = async () => Object.fromEntries((await client.send('Performance.getMetrics')).metrics.map((m) => [m.name, m.value]));
const count = (ms) => page.evaluate((ms) => new Promise((done) => {
  let frames = 0;
  const start = performance.now();
  const each = (now) => { frames += 1; if (now - start < ms) requestAnimationFrame(each); else done(frames); };
  requestAnimationFrame(each);
}), ms);
/** Main-thread time per frame while it plays, ms. */
async function measure(seconds) {
  await count(1000);
  const before = await metrics();
  const frames = await count(seconds * 1000);
  const after = await metrics();
  return { frames, per: (name) => ((after[name] - before[name]) * 1000) / frames };
}
const { frames, per } = await measure(5);
const messages = await page.evaluate(() => {
  const root = document.querySelector('second-leader').shadowRoot;
  const each = Number(root.querySelector('.dots').textContent.match(/\d+/) ?? 1);
  return each * Number(root.querySelector('canvas').dataset.dots);
});
console.log(`first picture ${first.sinceFiles.toFixed(0)} ms after the last file, ${first.sinceStart.toFixed(0)} ms after the start (budget ${FIRST_PICTURE_MS})`);
console.log(`${frames} frames in 5 s with ${messages} messages in flight: ${per('TaskDuration').toFixed(2)} ms main thread per frame (budget ${FRAME_MS}); script ${per('ScriptDuration').toFixed(2)}, style ${per('RecalcStyleDuration').toFixed(2)}, layout ${per('LayoutDuration').toFixed(2)}`);

// What else people look at; without a budget.
const more = async (what, prepare) => {
  await page.evaluate(async () => { const e = document.querySelector('second-leader'); await e.seek(20); });
  await prepare();
  await page.evaluate(() => { const e = document.querySelector('second-leader'); e.speed = 1; e.play(); });
  const found = await measure(3);
  console.log(`${what}: ${found.per('TaskDuration').toFixed(2)} ms main thread per frame`);
};
const press = (name) => page.locator('second-leader').getByRole('button', { name, exact: true }).first().click();
const language = (name) => page.evaluate((name) => document.querySelector('second-leader').setAttribute('locale', name), name);
await more('in German', () => language('de'));
await language('en');
for (const panel of ['Log', 'Charts', 'Majorities', 'Messages']) await more(`with ${panel} open`, () => press(panel));
await more('two runs side by side', () => press('Both side by side'));
await browser.close();
site.close();
process.exitCode = per('TaskDuration') > FRAME_MS || first.sinceFiles > FIRST_PICTURE_MS ? 1 : 0;
