import { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import type { ApprovalRequest, Decision } from "./approval.ts";
import type { Message } from "./types.ts";

/*
 * The public extension by which an agent asks a person to approve tool calls or to answer questions. Its payload is
 * metadata of a message that declares it (A2A v1 §4.6.2):
 * https://github.com/kagent-dev/kagent/blob/main/docs/architecture/human-in-the-loop.md
 */

export const HITL_EXTENSION = "https://kagent.dev/extensions/hitl/v1";

/** The message with a payload of the extension. */
function attach(message: Message, payload: JsonObject): Message {
  return {
    ...message,
    extensions: [...message.extensions ?? [], HITL_EXTENSION],
    metadata: { ...message.metadata, [HITL_EXTENSION]: payload },
  };
}

/** Asks for approval of each call: an answer names every `id` exactly once. */
export function asApprovalRequest(message: Message, hint: string, requests: readonly ApprovalRequest[]): Message {
  const tools = requests.map(({ id, callId, tool, input }) => ({ id, call_id: callId, name: tool, args: input }));
  return attach(message, { type: "tool_approval_request", hint, tools });
}

/** Asks one question, to which any text is an answer. */
export function asQuestion(message: Message, id: string, question: string): Message {
  return attach(message, { type: "ask_user_request", id, questions: [{ question, choices: [], multiple: false }] });
}

const ApprovalResponse = z.strictObject({
  type: z.literal("tool_approval_response"),
  approvals: z.array(z.strictObject({
    id: z.string(),
    approved: z.boolean(),
    rejection_reason: z.string().nullish(),
  })),
});

const Answers = z.strictObject({
  type: z.literal("ask_user_response"),
  id: z.string(),
  answers: z.array(z.object({ answer: z.array(z.string()) })).length(1),
});

/** What a peer's message carries of the extension; undefined where it does not use it. */
export function hitlPayloadOf({ extensions, metadata }: Message): unknown {
  return extensions?.includes(HITL_EXTENSION) === true ? metadata?.[HITL_EXTENSION] : undefined;
}

/**
 * The decisions of a response, by request id; none where it leaves an id out, names one twice or makes one up: an omission
 * must never mean approval.
 */
export function readApprovals(payload: unknown, ids: readonly string[]): ReadonlyMap<string, Decision> {
  const approvals = ApprovalResponse.safeParse(payload).data?.approvals ?? [];
  const decisions = new Map(approvals.map(({ id, approved, rejection_reason: reason }): [string, Decision] => [
    id,
    approved ? { approved } : { approved, ...(reason == null ? {} : { reason }) },
  ]));
  const isWhole = approvals.length === ids.length && ids.every((id) => decisions.has(id));
  return isWhole ? decisions : new Map();
}

/** The answer to the question with this id. */
export function readAnswer(payload: unknown, id: string): string | undefined {
  const read = Answers.safeParse(payload).data;
  return read?.id === id ? read.answers.flatMap(({ answer }) => answer).join(", ") : undefined;
}
