import type { Wakeups } from "../lib/wakeups.ts";
import type { Change } from "./kv_change.ts";
import { decodeJson } from "./kv_codec.ts";
import type { HotTask } from "./kv_hot.ts";
import { claimKey, claimPrefix, logKey } from "./kv_keys.ts";
import { type ClaimRow, toRows } from "./kv_rows.ts";
import type { KvTasks } from "./kv_tasks.ts";
import { CheckFailed, dropChunks, type KvWriter } from "./kv_writer.ts";
import { isExpired, type MessageClaim } from "./message_claim.ts";
import { Conflict, DuplicateMessage, type MessageName, type Scope, StoreFull } from "./store.ts";
import { messageKey, scopeKey } from "./store_key.ts";
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
   * Plans a change of the task with this `refKey` when nobody else is changing the task, writes it, publishes it and wakes the followers. Throws what
   * `plan` throws, Conflict, DuplicateMessage, StoreFull; then nothing has changed. Throws StoreFailed where that is not known.
   */
  async record(task: string, plan: () => Promise<Change> | Change, message?: MessageName): Promise<HotTask> {
    // Two owners who use one messageId at one moment wait for each other for nothing, and that is all.
    const names = message === undefined ? [task] : [task, message.id];
    return await this.#deps.turns.take(names, async () => {
      const change = await plan();
      await this.#write(change, message && this.#claim(change.after, message));
      return change.after;
    });
  }

  /** A task that is no more has no claim on a message. Resolves to the keys of those that it has on `messageIds`. */
  async claimsOf({ ref, scope }: HotTask, messageIds: readonly string[]): Promise<readonly Deno.KvKey[]> {
    const own: Deno.KvKey[] = [];
    for (const id of new Set(messageIds)) {
      for await (
        const { key, value } of this.#deps.kv.list<Uint8Array>({ prefix: claimPrefix(messageKey(scope, id)) })
      ) {
        if (decodeJson<MessageClaim>(value).taskId === ref.id) own.push(key);
      }
    }
    return own;
  }

  forgetClaims(keys: readonly Deno.KvKey[]): void {
    for (const key of keys) this.#recentClaims.delete(nameOf(key));
  }

  async byMessage(scope: Scope, { id, digest }: MessageName): Promise<MessageClaim | undefined> {
    const { value } = await this.#deps.kv.get<Uint8Array>(claimKey(messageKey(scopeKey(scope), id), digest));
    const claim = value === null ? undefined : decodeJson<MessageClaim>(value);
    return claim === undefined || isExpired(claim, this.#deps.now()) ? undefined : claim;
  }

  #claim({ ref, scope }: HotTask, { id, digest, lasts }: MessageName): ClaimRow {
    const key = claimKey(messageKey(scope, id), digest);
    const nowMs = this.#deps.now();
    const taken = this.#recentClaims.get(nameOf(key));
    if (taken !== undefined && !isExpired(taken, nowMs)) throw new DuplicateMessage(taken.taskId);
    return { key, claim: { taskId: ref.id, claimedMs: nowMs, ...(lasts && { lasts }) }, replaces: null };
  }

  #remember({ key, claim }: ClaimRow): void {
    this.#recentClaims.set(nameOf(key), claim);
    if (this.#recentClaims.size <= RECENT_CLAIMS) return;
    const [oldest] = this.#recentClaims.keys();
    if (oldest !== undefined) this.#recentClaims.delete(oldest);
  }

  async #write(change: Change, claim: ClaimRow | undefined): Promise<void> {
    const { before, after, row } = change;
    if (before === after && claim === undefined) return;
    const { chunks, ...rows } = toRows(change, claim);
    const large = row !== undefined && chunks.length > 0 ? row : undefined;
    const arrive = this.#deps.tasks.depart(before);
    try {
      if (large !== undefined) {
        // Chunks go ahead of the checks, and must not fall on those of a row that is there.
        const examined = await this.#examine(change, claim);
        if (examined?.replaces !== claim?.replaces) return await this.#write(change, examined);
        await this.#deps.writer.writeChunks(after.key, large.firstSeq, chunks);
      }
      await this.#deps.writer.submit({ ...rows, publish: () => this.#publish(change, claim) });
    } catch (error) {
      if (large !== undefined && isRefusal(error)) await this.#forgetChunks(after.key, large.firstSeq);
      if (!(error instanceof CheckFailed)) throw error;
      const examined = await this.#examine(change, claim);
      if (examined?.replaces === claim?.replaces) throw error;
      await this.#write(change, examined);
    } finally {
      arrive();
    }
  }

  #publish({ before, after }: Change, claim: ClaimRow | undefined): void {
    this.#deps.tasks.publish(before, after);
    if (claim !== undefined) this.#remember(claim);
    this.#deps.wakeups.wake(after.key);
  }

  /**
   * Looks for what is in the way: throws DuplicateMessage for a claim that stands, Conflict for a log row that is there
   * already. Resolves to the claim as it can be made: over an earlier one that has expired, or over none.
   */
  async #examine(
    { before, after: { key, ref }, row }: Change,
    claim: ClaimRow | undefined,
  ): Promise<ClaimRow | undefined> {
    const { kv, now, tasks } = this.#deps;
    const found = claim && await kv.get<Uint8Array>(claim.key);
    if (found !== undefined && found.value !== null) {
      const taken = decodeJson<MessageClaim>(found.value);
      if (!isExpired(taken, now())) throw new DuplicateMessage(taken.taskId);
    }
    if (row !== undefined && (await kv.get(logKey(key, row.firstSeq))).versionstamp !== null) {
      if (before === undefined) throw new Conflict(`Cannot create task "${ref.id}": it exists`);
      tasks.forget(key);
      throw new Conflict(`Cannot append to task "${ref.id}": its journal has gone on`);
    }
    return claim && { ...claim, replaces: found?.versionstamp ?? null };
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

function nameOf(key: Deno.KvKey): string {
  return key.join("\x1f");
}

/** Whether nothing was written for certain. After any other failure the row may be there, and then its chunks must be. */
function isRefusal(error: unknown): boolean {
  return error instanceof CheckFailed || error instanceof StoreFull;
}
