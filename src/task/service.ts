import { type Log, SILENT } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import type { A2AService } from "../a2a/service.ts";
import type { Store } from "../store/store.ts";
import type { AgentSource } from "./agent_source.ts";
import type { Desk } from "./desk.ts";
import { IdleTasks } from "./idle_tasks.ts";
import { operations } from "./operations.ts";
import type { Push } from "./push/push.ts";
import { recover } from "./recover.ts";
import { Runs } from "./runs.ts";
import { TASK_LIMITS, type TaskLimits } from "./task_limits.ts";
import { Waits } from "./waits.ts";

export interface TaskServiceDeps {
  readonly agentId: string;
  readonly agents: AgentSource;
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7: a context's tasks are told in the order of their ids. */
  readonly newId: () => string;
  /** This process, as the store's leases know it. */
  readonly holder: string;
  /** The runs of the process. One for all services whose tasks one of them may have to cancel. */
  readonly runs?: Runs;
  /** The push notifications of the process; absent where none are sent. */
  readonly push?: Push | undefined;
  /** What the same message does when it comes again: joins the task of the first (the default), or begins anew. */
  readonly repeatedMessages?: "join" | "new";
  /** What a message to a task at work does: is refused (the default), or waits until the task asks for one. */
  readonly messagesToWorking?: "refuse" | "wait";
  readonly log?: Log;
  readonly limits?: Partial<TaskLimits>;
  /** Lets what nobody waits for wait a moment for company in its commit. Absent: it is written at once. */
  readonly timers?: Pick<Timers, "after">;
}

/** One agent's tasks, and their life in this process. */
export interface TaskService extends A2AService {
  /** Takes up what an earlier process left open. Resolves with the number of tasks when the last of them has ended. */
  recover(): Promise<number>;
  /** Resolves when no run of this service is under way. */
  settled(): Promise<void>;
  /**
   * Takes nothing new, stops the runs, and resolves when what they said is durable; their tasks stay open for recovery.
   * Work that is under way may end until `deadline` aborts. Streams end after what is recorded and can be resumed.
   */
  drain(deadline: AbortSignal): Promise<void>;
}

export function createTaskService(deps: TaskServiceDeps): TaskService {
  const draining = new AbortController();
  const closed = new AbortController();
  const desk = openDesk(deps, draining.signal, closed.signal);
  return {
    ...operations(desk),
    recover: () => recover(desk),
    settled: async () => {
      for (let own = ownRuns(desk); own.length > 0; own = ownRuns(desk)) {
        await Promise.allSettled(own.map((run) => run.ended));
      }
    },
    drain: async (deadline) => {
      draining.abort();
      await Promise.all(ownRuns(desk).map((run) => run.stop(deadline)));
      closed.abort();
    },
  };
}

function openDesk(deps: TaskServiceDeps, draining: AbortSignal, closed: AbortSignal): Desk {
  const { agentId, agents, store, now, newId, holder, runs = new Runs(), push, log = SILENT } = deps;
  const limits = { ...TASK_LIMITS, ...deps.limits };
  const { timers } = deps;
  const runDeps = { agentId, journal: store.journal, now, log, timers, maxBufferBytes: limits.maxBufferBytes };
  const idle = new IdleTasks(store, holder);
  const joinsRepeated = deps.repeatedMessages !== "new";
  const waitsForTurn = deps.messagesToWorking === "wait";
  return {
    agentId,
    agents,
    store,
    now,
    newId,
    holder,
    limits,
    runs,
    runDeps,
    idle,
    waits: new Waits(),
    joinsRepeated,
    waitsForTurn,
    push,
    draining,
    closed,
  };
}

function ownRuns(desk: Desk) {
  return desk.runs.startedWith(desk.runDeps);
}
