import { launch, serve } from './server.mjs';
const site = await serve(); const browser = await launch();
for (const [w,theme] of [[1280,'light'],[400,'dark']]) {
const page = await (await browser.newContext({ viewport:{width:w,height:900}, reducedMotion:'reduce' })).newPage();
page.on('console', (m)=>{ if(m.type()==='error') console.log(m.text());}); page.on('pageerror', e=>console.log(String(e)));
await page.goto(site.url+'?autoplay=off&theme='+theme);
await page.evaluate(async()=>{const e=document.querySelector('second-leader'); await e.ready; await e.seek(45)});
await page.locator('[data-lab=decide]').click();
const t0=Date.now();
await page.waitForFunction(()=>{const p=document.querySelector('second-leader').shadowRoot.querySelector('.decide'); return p && !p.textContent.includes('being simulated')});
console.log('took',Date.now()-t0);
console.log(await page.evaluate(()=>[...document.querySelector('second-leader').shadowRoot.querySelectorAll('.decide tr')].map(r=>[...r.children].map(c=>c.textContent).join(' | ')).join('\n')));
await page.locator('.panel').scrollIntoViewIfNeeded();
await page.screenshot({path:`/tmp/d-${w}.png`});
if (w===1280) { await page.locator('[data-act="decide:do"][data-arg=kill]').click(); await page.evaluate(async()=>{const e=document.querySelector('second-leader'); await e.seek(120)}); await page.screenshot({path:`/tmp/d-done.png`, fullPage:true}); }
await page.context().close();
}
await browser.close(); site.close();
