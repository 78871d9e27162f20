import { launch, serve } from './server.mjs';
const site = await serve(); const browser = await launch();
const jobs = [
 ['light-1280', {viewport:{width:1280,height:900}}, '?theme=light', 40],
 ['contrast-1280', {viewport:{width:1280,height:900}}, '?theme=contrast', 40],
 ['contrast-400', {viewport:{width:400,height:900}}, '?theme=contrast', 40],
 ['forced-1280', {viewport:{width:1280,height:900}, forcedColors:'active', colorScheme:'dark'}, '', 40],
 ['forcedlight-1280', {viewport:{width:1280,height:900}, forcedColors:'active', colorScheme:'light'}, '', 40],
 ['more-1280', {viewport:{width:1280,height:900}, contrast:'more'}, '', 40],
 ['dark-320', {viewport:{width:320,height:900}, colorScheme:'dark'}, '', 40],
 ['light-640', {viewport:{width:640,height:900}}, '', 40],
];
const only = process.argv[2]?.split(',');
for (const [name, o, q, at] of jobs) {
  if (only && !only.includes(name)) continue;
  const c = await browser.newContext({reducedMotion:'reduce', ...o}); const page = await c.newPage();
  page.on('console', m => m.type()==='error' && console.log(name, m.text()));
  await page.goto(site.url + q + (q ? '&' : '?') + 'autoplay=off');
  await page.evaluate(async (at) => { const e = document.querySelector('second-leader'); await e.ready; await e.seek(at); }, at);
  await page.screenshot({ path: `/tmp/ev/${name}.png`, fullPage: true });
  await c.close();
}
await browser.close(); site.close();
