// A static file server for people and tests: right types, real 404s, nothing outside its directory, this machine only.
import { createReadStream, promises as fs } from 'node:fs';
import { createServer } from 'node:http';
import path from 'node:path';

const TYPES = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.ico': 'image/x-icon',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.map': 'application/json; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.png': 'image/png',
  '.svg': 'image/svg+xml',
  '.txt': 'text/plain; charset=utf-8',
  '.wasm': 'application/wasm',
  '.webmanifest': 'application/manifest+json',
  '.woff2': 'font/woff2',
};

/**
 * Serves `dir` on `port` (0: any free one) of `host`.
 * Resolves to `{ url, port, close() }`; rejects when the port is taken.
 */
export async function serve(dir, port = 0, host = '127.0.0.1') {
  const root = path.resolve(dir);
  const server = createServer((request, response) => {
    answer(root, request, response).catch((error) => {
      console.error(error);
      if (!response.headersSent) refuse(response, 500, 'Internal error');
      else response.destroy();
    });
  });
  await new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const bound = server.address().port;
  return {
    url: `http://${host === '127.0.0.1' ? 'localhost' : host}:${bound}/`,
    port: bound,
    close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }),
  };
}

function refuse(response, status, text, headers = {}) {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers });
  response.end(`${text}\n`);
}

async function answer(root, request, response) {
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    return refuse(response, 405, 'Only GET and HEAD', { allow: 'GET, HEAD' });
  }
  const [raw, query] = request.url.split('?', 2);
  let name;
  try { name = decodeURIComponent(raw); } catch { return refuse(response, 400, 'Bad address'); }
  if (name.includes('\0')) return refuse(response, 400, 'Bad address');
  let file = path.join(root, path.normalize(`/${name}`));
  let stat = await fs.stat(file).catch(() => null);
  if (stat?.isDirectory()) {
    if (!name.endsWith('/')) {
      const location = `${path.posix.basename(raw)}/${query === undefined ? '' : `?${query}`}`;
      return refuse(response, 301, 'Moved', { location });
    }
    file = path.join(file, 'index.html');
    stat = await fs.stat(file).catch(() => null);
  }
  if (!stat?.isFile()) return refuse(response, 404, 'Not found');
  response.writeHead(200, {
    'content-type': TYPES[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'content-length': stat.size,
    'cache-control': 'no-cache',
    'x-content-type-options': 'nosniff',
  });
  if (request.method === 'HEAD') return response.end();
  createReadStream(file).on('error', () => response.destroy()).pipe(response);
}
