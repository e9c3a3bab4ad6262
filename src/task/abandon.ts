import { agentMessage } from "../a2a/parts.ts";
import type { Desk } from "./desk.ts";
import type { Held } from "./idle_tasks.ts";
import { statusDraft } from "./status_draft.ts";

/** Ends a task that cannot go on: its peer would wait for ever. `text` says why. */
export async function abandon(desk: Desk, held: Held, text: string): Promise<void> {
  // Before the end is recorded, so that a crash between the two has it done again.
  await desk.callOff(held);
  const { ref, task, seq, lease } = held;
  const message = agentMessage([{ text }], { messageId: `${ref.id}:abandoned` });
  const draft = statusDraft(task, { state: "TASK_STATE_FAILED", message }, desk.now);
  await desk.store.journal.append(ref, [draft], { seq, lease });
}
