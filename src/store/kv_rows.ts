import { isSettled } from "./fold.ts";
import type { Change } from "./kv_change.ts";
import { encodeJson, type SplitValue, splitValue } from "./kv_codec.ts";
import { type HotTask } from "./kv_hot.ts";
import { deadlineRows } from "./kv_deadlines.ts";
import {
  contextKey,
  countKey,
  deadlineKey,
  intentKey,
  leaseKey,
  logKey,
  owingKey,
  settledKey,
  webhookKey,
} from "./kv_keys.ts";
import { placeOf } from "./kv_places.ts";
import type { KvSet, KvWrite } from "./kv_writer.ts";
import { MESSAGE_CLAIM_MS, type MessageClaim } from "./message_claim.ts";
import type { Webhook } from "./store.ts";
import { keyPart, refKey } from "./store_key.ts";

/** What a lease row holds: all that is needed to find its task at the next start. */
export interface LeaseRow {
  readonly tenant: string;
  readonly owner: string;
  readonly id: string;
  readonly agent: string;
  readonly holder: string;
  readonly fence: number;
}

export interface ClaimRow {
  readonly key: Deno.KvKey;
  readonly claim: MessageClaim;
  /** Of the expired row that this one replaces; null if there was none. */
  readonly replaces: string | null;
}

export type Rows = Omit<KvWrite, "publish">;

/** The rows that a change writes, in one piece, and the chunks that go ahead of them. */
export function toRows(change: Change, claim: ClaimRow | undefined): Rows & Pick<SplitValue, "chunks"> {
  const { before, after, row, webhook } = change;
  const { head, chunks } = row === undefined ? { head: undefined, chunks: [] } : splitValue(row.bytes);
  const sets: KvSet[] = [];
  const deletes: Deno.KvKey[] = [];
  const checks: Deno.AtomicCheck[] = [];
  const counts: { key: Deno.KvKey; by: 1 | -1 }[] = [];

  if (row !== undefined && head !== undefined) {
    const key = logKey(after.key, row.firstSeq);
    // A new task's row tells an id that is taken; any other row could only be there by a mistake, and is not overwritten.
    checks.push({ key, versionstamp: null });
    sets.push({ key, value: head });
    if (chunks.length > 0) deletes.push(intentKey(after.key, row.firstSeq));
  }
  if (before?.lease !== after.lease) {
    if (after.lease === undefined) deletes.push(leaseKey(after.key));
    else sets.push({ key: leaseKey(after.key), value: encodeJson(toLeaseRow(after, after.lease)) });
  }
  if (before?.task.status !== after.task.status) {
    const [left, entered] = [settledRow(before), settledRow(after)];
    if (left !== undefined) {
      deletes.push(left.key);
      counts.push({ key: left.count, by: -1 });
    }
    if (entered !== undefined) {
      sets.push({ key: entered.key, value: NOTHING });
      counts.push({ key: entered.count, by: 1 });
    }
    const deadline = deadlineRows(change);
    sets.push(...deadline.sets);
    deletes.push(...deadline.deletes);
  }
  const { contextId } = after.task;
  if (before === undefined && contextId !== undefined) {
    sets.push({ key: contextKey(after.scope, keyPart(contextId), after.ref.id), value: NOTHING });
  }
  if (claim !== undefined) {
    const { key } = claim;
    checks.push({ key, versionstamp: claim.replaces });
    const value = encodeJson(claim.claim);
    sets.push(claim.claim.lasts ? { key, value } : { key, value, expireIn: MESSAGE_CLAIM_MS });
  }
  if (webhook !== undefined) {
    const rows = webhookRows(webhook);
    sets.push(...rows.sets);
    deletes.push(...rows.deletes);
  }
  return { checks, sets, deletes, counts, chunks };
}

/** The state of a webhook, and whether a start has to look at it. */
export function webhookRows(webhook: Webhook): Pick<Rows, "sets" | "deletes"> {
  const task = refKey(webhook.ref);
  const owing = owingKey(task, webhook.id);
  const state = { key: webhookKey(task, webhook.id), value: encodeJson(webhook) };
  return webhook.isDone
    ? { sets: [state], deletes: [owing] }
    : { sets: [state, { key: owing, value: NOTHING }], deletes: [] };
}

/** What leaves the database at once when a settled task is erased: all by which it could be found. */
export function erasedRows(hot: HotTask): Pick<Rows, "deletes" | "counts"> {
  const row = settledRow(hot);
  const { contextId } = hot.task;
  return {
    deletes: [
      leaseKey(hot.key),
      deadlineKey(hot.agent, hot.key),
      ...(row === undefined ? [] : [row.key]),
      ...(contextId === undefined ? [] : [contextKey(hot.scope, keyPart(contextId), hot.ref.id)]),
    ],
    counts: row === undefined ? [] : [{ key: row.count, by: -1 }],
  };
}

const NOTHING = new Uint8Array();

function toLeaseRow({ ref, agent }: HotTask, lease: { readonly holder: string; readonly fence: number }): LeaseRow {
  return { ...ref, agent, ...lease };
}

/** The task's row in the list index, if it is settled. */
function settledRow(hot: HotTask | undefined) {
  if (hot === undefined || !isSettled(hot.task.status.state)) return undefined;
  const { state, timestamp, id } = placeOf(hot.task);
  const key = settledKey(hot.scope, state, timestamp, id);
  return { key, count: countKey(hot.scope, state, timestamp) };
}
