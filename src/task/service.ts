import { type Log, SILENT } from "../lib/log.ts";
import type { A2AService, Call, Numbered } from "../a2a/service.ts";
import { A2AError } from "../a2a/errors.ts";
import { isTerminal, type StreamResponse, type SubscribeToTaskRequest } from "../a2a/types.ts";
import type { Agent } from "../agent/agent.ts";
import type { Store } from "../store/store.ts";
import { cancel } from "./cancel.ts";
import { type Desk, findTask, requireOpen } from "./desk.ts";
import { IdleTasks } from "./idle_tasks.ts";
import { listTasks } from "./list.ts";
import { recover } from "./recover.ts";
import { Runs } from "./runs.ts";
import { resume, send, sendStreaming, watch } from "./send.ts";
import { toPeerError } from "./task_errors.ts";
import { TASK_LIMITS, type TaskLimits } from "./task_limits.ts";
import { withHistory } from "./task_view.ts";

export interface TaskServiceDeps {
  readonly agentId: string;
  readonly agent: Agent;
  readonly store: Store;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** UUIDv7: a context's tasks are told in the order of their ids. */
  readonly newId: () => string;
  /** This process, as the store's leases know it. */
  readonly holder: string;
  /** The runs of the process. One for all services whose tasks one of them may have to cancel. */
  readonly runs?: Runs;
  readonly log?: Log;
  readonly limits?: Partial<TaskLimits>;
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
  const { agentId, agent, store, now, newId, holder, runs = new Runs(), log = SILENT } = deps;
  const limits = { ...TASK_LIMITS, ...deps.limits };
  const runDeps = { agentId, agent, journal: store.journal, now, log, maxBufferBytes: limits.maxBufferBytes };
  const idle = new IdleTasks(store, holder);
  return { agentId, store, now, newId, holder, limits, runs, runDeps, idle, draining, closed };
}

function ownRuns(desk: Desk) {
  return desk.runs.startedWith(desk.runDeps);
}

function operations(desk: Desk): A2AService {
  const { retryAfterSeconds } = desk.limits;
  const answer = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (thrown) {
      throw toPeerError(thrown, retryAfterSeconds);
    }
  };
  const stream = async function* (events: AsyncIterable<Numbered<StreamResponse>>) {
    try {
      yield* events;
    } catch (thrown) {
      throw toPeerError(thrown, retryAfterSeconds);
    }
  };
  return {
    sendMessage: async (request, call) => ({ task: await answer(send(desk, request, call)) }),
    sendStreamingMessage: (request, call) => stream(sendStreaming(desk, request, call)),
    subscribeToTask: (request, call) => stream(subscribe(desk, request, call)),
    getTask: async ({ id, historyLength }, call) =>
      withHistory((await answer(findTask(desk, call, id))).task, historyLength),
    listTasks: (request, call) => answer(listTasks(desk, request, call)),
    cancelTask: ({ id }, call) => answer(cancel(desk, id, call)),
    createTaskPushNotificationConfig: noPush,
    getTaskPushNotificationConfig: noPush,
    listTaskPushNotificationConfigs: noPush,
    deleteTaskPushNotificationConfig: noPush,
    getExtendedAgentCard: () =>
      Promise.reject(new A2AError("UNSUPPORTED_OPERATION", "This agent has no extended card")),
  };
}

function noPush(): Promise<never> {
  return Promise.reject(new A2AError("PUSH_NOTIFICATION_NOT_SUPPORTED", "This agent sends no push notifications"));
}

/**
 * The task and what follows, or with `afterSeq` only what follows that number (A2A v1 §3.1.6). A finished task has
 * nothing to subscribe to, but what a reader has missed of it can still be read.
 */
async function* subscribe(desk: Desk, { id }: SubscribeToTaskRequest, call: Call) {
  requireOpen(desk);
  const stored = await findTask(desk, call, id);
  const { state } = stored.task.status;
  if (call.afterSeq !== undefined) {
    yield* resume(desk, { stored, until: "terminal", afterSeq: call.afterSeq }, call.signal);
  } else if (isTerminal(state)) {
    throw new A2AError("UNSUPPORTED_OPERATION", `Cannot subscribe to task "${id}": it is ${state}`);
  } else yield* watch(desk, { stored, until: "terminal" }, call.signal);
}
