// Times the simulation in a real Chromium, in turns with the native one, so that whatever else the machine does slows both:
//   node scripts/bench-wasm.mjs DIRECTORY-WITH-kernel.js
import { execFileSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { serve } from './static-server.mjs';

const FLOOR = 0.6; // of the native speed
const ROUNDS = 7;
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
    const { default: init, kernel } = await import('./kernel.js');
    await init();
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
  if (!(share >= FLOOR)) process.exitCode = 1;
} finally {
  await browser.close();
  await server.close();
}
