import type { Numbered } from "../a2a/service.ts";
import type { StreamResponse } from "../a2a/types.ts";
import { late } from "../lib/late.ts";
import type { TaskService } from "./service.ts";

type Stream = AsyncIterable<Numbered<StreamResponse>>;

/** A service whose code is loaded by its first call. `open` is called once. */
export function lateService(open: () => Promise<TaskService>): TaskService {
  let service: TaskService | undefined;
  const opened = late(async () => service = await open());
  async function* lateStream(ask: (service: TaskService) => Stream) {
    yield* ask(await opened());
  }
  // Of a service that is there every event comes without a detour.
  const stream = (ask: (service: TaskService) => Stream) => service === undefined ? lateStream(ask) : ask(service);
  return {
    sendMessage: async (request, call) => await (await opened()).sendMessage(request, call),
    sendStreamingMessage: (request, call) => stream((made) => made.sendStreamingMessage(request, call)),
    subscribeToTask: (request, call) => stream((made) => made.subscribeToTask(request, call)),
    getTask: async (request, call) => await (await opened()).getTask(request, call),
    listTasks: async (request, call) => await (await opened()).listTasks(request, call),
    cancelTask: async (request, call) => await (await opened()).cancelTask(request, call),
    createTaskPushNotificationConfig: async (request, call) =>
      await (await opened()).createTaskPushNotificationConfig(request, call),
    getTaskPushNotificationConfig: async (request, call) =>
      await (await opened()).getTaskPushNotificationConfig(request, call),
    listTaskPushNotificationConfigs: async (request, call) =>
      await (await opened()).listTaskPushNotificationConfigs(request, call),
    deleteTaskPushNotificationConfig: async (request, call) =>
      await (await opened()).deleteTaskPushNotificationConfig(request, call),
    getExtendedAgentCard: async (request, call) => await (await opened()).getExtendedAgentCard(request, call),
    cancelToolCall: async (ref, call) => await (await opened()).cancelToolCall(ref, call),
    recover: async () => await (await opened()).recover(),
    settled: async () => await (await opened()).settled(),
    // One that nobody has asked yet must take nothing from then on, either.
    drain: async (deadline) => await (await opened()).drain(deadline),
  };
}
