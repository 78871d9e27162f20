// Drives Chromium, Firefox and WebKit as they are installed, by WebDriver's commands: over HTTP with chromedriver and WebKitWebDriver,
// and with Firefox by its own wire (Marionette), which needs no driver at all. Nothing is downloaded.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';

const DEADLINE = 60_000;
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';
const KEYS = { Tab: '\ue004', Enter: '\ue007', Shift: '\ue008', Escape: '\ue00c', ArrowLeft: '\ue012', ArrowUp: '\ue013', ArrowRight: '\ue014', ArrowDown: '\ue015' };

/** What each is started with: programs of which the first that is there is taken, and what makes it come. */
export const BROWSERS = {
  chromium: { programs: ['chromium', 'google-chrome', 'chromium-browser'], drivers: ['chromedriver'], packages: 'chromium chromium-driver' },
  firefox: { programs: ['firefox-esr', 'firefox'], drivers: [], packages: 'firefox-esr' },
  webkit: { programs: [], drivers: ['WebKitWebDriver'], packages: 'webkit2gtk-driver' },
};

const executable = (file) => spawnSync('test', ['-x', file]).status === 0;
/** The first of these programs that is there, with its path. */
const found = (names) => names.flatMap((name) => (name.includes('/') ? [name] : (process.env.PATH ?? '').split(delimiter).map((dir) => join(dir, name)))).find(executable);
const wait = (ms) => new Promise((done) => { setTimeout(done, ms); });

