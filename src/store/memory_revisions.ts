import { isTerminal } from "../a2a/task_state.ts";
import type { Task } from "../a2a/types.ts";
import type { Revisions, StoredRevision } from "./store.ts";

/** By id, oldest first. */
export type RevisionRecords = Map<string, StoredRevision>;

type Tasks = Iterable<{ readonly revision: string | undefined; readonly task: Task }>;

/** Revisions in memory. `open` and `tasks` throw when the store is closed. */
export function memoryRevisions(open: () => RevisionRecords, tasks: () => Tasks): Revisions {
  return {
    put: async (revision) => {
      const records = await open();
      records.delete(revision.id);
      records.set(revision.id, revision);
    },
    get: async (id) => await open().get(id),
    list: async function* () {
      yield* [...open().values()].sort((one, other) => one.at < other.at ? 1 : -1);
    },
    delete: async (id) => {
      await open().delete(id);
    },
    inUse: async () => {
      const used = new Set<string>();
      for (const { revision, task } of await tasks()) {
        if (revision !== undefined && !isTerminal(task.status.state)) used.add(revision);
      }
      return used;
    },
  };
}
