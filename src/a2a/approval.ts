import { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import { textOf, TOOL_PART } from "./parts.ts";
import { Struct } from "./proto_json.ts";
import type { Message, Part } from "./types.ts";

/** One call that waits for its peer's yes. */
export interface ApprovalRequest {
  /** Unlike that of any other call of any task. */
  readonly id: string;
  /** As the model named the call; unique among those that are asked for together. */
  readonly callId: string;
  readonly tool: string;
  readonly input: JsonObject;
  /** What the peer is asked. */
  readonly prompt: string;
}

/** What a peer decided about a call. */
export type Decision =
  | { readonly approved: true }
  | { readonly approved: false; readonly reason?: string };

/** Metadata key of a message that stands where no peer answered in time. No peer's own word ever counts as one. */
const NO_ANSWER = "https://hector.dev/a2a/no-answer/v1";

/** What is recorded in place of an answer that never came. */
export function noAnswerMessage(text: string, messageId: string): Message {
  return { messageId, role: "ROLE_AGENT", parts: [{ text }], metadata: { [NO_ANSWER]: true } };
}

export function isNoAnswer({ role, metadata }: Message): boolean {
  return role === "ROLE_AGENT" && metadata?.[NO_ANSWER] === true;
}

/**
 * A request as a data part: its members carry the names under which both earlier generations of hector sent theirs. Marked
 * as tool traffic, so that no model is shown it in a later turn.
 */
export function approvalPart({ id, callId, tool, input, prompt }: ApprovalRequest): Part {
  const data = {
    type: "tool_approval",
    interaction_type: "tool_approval",
    id,
    tool_call_id: callId,
    tool_name: tool,
    tool_input: input,
    prompt,
    options: ["approve", "deny"],
  };
  return { data, metadata: { [TOOL_PART]: "approval" } };
}

/** What a person is asked about a call where nobody has words of their own for it. */
export function usualPrompt(tool: string, shownInput: string): string {
  return `May "${tool}" be called with ${shownInput}?`;
}

/** Whether a request asks in the usual words. */
export function isUsualPrompt({ tool, prompt }: Pick<ApprovalRequest, "tool" | "prompt">): boolean {
  const [before = "", after = ""] = usualPrompt(tool, "\n").split("\n");
  return prompt.startsWith(before) && prompt.endsWith(after);
}

/** The questions alone: a line for each call, or the only one. */
export function approvalHint(requests: readonly Pick<ApprovalRequest, "callId" | "prompt">[]): string {
  const [only, ...others] = requests;
  if (only !== undefined && others.length === 0) return only.prompt;
  return requests.map(({ callId, prompt }) => `${callId}: ${prompt}`).join("\n");
}

/** The questions, and how to answer them in words: the same for every reader who does not read the data. */
export function approvalText(requests: readonly Pick<ApprovalRequest, "callId" | "prompt">[]): string {
  const how = requests.length === 1
    ? `Answer "approve" or "deny"; "deny because …" tells why.`
    : `Answer for each, a line for one: "approve ID" or "deny ID because …"; or "approve all", "deny all".`;
  return `${approvalHint(requests)}\n\n${how}`;
}

/** What a message says beside its questions about calls: for readers who ask them by themselves. */
export function besideApprovals(message: Message): string {
  const requests = approvalRequestsOf(message);
  const text = textOf(message);
  return requests.length === 0 ? text : text.replace(approvalText(requests), "").trim();
}

const RequestData = z.object({
  type: z.literal("tool_approval"),
  id: z.string(),
  tool_call_id: z.string(),
  tool_name: z.string(),
  tool_input: Struct,
  prompt: z.string(),
});

/** The calls that a message asks to be approved, in its order. */
export function approvalRequestsOf({ parts }: Pick<Message, "parts">): ApprovalRequest[] {
  return parts.flatMap(({ data, metadata }) => {
    const read = metadata?.[TOOL_PART] === "approval" ? RequestData.safeParse(data) : undefined;
    if (read?.data === undefined) return [];
    const { id, tool_call_id: callId, tool_name: tool, tool_input: input, prompt } = read.data;
    return [{ id, callId, tool, input, prompt }];
  });
}

/** A decision as a data part. */
export function decisionPart({ callId, tool }: Pick<ApprovalRequest, "callId" | "tool">, decision: Decision): Part {
  const { approved } = decision;
  const data = {
    type: "tool_approval",
    tool_call_id: callId,
    tool_name: tool,
    decision: approved ? "approve" : "deny",
    ...(approved || decision.reason === undefined ? {} : { reason: decision.reason }),
  };
  return { data };
}

const DecisionData = z.object({
  decision: z.enum(["approve", "deny", "reject"]),
  tool_call_id: z.string().optional(),
  reason: z.string().optional(),
});

/** A decision about one call; without a name, about the only one that waits. */
export interface Stated {
  readonly callId: string | undefined;
  readonly decision: Decision;
}

/** What a message decides by data parts. */
export function decisionsOf({ parts }: Pick<Message, "parts">): Stated[] {
  return parts.flatMap(({ data }): Stated[] => {
    const read = DecisionData.safeParse(data).data;
    if (read === undefined) return [];
    const { decision, tool_call_id: callId, reason } = read;
    if (decision === "approve") return [{ callId, decision: { approved: true } }];
    return [{ callId, decision: { approved: false, ...(reason === undefined ? {} : { reason }) } }];
  });
}
