import { settledTasks } from "./settled_tasks.ts";
import type { Contexts, StoredContext, StoredTask } from "./store.ts";
import { ownerKey } from "./store_key.ts";

/** By owner and id. */
export type ContextRecords = Map<string, Map<string, StoredContext>>;

export interface MemoryContextsDeps {
  /** The records; throws when the store is closed. */
  readonly open: () => ContextRecords;
  readonly tasks: Contexts["tasks"];
  readonly erase: (task: StoredTask) => void;
}

/** Contexts in memory. */
export function memoryContexts({ open, tasks, erase }: MemoryContextsDeps): Contexts {
  return {
    tasks,
    put: async (context) => await putContext(open(), context),
    get: async (owner, id) => await open().get(ownerKey(owner))?.get(id),
    list: async function* (owner) {
      const contexts = [...open().get(ownerKey(owner))?.values() ?? []];
      yield* contexts.sort((a, b) => a.id < b.id ? 1 : -1);
    },
    delete: async (scope, id) => {
      const found = await settledTasks(tasks, scope, id);
      for (const task of found) erase(task);
      open().get(ownerKey(scope))?.delete(id);
    },
  };
}

function putContext(records: ContextRecords, context: StoredContext): void {
  const key = ownerKey(context);
  const contexts = records.get(key) ?? new Map();
  records.set(key, contexts.set(context.id, context));
}
