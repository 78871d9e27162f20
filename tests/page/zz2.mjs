import { launch, serve } from './server.mjs';
const site = await serve({ 'content-security-policy': "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'" });
const browser = await launch();
const page = await (await browser.newContext({ reducedMotion: 'reduce', viewport: { width: 1280, height: 900 } })).newPage();
page.on('console', (m) => console.log('console', m.type(), m.text()));
page.on('pageerror', (e) => console.log('pageerror', e));
const shot = (n) => page.screenshot({ path: `/tmp/x/${n}.png`, fullPage: true });
await page.goto(site.url + '?autoplay=off');
await page.evaluate(async () => { const e = document.querySelector('second-leader'); await e.ready; await e.seek(20); });
await page.getByRole('button', { name: 'Link to this moment' }).click();
await page.getByRole('textbox', { name: 'Element' }).waitFor();
console.log(await page.getByRole('textbox', { name: 'Element' }).inputValue());
await page.getByLabel('Only these panels').fill('why,log');
console.log(await page.getByRole('textbox', { name: 'Link', exact: true }).inputValue());
await shot('share');
await page.getByRole('button', { name: 'Restart' }).focus();
await page.keyboard.press('t');
await page.getByRole('columnheader', { name: 'What it is now' }).waitFor();
await shot('table');
await page.keyboard.press('?');
await page.getByRole('dialog', { name: 'Keys' }).waitFor();
await shot('help');
await page.keyboard.press('Escape');
for (const q of ['view=lesson', 'view=bare', 'theme=contrast', 'panels=why,log&controls=joinRate,retries&lock=retries&locale=de&theme=purple']) {
  await page.goto(site.url + '?autoplay=off&' + q);
  await page.evaluate(async () => { const e = document.querySelector('second-leader'); await e.ready; await e.seek(40); });
  await shot(q.slice(0, 12));
}
await browser.close(); site.close();
