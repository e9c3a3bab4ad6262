import assert from "node:assert/strict";
import { asDirect, textOf } from "../../../src/a2a/parts.ts";
import { Message, SendMessageResponse, type StreamResponse, Task } from "../../../src/a2a/types.ts";
import type { RunEnd } from "../../../src/agent/agent.ts";
import { asking, COMPLETED, echo, openHouse, type RunFunction } from "../../task/house.ts";
import type { Asked, Face } from "./face.ts";
import type { OpenFace } from "./must.ts";

let count = 0;

/** A SendMessageRequest of one text; `over` is written over its message. */
export function saying(text: string, over: Record<string, unknown> = {}, configuration?: Record<string, unknown>) {
  const message = { messageId: `must-${++count}`, role: "ROLE_USER", parts: [{ text }], ...over };
  return configuration === undefined ? { message } : { message, configuration };
}

/** Sends, and gives the task. Throws Refused. */
export async function send(face: Face, request: ReturnType<typeof saying>, asked?: Asked): Promise<Task> {
  const response = SendMessageResponse.parse(await face.ask("SendMessage", request, asked));
  assert.ok("task" in response, "the answer is no task");
  return response.task;
}

export async function getTask(face: Face, id: string, asked?: Asked): Promise<Task> {
  return Task.parse(await face.ask("GetTask", { id }, asked));
}

export async function cancel(face: Face, id: string, asked?: Asked): Promise<Task> {
  return Task.parse(await face.ask("CancelTask", { id }, asked));
}

function agentSays(text: string, messageId: string): Message {
  return { messageId, role: "ROLE_AGENT", parts: [{ text }] };
}

/** Ends as the text says, and asks or echoes else. */
export const obedient: RunFunction = async (input, run) => {
  const text = textOf(input.message);
  const end = (state: RunEnd["state"]) => ({ state, message: agentSays(`${text}!`, run.nextId("message")) });
  switch (text) {
    case "ask":
    case "done":
      return await asking(input, run);
    case "fail":
      return end("TASK_STATE_FAILED");
    case "reject":
      return end("TASK_STATE_REJECTED");
    case "log in":
      return end("TASK_STATE_AUTH_REQUIRED");
    case "talk":
      return { ...COMPLETED, message: asDirect(agentSays("just a word", run.nextId("message"))) };
    default:
      return await echo(input, run);
  }
};

/** The binding under test over an agent of its own. */
export function desk(open: OpenFace): Face {
  return open(openHouse(obedient).service);
}

export function stateOf(event: StreamResponse): string {
  if ("statusUpdate" in event) return event.statusUpdate.status.state;
  return "task" in event ? event.task.status.state : "";
}

/** What kinds of events there were. */
export function kindsOf(events: readonly StreamResponse[]): string[] {
  return events.flatMap((event) => Object.keys(event));
}

/** Tasks in each state in which they are over: [the state, one of them]. */
export async function overTasks(face: Face): Promise<[state: string, task: Task][]> {
  const asked = await send(face, saying("ask"));
  const tasks = [
    await send(face, saying("hello")),
    await send(face, saying("fail")),
    await send(face, saying("reject")),
    await cancel(face, asked.id),
  ];
  return tasks.map((task) => [task.status.state.replace("TASK_STATE_", ""), task]);
}
