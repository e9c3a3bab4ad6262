import type { Log } from "../lib/log.ts";
import { agentMessage } from "../a2a/parts.ts";
import { Conflict, type Store, type TaskRef } from "../store/store.ts";
import { statusDraft } from "./status_draft.ts";

export interface AbandonedDeps {
  readonly store: Store;
  /** The agents that this configuration serves. */
  readonly agents: ReadonlySet<string>;
  readonly holder: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly log: Log;
}

/** Ends the open tasks of agents that are served no more: their peers would wait for ever. Resolves with their number. */
export async function failAbandoned(deps: AbandonedDeps): Promise<number> {
  let count = 0;
  for await (const { ref, agent } of deps.store.journal.orphans()) {
    if (deps.agents.has(agent)) continue;
    try {
      await fail(deps, ref, agent);
      count++;
    } catch (thrown) {
      if (thrown instanceof Conflict) continue;
      deps.log.error("abandoned task could not be ended", { agent, task: ref.id, error: thrown });
    }
  }
  return count;
}

async function fail({ store, holder, now }: AbandonedDeps, ref: TaskRef, agent: string): Promise<void> {
  const { task, seq, lease } = await store.journal.acquire(ref, holder);
  const text = `The agent "${agent}" is not served here any more, so this task cannot go on.`;
  const message = agentMessage([{ text }], { messageId: `${ref.id}:abandoned` });
  await store.journal.append(ref, [statusDraft(task, { state: "TASK_STATE_FAILED", message }, now)], { seq, lease });
}
