// The simulation for programs: no page, no element. The module is loaded when it is first needed.
import initialise, { Trial, engine, params as allParams, presets as allPresets, validate as issuesOf } from './core-glue.js';

/** Something that was given is not legal; `issues` names each field, its value and what is allowed. */
export class InvalidInputError extends Error {
  constructor(issues) {
    super(issues.map((i) => `${i.field}${i.value ? ` = ${i.value}` : ''}: ${i.message}`).join('; '));
    this.name = 'InvalidInputError';
    this.issues = issues;
  }
}

const isObject = (value) => value !== null && typeof value === 'object' && !Array.isArray(value);
const bad = (field, value, message) => new InvalidInputError([{ field, value: String(value).slice(0, 60), message }]);
/** A scenario as text: a preset's id, or a file. */
function text(scenario) {
  if (typeof scenario === 'string') return scenario;
  if (!isObject(scenario)) throw bad('scenario', scenario, 'must be a preset, a scenario object, or its JSON text');
  try {
    return JSON.stringify(scenario);
  } catch (cause) {
    throw bad('scenario', 'object', `cannot be written as JSON: ${cause.message}`);
  }
}

/** Lets others work: a timer would wait, and not every host has setImmediate. */
const breath = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => { port1.close(); done(); };
  port2.postMessage(0);
});

/** The core, over a module that `bytes()` finds. */
export function core(bytes) {
  let ready;
  const loaded = () => (ready ??= bytes().then((found) => initialise({ module_or_path: found })).catch((error) => { ready = undefined; throw error; }));

  async function run(scenario, options, trace) {
    if (!isObject(options)) throw bad('options', options, 'must be an object');
    const { params, until, signal } = options;
    if (params !== undefined && !isObject(params)) throw bad('params', params, 'must be an object of parameters');
    if (until !== undefined && !(typeof until === 'number' && until >= 0 && until <= 86_400)) throw bad('until', until, 'must be seconds in 0–86400');
    const file = text(scenario);
    await loaded();
    signal?.throwIfAborted();
    let trial;
    try {
      trial = new Trial(file, params ? JSON.stringify(params) : '', until === undefined ? '' : until.toFixed(6), trace);
    } catch (error) {
      throw typeof error === 'string' ? new InvalidInputError(JSON.parse(error)) : error;
    }
    try {
      while (!trial.work()) {
        await breath();
        signal?.throwIfAborted();
      }
      if (trace) return trial.trace();
      return JSON.parse(trial.result());
    } finally {
      trial.free();
    }
  }

  return {
    simulate: async (scenario = 'the-incident', options = {}) => run(scenario, options, false),
    trace: async (scenario = 'the-incident', options = {}) => run(scenario, options, true),
    validate: async (scenario) => {
      if (typeof scenario !== 'string' && !isObject(scenario)) return bad('scenario', scenario, 'must be a scenario object, or its JSON text').issues;
      await loaded();
      return JSON.parse(issuesOf(text(scenario)));
    },
    presets: async () => { await loaded(); return JSON.parse(allPresets()); },
    params: async () => { await loaded(); return JSON.parse(allParams()); },
    engine: async () => { await loaded(); return engine(); },
  };
}
