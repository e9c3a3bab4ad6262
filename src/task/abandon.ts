import { agentMessage } from "../a2a/parts.ts";
import type { Desk } from "./desk.ts";
import type { Held } from "./idle_tasks.ts";
import { statusDraft } from "./status_draft.ts";

/** Ends the task of an agent that no configuration knows any more: its peer would wait for ever. */
export async function abandon(desk: Desk, { ref, task, seq, lease }: Held): Promise<void> {
  const text = `The agent "${desk.agentId}" is not served here any more, so this task cannot go on.`;
  const message = agentMessage([{ text }], { messageId: `${ref.id}:abandoned` });
  const draft = statusDraft(task, { state: "TASK_STATE_FAILED", message }, desk.now);
  await desk.store.journal.append(ref, [draft], { seq, lease });
}
