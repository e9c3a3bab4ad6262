import type { Wakeups } from "../lib/wakeups.ts";
import type { Change } from "./kv_change.ts";
import { decodeJson } from "./kv_codec.ts";
import type { HotTask } from "./kv_hot.ts";
import { claimKey, logKey } from "./kv_keys.ts";
import { type ClaimRow, toRows } from "./kv_rows.ts";
import type { KvTasks } from "./kv_tasks.ts";
import { CheckFailed, dropChunks, type KvWriter } from "./kv_writer.ts";
import { isExpired, type MessageClaim } from "./message_claim.ts";
import { Conflict, DuplicateMessage, type NewTask, type TaskRef } from "./store.ts";
import { messageKey, ownMessageKey, refKey } from "./store_key.ts";
import type { Turns } from "./turns.ts";

export interface KvRecorderDeps {
  readonly kv: Deno.Kv;
  readonly writer: KvWriter;
  readonly tasks: KvTasks;
  readonly turns: Turns;
  readonly wakeups: Wakeups;
  readonly now: () => number;
}

const RECENT_CLAIMS = 10_000;

/** Makes changes durable: one at a time for a task or a messageId, many tasks in one commit. */
export class KvRecorder {
  readonly #deps: KvRecorderDeps;
  /** A peer that repeats a message soon is answered without a commit that fails, and that its neighbours would pay for. */
  readonly #recentClaims = new Map<string, MessageClaim>();

  constructor(deps: KvRecorderDeps) {
    this.#deps = deps;
  }

  /**
   * Plans a change when nobody else is changing the task, writes it, publishes it and wakes the followers. Throws what
   * `plan` throws, Conflict, DuplicateMessage, StoreFull, or what the database says; then nothing has changed.
   */
  async record(ref: TaskRef, plan: () => Promise<Change> | Change, message?: NewTask["message"]): Promise<HotTask> {
    const task = refKey(ref);
    const names = message === undefined ? [task] : [task, ownMessageKey(ref, message.id)];
    return await this.#deps.turns.take(names, async () => {
      const change = await plan();
      await this.#write(change, message && this.#claim(change.after, message));
      return change.after;
    });
  }

  async findClaim(key: string): Promise<MessageClaim | undefined> {
    const { value } = await this.#deps.kv.get<Uint8Array>(claimKey(key));
    const claim = value === null ? undefined : decodeJson<MessageClaim>(value);
    return claim === undefined || isExpired(claim, this.#deps.now()) ? undefined : claim;
  }

  #claim({ ref, agent }: HotTask, { id, digest }: NonNullable<NewTask["message"]>): ClaimRow {
    const key = messageKey({ ...ref, agent }, id);
    const nowMs = this.#deps.now();
    const taken = this.#recentClaims.get(key);
    if (taken !== undefined && !isExpired(taken, nowMs)) throw new DuplicateMessage(taken.taskId, taken.digest);
    return { key, claim: { taskId: ref.id, digest, claimedMs: nowMs }, replaces: null };
  }

  #remember({ key, claim }: ClaimRow): void {
    this.#recentClaims.set(key, claim);
    if (this.#recentClaims.size <= RECENT_CLAIMS) return;
    const [oldest] = this.#recentClaims.keys();
    if (oldest !== undefined) this.#recentClaims.delete(oldest);
  }

  async #write(change: Change, claim: ClaimRow | undefined): Promise<void> {
    const { before, after, row } = change;
    if (before === after && claim === undefined) return;
    const { writer, tasks, wakeups } = this.#deps;
    const { chunks, ...rows } = toRows(change, claim);
    const publish = () => {
      tasks.publish(before, after);
      if (claim !== undefined) this.#remember(claim);
      wakeups.wake(after.key);
    };
    try {
      if (row !== undefined && chunks.length > 0) await writer.writeChunks(after.key, row.firstSeq, chunks);
      await writer.submit({ ...rows, publish });
    } catch (error) {
      if (row !== undefined && chunks.length > 0) await this.#forgetChunks(after.key, row.firstSeq);
      if (!(error instanceof CheckFailed)) throw error;
      await this.#write(change, await this.#explain(change, claim, error));
    }
  }

  /** A check failed: throws the reason, or finds the claim that can be tried again because the one in its way has expired. */
  async #explain(change: Change, claim: ClaimRow | undefined, error: CheckFailed): Promise<ClaimRow> {
    const { kv, now, tasks } = this.#deps;
    const { key, ref } = change.after;
    if (change.row !== undefined && (await kv.get(logKey(key, change.row.firstSeq))).versionstamp !== null) {
      if (change.before === undefined) throw new Conflict(`Cannot create task "${ref.id}": it exists`);
      tasks.forget(key);
      throw new Conflict(`Cannot append to task "${ref.id}": its journal has gone on`);
    }
    if (claim === undefined) throw error;
    const { value, versionstamp } = await kv.get<Uint8Array>(claimKey(claim.key));
    if (value === null) return { ...claim, replaces: null };
    const taken = decodeJson<MessageClaim>(value);
    if (isExpired(taken, now())) return { ...claim, replaces: versionstamp };
    throw new DuplicateMessage(taken.taskId, taken.digest);
  }

  /** Chunks without their row are litter. If even this fails, their intent row stays and the next start removes them. */
  async #forgetChunks(task: string, firstSeq: number): Promise<void> {
    try {
      await dropChunks(this.#deps.kv, task, firstSeq);
    } catch {
      // The write's own error is the one to tell.
    }
  }
}
