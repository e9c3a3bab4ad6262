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

/** The turns of a conversation whose files the provider takes (shown_messages.ts). */
export function toTurns(messages: readonly Message[]): Turn[] {
  const outcomes = new Map<string, ToolOutcome[]>();
  for (const outcome of messages.flatMap(toolOutcomesOf)) {
    outcomes.set(outcome.id, [...outcomes.get(outcome.id) ?? [], outcome]);
  }
  const turns: Turn[] = [];
  for (const message of messages) {
    const content = contentsOf(message);
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

/** For providers that want the user's side first: a history that was cut may begin with the model. */
export function startingWithUser(turns: readonly Turn[]): readonly Turn[] {
  const [first] = turns;
  if (first === undefined || first.by === "user") return turns;
  return [{ by: "user", content: [{ text: "(The beginning of this conversation is left out.)" }] }, ...turns];
}

function contentsOf(message: Message): Content[] {
  return message.parts
    .filter((part) => part.metadata?.[TOOL_PART] === undefined)
    .flatMap((part) => contentOf(part) ?? []);
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

/** No provider takes a file from the model's own side. */
function asText(content: Content): string {
  return "text" in content ? content.text : `[${content.filename ?? content.mediaType}]`;
}

/** Ids may come again in a long history, so each outcome answers one call. */
function takeOutcome(outcomes: ReadonlyMap<string, ToolOutcome[]>, { id, name }: ToolCall): ToolOutcome {
  return outcomes.get(id)?.shift() ?? { id, name, output: NO_OUTCOME, isError: true };
}
