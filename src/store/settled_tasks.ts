import { isSettled } from "./fold.ts";
import { Conflict, type Contexts, type Scope, type StoredTask } from "./store.ts";

/** The tasks of a context. Throws Conflict if one of them is open. */
export async function settledTasks(
  tasks: Contexts["tasks"],
  scope: Scope,
  contextId: string,
): Promise<readonly StoredTask[]> {
  const found = await Array.fromAsync(tasks(scope, contextId));
  const open = found.find(({ task }) => !isSettled(task.status.state));
  if (open === undefined) return found;
  throw new Conflict(`Cannot delete context "${contextId}": task "${open.ref.id}" is ${open.task.status.state}`);
}
