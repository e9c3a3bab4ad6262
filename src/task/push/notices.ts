import { isTerminal } from "../../a2a/task_state.ts";
import type { StreamResponse, Task } from "../../a2a/types.ts";
import { foldDrafts } from "../../store/fold.ts";
import type { Entry, Journal, Webhook } from "../../store/store.ts";

/** What a webhook's receiver is to be told next. */
export interface Notice {
  /** Of the entry that it tells of. */
  readonly seq: number;
  readonly event: StreamResponse;
  /** The task ended: nothing comes after it. */
  readonly isLast: boolean;
}

/** What the receiver has not been told yet, in order, then what comes; ends behind the task's end or when `signal` aborts. */
export function notices(journal: Journal, webhook: Webhook, signal: AbortSignal): AsyncGenerator<Notice> {
  return webhook.protocolVersion === "1.0" ? events(journal, webhook, signal) : tasks(journal, webhook, signal);
}

/** A2A v1 §4.3.3: each event, as a stream would carry it. */
async function* events(journal: Journal, { ref, toldSeq }: Webhook, signal: AbortSignal): AsyncGenerator<Notice> {
  for await (const entry of journal.follow(ref, toldSeq, signal)) {
    if ("event" in entry) yield { seq: entry.seq, event: entry.event, isLast: endsTask(entry) };
  }
}

/**
 * A2A 0.3 §9.5: the whole task, so only where its state changes: to send it with every piece of an answer would cost the
 * square of its length. It is the task as it was then, for which it is folded from its beginning.
 */
async function* tasks(journal: Journal, { ref, toldSeq }: Webhook, signal: AbortSignal): AsyncGenerator<Notice> {
  let task: Task | undefined;
  for await (const entry of journal.follow(ref, 0, signal)) {
    task = foldDrafts(task, [entry]);
    if (entry.seq <= toldSeq || !("event" in entry) || "artifactUpdate" in entry.event) continue;
    yield { seq: entry.seq, event: { task }, isLast: endsTask(entry) };
  }
}

function endsTask(entry: Entry): boolean {
  return "event" in entry && "statusUpdate" in entry.event && isTerminal(entry.event.statusUpdate.status.state);
}
