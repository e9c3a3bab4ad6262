import { type Log, SILENT } from "../lib/log.ts";
import type { Timers } from "../lib/timers.ts";
import type { Store, StoredTask } from "../store/store.ts";
import type { AgentSource } from "./agent_source.ts";
import type { Desk } from "./desk.ts";
import { IdleTasks } from "./idle_tasks.ts";
import type { Push } from "./push/push.ts";
import { Runs } from "./runs.ts";
import { Stranded } from "./stranded.ts";
import { TASK_LIMITS, type TaskLimits } from "./task_limits.ts";
import { Waits } from "./waits.ts";

/** What the tasks of one agent need of the process. */
export interface DeskDeps {
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
  /** Calls off what waits elsewhere because of a task that is about to end without its turn. Never rejects. */
  readonly callOff?: (stored: StoredTask) => Promise<void>;
  readonly log?: Log;
  readonly limits?: Partial<TaskLimits>;
  /** Lets what nobody waits for wait a moment for company in its commit. Absent: it is written at once. */
  readonly timers?: Pick<Timers, "after">;
}

/** The desk at which one agent's tasks are worked on; `signals` end its work. */
export function openDesk(deps: DeskDeps, signals: Pick<Desk, "draining" | "closed">): Desk {
  const { agentId, agents, store, now, newId, holder, runs = new Runs(), push, log = SILENT } = deps;
  const limits = { ...TASK_LIMITS, ...deps.limits };
  const { timers, callOff = () => Promise.resolve() } = deps;
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
    stranded: new Stranded(),
    callOff,
    joinsRepeated,
    waitsForTurn,
    push,
    ...signals,
  };
}
