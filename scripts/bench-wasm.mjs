// Times the simulation in a real Chromium, beside the native number:
//   node scripts/bench-wasm.mjs DIRECTORY-WITH-kernel.js [native events per second]
import { createRequire } from 'node:module';
import { promises as fs } from 'node:fs';
import path from 'node:path';
import { serve } from './static-server.mjs';

const FLOOR = 0.6; // of the native speed
const [dir, native] = process.argv.slice(2);
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
  const rates = await page.evaluate(async () => {
    const { default: init, kernel } = await import('./kernel.js');
    await init();
    kernel(20); // lets the optimising compiler finish
    const rates = [];
    for (let i = 0; i < 5; i += 1) {
      const start = performance.now();
      const events = kernel(300);
      rates.push((events * 1000) / (performance.now() - start));
    }
    return rates.sort((a, b) => a - b);
  });
  const median = Math.round(rates[Math.floor(rates.length / 2)]);
  console.log(`events per second in Chromium: ${median}`);
  if (Number(native) > 0) {
    const ratio = median / Number(native);
    console.log(`share of the native speed: ${(100 * ratio).toFixed(0)} % (budget: at least ${100 * FLOOR} %)`);
    if (!(ratio >= FLOOR)) process.exitCode = 1;
  }
} finally {
  await browser.close();
  await server.close();
}
