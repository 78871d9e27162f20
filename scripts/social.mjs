// Makes www/social.png, the picture that stands beside a link to the page (1200 × 630):  node scripts/social.mjs   (after `make site`)
// The stage in it is the real one, at the moment when the first jobs wait in the dead-letter tray.
import { writeFileSync } from 'node:fs';
import { crc32 as standard, deflateSync } from 'node:zlib';
import { launch, serve } from '../tests/page/server.mjs';

const TABLE = Array.from({ length: 256 }, (_, n) => Array.from({ length: 8 }).reduce((c) => (c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1), n));
const crc32 = standard ?? ((bytes) => ~bytes.reduce((crc, byte) => TABLE[(crc ^ byte) & 255] ^ (crc >>> 8), -1) >>> 0); // Node has it since 20.15

/** Pixels (four bytes each) as a PNG of at most 256 colours: the most frequent ones, and for the others the nearest. */
function png(pixels, width, height) {
  const counts = new Map();
  const at = (i) => (pixels[i] << 16) | (pixels[i + 1] << 8) | pixels[i + 2];
  for (let i = 0; i < pixels.length; i += 4) counts.set(at(i), (counts.get(at(i)) ?? 0) + 1);
  const palette = [...counts].sort((a, b) => b[1] - a[1]).slice(0, 256).map(([colour]) => colour);
  const far = (a, b) => [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  const index = new Map([...counts.keys()].map((colour) => [colour, palette.reduce((best, other, i) => (far(colour, other) < far(colour, palette[best]) ? i : best), 0)]));
  const rows = Buffer.alloc(height * (width + 1)); // each begins with a 0: no filter
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) rows[y * (width + 1) + 1 + x] = index.get(at((y * width + x) * 4));
  const chunk = (name, body) => {
    const whole = Buffer.concat([Buffer.from(name), body]);
    const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
    length.writeUInt32BE(body.length);
    sum.writeUInt32BE(crc32(whole));
    return Buffer.concat([length, whole, sum]);
  };
  const head = Buffer.alloc(13);
  head.writeUInt32BE(width);
  head.writeUInt32BE(height, 4);
  head.set([8, 3], 8); // eight bits, a palette
  const colours = Buffer.from(palette.flatMap((c) => [c >> 16, (c >> 8) & 255, c & 255]));
  return Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), chunk('IHDR', head), chunk('PLTE', colours), chunk('IDAT', deflateSync(rows, { level: 9 })), chunk('IEND', Buffer.alloc(0))]);
}

const site = await serve();
const browser = await launch();
const page = await browser.newPage({ viewport: { width: 1200, height: 1000 }, reducedMotion: 'reduce' });
await page.goto(`${site.url}?autoplay=off&theme=light`);
await page.evaluate(async () => {
  const e = document.querySelector('second-leader');
  await e.ready;
  await e.seek(56);
});
const stage = await page.locator('second-leader').locator('.stage').first().boundingBox();
await page.evaluate(() => document.querySelector('second-leader').scrollIntoView());
const shot = await page.locator('second-leader').locator('.stage').first().screenshot();
await page.setViewportSize({ width: 1200, height: 630 });
await page.setContent(`<!doctype html><style>
  body { margin: 0; width: 1200px; height: 630px; overflow: hidden; background: #fbfaf7; color: #1b2430; font: 26px/1.35 system-ui, "DejaVu Sans", sans-serif; display: flex; flex-direction: column; }
  h1 { font-size: 46px; letter-spacing: -0.02em; margin: 26px 40px 0; }
  p { margin: 2px 40px 14px; color: #5d6a7a; }
  div { flex: 1; min-height: 0; display: flex; justify-content: center; }
  img { height: 100%; }
</style><h1>Second Leader</h1><p>GitHub’s outage of October 2020, simulated message by message in your browser</p>
<div><img alt="" src="data:image/png;base64,${shot.toString('base64')}"></div>`);
await page.waitForFunction(() => document.querySelector('img').complete);
const shown = (await page.screenshot()).toString('base64');
const pixels = await page.evaluate(async (data) => {
  const image = new Image();
  image.src = `data:image/png;base64,${data}`;
  await image.decode();
  const context = Object.assign(document.createElement('canvas'), { width: 1200, height: 630 }).getContext('2d');
  context.drawImage(image, 0, 0);
  return Array.from(context.getImageData(0, 0, 1200, 630).data);
}, shown);
const picture = png(pixels, 1200, 630);
writeFileSync('www/social.png', picture);
console.log(`www/social.png: ${picture.length} bytes; the stage was ${Math.round(stage.width)} × ${Math.round(stage.height)}`);
await browser.close();
site.close();
