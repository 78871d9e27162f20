// Times the simulation in a real Chromium, in turns with the native one, so that whatever else the machine does slows both:
//   node scripts/bench-wasm.mjs DIRECTORY-WITH-kernel.js
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { serve } from './static-server.mjs';

const FLOOR = 0.6; // of the native speed
const ROUNDS = 7;
const [SEEKS, SEEK_MS, STEP_BACK_MS] = [300, 100, 16];
const dir = process.argv[2];
const tools = process.env.SECOND_LEADER_TOOLS ?? path.join(process.env.HOME, '.cache/second-leader/tools');
const { chromium } = createRequire(path.join(tools, 'package.json'))('playwright-core');

await fs.writeFile(path.join(dir, 'index.html'), '<!doctype html><title>kernel</title>');
const server = await serve(dir);
const names = ['/usr/bin/chromium', '/usr/bin/google-chrome', '/usr/bin/chromium-browser'];
const found = await Promise.all(names.map((name) => fs.access(name).then(() => name, () => undefined)));
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? found.find(Boolean),
  chromiumSandbox: false,
  args: ['--disable-gpu', '--disable-background-networking', '--disable-component-update'],
});
try {
  const page = await browser.newPage();
  await page.goto(server.url);
  await page.evaluate(async () => {
    const { default: init, kernel, Past } = await import('./kernel.js');
    await init();
    globalThis.goBack = (seeks) => {
      const past = new Past();
      const times = [[], []];
      const timed = (list, work) => { const start = performance.now(); work(); list.push(performance.now() - start); };
      for (let i = 0; i < seeks; i += 1) {
        timed(times[0], () => past.seek((i * 618_034) % 1_000_000)); // the golden ratio's steps: everywhere, and never near
        timed(times[1], () => past.back());
      }
      return times.map((list) => list.sort((a, b) => a - b)[Math.floor(seeks * 0.99)]);
    };
    kernel(20); // lets the optimising compiler finish
    globalThis.rate = () => {
      const start = performance.now();
      const events = kernel(300);
      return (events * 1000) / (performance.now() - start);
    };
  });
  const native = () => Number(execFileSync('cargo', ['bench', '--quiet', '--locked', '--bench', 'speed', '--', '--once']));
  const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];
  const [rates, shares] = [[], []];
  for (let i = 0; i < ROUNDS; i += 1) {
    const [there, here] = [native(), await page.evaluate(() => globalThis.rate())];
    rates.push(here);
    shares.push(here / there);
  }
  const share = median(shares);
  console.log(`events per second in Chromium: ${Math.round(median(rates))}`);
  console.log(`share of the native speed at that moment: ${(100 * share).toFixed(0)} % (budget: at least ${100 * FLOOR} %)`);
  const [seek, back] = await page.evaluate((seeks) => globalThis.goBack(seeks), SEEKS);
  console.log(`a seek in a run of 2 h 32 min: ${seek.toFixed(1)} ms in 99 of 100 (budget ${SEEK_MS}); a step back: ${back.toFixed(1)} ms (budget ${STEP_BACK_MS})`);
  if (!(share >= FLOOR && seek <= SEEK_MS && back <= STEP_BACK_MS)) process.exitCode = 1;
} finally {
  await browser.close();
  await server.close();
}
