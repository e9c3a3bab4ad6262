import { agentMessage } from "../a2a/parts.ts";
import type { Desk } from "./desk.ts";
import type { Held } from "./idle_tasks.ts";
import { statusDraft } from "./status_draft.ts";

/** Ends a task that cannot go on: its peer would wait for ever. `text` says why. */
export async function abandon(desk: Desk, { ref, task, seq, lease }: Held, text: string): Promise<void> {
  const message = agentMessage([{ text }], { messageId: `${ref.id}:abandoned` });
  const draft = statusDraft(task, { state: "TASK_STATE_FAILED", message }, desk.now);
  await desk.store.journal.append(ref, [draft], { seq, lease });
}
