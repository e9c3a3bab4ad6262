import { type ApprovalRequest, type Decision, decisionsOf, isNoAnswer } from "../a2a/approval.ts";
import { hitlPayloadOf, readApprovals } from "../a2a/hitl.ts";
import { textOf } from "../a2a/parts.ts";
import type { Message } from "../a2a/types.ts";
import { readDecisionText } from "./decision_text.ts";

/**
 * What an answer decides about the calls that were asked for, by request id; a call that is missing is undecided. The most
 * exact form that a message has counts alone: the public extension, then data parts, then plain words. What is not the
 * peer's own word decides nothing.
 */
export function readDecisions(answer: Message, requests: readonly ApprovalRequest[]): ReadonlyMap<string, Decision> {
  if (isNoAnswer(answer)) {
    const reason = textOf(answer);
    return new Map(requests.map(({ id }) => [id, { approved: false, reason }]));
  }
  if (answer.role !== "ROLE_USER") return new Map();
  const payload = hitlPayloadOf(answer);
  if (payload !== undefined) return readApprovals(payload, requests.map(({ id }) => id));
  const stated = decisionsOf(answer);
  if (stated.length === 0) return readDecisionText(textOf(answer), requests);
  const decisions = new Map<string, Decision>();
  const disputed = new Set<string>();
  for (const { callId, decision } of stated) {
    const request = meant(callId, requests);
    if (request === undefined) continue;
    if (decisions.has(request.id)) disputed.add(request.id);
    decisions.set(request.id, decision);
  }
  for (const id of disputed) decisions.delete(id);
  return decisions;
}

function meant(callId: string | undefined, requests: readonly ApprovalRequest[]): ApprovalRequest | undefined {
  if (callId === undefined) return requests.length === 1 ? requests[0] : undefined;
  return requests.find((request) => request.callId === callId || request.id === callId);
}
