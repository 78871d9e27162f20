// A static server over dist/ with right MIME types and real 404s, and a browser: what every page script starts with.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join, normalize, resolve } from 'node:path';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';

export const tools = process.env.TOOLS ?? process.env.SECOND_LEADER_TOOLS ?? join(homedir(), '.cache/second-leader/tools');
export const root = resolve(process.env.DIST ?? fileURLToPath(new URL('../../dist', import.meta.url)));
const require = createRequire(join(tools, 'node_modules/'));
const types = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.mjs': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm', '.svg': 'image/svg+xml', '.json': 'application/json', '.png': 'image/png' };

/** Serves dist/ under `/`, optionally with extra headers (or a function of the file that gives them); returns { url, close, requests }. */
export async function serve(headers = {}) {
  const server = createServer(async (request, response) => {
    const path = normalize(decodeURIComponent(new URL(request.url, 'http://localhost').pathname));
    const file = join(root, path.endsWith('/') ? path + 'index.html' : path);
    try {
      if (!file.startsWith(root)) throw new Error('outside');
      const body = await readFile(file);
      response.writeHead(200, { 'content-type': types[extname(file)] ?? 'application/octet-stream', ...(typeof headers === 'function' ? headers(file) : headers) }).end(body);
    } catch {
      response.writeHead(404, { 'content-type': 'text/plain' }).end('not found');
    }
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** A server of its own, which is another origin: `answer(path)` gives [status, headers, body]. Browsers ask before a page that was made up
 * (`page.route`) may frame one of this machine; they do not ask one that is really served. */
export async function host(answer) {
  const server = createServer(async (request, response) => {
    const [status, headers, body] = await answer(new URL(request.url, 'http://localhost').pathname);
    response.writeHead(status, headers).end(body);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}

/** Starts the browser. */
export function launch() {
  const { chromium } = require('playwright-core');
  const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
  const args = ['--disable-gpu', '--disable-dev-shm-usage', '--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--no-default-browser-check'];
  return chromium.launch({ executablePath, chromiumSandbox: false, args });
}

/** axe-core's source, to be put into a page. */
export const axeSource = () => readFile(require.resolve('axe-core/axe.min.js'), 'utf8');
