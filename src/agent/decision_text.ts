import type { ApprovalRequest, Decision } from "../a2a/approval.ts";

/* What a person's words decide. A yes has to be one by itself: whatever is not exactly a statement decides nothing. */

const STATEMENT = /^(yes|y|approved?|allow|no|n|den(?:y|ied)|reject(?:ed)?)(?=$|[\s.!:,;–-])(.*)$/is;
const YES = /^(?:y|yes|approved?|allow)$/i;
/** Behind a no: why. */
const REASON = /^(.*?)(?:\bbecause\b|[:,;]|\s[–-]\s)\s*(.+)$/is;

/** The calls that a statement names. */
type Scope = "only" | "all" | readonly ApprovalRequest[];

interface Statement {
  readonly scope: Scope;
  readonly decision: Decision;
}

/**
 * The decisions of a text, by request id; empty where it is not clear. Each line is a statement: `approve` or `yes`,
 * `deny` or `no` (with `because …` behind it), of the only call that waits, of those whose ids follow, or of `all`.
 * One line that is none of these makes the whole unclear, and so do two lines about one call.
 */
export function readDecisionText(text: string, requests: readonly ApprovalRequest[]): ReadonlyMap<string, Decision> {
  const lines = text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const decisions = new Map<string, Decision>();
  for (const line of lines) {
    const statement = readStatement(line, requests);
    const meant = statement && inScope(statement.scope, requests);
    if (statement === undefined || meant === undefined) return new Map();
    for (const { id } of meant) {
      if (decisions.has(id)) return new Map();
      decisions.set(id, statement.decision);
    }
  }
  return decisions;
}

function readStatement(line: string, requests: readonly ApprovalRequest[]): Statement | undefined {
  const [, word = "", rest = ""] = STATEMENT.exec(line) ?? [];
  if (word === "") return undefined;
  if (YES.test(word)) {
    const scope = readScope(rest, requests);
    return scope && { scope, decision: { approved: true } };
  }
  const whole = readScope(rest, requests);
  if (whole !== undefined) return { scope: whole, decision: { approved: false } };
  const [, named = "", reason = ""] = REASON.exec(rest) ?? [];
  const scope = reason === "" ? undefined : readScope(named, requests);
  return scope && { scope, decision: { approved: false, reason } };
}

function readScope(text: string, requests: readonly ApprovalRequest[]): Scope | undefined {
  const words = text.trim().replace(/[.!]+$/, "").split(/[\s,]+/).filter((word) => word !== "");
  if (words.length === 0) return "only";
  if (words.length === 1 && words[0]?.toLowerCase() === "all") return "all";
  const named = words.map((word) => requests.find(({ id, callId }) => word === callId || word === id));
  const known = named.filter((request) => request !== undefined);
  return known.length === words.length && new Set(known).size === known.length ? known : undefined;
}

function inScope(scope: Scope, requests: readonly ApprovalRequest[]): readonly ApprovalRequest[] | undefined {
  if (scope === "all") return requests;
  if (scope !== "only") return scope;
  // A yes without a name must not be spread over calls that nobody named.
  return requests.length === 1 ? requests : undefined;
}
