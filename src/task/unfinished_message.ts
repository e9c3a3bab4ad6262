import type { Message } from "../a2a/types.ts";
import { agentMessage, type MessageIds } from "../a2a/parts.ts";
import type { Unfinished } from "../agent/agent.ts";

const MAX_DETAIL_CHARACTERS = 2_000;

/** Tells the peer what is known of a step that may have happened, and asks how to go on. */
export function unfinishedMessage({ stepId, detail }: Unfinished, ids: MessageIds): Message {
  const { tool, name, ...rest } = detail;
  const called = tool ?? name;
  const what = typeof called === "string" ? `the tool "${called}"` : `the step "${stepId}"`;
  const told = Object.entries(rest).map(([key, value]) => ` ${key}: ${clip(JSON.stringify(value))}.`).join("");
  const text = `I was interrupted after I had begun ${what}.${told} ` +
    "It may or may not have happened; nothing tells me which, so I did not repeat it. " +
    "How shall I go on: do it (again), leave it, or take it as done?";
  return agentMessage([{ text }], ids);
}

function clip(text: string): string {
  return text.length <= MAX_DETAIL_CHARACTERS ? text : `${text.slice(0, MAX_DETAIL_CHARACTERS)}…`;
}
