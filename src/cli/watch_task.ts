import { A2AError } from "../a2a/errors.ts";
import type { A2AService, Numbered } from "../a2a/service.ts";
import type { StreamResponse, TaskState } from "../a2a/types.ts";
import { untilAborted } from "../lib/until_aborted.ts";
import { callAt } from "./connect.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { printStream, TurnPrinter } from "./print_stream.ts";
import type { TaskAsk } from "./task_ask.ts";
import { exitCodeOfTask, Left, shownOf } from "./turn.ts";

/** Prints what a task does until it ends or the user leaves, which does not end it. */
export async function watchTask({ service, id, args, surroundings, output }: TaskAsk): Promise<ExitCode> {
  const { terminal, onInterrupt } = surroundings;
  const leave = new AbortController();
  const stopListening = onInterrupt(() => leave.abort(new Left()));
  const printer = new TurnPrinter(terminal, shownOf(args));
  const events = follow(service, id, leave.signal);
  try {
    if (output === "text") {
      return exitCodeOfTask(await untilAborted(printStream(events, printer, () => {}), leave.signal));
    }
    let state: TaskState = "TASK_STATE_UNSPECIFIED";
    for await (const numbered of events) {
      terminal.out(`${JSON.stringify(numbered)}\n`);
      const { event } = numbered;
      if ("task" in event) state = event.task.status.state;
      else if ("statusUpdate" in event) state = event.statusUpdate.status.state;
    }
    return exitCodeOfTask({ id, status: { state } });
  } catch (thrown) {
    if (thrown instanceof Left) return EXIT.interrupted;
    throw thrown;
  } finally {
    printer.end();
    stopListening();
  }
}

/** A2A v1 §3.1.6: a task that is over cannot be subscribed to; it can be read. */
async function* follow(
  service: A2AService,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Numbered<StreamResponse>> {
  const call = callAt(signal);
  try {
    yield* service.subscribeToTask({ id }, call);
  } catch (thrown) {
    if (!(thrown instanceof A2AError) || thrown.reason !== "UNSUPPORTED_OPERATION") throw thrown;
    yield { seq: 1, event: { task: await service.getTask({ id }, call) } };
  }
}
