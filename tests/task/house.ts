import { z } from "zod";
import { createIds } from "../../src/lib/ids.ts";
import type { Log } from "../../src/lib/log.ts";
import type { Timers } from "../../src/lib/timers.ts";
import { ANONYMOUS, type Call, type Caller, type Numbered } from "../../src/a2a/service.ts";
import type { Message, SendMessageRequest, StreamResponse, Task } from "../../src/a2a/types.ts";
import { A2AError, type ErrorReason } from "../../src/a2a/errors.ts";
import type { Agent, Run, RunEnd, RunInput } from "../../src/agent/agent.ts";
import { MemoryRecords, MemoryStore } from "../../src/store/memory_store.ts";
import type { Entry, Journal, Store, StoredTask } from "../../src/store/store.ts";
import type { AgentLoan, AgentSource } from "../../src/task/agent_source.ts";
import { Runs } from "../../src/task/runs.ts";
import { createTaskService, type TaskService } from "../../src/task/service.ts";
import type { TaskLimits } from "../../src/task/task_limits.ts";

/** A step's result as most tests record it. */
export const Text = z.object({ text: z.string() });
export const COMPLETED: RunEnd = { state: "TASK_STATE_COMPLETED" };

export type RunFunction = (input: RunInput, run: Run) => Promise<RunEnd>;

export interface HouseOptions {
  readonly repeatedMessages?: "join" | "new";
  readonly messagesToWorking?: "refuse" | "wait";
  readonly agentId?: string;
  readonly records?: MemoryRecords;
  readonly holder?: string;
  readonly limits?: Partial<TaskLimits>;
  readonly clock?: { ms: number };
  readonly timers?: Pick<Timers, "after">;
  readonly callOff?: (stored: StoredTask) => Promise<void>;
  readonly runs?: Runs;
  /** Instead of the one agent. */
  readonly agents?: AgentSource;
  /** Stands between the service and the store's journal. */
  readonly journal?: (journal: Journal) => Partial<Journal>;
}

export interface House {
  readonly service: TaskService;
  readonly store: Store;
  readonly records: MemoryRecords;
  readonly runs: Runs;
  readonly clock: { ms: number };
  readonly logged: { readonly message: string; readonly fields: Readonly<Record<string, unknown>> }[];
  /** What the process would be after a restart: the same records, another holder, nothing else. */
  restart(agent: RunFunction, options?: HouseOptions): House;
  journal(id: string): Promise<Entry[]>;
}

/** The time of all tests; each reading of a clock is a millisecond later. */
export const START_MS = Date.parse("2026-01-01T00:00:00.000Z");
let seed = 0;
const newId = createIds({ now: () => START_MS, random: (bytes) => bytes.fill(seed++ & 0xff) });

/** An agent that no configuration changes. */
export function alwaysThis(agent: Agent): AgentSource {
  const loan: AgentLoan = { agent, revision: undefined, giveBack: () => {} };
  return { now: () => loan, at: () => Promise.resolve(loan) };
}

/** An agent of one revision, and what was borrowed of it: the revisions that were asked for, and how many loans are out. */
export function lending(revision: string, run: RunFunction) {
  const asked: (string | undefined)[] = [];
  let count = 0;
  const lend = (): AgentLoan => {
    count++;
    return { agent: { run }, revision, giveBack: () => void count-- };
  };
  const at = (wanted: string | undefined) => {
    asked.push(wanted);
    return Promise.resolve(lend());
  };
  return { agents: { now: lend, at } satisfies AgentSource, asked, lent: () => count };
}

/** One task service of one agent over a store in memory. */
export function openHouse(run: RunFunction, options: HouseOptions = {}): House {
  const { records = new MemoryRecords(), holder = "first", clock = { ms: START_MS }, runs = new Runs() } = options;
  const now = () => clock.ms++;
  const inner = new MemoryStore({ holder, now }, records);
  const store: Store = {
    tasks: inner.tasks,
    contexts: inner.contexts,
    webhooks: inner.webhooks,
    revisions: inner.revisions,
    place: inner.place,
    close: () => inner.close(),
    journal: { ...inner.journal, ...options.journal?.(inner.journal) },
  };
  const logged: House["logged"] = [];
  const note = (message: string, fields = {}) => void logged.push({ message, fields });
  const log: Log = { info: note, warn: note, error: note };
  const agents = options.agents ?? alwaysThis({ run });
  const { agentId = "echo", limits, repeatedMessages = "join", messagesToWorking } = options;
  const service = createTaskService({
    agentId,
    agents,
    store,
    now,
    newId,
    holder,
    runs,
    timers: options.timers,
    ...(options.callOff === undefined ? {} : { callOff: options.callOff }),
    log,
    limits,
    repeatedMessages,
    ...(messagesToWorking === undefined ? {} : { messagesToWorking }),
  });
  return {
    service,
    store,
    records,
    runs,
    clock,
    logged,
    restart: (again, more = {}) =>
      openHouse(again, { ...options, records, clock, holder: `${holder}'`, runs: undefined, ...more }),
    journal: (id) => Array.fromAsync(inner.journal.read({ tenant: "default", owner: "anonymous", id })),
  };
}

