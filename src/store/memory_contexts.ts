import { settledTasks } from "./settled_tasks.ts";
import type { Contexts, Scope, StoredContext, StoredTask } from "./store.ts";
import { keyPart, ownerKey } from "./store_key.ts";

/** By owner and id. */
export type ContextRecords = Map<string, Map<string, StoredContext>>;

export interface MemoryContextsDeps {
  /** The records; throws when the store is closed. */
  readonly open: () => ContextRecords;
  readonly tasks: Contexts["tasks"];
  readonly inScope: (scope: Scope) => readonly StoredTask[];
  readonly erase: (task: StoredTask) => void;
}

/** Contexts in memory. */
export function memoryContexts({ open, tasks, inScope, erase }: MemoryContextsDeps): Contexts {
  return {
    tasks,
    put: async (context) => await putContext(open(), context),
    get: async (owner, id) => await open().get(ownerKey(owner))?.get(id),
    list: async function* (owner, after) {
      const contexts = [...open().get(ownerKey(owner))?.values() ?? []];
      yield* inOrder(contexts, ({ id }) => id, after);
    },
    openings: async function* (scope, after) {
      const first = new Map<string, StoredTask>();
      for (const stored of inScope(scope)) {
        const { contextId = "" } = stored.task;
        const known = first.get(contextId);
        if (known === undefined || stored.ref.id < known.ref.id) first.set(contextId, stored);
      }
      yield* inOrder([...first.values()], ({ task }) => task.contextId ?? "", after);
    },
    delete: async (scope, id) => {
      const found = await settledTasks(tasks, scope, id);
      for (const task of found) erase(task);
      open().get(ownerKey(scope))?.delete(id);
    },
  };
}

/** Latest id first, as a database has them in its keys. */
function inOrder<T>(rows: readonly T[], idOf: (row: T) => string, after: string | undefined): T[] {
  const placed = rows.map((row) => ({ row, part: keyPart(idOf(row)) }));
  const behind = after === undefined ? placed : placed.filter(({ part }) => part < keyPart(after));
  return behind.sort((a, b) => a.part < b.part ? 1 : -1).map(({ row }) => row);
}

function putContext(records: ContextRecords, context: StoredContext): void {
  const key = ownerKey(context);
  const contexts = records.get(key) ?? new Map();
  records.set(key, contexts.set(context.id, context));
}
