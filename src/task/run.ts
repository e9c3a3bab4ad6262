import type { JsonObject } from "../lib/json.ts";
import type { Log } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import type { Message, Task } from "../a2a/types.ts";
import { type AgentEvent, type Answered, type DurableStep, type Run, type RunEnd, Unfinished } from "../agent/agent.ts";
import { Conflict, type Draft, type Journal, type Lease, type Step, type StoredTask } from "../store/store.ts";
import type { AgentLoan } from "./agent_source.ts";
import { endOfThrown } from "./end_of_thrown.ts";
import { suspension } from "./last_turn.ts";
import { Outbox } from "./outbox.ts";
import { RunStopped } from "./run_stopped.ts";
import { type StatusChange, statusDraft, timestamp } from "./status_draft.ts";

export interface RunDeps {
  readonly agentId: string;
  readonly journal: Journal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
  /** Bound on what is emitted and not yet durable. */
  readonly maxBufferBytes: number;
  /** Lets what nobody waits for wait a moment for company in its commit. */
  readonly timers?: Pick<Timers, "after">;
}

/** What one turn of a task starts from: a message of the peer, and what was recorded since if it starts again or goes on. */
export interface Turn {
  /** 0 for the message that created the task. Parts the ids of its turns. */
  readonly number: number;
  /** Given back by the run. */
  readonly loan: AgentLoan;
  readonly message: Message;
  readonly answers: readonly Answered[];
  readonly stored: StoredTask;
  readonly lease: Lease;
  /** What was said in the context before `message`. */
  readonly history: () => Promise<readonly Message[]>;
  /** The steps that an earlier run of this turn recorded, by their id in the journal; absent for a new turn. */
  readonly recorded?: ReadonlyMap<string, Step>;
  /** What is recorded when the run stops because its process does; absent for a turn that no process has died over. */
  readonly letGo?: (at: string) => Draft;
}

/** The peer canceled the task. */
class Canceled extends Error {
  override readonly name = "Canceled";
}

const DONE = Promise.resolve();

/**
 * One turn of one task, run here: the agent's durable side, and the only writer of the task while it lasts. "open" takes
 * what the agent says; "stopping" (shutdown) takes the results of steps that are under way, so that nothing done is
 * forgotten; "over" takes nothing.
 */
export class TaskRun implements Run {
  readonly deps: RunDeps;
  readonly task: Task;
  /** Resolves with the task when its terminal or interrupted status is durable; rejects with RunStopped. */
  readonly ended: Promise<StoredTask>;
  readonly #turn: Turn;
  readonly #outbox: Outbox;
  readonly #controller = new AbortController();
  readonly #end = Promise.withResolvers<StoredTask>();
  readonly #counts = new Map<string, number>();
  readonly #asked = new Set<string>();
  /** What an earlier run of this turn has said already, by message id. */
  readonly #said: ReadonlyMap<string, string> | undefined;
  readonly #calls = new Map<string, Set<() => void>>();
  #state: "open" | "stopping" | "over" = "open";
  #driven: Promise<void> = DONE;

