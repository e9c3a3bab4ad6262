import { A2AError } from "../a2a/errors.ts";
import type { A2AService, Call, Numbered } from "../a2a/service.ts";
import { isTerminal } from "../a2a/task_state.ts";
import type { StreamResponse, SubscribeToTaskRequest } from "../a2a/types.ts";
import { cancel } from "./cancel.ts";
import { type Desk, findTask, requireOpen } from "./desk.ts";
import { listTasks } from "./list.ts";
import { pushOperations } from "./push/push_operations.ts";
import { withFailures } from "./push/show_failures.ts";
import { resume, send, sendStreaming, watch } from "./send.ts";
import { toPeerError } from "./task_errors.ts";
import { withHistory } from "./task_view.ts";

/** The eleven operations of A2A v1 §3.1 over one desk. Whatever goes wrong leaves as an A2AError. */
export function operations(desk: Desk): A2AService {
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
  const push = pushOperations(desk);
  return {
    sendMessage: (request, call) => answer(send(desk, request, call)),
    sendStreamingMessage: (request, call) => stream(sendStreaming(desk, request, call)),
    subscribeToTask: (request, call) => stream(subscribe(desk, request, call)),
    getTask: async ({ id, historyLength }, call) => {
      const { ref, task } = await answer(findTask(desk, call, id));
      return withFailures(withHistory(task, historyLength), desk.push?.failed(ref) ?? []);
    },
    listTasks: (request, call) => answer(listTasks(desk, request, call)),
    cancelTask: ({ id }, call) => answer(cancel(desk, id, call)),
    createTaskPushNotificationConfig: (config, call) => answer(push.createTaskPushNotificationConfig(config, call)),
    getTaskPushNotificationConfig: (request, call) => answer(push.getTaskPushNotificationConfig(request, call)),
    listTaskPushNotificationConfigs: (request, call) => answer(push.listTaskPushNotificationConfigs(request, call)),
    deleteTaskPushNotificationConfig: (request, call) => answer(push.deleteTaskPushNotificationConfig(request, call)),
    getExtendedAgentCard: () =>
      Promise.reject(new A2AError("UNSUPPORTED_OPERATION", "This agent has no extended card")),
  };
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