export function caller(subject: string, tenant = "default"): Caller {
  return { tenant, subject, roles: [], anonymous: false };
}

export function callOf(over: Partial<Call> = {}): Call {
  return { signal: new AbortController().signal, caller: ANONYMOUS, extensions: [], ...over };
}

let messages = 0;

export function requestOf(
  text: string,
  over: Partial<Message> = {},
  configuration?: SendMessageRequest["configuration"],
): SendMessageRequest {
  const message: Message = { messageId: `m${++messages}`, role: "ROLE_USER", parts: [{ text }], ...over };
  return configuration === undefined ? { message } : { message, configuration };
}

/** Sends and gives the task, which is what this service always answers. */
export async function send(house: House, request: SendMessageRequest, call = callOf()): Promise<Task> {
  const response = await house.service.sendMessage(request, call);
  if (!("task" in response)) throw new TypeError("The answer is no task");
  return response.task;
}

/** An agent that answers every message with its text. */
export const echo: RunFunction = async ({ message }, run) => {
  await run.emit({ artifact: { artifactId: run.nextId("artifact"), parts: message.parts } });
  return COMPLETED;
};

/** An agent that asks, and is done when it has its answer. */
export const asking: RunFunction = async ({ message }, run) => {
  if (message.parts[0]?.text === "done") return COMPLETED;
  const question: Message = { messageId: run.nextId("message"), role: "ROLE_AGENT", parts: [{ text: "which?" }] };
  return await Promise.resolve({ state: "TASK_STATE_INPUT_REQUIRED", message: question });
};

/** An agent that begins and waits until its run is aborted, or until it is let go. */
export function waiting() {
  const gate = Promise.withResolvers<void>();
  const begun = Promise.withResolvers<Run>();
  const run: RunFunction = async (_input, run) => {
    begun.resolve(run);
    const { promise: aborted, reject } = Promise.withResolvers<never>();
    run.signal.addEventListener("abort", () => reject(run.signal.reason));
    await Promise.race([gate.promise, aborted]);
    return COMPLETED;
  };
  return { run, begun: begun.promise, letGo: () => gate.resolve() };
}

export async function take<T>(events: AsyncIterable<T>, count: number): Promise<T[]> {
  const taken: T[] = [];
  if (count === 0) return taken;
  for await (const event of events) if (taken.push(event) === count) break;
  return taken;
}

/** Events in one word each: the state of a status, the text of an artifact. */
export function toWords(events: readonly Numbered<StreamResponse>[]): string[] {
  return events.map(({ seq, event }) => {
    if ("task" in event) return `${seq} task ${shortState(event.task.status.state)}`;
    if ("statusUpdate" in event) return `${seq} ${shortState(event.statusUpdate.status.state)}`;
    if ("artifactUpdate" in event) {
      const { artifact, append } = event.artifactUpdate;
      return `${seq} ${append === true ? "+" : "="}${artifact.parts.map(({ text }) => text).join("|")}`;
    }
    return `${seq} message`;
  });
}

export function shortState(state: string): string {
  return state.replace("TASK_STATE_", "").toLowerCase();
}

/** For assert.rejects: the error's reason, and a text that its message holds. */
export function isRefusal(reason: ErrorReason, text = "") {
  return (thrown: unknown) => {
    if (!(thrown instanceof A2AError)) throw thrown;
    if (thrown.reason !== reason || !thrown.message.includes(text)) {
      throw new Error(`Expected ${reason} with "${text}", got ${thrown.reason}: ${thrown.message}`, { cause: thrown });
    }
    return true;
  };
}
