import { z } from "zod";
import { agentMessage, type ToolCall, type ToolOutcome, toolOutcomePart } from "../a2a/parts.ts";
import type { ToolResult } from "../tool/tool.ts";
import type { AgentEvent } from "./agent.ts";
import { partArtifact } from "./part_artifact.ts";
import type { Turn } from "./turn.ts";

/** A call with its place in the turn. */
export interface Placed {
  readonly call: ToolCall;
  readonly stepId: string;
  /** Of the message that tells its outcome; names the call towards its tool and its peer, too. */
  readonly messageId: string;
  readonly hint: string;
}

/** What came of a call, as a step records it. */
export const Outcome = z.object({ output: z.string(), isError: z.boolean() });
export type Outcome = z.infer<typeof Outcome>;

/** How a call ends without its tool: refused, denied, left open. `stepId` is its own where it was begun before. */
export async function settleCall(
  turn: Turn,
  placed: Placed,
  { content, stepId = placed.stepId }: { readonly content: string; readonly stepId?: string },
): Promise<ToolOutcome> {
  const recorded = await turn.run.step({
    id: stepId,
    result: Outcome,
    act: () => Promise.resolve({ output: content + placed.hint, isError: true }),
    events: (outcome) => outcomeEvents(turn, placed, { outcome }),
  });
  return outcomeOf(placed, recorded);
}

/** What peers are told of the end of a call. */
export function outcomeEvents(
  { run: { task } }: Turn,
  { call: { id, name }, messageId }: Placed,
  { outcome, shown: { display, parts = [] } = {} }: {
    readonly outcome: Outcome;
    readonly shown?: Pick<ToolResult, "display" | "parts"> | undefined;
  },
): AgentEvent[] {
  const part = toolOutcomePart({ id, name, ...outcome, ...(display === undefined ? {} : { display }) });
  const made = parts.map((part, at) => partArtifact(part, `${messageId}:part:${at + 1}`));
  const ids = { messageId, contextId: task.contextId, taskId: task.id };
  return [...made, { working: agentMessage([part], ids) }];
}

export function outcomeOf({ call: { id, name } }: Placed, { output, isError }: Outcome): ToolOutcome {
  return { id, name, output, isError };
}
