import type { AgentCard } from "../../src/a2a/card/card_types.ts";
import type { Operation } from "../../src/a2a/operations.ts";
import type { A2AService, Call, Numbered } from "../../src/a2a/service.ts";
import type { StreamResponse, Task, TaskPushNotificationConfig, TaskState } from "../../src/a2a/types.ts";

export const NOW = "2026-01-02T03:04:05.000Z";
export const PUSH_CONFIG: TaskPushNotificationConfig = { taskId: "t1", id: "c1", url: "https://hook.example/a" };
export const CARD: AgentCard = {
  name: "Echo",
  description: "Says it again",
  supportedInterfaces: [{ url: "http://agent.example/rpc", protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
  version: "1.0.0",
  capabilities: { streaming: true, pushNotifications: true },
  defaultInputModes: ["text/plain"],
  defaultOutputModes: ["text/plain"],
  skills: [],
};

export function taskIn(state: TaskState, more: Partial<Task> = {}): Task {
  return { id: "t1", contextId: "x1", status: { state, timestamp: NOW }, ...more };
}

export function statusEvent(state: TaskState): StreamResponse {
  return { statusUpdate: { taskId: "t1", contextId: "x1", status: { state, timestamp: NOW } } };
}

export function textEvent(text: string, append = true): StreamResponse {
  return {
    artifactUpdate: { taskId: "t1", contextId: "x1", artifact: { artifactId: "answer", parts: [{ text }] }, append },
  };
}

/** A whole turn; private steps leave holes between the numbers. */
export const TURN: readonly Numbered<StreamResponse>[] = [
  { seq: 1, event: { task: taskIn("TASK_STATE_SUBMITTED") } },
  { seq: 2, event: statusEvent("TASK_STATE_WORKING") },
  { seq: 4, event: textEvent("Hello", false) },
  { seq: 5, event: textEvent(", world") },
  { seq: 8, event: statusEvent("TASK_STATE_COMPLETED") },
];

export interface Asked {
  readonly operation: Operation;
  readonly request: unknown;
  readonly call: Call;
}

export interface FakeService {
  readonly service: A2AService;
  /** What was asked of it, in order. */
  readonly asked: Asked[];
}

type Ask<R> = (request: unknown, call: Call) => R;

/** What a fake answers; an operation that is left out has a plain answer of its own. */
export interface FakeAnswers {
  readonly unary?: (operation: Operation, request: unknown, call: Call) => unknown;
  readonly stream?: (operation: Operation, call: Call) => AsyncIterable<Numbered<StreamResponse>>;
}

/** The turn from where the call wants it. */
export async function* replay(
  events: readonly Numbered<StreamResponse>[],
  afterSeq = 0,
): AsyncGenerator<Numbered<StreamResponse>> {
  for (const event of events) if (event.seq > afterSeq) yield await Promise.resolve(event);
}

export function fakeService({ unary, stream }: FakeAnswers = {}): FakeService {
  const asked: Asked[] = [];
  const one = <R>(operation: Operation, plain: R): Ask<Promise<R>> => async (request, call) => {
    asked.push({ operation, request, call });
    const answer = await unary?.(operation, request, call);
    return answer === undefined ? plain : answer as R;
  };
  const many = (operation: Operation): Ask<AsyncIterable<Numbered<StreamResponse>>> => (request, call) => {
    asked.push({ operation, request, call });
    return stream?.(operation, call) ?? replay(TURN, call.afterSeq);
  };
  const done = taskIn("TASK_STATE_COMPLETED", { artifacts: [{ artifactId: "answer", parts: [{ text: "Hello" }] }] });
  const page = { tasks: [done], nextPageToken: "", pageSize: 50, totalSize: 1 };
  return {
    asked,
    service: {
      sendMessage: one("SendMessage", { task: done }),
      sendStreamingMessage: many("SendStreamingMessage"),
      subscribeToTask: many("SubscribeToTask"),
      getTask: one("GetTask", done),
      listTasks: one("ListTasks", page),
      cancelTask: one("CancelTask", taskIn("TASK_STATE_CANCELED")),
      createTaskPushNotificationConfig: one("CreateTaskPushNotificationConfig", PUSH_CONFIG),
      getTaskPushNotificationConfig: one("GetTaskPushNotificationConfig", PUSH_CONFIG),
      listTaskPushNotificationConfigs: one("ListTaskPushNotificationConfigs", { configs: [PUSH_CONFIG] }),
      deleteTaskPushNotificationConfig: one("DeleteTaskPushNotificationConfig", undefined),
      getExtendedAgentCard: one("GetExtendedAgentCard", CARD),
    },
  };
}