  constructor(deps: RunDeps, turn: Turn) {
    this.deps = deps;
    this.#turn = turn;
    this.task = turn.stored.task;
    this.ended = this.#end.promise;
    this.ended.catch(ignore);
    this.#said = turn.recorded === undefined ? undefined : saidIn(this.task);
    this.#outbox = new Outbox({
      journal: deps.journal,
      stored: turn.stored,
      lease: turn.lease,
      maxBytes: deps.maxBufferBytes,
      timers: deps.timers,
      onFailure: (cause) => this.#broke(cause),
    });
  }

  get owner(): Run["owner"] {
    const { tenant, owner } = this.#turn.stored.ref;
    return { tenant, owner };
  }

  /** Resolves when the agent does nothing any more, which may be later than the end. */
  get left(): Promise<void> {
    return this.#driven;
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Begins the agent's work. The task is WORKING from here on; a turn that starts again may be so already. */
  start(): void {
    if (this.task.status.state !== "TASK_STATE_WORKING") this.#say({ state: "TASK_STATE_WORKING" });
    this.#driven = this.#drive();
  }

  nextId(kind: string): string {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    return `${this.task.id}:${this.#turn.number}:${kind}:${count}`;
  }

  emit(event: AgentEvent): Promise<void> {
    if (this.#state !== "open") return handled(Promise.reject(this.#refusal()));
    if ("working" in event && this.#wasSaid(event.working)) return DONE;
    this.#outbox.add([this.#draftOf(event)]);
    return this.#outbox.room();
  }

  step<T extends JsonObject>(step: DurableStep<T>): Promise<T> {
    return handled(this.#step(step));
  }

  onCallCancel(callId: string, cancel: () => void): () => void {
    const calls = this.#calls.get(callId) ?? new Set();
    this.#calls.set(callId, calls.add(cancel));
    return () => {
      calls.delete(cancel);
      if (calls.size === 0) this.#calls.delete(callId);
    };
  }

  /** Ends the tool calls with this id; the task goes on. false where none is under way. */
  cancelCall(callId: string): boolean {
    const calls = [...this.#calls.get(callId) ?? []];
    for (const cancel of calls) cancel();
    return calls.length > 0;
  }

  /** Ends the task as CANCELED unless it has ended already. Resolves with how it did end. */
  cancel(): Promise<StoredTask> {
    if (this.#state === "open") {
      this.#finish({ state: "TASK_STATE_CANCELED" });
      this.#controller.abort(new Canceled(`Task "${this.task.id}" was canceled`));
    }
    return this.ended;
  }

  /**
   * Stops the agent and leaves the task open. Resolves when what it said is durable; steps that are under way may end
   * until `deadline` aborts.
   */
  async stop(deadline: AbortSignal): Promise<void> {
    if (this.#state === "open") {
      this.#state = "stopping";
      this.#controller.abort(new RunStopped("shutdown"));
      await settledOr(this.#driven, deadline);
      this.#close(new RunStopped("shutdown"));
    }
    await this.ended.catch(ignore);
  }

  async #drive(): Promise<void> {
    const { message, history, answers, loan } = this.#turn;
    try {
      const end = await loan.agent.run({ message, history, answers }, this);
      if (this.#state === "open") this.#finish(end, this.#suspensionOf(end));
    } catch (thrown) {
      if (this.#state !== "open") return;
      if (!(thrown instanceof Unfinished)) {
        const { agentId, log } = this.deps;
        log.error("run failed", { agent: agentId, task: this.task.id, error: thrown });
      }
      this.#finish(endOfThrown(thrown, { messageId: this.nextId("end") }));
      // What the agent left running must not go on behind a turn that is over.
      this.#controller.abort(thrown);
    } finally {
      loan.giveBack();
    }
  }

  #suspensionOf(end: RunEnd): Draft[] {
    return suspension(this.#turn.number, end, timestamp(this.deps.now));
  }

  async #step<T extends JsonObject>(step: DurableStep<T>): Promise<T> {
    if (this.#state !== "open") throw this.#refusal();
    if (this.#asked.has(step.id)) throw new TypeError(`Step "${step.id}" was asked for twice in one turn`);
    this.#asked.add(step.id);
    const id = `${this.#turn.number}:${step.id}`;
    const known = this.#turn.recorded?.get(id);
    if (known?.phase === "end") return step.result.parse(known.result);
    if (step.replay === "once" || step.replay === "ask") {
      if (known !== undefined) throw new Unfinished(step.id, step.detail ?? known.detail ?? {});
      const begin: Step = { id, phase: "begin", ...(step.detail === undefined ? {} : { detail: step.detail }) };
      this.#outbox.add([{ at: timestamp(this.deps.now), step: begin }]);
      await this.#outbox.flush();
      if (this.#state !== "open") throw this.#refusal();
    }
    const result = await step.act(this.signal);
    if (this.#isOver()) throw this.#refusal();
    const events = (step.events?.(result) ?? []).map((event) => this.#draftOf(event));
    // The result stands behind what it says, so that a closing chunk can merge with the delta before it.
    this.#outbox.add([...events, { at: timestamp(this.deps.now), step: { id, phase: "end", result } }]);
    await this.#outbox.room();
    return result;
  }

  /** A run that starts again says again what it emitted outside of steps; peers have heard it. */
  #wasSaid({ messageId, parts }: Message): boolean {
    return this.#said !== undefined && this.#said.get(messageId) === JSON.stringify(parts);
  }

  #draftOf(event: AgentEvent): Draft {
    if ("working" in event) {
      return statusDraft(this.task, { state: "TASK_STATE_WORKING", message: event.working }, this.deps.now);
    }
    const artifactUpdate = { taskId: this.task.id, contextId: this.task.contextId ?? "", ...event };
    return { at: timestamp(this.deps.now), event: { artifactUpdate } };
  }

  #say(change: StatusChange): void {
    this.#outbox.add([statusDraft(this.task, change, this.deps.now)]);
  }

  /** `before` is recorded in one commit with the status. */
  #finish(change: StatusChange, before: readonly Draft[] = []): void {
    this.#state = "over";
    this.#outbox.add([...before, statusDraft(this.task, change, this.deps.now)]);
    this.#outbox.flush().then(this.#end.resolve, ignore);
  }

  #close(stopped: RunStopped): void {
    if (this.#isOver()) return;
    this.#state = "over";
    const { letGo } = this.#turn;
    if (letGo !== undefined) this.#outbox.add([letGo(timestamp(this.deps.now))]);
    const reject = () => this.#end.reject(stopped);
    this.#outbox.flush().then(reject, reject);
  }

  /** An append failed: nothing more can be said, so the agent stops and the task waits for its next holder. */
  #broke(cause: unknown): void {
    const { agentId, log } = this.deps;
    const lost = cause instanceof Conflict;
    const facts = { agent: agentId, task: this.task.id, error: cause };
    if (lost) log.warn("run lost its task to another holder", facts);
    else log.error("run could not be recorded", facts);
    const stopped = new RunStopped(lost ? "lost" : "store", { cause });
    this.#state = "over";
    this.#end.reject(stopped);
    this.#controller.abort(stopped);
  }

  #isOver(): boolean {
    return this.#state === "over";
  }

  #refusal(): unknown {
    return this.signal.aborted ? this.signal.reason : new Error(`The run of task "${this.task.id}" is over`);
  }
}

function saidIn({ history = [], status }: Task): ReadonlyMap<string, string> {
  const said = status.message === undefined ? history : [...history, status.message];
  return new Map(said.map(({ messageId, parts }) => [messageId, JSON.stringify(parts)]));
}

/** An agent may let a promise of its run go; its rejection must not end the process. */
function handled<T>(promise: Promise<T>): Promise<T> {
  promise.catch(ignore);
  return promise;
}

function ignore(): void {}

function settledOr(settling: Promise<void>, deadline: AbortSignal): Promise<void> {
  if (deadline.aborted) return DONE;
  const { promise, resolve } = Promise.withResolvers<void>();
  const done = () => {
    deadline.removeEventListener("abort", done);
    resolve();
  };
  deadline.addEventListener("abort", done);
  settling.then(done, done);
  return promise;
}
