import { apply } from "../a2a/apply.ts";
import { A2AError } from "../a2a/errors.ts";
import type { A2AService, Call, Numbered } from "../a2a/service.ts";
import type { Message, StreamResponse, Task, TaskState } from "../a2a/types.ts";
import type { Arguments, Flags } from "./arguments.ts";
import { callAt } from "./connect.ts";
import type { Surroundings } from "./command.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { type PrinterOptions, printStream, TurnPrinter } from "./print_stream.ts";

/** What is printed beside the answer. */
export const SHOW_FLAGS: Flags = {
  "show-tools": { type: "boolean", help: "Tell what tools do, on stderr (default); --no-show-tools hides it" },
  "show-thinking": {
    type: "boolean",
    help: "Print what the model thinks if its agent shows it (default), on stderr; --no-show-thinking hides it",
  },
};

export function shownOf({ booleans }: Arguments): Omit<PrinterOptions, "asksVotes" | "seen"> {
  return { showTools: booleans.get("show-tools") ?? true, showThinking: booleans.get("show-thinking") ?? true };
}

export interface TurnOptions extends PrinterOptions {
  /** false: wait for the whole answer. */
  readonly stream: boolean;
}

/** One message and what came of it, printed as it comes. The user's first interrupt cancels the task, the second leaves. */
export async function takeTurn(
  service: A2AService,
  message: Message,
  { terminal, onInterrupt, stream, ...shown }: Surroundings & TurnOptions,
): Promise<Task | undefined> {
  const leave = new AbortController();
  const printer = new TurnPrinter(terminal, shown);
  let taskId: string | undefined;
  let interrupts = 0;
  const stopListening = onInterrupt(() => {
    interrupts++;
    if (interrupts > 1 || taskId === undefined) return leave.abort(new Left());
    printer.end();
    terminal.err(`${terminal.dim("cancelling; press Ctrl-C again to leave without waiting")}\n`);
    service.cancelTask({ id: taskId }, callAt(leave.signal)).catch(() => leave.abort(new Left()));
  });
  const call = callAt(leave.signal);
  try {
    const turn = events(service, message, call);
    return await untilLeft(printStream(stream ? turn : whole(turn), printer, (id) => taskId = id), leave.signal);
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

/** The events of a turn. An agent that does not stream (A2A v1 §3.1.2) is asked for its answer in one piece. */
async function* events(service: A2AService, message: Message, call: Call): AsyncGenerator<Numbered<StreamResponse>> {
  let heard = false;
  try {
    for await (const event of service.sendStreamingMessage({ message }, call)) {
      heard = true;
      yield event;
    }
  } catch (thrown) {
    const cannot = thrown instanceof A2AError && thrown.reason === "UNSUPPORTED_OPERATION";
    if (heard || !cannot) throw thrown;
    yield { seq: 1, event: await service.sendMessage({ message }, call) };
  }
}

/** Nothing but the task's name until it is over. It is followed all the same, so that it can be cancelled. */
async function* whole(source: AsyncIterable<Numbered<StreamResponse>>): AsyncGenerator<Numbered<StreamResponse>> {
  let last: Numbered<StreamResponse> | undefined;
  let task: Task | undefined;
  for await (const { seq, event } of source) {
    last = { seq, event };
    if ("message" in event) continue;
    if (task === undefined && "task" in event) {
      const { id, contextId, status } = event.task;
      yield { seq, event: { task: { id, contextId, status: { state: status.state } } } };
    }
    task = apply(task, event);
    last = { seq, event: { task } };
  }
  if (last !== undefined) yield last;
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
