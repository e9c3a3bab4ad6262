import type { A2AService, Call, Numbered } from "../a2a/service.ts";
import type { StreamResponse } from "../a2a/types.ts";
import type { Timers } from "../lib/timers.ts";
import type { Identity } from "./identity.ts";

/** Timers take no more; a stream that lasts longer ends all the same, and is taken up again. */
const MAX_DELAY_MS = 2 ** 31 - 1;

type Events = AsyncIterable<Numbered<StreamResponse>>;

/**
 * A service whose streams last no longer than the credential they were asked for with. Such a stream stops before its
 * task, as one of a server that stops does: its reader takes it up again, and needs a new credential for that.
 */
export function limitedStreams(service: A2AService, { remainingMs }: Identity, timers: Timers): A2AService {
  if (remainingMs() === Infinity) return service;
  const limited = (open: (call: Call) => Events) => (call: Call) => untilExpiry(open, call, { remainingMs, timers });
  return {
    sendMessage: (request, call) => service.sendMessage(request, call),
    sendStreamingMessage: (request, call) => limited((inner) => service.sendStreamingMessage(request, inner))(call),
    subscribeToTask: (request, call) => limited((inner) => service.subscribeToTask(request, inner))(call),
    getTask: (request, call) => service.getTask(request, call),
    listTasks: (request, call) => service.listTasks(request, call),
    cancelTask: (request, call) => service.cancelTask(request, call),
    createTaskPushNotificationConfig: (request, call) => service.createTaskPushNotificationConfig(request, call),
    getTaskPushNotificationConfig: (request, call) => service.getTaskPushNotificationConfig(request, call),
    listTaskPushNotificationConfigs: (request, call) => service.listTaskPushNotificationConfigs(request, call),
    deleteTaskPushNotificationConfig: (request, call) => service.deleteTaskPushNotificationConfig(request, call),
    getExtendedAgentCard: (request, call) => service.getExtendedAgentCard(request, call),
  };
}

interface Limit {
  readonly remainingMs: () => number;
  readonly timers: Timers;
}

async function* untilExpiry(open: (call: Call) => Events, call: Call, { remainingMs, timers }: Limit): AsyncGenerator<
  Numbered<StreamResponse>
> {
  const stop = new AbortController();
  const leave = () => stop.abort(call.signal.reason);
  if (call.signal.aborted) leave();
  call.signal.addEventListener("abort", leave);
  const stopTimer = timers.after(Math.min(Math.max(remainingMs(), 0), MAX_DELAY_MS), () => stop.abort());
  try {
    yield* open({ ...call, signal: stop.signal });
  } finally {
    stopTimer();
    call.signal.removeEventListener("abort", leave);
  }
}
