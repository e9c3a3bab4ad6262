import type { Call } from "../a2a/service.ts";
import type { Deadline, Scope, Store, StoredTask, TaskRef } from "../store/store.ts";
import type { AgentSource } from "./agent_source.ts";
import { type RunDeps, TaskRun, type Turn } from "./run.ts";
import type { Runs } from "./runs.ts";
import { RunStopped } from "./run_stopped.ts";
import { taskNotFound, unavailable } from "./task_errors.ts";
import type { TaskLimits } from "./task_limits.ts";
import type { IdleTasks } from "./idle_tasks.ts";
import type { Push } from "./push/push.ts";

/** What the operations of one agent's task service share. */
export interface Desk {
  readonly agentId: string;
  readonly agents: AgentSource;
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7: ids sort by time. */
  readonly newId: () => string;
  readonly holder: string;
  readonly limits: TaskLimits;
  readonly runs: Runs;
  readonly runDeps: RunDeps;
  readonly idle: IdleTasks;
  readonly waits: WaitWatch;
  readonly stranded: StrandedRuns;
  /** Calls off what waits elsewhere because of a task that is about to end without its turn. Never rejects. */
  readonly callOff: (stored: StoredTask) => Promise<void>;
  /** Whether a message that comes again joins the task that it began or continued. */
  readonly joinsRepeated: boolean;
  /** Whether a message to a task at work waits until the task asks for one; else it is refused. */
  readonly waitsForTurn: boolean;
  /** Absent where no push notifications are sent. */
  readonly push: Push | undefined;
  /** Aborted when no new work is taken any more. */
  readonly draining: AbortSignal;
  /** Aborted when this service will record nothing more. */
  readonly closed: AbortSignal;
}

export interface StrandedRuns {
  /** Takes up the task of a run that the store would not take more of, as soon as the store takes something again. */
  add(desk: Desk, run: TaskRun): void;
  /** Its task needs that no more. */
  forget(taskId: string): void;
}

export interface WaitWatch {
  /** Watches the task if it waits, and ends its wait if that is over. Gives the task as it is then. */
  meet(desk: Desk, stored: StoredTask): Promise<StoredTask>;
  /** Watches what waited when the process began. Gives the waits that are over: each of them is to be ended. */
  resume(desk: Desk): Promise<readonly Deadline[]>;
  /** Ends a wait whose time has come. Resolves with the run of a task that goes on. Never rejects. */
  end(desk: Desk, deadline: Deadline): Promise<TaskRun | undefined>;
}

/**
 * What a caller may see: its own, in the tenant of its credential. The `tenant` of a request only finds the agent
 * (A2A v1 §3.10): a caller's word must not carry it into another tenant's keys.
 */
export function scopeOf(desk: Desk, call: Call): Scope {
  return { tenant: call.caller.tenant, owner: call.caller.subject, agent: desk.agentId };
}

export function refOf(call: Call, id: string): TaskRef {
  return { tenant: call.caller.tenant, owner: call.caller.subject, id };
}

/** The caller's task with this agent; a wait of it that is over is ended first. Throws TASK_NOT_FOUND. */
export async function findTask(desk: Desk, call: Call, id: string): Promise<StoredTask> {
  return await desk.waits.meet(desk, await readTask(desk, call, id));
}

/**
 * The caller's task with this agent as it is recorded, for who has its turn (`idle.alone`): ending a wait takes a turn of
 * its own, and would wait for this one for ever. Throws TASK_NOT_FOUND.
 */
export async function readTask(desk: Desk, call: Call, id: string): Promise<StoredTask> {
  const stored = await desk.store.tasks.get(refOf(call, id));
  if (stored === undefined || stored.agent !== desk.agentId) throw taskNotFound(id);
  return stored;
}

/** Refuses new work while the service drains. */
export function requireOpen(desk: Desk): void {
  if (!desk.draining.aborted) return;
  throw unavailable("The server is shutting down; try again soon", desk.limits.retryAfterSeconds);
}

/** Runs the turn; its agent is given back when it has ended, or cannot begin. */
export function launch(desk: Desk, turn: Turn): TaskRun {
  try {
    // A task that was recorded while the service began to drain waits for the next start.
    requireOpen(desk);
  } catch (thrown) {
    turn.loan.giveBack();
    throw thrown;
  }
  const run = desk.runs.start(new TaskRun(desk.runDeps, turn));
  run.ended.then((stored) => {
    desk.stranded.forget(stored.ref.id);
    return desk.waits.meet(desk, stored);
  }).catch((thrown) => {
    if (thrown instanceof RunStopped && thrown.why === "store") desk.stranded.add(desk, run);
  });
  return run;
}
