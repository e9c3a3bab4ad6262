import type { A2AService } from "../a2a/service.ts";
import type { Message, Task, TaskState } from "../a2a/types.ts";
import { callAt } from "./connect.ts";
import type { Surroundings } from "./command.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { printStream, TurnPrinter } from "./print_stream.ts";

export interface TurnOptions {
  readonly showTools: boolean;
  /** false: wait for the whole answer. */
  readonly stream: boolean;
}

/** One message and what came of it, printed as it comes. The user's first interrupt cancels the task, the second leaves. */
export async function takeTurn(
  service: A2AService,
  message: Message,
  { terminal, onInterrupt, showTools, stream }: Surroundings & TurnOptions,
): Promise<Task | undefined> {
  const leave = new AbortController();
  const printer = new TurnPrinter(terminal, { showTools });
  let taskId: string | undefined;
  let interrupts = 0;
  const stopListening = onInterrupt(() => {
    interrupts++;
    if (interrupts > 1 || taskId === undefined) return leave.abort(new Left());
    terminal.err(`\n${terminal.dim("cancelling; press Ctrl-C again to leave without waiting")}\n`);
    service.cancelTask({ id: taskId }, callAt(leave.signal)).catch(() => leave.abort(new Left()));
  });
  const call = callAt(leave.signal);
  try {
    const events = stream ? service.sendStreamingMessage({ message }, call) : whole(service, message, call);
    return await untilLeft(printStream(events, printer, (id) => taskId = id), leave.signal);
  } finally {
    printer.end();
    stopListening();
  }
}

/** The user does not want to wait for the end of a turn. */
export class Left extends Error {
  override readonly name = "Left";
}

async function untilLeft<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  return await Promise.race([work, promise]);
}

/** A blocking send, told as a stream: the task is made known as soon as there is one, so that it can be cancelled. */
async function* whole(service: A2AService, message: Message, call: ReturnType<typeof callAt>) {
  const begun = await service.sendMessage({ message, configuration: { returnImmediately: true } }, call);
  if (!("task" in begun)) {
    yield { seq: 1, event: begun };
    return;
  }
  const id = begun.task.id;
  yield {
    seq: 1,
    event: { task: { id, contextId: begun.task.contextId, status: { state: begun.task.status.state } } },
  };
  const answer = await service.sendMessage({ message }, call);
  yield { seq: 2, event: answer };
}

const EXIT_BY_STATE: ReadonlyMap<TaskState, ExitCode> = new Map<TaskState, ExitCode>([
  ["TASK_STATE_FAILED", EXIT.failure],
  ["TASK_STATE_REJECTED", EXIT.failure],
  ["TASK_STATE_AUTH_REQUIRED", EXIT.authentication],
  ["TASK_STATE_CANCELED", EXIT.interrupted],
]);

/** What a turn's end means to a script. */
export function exitCodeOfTask(task: Task | undefined): ExitCode {
  return task === undefined ? EXIT.ok : EXIT_BY_STATE.get(task.status.state) ?? EXIT.ok;
}
