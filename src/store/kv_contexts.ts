import { decodeJson, encodeJson } from "./kv_codec.ts";
import { kvEraser, type KvEraserDeps } from "./kv_eraser.ts";
import { sessionKey, sessionPrefix } from "./kv_keys.ts";
import type { KvList } from "./kv_list.ts";
import { UNCHECKED } from "./kv_writer.ts";
import { settledTasks } from "./settled_tasks.ts";
import type { Contexts, Scope, StoredContext } from "./store.ts";
import { keyPart, ownerKey } from "./store_key.ts";

export interface KvContextsDeps extends KvEraserDeps {
  readonly list: KvList;
  readonly requireOpen: () => void;
}

/** Rows of `prefix` in front of the one for the context `id`; all where there is no `id`. */
function before(prefix: Deno.KvKey, id: string | undefined): Deno.KvListSelector {
  return id === undefined ? { prefix } : { prefix, end: [...prefix, keyPart(id)] };
}

/** Contexts in the database. */
export function kvContexts({ list, requireOpen, ...deps }: KvContextsDeps): Contexts {
  const { kv, writer } = deps;
  const erase = kvEraser(deps);
  const tasks = async function* (scope: Scope, contextId: string) {
    requireOpen();
    yield* list.context(scope, contextId);
  };
  return {
    tasks,
    put: async (context) => {
      requireOpen();
      const key = sessionKey(ownerKey(context), keyPart(context.id));
      await writer.submit({ ...UNCHECKED, sets: [{ key, value: encodeJson(context) }], deletes: [] });
    },
    get: async (owner, id) => {
      requireOpen();
      const { value } = await kv.get<Uint8Array>(sessionKey(ownerKey(owner), keyPart(id)));
      return value === null ? undefined : decodeJson<StoredContext>(value);
    },
    list: async function* (owner, after) {
      requireOpen();
      const rows = kv.list<Uint8Array>(before(sessionPrefix(ownerKey(owner)), after), {
        reverse: true,
        batchSize: 100,
      });
      for await (const { value } of rows) yield decodeJson<StoredContext>(value);
    },
    openings: async function* (scope, after) {
      requireOpen();
      yield* list.openings(scope, after);
    },
    delete: async (scope, id) => {
      requireOpen();
      for (const { ref } of await settledTasks(tasks, scope, id)) await erase(ref);
      await writer.submit({ ...UNCHECKED, sets: [], deletes: [sessionKey(ownerKey(scope), keyPart(id))] });
    },
  };
}
