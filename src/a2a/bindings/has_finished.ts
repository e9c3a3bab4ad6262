import type { A2AService, Call } from "../service.ts";
import { isTerminal } from "../types.ts";

/** Whether the task with this id has ended, as far as it can be known now: a stream of it that says nothing may be whole. */
export async function hasFinished(
  id: unknown,
  { service, call }: { readonly service: A2AService; readonly call: Call },
): Promise<boolean> {
  if (typeof id !== "string") return false;
  try {
    return isTerminal((await service.getTask({ id, historyLength: 0 }, call)).status.state);
  } catch {
    // Who comes again is told then.
    return false;
  }
}
