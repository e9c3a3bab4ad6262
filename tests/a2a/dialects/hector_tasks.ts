import { dialectTable } from "../../../src/a2a/dialects/dialect_table.ts";
import type { StreamDialect } from "../../../src/a2a/dialects/dialect.ts";
import type { Part, StreamResponse, Task, TaskState } from "../../../src/a2a/types.ts";

/* Tasks and streams for the tests of the three dialects of hector's own documents. */

export const DIALECTS = dialectTable({ profile: "1.0.1", newId: () => "made-up" });

const at = "2026-01-02T03:04:05.000Z";
/** A UUIDv7 of one second before `at`. */
export const TASK_ID = "019b7ca9-88a0-7000-8000-000000000001";

export function taskIn(state: TaskState, more: Partial<Task> = {}): Task {
  return {
    id: TASK_ID,
    contextId: "c1",
    status: { state, timestamp: at },
    history: [{ messageId: "m1", role: "ROLE_USER", parts: [{ text: "Weather?" }] }],
    ...more,
  };
}

export const DONE = taskIn("TASK_STATE_COMPLETED", {
  artifacts: [{ artifactId: "a", name: "answer", parts: [{ text: "Sunny" }] }],
});

export function statusUpdate(state: TaskState, parts?: Part[]): StreamResponse {
  const message = parts === undefined ? {} : { message: { messageId: "m2", role: "ROLE_AGENT" as const, parts } };
  return { statusUpdate: { taskId: TASK_ID, contextId: "c1", status: { state, ...message } } };
}

export function chunk(part: Part, append: boolean): StreamResponse {
  const artifact = { artifactId: "a", parts: [part] };
  return { artifactUpdate: { taskId: TASK_ID, contextId: "c1", artifact, append } };
}

export const TOOL_CALL: Part = { data: { name: "search" } };

/** A turn that says two words, calls a tool, draws a picture and ends. */
export const TURN: readonly StreamResponse[] = [
  { task: taskIn("TASK_STATE_SUBMITTED") },
  statusUpdate("TASK_STATE_WORKING"),
  chunk({ text: "Sunny" }, false),
  statusUpdate("TASK_STATE_WORKING", [TOOL_CALL]),
  chunk({ text: ", warm" }, true),
  chunk({ url: "https://x.example/sky.png", mediaType: "image/png" }, true),
  chunk({ text: "" }, true),
  statusUpdate("TASK_STATE_COMPLETED"),
];

/** What a dialect makes of a stream, event by event. */
export function framesOf(dialect: StreamDialect, events: readonly StreamResponse[] = TURN) {
  const write = dialect.openStream();
  return events.map((event, index) => write(event, index === events.length - 1));
}
