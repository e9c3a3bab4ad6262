import { textOf, TOOL_PART, toolCallsOf, type ToolOutcome, toolOutcomesOf } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";
import type { ModelRequest, ToolSpec } from "./model.ts";

/** What a scripted model sees of a request: the newest user message and what has come of it so far. */
export interface Scene {
  /** The text of the newest user message. */
  readonly message: string;
  /** Its id, which its sender chose. */
  readonly messageId: string;
  /** What tools answered since then, oldest first. */
  readonly outcomes: readonly ToolOutcome[];
  /** Which question of the model this is since then, from 1. */
  readonly step: number;
  /** How many messages the user has written, this one included. */
  readonly turn: number;
  readonly system: string;
  readonly tools: readonly ToolSpec[];
}

export function toScene({ messages, system = "", tools }: ModelRequest): Scene {
  const from = messages.findLastIndex(isUsers);
  const since = messages.slice(from + 1);
  const asked = messages[from];
  return {
    message: asked === undefined ? "" : textOf(asked),
    messageId: asked?.messageId ?? "",
    outcomes: since.length === 0 ? [] : since.flatMap(toolOutcomesOf),
    step: 1 + since.filter((message) => toolCallsOf(message).length > 0).length,
    // Counted only for a rule that wants it.
    get turn() {
      return messages.reduce((count, message) => isUsers(message) ? count + 1 : count, 0);
    },
    system,
    tools,
  };
}

/** Outcomes of tools may travel on the user's side; they are not what the user said. */
function isUsers({ role, parts }: Message): boolean {
  return role === "ROLE_USER" && parts.some((part) => part.metadata?.[TOOL_PART] === undefined);
}