/** Until `ask` finds something. Throws after a minute. */
async function until(ask, what) {
  for (const end = Date.now() + DEADLINE; ;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}`);
    await wait(50);
  }
}

/** A port that nobody uses. */
const free = () => new Promise((done) => {
  const server = createServer().listen(0, '127.0.0.1', () => {
    const { port } = server.address();
    server.close(() => done(port));
  });
});

/** A process; its end is waited for. */
function start(program, args, env = {}) {
  const child = spawn(program, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const gone = new Promise((done) => { child.once('exit', done); child.once('error', done); });
  return { child, end: async () => { child.kill(); await Promise.race([gone, wait(5000)]); if (child.exitCode === null) child.kill('SIGKILL'); } };
}

/** What both kinds of wire say when something fails. */
const failure = ({ error, message }) => Object.assign(new Error(`${error}: ${message}`.split('\n')[0]), { code: error });

/** A session over HTTP. `Command` is a row of COMMANDS. */
async function overHttp(program, args, capabilities, env) {
  const port = await free();
  const { end } = start(program, [...args, `--port=${port}`], env);
  const ask = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, headers: { 'content-type': 'application/json' }, body: body && JSON.stringify(body), signal: AbortSignal.timeout(DEADLINE) });
    const { value } = await answer.json();
    if (!answer.ok) throw failure(value);
    return value;
  };
  try {
    await until(() => ask('GET', '/status').then((s) => s.ready, () => false), program);
    const { sessionId, capabilities: has } = await ask('POST', '/session', { capabilities: { alwaysMatch: capabilities } });
    return {
      version: has.browserVersion,
      say: (command, body) => ask(COMMANDS[command].method, `/session/${sessionId}/${COMMANDS[command].path}`, COMMANDS[command].method === 'GET' ? undefined : body ?? {}),
      end: async () => { await ask('DELETE', `/session/${sessionId}`).catch(() => {}); await end(); },
    };
  } catch (error) {
    await end();
    throw error;
  }
}

/** The commands that are used, as HTTP knows them; Marionette calls them by their names. */
const COMMANDS = {
  Navigate: { method: 'POST', path: 'url' },
  ExecuteAsyncScript: { method: 'POST', path: 'execute/async' },
  TakeScreenshot: { method: 'GET', path: 'screenshot' },
  SetWindowRect: { method: 'POST', path: 'window/rect' },
  SetTimeouts: { method: 'POST', path: 'timeouts' },
  PerformActions: { method: 'POST', path: 'actions' },
  SwitchToFrame: { method: 'POST', path: 'frame' },
};

/** Firefox speaks over a socket: the length of a message, a colon, JSON. */
async function overMarionette(program) {
  const profile = mkdtempSync(join(tmpdir(), 'second-leader-'));
  const wishes = { 'marionette.port': 0, 'app.update.disabledForTesting': true, 'browser.shell.checkDefaultBrowser': false, 'datareporting.policy.dataSubmissionEnabled': false, 'toolkit.telemetry.enabled': false, 'browser.sessionstore.resume_from_crash': false, 'layout.css.devPixelsPerPx': '1.0', 'network.captive-portal-service.enabled': false, 'network.connectivity-service.enabled': false };
  writeFileSync(join(profile, 'user.js'), Object.entries(wishes).map(([name, value]) => `user_pref(${JSON.stringify(name)}, ${JSON.stringify(value)});\n`).join(''));
  const { child, end } = start(program, ['--headless', '--marionette', '--no-remote', '--profile', profile, 'about:blank'], { MOZ_HEADLESS_WIDTH: '1280', MOZ_HEADLESS_HEIGHT: '1000', HOME: profile });
  const over = async () => {
    await end();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  try {
    const port = await until(() => {
      if (child.exitCode !== null) throw new Error(`${program} ended with ${child.exitCode}`);
      try { return Number(readFileSync(join(profile, 'MarionetteActivePort'), 'utf8')); } catch { return 0; }
    }, program);
    const waits = new Map();
    let [text, last] = [Buffer.alloc(0), 0];
    const socket = createConnection(port, '127.0.0.1');
    const hear = (message) => {
      const [, id, error, result] = message;
      waits.get(id)?.(error, result);
    };
    socket.on('data', (data) => {
      text = Buffer.concat([text, data]);
      for (;;) {
        const colon = text.indexOf(':');
        const length = Number(text.subarray(0, colon));
        if (colon < 0 || text.length < colon + 1 + length) return;
        const message = JSON.parse(text.subarray(colon + 1, colon + 1 + length));
        text = text.subarray(colon + 1 + length);
        if (Array.isArray(message)) hear(message);
      }
    });
    const say = (command, body = {}) => new Promise((done, fail) => {
      const id = (last += 1);
      const timer = setTimeout(() => fail(new Error(`no answer to ${command}`)), DEADLINE);
      waits.set(id, (error, result) => {
        clearTimeout(timer);
        waits.delete(id);
        if (error) fail(failure(error));
        else done(result && 'value' in result ? result.value : result);
      });
      const line = JSON.stringify([0, id, `WebDriver:${command}`, body]);
      socket.write(`${Buffer.byteLength(line)}:${line}`);
    });
    await new Promise((done, fail) => { socket.once('connect', done); socket.once('error', fail); });
    const { capabilities } = await say('NewSession', {});
    return { version: capabilities.browserVersion, say, end: async () => { socket.destroy(); await over(); } };
  } catch (error) {
    await over();
    throw error;
  }
}

/** A display that is not there, for a WebKit that needs one. */
async function display() {
  if (process.env.DISPLAY || process.env.WAYLAND_DISPLAY) return { env: {}, end: async () => {} };
  if (!found(['Xvfb'])) throw new Error('Xvfb is missing');
  const number = 200 + (process.pid % 700);
  const { child, end } = start('Xvfb', [`:${number}`, '-screen', '0', '1400x1200x24', '-nolisten', 'tcp']);
  await until(() => {
    if (child.exitCode !== null) throw new Error('Xvfb ended');
    return spawnSync('test', ['-S', `/tmp/.X11-unix/X${number}`]).status === 0;
  }, 'Xvfb');
  return { env: { DISPLAY: `:${number}` }, end };
}

const launch = {
  chromium: async (program, driver) => overHttp(driver, [], { 'goog:chromeOptions': { binary: program, args: ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--hide-scrollbars'] } }),
  firefox: async (program) => overMarionette(program),
  webkit: async (_, driver) => {
    const screen = await display();
    try {
      const session = await overHttp(driver, [], {}, { ...screen.env, GDK_BACKEND: 'x11', NO_AT_BRIDGE: '1' });
      return { ...session, end: async () => { await session.end(); await screen.end(); } };
    } catch (error) {
      await screen.end();
      throw error;
    }
  },
};

/** What is missing to start this browser: a sentence, or nothing. FIREFOX, CHROMIUM, CHROMEDRIVER and WEBKIT_DRIVER name other programs. */
export function lacks(name) {
  const { packages } = BROWSERS[name];
  const { program, driver } = here(name);
  const missing = [...(program === undefined ? [BROWSERS[name].programs[0]] : []), ...(driver === undefined ? BROWSERS[name].drivers : []), ...(name === 'webkit' && !process.env.DISPLAY && !found(['Xvfb']) ? ['Xvfb'] : [])];
  return missing.length ? `${missing.join(' and ')} is missing (on Debian: apt-get install ${packages}${name === 'webkit' ? ' xvfb' : ''})` : '';
}

function here(name) {
  const { programs, drivers } = BROWSERS[name];
  const { CHROMIUM, CHROMEDRIVER, FIREFOX, WEBKIT_DRIVER } = process.env;
  const [program, driver] = { chromium: [CHROMIUM, CHROMEDRIVER], firefox: [FIREFOX], webkit: ['', WEBKIT_DRIVER] }[name];
  return { program: program ?? found(programs), driver: driver ?? (drivers.length ? found(drivers) : '') };
}

/** A page of this browser: where it goes, what is run in it, keys, the pointer, pictures. */
export async function open(name) {
  const { program, driver } = here(name);
  const session = await launch[name](program, driver);
  await session.say('SetTimeouts', { script: DEADLINE, pageLoad: DEADLINE, implicit: 0 });
  await session.say('SetWindowRect', { width: 1280, height: 1000 });
  const perform = (actions) => session.say('PerformActions', { actions });
  const page = {
    name,
    version: session.version,
    end: session.end,
    go: (url) => session.say('Navigate', { url }),
    /** Runs a function there, which may be async; what it returns must be JSON. */
    run: async (f, ...args) => {
      const script = `const done = arguments[arguments.length - 1], given = [].slice.call(arguments, 0, -1);
        Promise.resolve().then(() => (${f})(...given)).then((value) => done({ value: value === undefined ? null : value }), (error) => done({ error: String(error) }));`;
      const { value, error } = await session.say('ExecuteAsyncScript', { script, args });
      if (error) throw new Error(error);
      return value;
    },
    /** Waits until a function there finds something. */
    until: async (f, ...args) => until(() => page.run(f, ...args), String(f).slice(0, 200)),
    /** Keys, one after the other; 'Shift+Tab' is one. */
    press: async (...keys) => {
      const actions = keys.flatMap((key) => {
        const parts = key === '+' ? [key] : key.split('+').map((k) => KEYS[k] ?? k);
        return [...parts.map((value) => ({ type: 'keyDown', value })), ...parts.reverse().map((value) => ({ type: 'keyUp', value }))];
      });
      await perform([{ type: 'key', id: 'keys', actions }]);
    },
    /** A click of a mouse, at this place of the window. */
    click: (x, y) => perform([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport', duration: 0 }, { type: 'pointerDown', button: 0 }, { type: 'pointerUp', button: 0 }] }]),
    drag: (x, y, dx) => perform([{ type: 'pointer', id: 'mouse', parameters: { pointerType: 'mouse' }, actions: [{ type: 'pointerMove', x: Math.round(x), y: Math.round(y), origin: 'viewport', duration: 0 }, { type: 'pointerDown', button: 0 }, { type: 'pointerMove', x: Math.round(x + dx), y: Math.round(y), origin: 'viewport', duration: 100 }, { type: 'pointerUp', button: 0 }] }]),
    /** Into the first frame of the page, or out of it. */
    frame: (into) => session.say('SwitchToFrame', { id: into ? 0 : null, ...(into && { element: undefined }) }),
    /** The window, as PNG. WebKit takes a picture with the next frame, which never comes where nothing changes: something does. */
    picture: async () => {
      await page.run(() => {
        const { style } = document.documentElement;
        const timer = setInterval(() => { style.opacity = style.opacity === '1' ? '0.999' : '1'; }, 20);
        setTimeout(() => { clearInterval(timer); style.opacity = ''; }, 2000);
      });
      return Buffer.from(await session.say('TakeScreenshot', { full: false, hash: false }), 'base64');
    },
  };
  return page;
}
