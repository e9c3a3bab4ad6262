import { TOOL_PART, type ToolCall, toolCallsOf, type ToolOutcome, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";
import { type Content, contentOf } from "./content.ts";

/**
 * A conversation as every provider wants it: no empty turn, no two of one side in a row, each call answered by exactly one
 * outcome, right behind the turn that made it and in its order.
 */
export type Turn =
  | { readonly by: "user"; readonly content: readonly Content[] }
  | { readonly by: "model"; readonly text: string; readonly calls: readonly ToolCall[] }
  | { readonly by: "tools"; readonly outcomes: readonly ToolOutcome[] };

/** Said for a call whose outcome is not in the history (a crash, a cut, a peer that never answered). */
const NO_OUTCOME = "No result was recorded for this call.";

/** The turns of a conversation. Throws ModelError "invalid_request" for a part of the newest message that no model can be shown. */
export function toTurns(messages: readonly Message[]): Turn[] {
  const outcomes = new Map<string, ToolOutcome[]>();
  for (const outcome of messages.flatMap(toolOutcomesOf)) {
    outcomes.set(outcome.id, [...outcomes.get(outcome.id) ?? [], outcome]);
  }
  const newest = messages.findLast((message) => message.role === "ROLE_USER" && toolOutcomesOf(message).length === 0);
  const turns: Turn[] = [];
  for (const message of messages) {
    const content = contentsOf(message, message === newest);
    if (message.role === "ROLE_USER") {
      addUser(turns, content);
      continue;
    }
    const calls = toolCallsOf(message);
    addModel(turns, content.map(asText).join(""), calls);
    if (calls.length > 0) turns.push({ by: "tools", outcomes: calls.map((call) => takeOutcome(outcomes, call)) });
  }
  return turns;
}

function contentsOf(message: Message, strict: boolean): Content[] {
  return message.parts
    .filter((part) => part.metadata?.[TOOL_PART] === undefined)
    .flatMap((part) => contentOf(part, strict) ?? []);
}

function addUser(turns: Turn[], content: readonly Content[]): void {
  if (content.length === 0) return;
  const last = turns.at(-1);
  if (last?.by === "user") turns[turns.length - 1] = { by: "user", content: [...last.content, ...content] };
  else turns.push({ by: "user", content });
}

function addModel(turns: Turn[], text: string, calls: readonly ToolCall[]): void {
  if (text === "" && calls.length === 0) return;
  const last = turns.at(-1);
  if (last?.by !== "model") turns.push({ by: "model", text, calls });
  else {
    const joined = [last.text, text].filter((piece) => piece !== "").join("\n\n");
    turns[turns.length - 1] = { by: "model", text: joined, calls };
  }
}

/** No provider takes a picture from the model's own side. */
function asText(content: Content): string {
  return "text" in content ? content.text : "[image]";
}

/** Ids may come again in a long history, so each outcome answers one call. */
function takeOutcome(outcomes: ReadonlyMap<string, ToolOutcome[]>, { id, name }: ToolCall): ToolOutcome {
  return outcomes.get(id)?.shift() ?? { id, name, output: NO_OUTCOME, isError: true };
}
