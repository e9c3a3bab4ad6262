import type { Call } from "../a2a/service.ts";
import type { SendMessageRequest } from "../a2a/types.ts";
import type { StoredTask } from "../store/store.ts";
import { type Desk, refOf } from "./desk.ts";
import { registerWithSend } from "./push/register.ts";
import type { TaskRun } from "./run.ts";
import { taskNotFound } from "./task_errors.ts";

/** What came of a message: a new task, the next turn of one, or (the message was sent before) a task that has it already. */
export interface Begun {
  readonly kind: "created" | "continued" | "joined";
  /** As it was right after that. */
  readonly stored: StoredTask;
  /** The run, if it is in this process and not over. */
  readonly run: TaskRun | undefined;
}

/** What a message is that was sent before: the task that it began or continued, whoever asks for it now. */
export async function join(
  desk: Desk,
  { request, taskId }: { readonly request: SendMessageRequest; readonly taskId: string },
  call: Call,
): Promise<Begun> {
  const stored = await desk.store.tasks.get(refOf(call, taskId));
  if (stored === undefined) throw taskNotFound(taskId);
  await registerWithSend(desk, request, { stored, call });
  return { kind: "joined", stored, run: desk.runs.get(taskId) };
}
