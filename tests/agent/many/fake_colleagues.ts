import { A2AError } from "../../../src/a2a/errors.ts";
import type { A2AService } from "../../../src/a2a/service.ts";
import type { Task } from "../../../src/a2a/types.ts";
import { Askers } from "../../../src/agent/many/askers.ts";
import type { Colleagues } from "../../../src/agent/many/colleagues.ts";

/** The tasks of an agent, and which of them were canceled. */
export function fakeService(tasks: readonly Task[]): A2AService & { readonly canceled: string[] } {
  const canceled: string[] = [];
  const refuse = () => {
    throw new A2AError("UNSUPPORTED_OPERATION", "This agent does nothing");
  };
  return {
    canceled,
    sendMessage: refuse,
    sendStreamingMessage: refuse,
    subscribeToTask: refuse,
    getTask: ({ id }) => {
      const task = tasks.find((each) => each.id === id);
      return task === undefined ? Promise.reject(new A2AError("TASK_NOT_FOUND", id)) : Promise.resolve(task);
    },
    listTasks: ({ status }) => {
      const found = tasks.filter((task) => task.status.state === status);
      return Promise.resolve({ tasks: found, nextPageToken: "", pageSize: 100, totalSize: found.length });
    },
    cancelTask: ({ id }) => {
      canceled.push(id);
      return Promise.resolve({ id, contextId: "c", status: { state: "TASK_STATE_CANCELED" as const } });
    },
    createTaskPushNotificationConfig: refuse,
    getTaskPushNotificationConfig: refuse,
    listTaskPushNotificationConfigs: refuse,
    deleteTaskPushNotificationConfig: refuse,
    getExtendedAgentCard: refuse,
  };
}

export function colleaguesOf(services: Readonly<Record<string, A2AService>>, askers = new Askers()): Colleagues {
  const byId = new Map(Object.entries(services));
  return {
    serviceOf: (id) => byId.get(id),
    services: () => byId.values(),
    askers,
    isUnderWay: () => false,
    maxHops: 8,
    sleep: () => Promise.resolve(),
  };
}
