// Serves a directory on this machine and prints its address:  node scripts/serve.mjs dist [port]
// Without a port it takes 8080, or the next free one.
import { existsSync } from 'node:fs';
import { serve } from './static-server.mjs';

const [dir = 'dist', wanted] = process.argv.slice(2);
const host = process.env.HOST_ADDRESS ?? '127.0.0.1';
if (!existsSync(dir)) {
  console.error(`There is no ${dir}/ yet: run make site.`);
  process.exit(1);
}
if (wanted !== undefined && !(Number.isInteger(Number(wanted)) && Number(wanted) >= 0 && Number(wanted) < 65536)) {
  console.error(`PORT=${wanted}: must be a port number in 0-65535`);
  process.exit(2);
}
const ports = wanted === undefined ? Array.from({ length: 20 }, (_, i) => 8080 + i) : [Number(wanted)];
let server;
for (const port of ports) {
  try {
    server = await serve(dir, port, host);
    break;
  } catch (error) {
    if (error.code !== 'EADDRINUSE' && error.code !== 'EACCES') throw error;
    if (port === ports.at(-1)) {
      console.error(`Port ${port} cannot be used (${error.code}). Choose another: make serve PORT=9000`);
      process.exit(1);
    }
  }
}
console.log(`\nSecond Leader is at ${server.url}   (Ctrl+C stops it)\n`);
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.close().then(() => process.exit(0)));
