// Types of second-leader.js.

export type ParamValue = number | boolean | string;
export type Params = { [key: string]: ParamValue };
export type ParamInput = { [key: string]: ParamValue | readonly number[] };
export type Milestone = 'maintenanceStart' | 'firstLooking' | 'secondLeader' | 'brokerMoved' | 'secondController' | 'firstWriteFailed' | 'firstDeadLetter' | 'detected' | 'secondClusterGone' | 'dlqEmpty' | 'end';
export type Phase = 'calm' | 'joining' | 'split' | 'recovering' | 'recovered';
export type LoadCode = 'wasm-csp' | 'wasm-mime' | 'wasm-cors' | 'wasm-fetch' | 'file-protocol' | 'unsupported' | 'crashed';

/** What is wrong with an input: a parameter or a JSON pointer, the value that was found, and what is allowed. */
export interface Issue { field: string; value: string; message: string }

export class InvalidInputError extends Error {
  constructor(issues: Issue[]);
  readonly issues: Issue[];
}

export class LoadError extends Error {
  constructor(code: LoadCode, message: string, cause?: unknown);
  readonly code: LoadCode;
}

/** The cumulative numbers: jobs, seconds (`dlqOldestAge`), milliseconds (`p50Ms`, `p99Ms`), a share (`failedShare`). */
export interface Metrics {
  produced: number; acknowledged: number; acknowledgedWrongSide: number; producedWhileSplit: number; failedWhileSplit: number; failed: number; retried: number;
  deadLettered: number; dlqDepth: number; dlqPeak: number; dlqOldestAge: number; processed: number; duplicateEffects: number; lost: number; dropped: number;
  divergentOffsets: number; failedShare: number; p50Ms: number; p99Ms: number;
}

/** Every job by state; the states sum to `produced`. */
export interface Ledger {
  produced: number; inFlight: number; retrying: number; committed: number; wrongSide: number; deadLettered: number; draining: number; processed: number; lost: number; dropped: number;
}

/** An action of a scenario file, without a time. */
export interface Action {
  do: 'stopNode' | 'startNode' | 'freezeNode' | 'thawNode' | 'cutLink' | 'mendLink' | 'isolate' | 'addNodes' | 'moveBroker' | 'returnBroker' | 'killSecondCluster' | 'finishRollout' | 'startDrain' | 'stopDrain' | 'crashConsumer' | 'set';
  node?: string | number; nodes?: (string | number)[]; from?: string | number; to?: string | number; count?: number; broker?: number | string; key?: string; value?: unknown;
}

export type View = 'full' | 'lesson' | 'bare';
export type Theme = 'auto' | 'light' | 'dark' | 'contrast';
export type Motion = 'auto' | 'full' | 'reduced';
export type Names = string | readonly string[];

/** How it is shown. */
export interface Presentation {
  view?: View; panels?: Names; controls?: Names; lock?: Names; theme?: Theme; motion?: Motion; locale?: 'en' | 'de'; embed?: boolean; origin?: string; title?: string; src?: string;
  /** Tell lessons as xAPI statements; a number in 0–1 is the pass mark. */
  xapi?: boolean | number | 'on' | 'off';
  /** Answer Open edX's getGrade, getState and setState. */
  edx?: boolean;
}

/** A scenario file, schemaVersion 1; www/scenario.schema.json says what may be in it. */
export interface ScenarioFile {
  schemaVersion: 1; id?: string; title?: string; description?: string; locale?: string; base?: string; params?: { [key: string]: unknown }; plan?: object;
  actions?: (Action & { at: number })[]; steps?: unknown[]; ui?: object; expect?: object[];
}

export interface CreateOptions extends Presentation {
  /** A preset's id, a scenario file, its JSON or its address. */
  scenario?: string | ScenarioFile;
  params?: ParamInput;
  /** A lesson that begins by itself. */
  lesson?: string;
  autoplay?: boolean; speed?: number | 'auto'; start?: number | Milestone; stopAt?: number | Milestone; pauseAt?: Milestone | readonly Milestone[];
}

/** A lesson, the language of its texts, and its points of those there are. */
export interface LessonDetail { lesson: string; title: string; locale: string; points: number; of: number }

/** An answer, as it was given and in words; what is right, in words and as `correctResponsesPattern` has it; and its points; `of` is 0 when
 * nothing is right in this run. `options` are numbered from 1, and empty unless it is a choice. */
