import type { A2AService, Call } from "../a2a/service.ts";
import { cancelCall, type ToolCallRef } from "./cancel_call.ts";
import type { Desk } from "./desk.ts";
import { type DeskDeps, openDesk } from "./open_desk.ts";
import { operations } from "./operations.ts";
import { recover } from "./recover.ts";
import { toPeerError } from "./task_errors.ts";

/** One agent's tasks, and their life in this process. */
export interface TaskService extends A2AService {
  /** Takes up what an earlier process left open. Resolves with the number of tasks when the last of them has ended. */
  recover(): Promise<number>;
  /** Ends one tool call of a task, which goes on. false where no such call is under way. Throws A2AError. */
  cancelToolCall(ref: ToolCallRef, call: Call): Promise<boolean>;
  /** Resolves when no run of this service is under way. */
  settled(): Promise<void>;
  /**
   * Takes nothing new, stops the runs, and resolves when what they said is durable; their tasks stay open for recovery.
   * Work that is under way may end until `deadline` aborts. Streams end after what is recorded and can be resumed.
   */
  drain(deadline: AbortSignal): Promise<void>;
}

export function createTaskService(deps: DeskDeps): TaskService {
  const draining = new AbortController();
  const closed = new AbortController();
  const desk = openDesk(deps, { draining: draining.signal, closed: closed.signal });
  return {
    ...operations(desk),
    recover: () => recover(desk),
    cancelToolCall: async (ref, call) => {
      try {
        return await cancelCall(desk, ref, call);
      } catch (thrown) {
        throw toPeerError(thrown, desk.limits.retryAfterSeconds);
      }
    },
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

function ownRuns(desk: Desk) {
  return desk.runs.startedWith(desk.runDeps);
}
