import type { TaskRef } from "../store/store.ts";
import { adopt } from "./adopt.ts";
import { atMost } from "./at_most.ts";
import type { Desk } from "./desk.ts";
import type { TaskRun } from "./run.ts";

/**
 * Takes up the tasks of this agent that nobody runs: the same agent runs again over what is recorded. Ends the waits that
 * were over before this process began, and those of the others when their time has come. At most `maxRecoveries` at a
 * time of each kind; resolves with the number of runs when the last of them has ended or stopped.
 */
export async function recover(desk: Desk): Promise<number> {
  const { maxRecoveries } = desk.limits;
  const counts = await Promise.all([
    atMost(maxRecoveries, ownOrphans(desk), (ref) => hasRun(adopt(desk, ref))),
    desk.waits.resume(desk).then((over) =>
      atMost(maxRecoveries, over.values(), (deadline) => hasRun(desk.waits.end(desk, deadline)))
    ),
  ]);
  return counts.reduce((sum, count) => sum + count);
}

/** Whether there was a run at all; it has ended or stopped then. */
async function hasRun(begun: Promise<TaskRun | undefined>): Promise<boolean> {
  const run = await begun;
  await run?.ended.catch(() => {});
  return run !== undefined;
}

async function* ownOrphans(desk: Desk): AsyncGenerator<TaskRef, undefined> {
  for await (const { ref, agent } of desk.store.journal.orphans()) {
    if (desk.draining.aborted) return undefined;
    if (agent === desk.agentId) yield ref;
  }
  return undefined;
}