export interface AnswerDetail { lesson: string; step: string; kind: 'number' | 'choice' | 'machine'; question: string; options: string[]; given: string; yours: string; right: string; correct: string[]; locale: string; points: number; of: number }

/** An xAPI statement without its actor, which the platform adds. */
export interface Statement {
  verb: { id: string; display: { [language: string]: string } };
  object: { objectType: 'Activity'; id: string; definition: { type: string; name: { [language: string]: string }; description?: { [language: string]: string }; interactionType?: 'numeric' | 'choice' | 'fill-in'; choices?: { id: string; description: { [language: string]: string } }[]; correctResponsesPattern?: string[] } };
  result?: { score?: { scaled: number; raw: number; min: number; max: number }; success?: boolean; completion: boolean; response?: string; duration: string };
  context?: { contextActivities: { parent: { objectType: 'Activity'; id: string }[] } };
  timestamp: string;
}

/** What `globalThis.SecondLeader` is on a page that asks for `edx`. */
export interface EdxGrading {
  /** JSON: `{score, points, of, over, lesson, answers}`, the score in 0–1. Throws while the lesson is loading. */
  getGrade(): string;
  /** At most 4 KiB of JSON; '' before the lesson has begun. */
  getState(): string;
  setState(state: string): void;
}

/** What is heard at an element, by name, with its detail. */
export interface SecondLeaderDetails {
  ready: null;
  play: null;
  pause: null;
  ended: null;
  timeupdate: { currentTime: number };
  ratechange: { speed: number };
  paramchange: null;
  phasechange: { phase: Phase };
  milestone: { name: Milestone; time: number };
  invalidinput: { issues: Issue[]; notices: string[] };
  error: { code: LoadCode; message: string };
  lessonstart: LessonDetail;
  answer: AnswerDetail;
  lessonend: LessonDetail;
  xapi: { statement: Statement };
}

export class SecondLeader extends HTMLElement {
  readonly ready: Promise<SecondLeader>;
  readonly params: Params | null;
  readonly metrics: Metrics | null;
  readonly ledger: Ledger | null;
  readonly phase: Phase;
  readonly paused: boolean;
  readonly duration: number;
  readonly scenario: string | undefined;
  readonly version: string;
  currentTime: number;
  get speed(): number;
  set speed(factor: number | 'auto');
  play(): void;
  pause(): void;
  step(n?: number): void;
  seek(target: number | Milestone): Promise<void>;
  reset(): void;
  setParams(values: ParamInput): void;
  load(scenario: string | ScenarioFile): Promise<void>;
  act(action: Action): Promise<void>;
  act(action: Action['do'], more?: Omit<Action, 'do'>): Promise<void>;
  link(options?: Presentation): Promise<string>;
  embedCode(kind?: 'iframe' | 'element' | 'markdown' | 'link', options?: Presentation): Promise<string>;
  describe(): Promise<string>;
  exportData(kind?: 'csv' | 'json' | 'trace'): Promise<string>;
  exportImage(kind?: 'svg', options?: { width?: number; theme?: Theme }): Promise<string>;
  exportImage(kind: 'png', options?: { width?: number; theme?: Theme; scale?: number }): Promise<Blob>;
  dispose(): void;
}

export interface ParameterRow {
  key: string; label: string; unit: string; kind: 'integer' | 'decimal' | 'flag' | 'choice' | 'sids'; default: string; min: number; max: number; values: string[]; source: string; help: string;
}

/** What `second-leader run --json` prints. */
export interface RunResult {
  schemaVersion: number; engine: string; seed: number; params: { [key: string]: unknown }; until: number; outcome: 'join' | 'stuck' | 'split' | 'partial' | 'unfinished';
  leaders: number[]; modes: { [sid: string]: string }; milestones: { id: Milestone; time: number }[]; metrics: { [name: string]: number }; ledger: { [name: string]: number };
  events: number; invariants: { id: string; held: boolean; firstBrokenAt: number | null }[]; traceHash: string;
}

export const version: string;
export function define(name?: string): CustomElementConstructor;
export function create(el: Element, options?: CreateOptions): Promise<SecondLeader>;
export function validate(scenario: string | ScenarioFile): Promise<Issue[]>;
export function simulate(scenario?: string | ScenarioFile, options?: { params?: ParamInput; until?: number; signal?: AbortSignal }): Promise<RunResult>;
export function parameters(): Promise<ParameterRow[]>;

declare global {
  interface HTMLElementTagNameMap { 'second-leader': SecondLeader }
}
