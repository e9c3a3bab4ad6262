import type { Wakeups } from "../lib/wakeups.ts";
import { isSettled } from "./fold.ts";
import { bodyPrefixes, ERASED, erasedKey, owingKeyOf, webhookPrefix } from "./kv_keys.ts";
import type { KvRecorder } from "./kv_recorder.ts";
import { erasedRows } from "./kv_rows.ts";
import type { KvTasks } from "./kv_tasks.ts";
import type { KvWriter } from "./kv_writer.ts";
import { Conflict, type TaskRef } from "./store.ts";
import { refKey } from "./store_key.ts";
import type { Turns } from "./turns.ts";

export interface KvEraserDeps {
  readonly kv: Deno.Kv;
  readonly writer: KvWriter;
  readonly tasks: KvTasks;
  readonly recorder: KvRecorder;
  readonly turns: Turns;
  readonly wakeups: Wakeups;
}

const ROWS_PER_COMMIT = 500;

/**
 * Removes tasks for good. First everything by which one is found, in one commit with a row that tells of the removal, so
 * it is there or not; then its log, which may take many commits and which a start takes up again (`sweepErased`).
 */
export function kvEraser({ kv, writer, tasks, recorder, turns, wakeups }: KvEraserDeps) {
  const remove = async (deletes: readonly Deno.KvKey[], publish = () => {}) =>
    await writer.submit({ checks: [], sets: [], counts: [], deletes, publish });

  const eraseInTurn = async (ref: TaskRef, key: string) => {
    const hot = await tasks.load(ref, key);
    if (hot === undefined) return;
    const { state } = hot.task.status;
    if (!isSettled(state)) throw new Conflict(`Cannot delete task "${ref.id}": it is ${state}`);
    const claims = await recorder.claimsOf(hot, (hot.task.history ?? []).map(({ messageId }) => messageId));
    const webhooks = await Array.fromAsync(kv.list({ prefix: webhookPrefix(key) }));
    const { deletes, counts } = erasedRows(hot);
    await writer.submit({
      checks: [],
      sets: [{ key: erasedKey(key), value: new Uint8Array() }],
      deletes: [
        ...deletes,
        ...claims,
        ...webhooks.flatMap((row) => [row.key, owingKeyOf(row.key)]),
      ],
      counts,
      publish: () => {
        tasks.erase(hot);
        recorder.forgetClaims(claims);
        wakeups.wake(key);
      },
    });
    for await (const rows of bodyOf(kv, key)) await remove(rows);
    await remove([erasedKey(key)], () => tasks.forgetErased(key));
  };

  return async (ref: TaskRef): Promise<void> => {
    const key = refKey(ref);
    await turns.take([key], () => eraseInTurn(ref, key));
  };
}

/** The keys of a task's log and its chunks, as many at a time as fit into a commit. */
async function* bodyOf(kv: Deno.Kv, task: string): AsyncGenerator<Deno.KvKey[]> {
  let keys: Deno.KvKey[] = [];
  for (const prefix of bodyPrefixes(task)) {
    for await (const { key } of kv.list({ prefix }, { batchSize: ROWS_PER_COMMIT })) {
      keys.push(key);
      if (keys.length < ROWS_PER_COMMIT) continue;
      yield keys;
      keys = [];
    }
  }
  if (keys.length > 0) yield keys;
}

/** Finishes, at a start, what an earlier process was about to remove. */
export async function sweepErased(kv: Deno.Kv): Promise<void> {
  for await (const { key } of kv.list({ prefix: ERASED })) {
    for await (const rows of bodyOf(kv, String(key[1]))) for (const row of rows) await kv.delete(row);
    await kv.delete(key);
  }
}
