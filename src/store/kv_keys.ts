import { TASK_STATES } from "../a2a/task_state.ts";
import type { TaskState } from "../a2a/types.ts";
import { isSettled } from "./fold.ts";
import { keyPart } from "./store_key.ts";

/*
 * The rows of the database. Owner, scope and task come as the joined texts of store_key.ts: few parts make cheap keys, and
 * rows of one task, one scope or one moment lie side by side.
 *
 *   log      task, first seq            one append (kv_segment.ts); the whole truth about a task
 *   chunk    task, first seq, n         what of a log row did not fit into one value
 *   intent   task, first seq            chunks are being written; without their log row they are litter
 *   lease    task                       who runs it; present for tasks that are open or were acquired
 *   settled  scope, state, time, id     the list index of tasks that ended or wait for their peer
 *   count    scope, state, day          how many rows of `settled` there are
 *   context  scope, context, id         tasks of a conversation, by creation
 *   session  owner, context             what was noted of a conversation that was begun before its first task
 *   erased   task                       its index rows are gone, and its log is going
 *   message  scope, message             which task a message began or continued
 *   deadline agent, task                until when a task waits
 *   webhook  task, id                   where to tell of a task, and how far that has come
 *   owing    task, id                   webhooks that are not done
 *   revision id                         a configuration that was served (its text: `page`, id, n)
 *   writer                              which process may write: checked by every commit
 */

/** By the numbers of the wire (A2A v1 §4.1.3), which are part of the file format. */
const STATE_NUMBERS: ReadonlyMap<TaskState, number> = new Map(TASK_STATES.map((state, number) => [state, number]));

/** The states whose tasks have a row in the list index. */
export const SETTLED_STATES: readonly TaskState[] = TASK_STATES.filter(isSettled);

function stateNumber(state: TaskState): number {
  return STATE_NUMBERS.get(state) ?? 0;
}

export const FORMAT_KEY = ["format"];
export const WRITER_KEY = ["writer"];
export const LEASES = ["lease"];
export const INTENTS = ["intent"];
export const OWING = ["owing"];
export const ERASED = ["erased"];
export const REVISIONS = ["revision"];
export const DEADLINES = ["deadline"];
export const COUNTS = ["count"];

export function logKey(task: string, firstSeq: number): Deno.KvKey {
  return ["log", task, firstSeq];
}

export function logPrefix(task: string): Deno.KvKey {
  return ["log", task];
}

export function chunkKey(task: string, firstSeq: number, index: number): Deno.KvKey {
  return ["chunk", task, firstSeq, index];
}

export function chunkPrefix(task: string, firstSeq: number): Deno.KvKey {
  return ["chunk", task, firstSeq];
}

export function intentKey(task: string, firstSeq: number): Deno.KvKey {
  return ["intent", task, firstSeq];
}

export function leaseKey(task: string): Deno.KvKey {
  return ["lease", task];
}

export function deadlineKey(agent: string, task: string): Deno.KvKey {
  return ["deadline", keyPart(agent), task];
}

export function deadlinePrefix(agent: string): Deno.KvKey {
  return ["deadline", keyPart(agent)];
}

/** `place`: timestamp and id, or less for the edge of a range. */
export function settledKey(scope: string, state: TaskState, ...place: string[]): Deno.KvKey {
  return ["settled", scope, stateNumber(state), ...place];
}

/** RFC 3339: the date is the first ten characters. */
export function dayOf(timestamp: string): string {
  return timestamp.slice(0, 10);
}

export function countKey(scope: string, state: TaskState, timestamp: string): Deno.KvKey {
  return ["count", scope, stateNumber(state), dayOf(timestamp)];
}

export function countPrefix(scope: string, state?: TaskState): Deno.KvKey {
  return state === undefined ? ["count", scope] : ["count", scope, stateNumber(state)];
}

export function contextKey(scope: string, context: string, id: string): Deno.KvKey {
  return ["context", scope, context, id];
}

export function contextPrefix(scope: string, ...context: string[]): Deno.KvKey {
  return ["context", scope, ...context];
}

export function sessionKey(owner: string, context: string): Deno.KvKey {
  return ["session", owner, context];
}

export function sessionPrefix(owner: string): Deno.KvKey {
  return ["session", owner];
}

export function erasedKey(task: string): Deno.KvKey {
  return ["erased", task];
}

/** All that is deleted with a task besides what its log rows say: the log itself and its chunks. */
export function bodyPrefixes(task: string): readonly Deno.KvKey[] {
  return [["log", task], ["chunk", task]];
}

/** The claims of all messages that bear one id; `message` as `messageKey` writes it. */
export function claimPrefix(message: string): Deno.KvKey {
  return ["message", message];
}

export function claimKey(message: string, digest: string): Deno.KvKey {
  return ["message", message, keyPart(digest)];
}

export function webhookKey(task: string, id: string): Deno.KvKey {
  return ["webhook", task, keyPart(id)];
}

export function webhookPrefix(task: string): Deno.KvKey {
  return ["webhook", task];
}

export function revisionKey(id: string): Deno.KvKey {
  return ["revision", id];
}

/** `index`: one page of what did not fit into the revision's row. */
export function pageKey(id: string, ...index: number[]): Deno.KvKey {
  return ["page", id, ...index];
}

export function owingKey(task: string, id: string): Deno.KvKey {
  return ["owing", task, keyPart(id)];
}

/** The row of `owing` that is about the webhook with this row. */
export function owingKeyOf([, ...place]: Deno.KvKey): Deno.KvKey {
  return ["owing", ...place];
}

/** The row of the webhook that a row of `owing` is about. */
export function owedWebhookKey([, ...place]: Deno.KvKey): Deno.KvKey {
  return ["webhook", ...place];
}
