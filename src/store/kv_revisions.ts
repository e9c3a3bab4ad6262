import { isTerminal } from "../a2a/task_state.ts";
import type { TaskState } from "../a2a/types.ts";
import { chunkCount, decodeJson, encodeJson, joinChunks, splitValue } from "./kv_codec.ts";
import { COUNTS, pageKey, revisionKey, REVISIONS, SETTLED_STATES, settledKey } from "./kv_keys.ts";
import type { KvLog } from "./kv_log.ts";
import type { TaskPlaces } from "./kv_places.ts";
import { type KvSet, type KvWriter, UNCHECKED } from "./kv_writer.ts";
import type { Revisions, StoredRevision } from "./store.ts";
import { keyPart, taskKeyIn } from "./store_key.ts";

export interface KvRevisionsDeps {
  readonly kv: Deno.Kv;
  readonly writer: KvWriter;
  readonly log: KvLog;
  readonly places: TaskPlaces;
  readonly requireOpen: () => void;
}

/** States in which a task has settled and yet goes on one day. */
const WAITING_STATES = SETTLED_STATES.filter((state) => !isTerminal(state));
/** Pages of 60 KiB in one commit. */
const PAGES_PER_COMMIT = 8;
const ROWS_PER_READ = 500;

/** Revisions in the database. */
export function kvRevisions({ kv, writer, log, places, requireOpen }: KvRevisionsDeps): Revisions {
  const remove = async (id: string) => {
    const pages = await Array.fromAsync(kv.list({ prefix: pageKey(id) }), ({ key }) => key);
    await writer.submit({ ...UNCHECKED, sets: [], deletes: [revisionKey(id), ...pages] });
  };
  return {
    put: async (revision) => {
      requireOpen();
      const { head, chunks } = splitValue(encodeJson(revision));
      const pages = chunks.map((value, index): KvSet => ({ key: pageKey(revision.id, index), value }));
      // Pages first: a row without them would be a revision that cannot be read.
      for (let at = 0; at < pages.length; at += PAGES_PER_COMMIT) {
        await writer.submit({ ...UNCHECKED, sets: pages.slice(at, at + PAGES_PER_COMMIT), deletes: [] });
      }
      await writer.submit({ ...UNCHECKED, sets: [{ key: revisionKey(revision.id), value: head }], deletes: [] });
    },
    get: async (id) => {
      requireOpen();
      const { value } = await kv.get<Uint8Array>(revisionKey(id));
      return value === null ? undefined : await read(kv, id, value);
    },
    list: async function* () {
      requireOpen();
      const rows = await Array.fromAsync(kv.list<Uint8Array>({ prefix: REVISIONS }));
      const revisions = await Promise.all(rows.map(({ key, value }) => read(kv, String(key[1]), value)));
      yield* revisions.sort((one, other) => one.at < other.at ? 1 : -1);
    },
    delete: async (id) => {
      requireOpen();
      await remove(id);
    },
    inUse: async () => {
      requireOpen();
      const used = new Set<string>();
      const note = async (task: string) => {
        const logged = await log.load(task);
        if (logged?.revision !== undefined && !isTerminal(logged.task.status.state)) used.add(logged.revision);
      };
      // Twice, so that a task which begins to wait or goes on meanwhile is met at one of its places.
      for (const { key } of [...places.leased]) await note(key);
      for await (const key of waitingTasks(kv)) await note(key);
      for (const { key } of [...places.leased]) await note(key);
      return used;
    },
  };
}

async function read(kv: Deno.Kv, id: string, head: Uint8Array): Promise<StoredRevision> {
  const count = chunkCount(head);
  if (count === 0) return decodeJson(head);
  const rows = await Array.fromAsync(kv.list<Uint8Array>({ start: pageKey(id, 0), end: pageKey(id, count) }));
  return decodeJson(joinChunks(rows.map(({ value }) => value)));
}

/** The keys of all tasks that wait for their peer: the counters tell in which scopes there are any. */
async function* waitingTasks(kv: Deno.Kv): AsyncGenerator<string> {
  const scopes = new Set<string>();
  for await (const { key: [, scope] } of kv.list({ prefix: COUNTS }, { batchSize: ROWS_PER_READ })) {
    scopes.add(String(scope));
  }
  for (const scope of scopes) {
    for (const state of WAITING_STATES) yield* waitingIn(kv, scope, state);
  }
}

async function* waitingIn(kv: Deno.Kv, scope: string, state: TaskState): AsyncGenerator<string> {
  const rows = kv.list({ prefix: settledKey(scope, state) }, { batchSize: ROWS_PER_READ });
  for await (const { key } of rows) yield taskKeyIn(scope, keyPart(String(key[4])));
}
