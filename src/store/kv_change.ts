import { isTerminal } from "../a2a/task_state.ts";
import { deadlineOf, foldDrafts, releasesLease, toEntries } from "./fold.ts";
import { encodeJson } from "./kv_codec.ts";
import { type HotTask, joinRecent } from "./kv_hot.ts";
import { isFoldDue, type Segment } from "./kv_segment.ts";
import type { Draft, Lease, NewTask, Webhook } from "./store.ts";
import { refKey, scopeKey } from "./store_key.ts";

/** One step in the life of a task: what it was, what it is if the step commits, and the log row that says so. */
export interface Change {
  readonly before?: HotTask;
  readonly after: HotTask;
  readonly row?: { readonly firstSeq: number; readonly bytes: Uint8Array };
  readonly webhook?: Webhook | undefined;
  /** When the wait ends that begins with this change. */
  readonly deadlineMs?: number | undefined;
}

/** A task begins. Throws TypeError if its entries do not begin with it. */
export function beginTask(
  { ref: { tenant, owner, id }, agent, revision, holder, entries: drafts, webhook }: NewTask,
): Change {
  const ref = { tenant, owner, id };
  const released = releasesLease(drafts);
  const segment: Segment = { agent, revision, entries: drafts, ...(released ? { fence: 1 } : {}) };
  const bytes = encodeJson(segment);
  const after = {
    ref,
    agent,
    revision,
    key: refKey(ref),
    scope: scopeKey({ tenant, owner, agent }),
    task: foldDrafts(undefined, drafts),
    seq: drafts.length,
    lease: released ? undefined : { holder, fence: 1 },
    fence: 1,
    unfolded: { rows: 0, bytes: 0, foldBytes: bytes.length },
    ...joinRecent({ recent: [], recentBytes: 0 }, toEntries(drafts, 1), bytes.length),
  };
  return { after, row: { firstSeq: 1, bytes }, webhook, deadlineMs: deadlineOf(after.task, drafts) };
}

/** The journal goes on. */
export function continueTask(before: HotTask, drafts: readonly Draft[]): Change {
  if (drafts.length === 0) return { before, after: before };
  const firstSeq = before.seq + 1;
  const task = foldDrafts(before.task, drafts);
  const released = releasesLease(drafts);
  const segment: Segment = { entries: drafts, ...(released ? { fence: before.fence } : {}) };
  const plain = encodeJson(segment);
  const grown = {
    rows: before.unfolded.rows + 1,
    bytes: before.unfolded.bytes + plain.length,
    foldBytes: before.unfolded.foldBytes,
  };
  const folds = isFoldDue(grown, isTerminal(task.status.state));
  const bytes = folds
    ? encodeJson({ ...segment, agent: before.agent, revision: before.revision, task } satisfies Segment)
    : plain;
  const after = {
    ...before,
    task,
    seq: before.seq + drafts.length,
    lease: released ? undefined : before.lease,
    unfolded: folds ? { rows: 0, bytes: 0, foldBytes: bytes.length } : grown,
    ...joinRecent(before, toEntries(drafts, firstSeq), plain.length),
  };
  return { before, after, row: { firstSeq, bytes }, deadlineMs: deadlineOf(task, drafts) };
}

/** Somebody takes the task up. */
export function leaseTask(before: HotTask, holder: string): Change & { readonly lease: Lease } {
  const lease = { holder, fence: before.fence + 1 };
  return { before, after: { ...before, lease, fence: lease.fence }, lease };
}
