// The simulation for programs: `import { simulate } from 'second-leader/core'`.

/** What is wrong with one field. */
export interface Issue {
  /** A parameter's name, an option's, or a JSON pointer into a scenario file. */
  field: string;
  /** What was found there. */
  value: string;
  /** What is wrong, and what is allowed. */
  message: string;
}

/** Something that was given is not legal. Nothing was run. */
export class InvalidInputError extends Error {
  readonly name: 'InvalidInputError';
  readonly issues: Issue[];
}

/** A value of a parameter. */
export type Value = number | boolean | string | number[];

/** A scenario file, schema version 1. */
export interface ScenarioFile {
  schemaVersion: 1;
  id?: string;
  title?: string;
  description?: string;
  locale?: string;
  base?: string;
  params?: Record<string, Value>;
  [field: string]: unknown;
}

/** What a run is given besides its scenario. */
export interface RunOptions {
  /** Parameters on top of the scenario's. */
  params?: Record<string, Value>;
  /** Simulated seconds after which it stops, at most a day. Without: the run's own end. */
  until?: number;
  /** Stops the run; the promise rejects with the signal's reason. */
  signal?: AbortSignal;
}

/** What `second-leader run --json` prints. */
export interface Result {
  schemaVersion: 1;
  engine: string;
  seed: number;
  params: Record<string, Value>;
  /** Simulated seconds at which it stopped. */
  until: number;
  outcome: 'join' | 'stuck' | 'split' | 'partial' | 'unfinished';
  /** The sids of the leaders that served at the end of provisioning. */
  leaders: number[];
  modes: Record<string, 'leader' | 'follower' | 'observer' | 'not-serving'>;
  /** In order of time, in seconds. */
  milestones: { id: string; time: number }[];
  metrics: Record<string, number>;
  /** Every job by its fate; the sum is what was produced. */
  ledger: Record<string, number>;
  /** Events executed. */
  events: number;
  invariants: { id: string; held: boolean; firstBrokenAt: number | null }[];
  /** 64-bit hex over the trace text: the same natively and in wasm. */
  traceHash: string;
  [field: string]: unknown;
}

/** A parameter, as in the one table of them. */
export interface Parameter {
  key: string;
  attribute: string;
  label: string;
  group: string;
  unit: string;
  kind: 'integer' | 'decimal' | 'boolean' | 'choice' | 'sids';
  default: Value | null;
  min: number | null;
  max: number | null;
  options: string[] | null;
  /** Where the default comes from. */
  source: string;
  help: string;
}

/** Runs a preset (by its id) or a scenario file. Rejects with an InvalidInputError when something in it is not legal. */
export function simulate(scenario?: string | ScenarioFile, options?: RunOptions): Promise<Result>;
/** The same run as text, one line per event: time, actor, event, details. */
export function trace(scenario?: string | ScenarioFile, options?: RunOptions): Promise<string>;
/** Everything that is wrong with a scenario file; empty when it is sound. */
export function validate(scenario: string | ScenarioFile): Promise<Issue[]>;
/** The shipped scenarios, as files. */
export function presets(): Promise<ScenarioFile[]>;
/** Every parameter there is. */
export function params(): Promise<Parameter[]>;
/** The name and version of the program. */
export function engine(): Promise<string>;
