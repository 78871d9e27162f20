// Plays the incident in a real browser and finds, by role and name, what a person would. Each check is a sentence.
// Run after `trunk build`: node tests/page/run.mjs. Nothing sleeps: everything waits for a condition or an event.
import { audit, browser, check, on, open, play, seek, site } from './checks.mjs';

const crowns = (page) => page.locator('.peer.leading').count();

async function incident(width, dark) {
  const here = `at ${width} px, ${dark ? 'dark' : 'light'}`;
  const page = await open('', { width, dark });
  check(`the page starts paused for people who want little motion, ${here}`, await on(page, (e) => e.paused));
  check(`one leader to begin with, ${here}`, await page.getByText('1 leader · 1 controller').isVisible());
  check(`nothing is wider than the window, ${here}`, await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
  await audit(page, `at the start, ${here}`);
  await seek(page, 40);
  check(`two hosts wear a crown in the middle of the incident, ${here}`, (await crowns(page)) === 2);
  check(`both crowned hosts are buttons with a name, ${here}`, (await page.getByRole('button', { name: /^zk\d+, leading/ }).count()) === 2);
  check(`the banner says two leaders and two controllers, ${here}`, await page.locator('.headline', { hasText: '2 leaders · 2 controllers' }).isVisible());
  check(`the banner is red, ${here}`, (await page.locator('.banner.bad').count()) === 1);
  check(`a caption says how many writes fail and which broker answers wrongly, ${here}`, await page.getByText(/\d\.\d\s%\sof writes fail: broker 10 answers/).first().isVisible());
  check(`dead letters wait in the tray, ${here}`, await page.getByText(/^dead letters \d+ · oldest/).isVisible());
  await audit(page, `mid-incident, ${here}`);
  await seek(page, 'dlqEmpty');
  check(`afterwards the banner says 0 lost, ${here}`, await page.locator('.headline', { hasText: '0 lost' }).isVisible());
  check(`afterwards one host wears a crown, ${here}`, (await crowns(page)) === 1);
  check(`every job came home, ${here}`, await page.getByText('Every job came home').first().isVisible());
  const ledger = await on(page, (e) => e.ledger);
  const { produced, ...states } = ledger;
  check(`the ledger sums to produced, ${here}`, produced > 0 && Object.values(states).reduce((a, b) => a + b) === produced, JSON.stringify(ledger));
  await audit(page, `after recovery, ${here}`);
  check(`nothing was reported as an error, ${here}`, page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function playing() {
  // The page's own clock, which goes no faster on a fast machine.
  const page = await open('', { motion: 'no-preference', clock: true });
  await page.clock.pauseAt(Date.now() + 1000);
  let watched = 1;
  const watch = async (condition) => {
    for (; watched < 30 && !(await on(page, condition)); watched += 0.25) await page.clock.runFor(250);
    return watched;
  };
  const crown = await watch((e) => e.shadowRoot.querySelectorAll('.peer.leading').length === 2);
  check(`a second crown appears within 10 s of watching (${crown} s)`, crown <= 10);
  const letter = await watch((e) => e.shadowRoot.querySelector('.question')?.hidden === false);
  check(`the first dead letter falls within 15 s of watching (${letter} s)`, letter <= 15);
  await page.clock.resume();
  await page.getByText('Which leader is right?').waitFor();
  check('there the page pauses and asks which leader is right', await on(page, (e) => e.paused));
  check('a job lies in the tray', (await on(page, (e) => e.metrics.deadLettered)) >= 1);
  await audit(page, 'while the question is open');
  await page.getByRole('button', { name: 'Continue' }).click();
  check('Continue plays on', !(await on(page, (e) => e.paused)));
  await on(page, (e) => { e.speed = 300; });
  await on(page, (e) => e.paused || new Promise((done) => e.addEventListener('ended', done, { once: true })));
  check('at 300× it plays to the end', (await on(page, (e) => e.currentTime)) === (await on(page, (e) => e.duration)));
  const arrived = async (...way) => {
    for (const time of way) await seek(page, time);
    await page.evaluate(() => new Promise((done) => { requestAnimationFrame(() => requestAnimationFrame(done)); }));
    return on(page, (e) => e.shadowRoot.querySelector('.stage').textContent);
  };
  const instants = [12, 16, 20, 24, 28, 36, 44, 56];
  const onwards = [];
  for (const time of instants) onwards.push(await arrived(time));
  const backwards = [];
  for (const time of instants.toReversed()) backwards.unshift(await arrived(time));
  const differs = instants.filter((_, i) => onwards[i] !== backwards[i]);
  check('a still picture says the same whatever way led there', differs.length === 0, `at ${differs} s`);
  await seek(page, 1e6);
  check('nothing was lost or dropped', await on(page, (e) => e.metrics.lost + e.metrics.dropped === 0));
  await page.getByRole('button', { name: 'Add hosts slowly instead' }).click();
  check('the big button adds hosts slowly', (await on(page, (e) => e.params.joinRate)) === 30);
  await seek(page, 60);
  check('and then there is only one crown', (await crowns(page)) === 1 && await page.getByText(/8 new hosts joined/).first().isVisible());
  check('and the button offers the incident again', await page.getByRole('button', { name: 'Add hosts quickly again' }).isVisible());
  check('no errors while playing', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function controls() {
  const page = await open('?autoplay=off');
  await page.getByText('More', { exact: true }).click();
  const table = await page.evaluate(async () => (await import('./second-leader.js')).parameters());
  const before = await on(page, (e) => e.params);
  const unchanged = [];
  for (const { key, label, kind, min, max, values } of table) {
    const { [key]: was } = await on(page, (e) => e.params);
    if (kind === 'flag') await page.getByRole('checkbox', { name: label, exact: true }).click();
    else if (kind === 'choice') await page.getByRole('combobox', { name: label, exact: true }).selectOption(values.find((v) => v !== was));
    else {
      const field = page.getByRole(kind === 'sids' ? 'textbox' : 'spinbutton', { name: label, exact: true });
      await field.fill(kind === 'sids' ? '1,2' : String(was - 1 >= min ? was - 1 : Math.min(max, was + 1)));
      await field.press('Tab');
    }
    const { [key]: now } = await on(page, (e) => e.params);
    if (now === was) unchanged.push(key);
    await page.getByRole('button', { name: 'Put them back' }).click();
  }
  check('every parameter says what it means', table.every((row) => row.help.endsWith('.')) && (await on(page, (e) => e.shadowRoot.querySelector('.field[data-key=joinRate]').title)) === table.find((row) => row.key === 'joinRate').help);
  check('to screen readers, too', (await on(page, (e) => [...e.shadowRoot.querySelectorAll('.field[data-key]')].filter((f) => f.querySelector('input, select').getAttribute('aria-description') !== f.title).map((f) => f.dataset.key).join())) === '');
  const untold = [];
  for (const id of await on(page, (e) => [...e.shadowRoot.querySelectorAll('#scenario option')].map((o) => o.value))) {
    const { description, title } = await page.evaluate(async (id) => (await fetch(`scenarios/${id}.json`)).json(), id);
    await page.getByRole('combobox', { name: 'Scenario', exact: true }).selectOption(id);
    if (!(await page.getByText(description, { exact: true }).isVisible()) || !(await page.getByRole('heading', { name: title }).isVisible())) untold.push(id);
  }
  check('every scenario says what it shows', untold.length === 0, untold.join(', '));
  await page.getByRole('combobox', { name: 'Scenario', exact: true }).selectOption('the-incident');
  await page.getByText('Where the talk and reality differ').click();
  check('the differences between talk and reality are listed', (await page.getByRole('listitem').filter({ hasText: 'The talk says' }).count()) === 9);
  check(`each of the ${table.length} controls changes its parameter`, unchanged.length === 0, unchanged.join(', '));
  check('putting them back restores every parameter', JSON.stringify(await on(page, (e) => e.params)) === JSON.stringify(before));
  const slider = page.getByRole('slider', { name: 'Join rate', exact: true });
  await slider.focus();
  await slider.press('Home');
  check('a slider changes its parameter', (await on(page, (e) => e.params.joinRate)) === 1);
  check('and says that it restarted', await page.getByText('Restarted with join rate 1 hosts/min.').isVisible());
  check('the focus stays on the slider', await on(page, (e) => e.shadowRoot.activeElement?.type === 'range'));
  check('the hint tells why it is safe now', await page.getByText(/Each host boots alone/).isVisible());
  await page.getByRole('spinbutton', { name: 'Retries', exact: true }).fill('0');
  await page.getByRole('spinbutton', { name: 'Retries', exact: true }).press('Enter');
  check('retries can be zero', (await on(page, (e) => e.params.retries)) === 0);
  await page.getByRole('spinbutton', { name: 'Brokers', exact: true }).fill('500');
  await page.getByRole('spinbutton', { name: 'Brokers', exact: true }).press('Enter');
  check('a number out of range is clamped, and the field shows it', (await page.getByRole('spinbutton', { name: 'Brokers', exact: true }).inputValue()) === '30');
  check('and a notice says so', await page.getByText('brokers=500 → 30 (1–30)').isVisible());
  await page.getByRole('button', { name: 'Dismiss' }).click();
  check('the notice can be dismissed', !(await page.getByText('brokers=500 → 30 (1–30)').isVisible()));
  await page.getByRole('combobox', { name: 'Scenario' }).selectOption('stuck');
  await seek(page, 30);
  check('another scenario shows what it claims', await page.getByText(/look for a leader in vain/).first().isVisible());
  check('no errors while changing', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function nodes() {
  const page = await open('?autoplay=off');
  await seek(page, 40);
  const leader = page.getByRole('button', { name: /^zk11, leading/ });
  await leader.focus();
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'zk11' });
  check('Enter on a host opens its dialog', await dialog.isVisible());
  check('with its server list and majority', await dialog.getByText('1–11 (majority 6 of 11)').isVisible());
  await audit(page, 'with a dialog open');
  await page.keyboard.press('Escape');
  check('Escape closes it and gives the focus back', !(await dialog.isVisible()) && await leader.evaluate((n) => n.getRootNode().activeElement === n));
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Stop' }).click();
  await on(page, (e) => { e.speed = 20; e.play(); });
  await page.getByRole('button', { name: /^zk10, leading/ }).waitFor();
  check('stopping the second leader makes its ensemble elect another', true);
  await page.getByRole('button', { name: /^broker 3, / }).click();
  check('a click on a broker shows what it believes', await page.getByRole('dialog', { name: 'broker 3' }).getByText('ensemble A').isVisible());
  await page.getByRole('dialog', { name: 'broker 3' }).getByRole('button', { name: 'Stop' }).click();
  await page.getByRole('button', { name: /^broker 3, off/ }).waitFor();
  check('a broker can be stopped', true);
  await page.getByRole('dialog', { name: 'broker 3' }).getByRole('button', { name: 'Start' }).click();
  await page.getByRole('button', { name: /^broker 3, leads/ }).waitFor();
  check('and started again', true);
  check('no errors while steering', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function keyboard() {
  const page = await open('?autoplay=off');
  await page.getByRole('button', { name: 'Restart' }).focus();
  await on(page, (e) => e.pause());
  await page.keyboard.press('k');
  check('K plays', !(await on(page, (e) => e.paused)));
  await page.keyboard.press('k');
  check('K pauses', await on(page, (e) => e.paused));
  const at = async (key) => { await page.keyboard.press(key); await page.waitForFunction(() => true); return on(page, (e) => e.currentTime); };
  check('5 goes to the middle', (await at('5')) === 150);
  check('→ goes 5 s on', (await at('ArrowRight')) === 155);
  check('← goes 5 s back', (await at('ArrowLeft')) === 150);
  const gone = await at('[');
  check('[ goes to the milestone before', gone > 60 && gone < 150);
  check('0 goes to the start', (await at('0')) === 0);
  check('] goes to the next milestone', Math.abs((await at(']')) - 3) < 0.01);
  const speed = await on(page, (e) => e.speed);
  await page.keyboard.press('>');
  check('> doubles the speed', (await on(page, (e) => e.speed)) === speed * 2);
  await page.getByRole('slider', { name: 'Time' }).focus();
  await page.keyboard.press('End');
  await page.waitForFunction(() => { const e = document.querySelector('second-leader'); return e.currentTime === e.duration; });
  check('the timeline is a slider that keys move', true);
  await page.context().close();
}

async function api() {
  const page = await open('?autoplay=off&brokers=500&retries=0&join-rate=fast&colour=blue&theme=dark');
  const p = await on(page, (e) => e.params);
  check('bad numbers in the URL are clamped', p.brokers === 30);
  check('retries=0 in the URL means zero', p.retries === 0);
  check('bad text in the URL becomes the default', p.joinRate === 480);
  check('one notice names all of it', await page.getByText('brokers=500 → 30 (1–30)').isVisible() && await page.getByText('colour=blue is not a parameter').isVisible() && await page.getByText('joinRate=fast → 480 (1–1200)').isVisible());
  check('the word off stays a word, and the flag off is false', p.acl === 'off' && p.clusterIdGuard === false);
  await on(page, (e) => e.setParams({ brokers: 6, dlq: false, backoff: 'constant', joinRate: 60.5, removed: [1, 2] }));
  const q = await on(page, (e) => e.params);
  check('setParams sets numbers, words and booleans', q.brokers === 6 && q.dlq === false && q.backoff === 'constant' && q.joinRate === 60.5 && q.removed === '1,2');
  const error = await on(page, (e) => { try { e.setParams({ brokers: 99, seed: 3, nonsense: 1 }); return null; } catch (x) { return { name: x.name, issues: x.issues }; } });
  check('setParams throws an InvalidInputError that names every issue', error?.name === 'InvalidInputError' && error.issues.map((i) => i.field).join() === 'brokers,nonsense', JSON.stringify(error));
  check('and changes nothing', (await on(page, (e) => e.params.brokers)) === 6 && (await on(page, (e) => e.params.seed)) === 7);
  const clash = await on(page, (e) => { try { e.setParams({ brokers: 4, replicationFactor: 9 }); return null; } catch (x) { return x.issues; } });
  check('setParams rejects values that contradict each other', clash?.[0]?.field === 'replicationFactor');
  const types = await on(page, (e) => [e.metrics, e.ledger].flatMap((o) => Object.values(o)).every((v) => typeof v === 'number'));
  check('metrics and ledger are plain numbers', types);
  const keys = await on(page, (e) => Object.keys(e.ledger).sort().join());
  check('the ledger has exactly its states', keys === 'committed,deadLettered,draining,dropped,inFlight,lost,processed,produced,retrying,wrongSide');
  await on(page, (e) => e.setParams({ brokers: 10, dlq: true, backoff: 'exponential', joinRate: 30, retries: 3 }));
  const never = await on(page, (e) => e.seek('secondLeader').then(() => null, (x) => x.message));
  check('seeking a milestone that never comes rejects with its name', never?.includes('secondLeader'));
  const unknown = await on(page, (e) => e.seek('lunch').then(() => null, (x) => x.message));
  check('seeking an unknown milestone rejects with its name', unknown?.includes('lunch'));
  await seek(page, 1e9);
  check('seeking beyond the end stays at the end', (await on(page, (e) => e.currentTime)) === (await on(page, (e) => e.duration)));
  await on(page, (e) => e.setParams({ joinRate: 480 }));
  await seek(page, 'firstDeadLetter');
  check('seeking a milestone shows that instant, paused', (await on(page, (e) => e.metrics.deadLettered)) === 1 && await on(page, (e) => e.paused));
  const there = await on(page, (e) => e.currentTime);
  await seek(page, 100);
  await seek(page, there);
  check('going back shows the same again', (await on(page, (e) => e.metrics.deadLettered)) === 1);
  await on(page, (e) => e.reset());
  check('reset goes to the start', (await on(page, (e) => e.currentTime)) === 0);
  check('no errors in the API', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function course() {
  const page = await open('course.html');
  const both = await page.evaluate(async () => {
    const [fast, slow] = document.querySelectorAll('second-leader');
    await Promise.all([fast.seek(40), slow.seek(40)]);
    return [fast, slow].map((e) => e.shadowRoot.querySelectorAll('.peer.leading').length);
  });
  check('two instances on one page show different runs', both.join() === '2,1', both.join());
  await audit(page, 'on the course page');
  const independent = await page.evaluate(() => {
    const [fast, slow] = document.querySelectorAll('second-leader');
    fast.setParams({ brokers: 5 });
    return fast.params.brokers === 5 && slow.params.brokers === 10;
  });
  check('they are independent', independent);
  const moved = await page.evaluate(async () => {
    const [fast] = document.querySelectorAll('second-leader');
    await fast.seek(12);
    document.querySelector('main').append(fast);
    await new Promise((done) => setTimeout(done));
    return fast.currentTime;
  });
  check('an element that is moved keeps its run', moved === 12);
  const left = await page.evaluate(async () => {
    const [slow] = document.querySelectorAll('second-leader');
    slow.remove();
    await new Promise((done) => setTimeout(done));
    return slow.shadowRoot.querySelector('[part=root]').childElementCount;
  });
  check('an element that is removed leaves nothing behind', left === 0);
  const attribute = await page.evaluate(async () => {
    const [fast] = document.querySelectorAll('second-leader');
    fast.setAttribute('join-rate', '30');
    await Promise.resolve();
    return fast.params.joinRate;
  });
  check('an attribute in kebab-case sets its parameter', attribute === 30);
  check('no errors on the course page', page.troubles.length === 0, page.troubles.join('\n       '));
  await page.context().close();
}

async function crash() {
  const page = await open('?autoplay=off');
  const error = await page.evaluate(async () => {
    const e = document.querySelector('second-leader');
    const heard = new Promise((done) => e.addEventListener('error', (event) => done(event.detail), { once: true }));
    const module = await import('./sandbox.js');
    // A host that calls back while it is asked is a mistake that the module does not survive.
    let again = () => {};
    const host = { emit() {}, arrived() {}, settle() {}, draw() {}, now: () => { again(); return 0; } };
    const handle = module.mount(document.createElement('div'), 'autoplay=off\n', host, true, '');
    again = () => handle.reset();
    try { handle.seek('20', 1); handle.travel(); } catch { /* the module is dead */ }
    return heard;
  });
  check('a crash of the module reaches every element on the page', error.code === 'crashed', JSON.stringify(error));
  await page.getByRole('button', { name: 'Reload' }).click();
  await seek(page, 20);
  check('and Reload brings a working one', (await on(page, (e) => e.currentTime)) === 20);
  await page.context().close();
}

async function without() {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(site.url);
  check('without JavaScript the page tells the story in four sentences', (await page.locator('.storyboard').getByRole('listitem').count()) === 4 && await page.getByRole('img').isVisible());
  await context.close();
}

const scenes = [['incident', () => incident(1280, false)], ['dark', () => incident(1280, true)], ['narrow', () => incident(400, false)], ['narrow-dark', () => incident(400, true)], ['tiny', () => incident(320, false)], ['playing', playing], ['controls', controls], ['nodes', nodes], ['keyboard', keyboard], ['api', api], ['course', course], ['crash', crash], ['without', without]];
await play(scenes);
