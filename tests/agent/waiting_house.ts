import { approvalRequestsOf } from "../../src/a2a/approval.ts";
import { textOf, toolCallsOf, toolOutcomesOf } from "../../src/a2a/parts.ts";
import type { Message, Part, Task } from "../../src/a2a/types.ts";
import type { ModelEvent } from "../../src/model/model.ts";
import type { Tool } from "../../src/tool/tool.ts";
import { callOf, type House, type HouseOptions, openHouse, requestOf, send } from "../task/house.ts";
import { fakeAgent, fakeModel } from "./fake_agent.ts";

/* A house whose agent has tools that wait for their peer. */

/** The same tool, but no call of it without a yes. */
export function guarded<T extends Tool>(tool: T, over: Partial<Tool> = {}): T {
  return { ...tool, needsApproval: () => true, ...over };
}

export interface Scenery {
  readonly replies: readonly ModelEvent[][];
  readonly tools: readonly Tool[];
}

/** An agent of a new process: nothing of an earlier one is left in it. */
export function agentOf({ replies, tools }: Scenery) {
  const model = fakeModel(replies);
  return { model, run: fakeAgent({ model, tools }).run };
}

export function openScenery(scenery: Scenery, options: HouseOptions = {}) {
  const { model, run } = agentOf(scenery);
  return { model, house: openHouse(run, options) };
}

/** What a task asks: the calls that wait, and the words. */
export function asked({ status }: Task): { readonly calls: string[]; readonly text: string } {
  const { message } = status;
  if (message === undefined) return { calls: [], text: "" };
  return { calls: approvalRequestsOf(message).map(({ tool, callId }) => `${tool} ${callId}`), text: textOf(message) };
}

export function answer(house: House, task: Task, said: string | Part[], over: Partial<Message> = {}): Promise<Task> {
  const parts = typeof said === "string" ? [{ text: said }] : said;
  return send(house, requestOf("", { parts, taskId: task.id, ...over }));
}

/** Every call and outcome that peers can read, each once. */
export async function announced(house: House, id: string): Promise<string[]> {
  const task = await house.service.getTask({ id }, callOf());
  return (task.history ?? []).flatMap((message) => [
    ...toolCallsOf(message).map(({ name, id }) => `${name} ${id}`),
    ...toolOutcomesOf(message).map(({ id, output }) => `${id} = ${output}`),
  ]);
}
