import type { AgentCard } from "../../src/a2a/card/card_types.ts";
import type { A2AService } from "../../src/a2a/service.ts";
import type { ServedAgent, Visibility } from "../../src/server/directory.ts";

function refuse(): never {
  throw new Error("This agent answers nothing");
}

/** A service whose every operation is a mistake of the test, but those given. */
export function fakeService(operations: Partial<A2AService> = {}): A2AService {
  return {
    sendMessage: refuse,
    sendStreamingMessage: refuse,
    subscribeToTask: refuse,
    getTask: refuse,
    listTasks: refuse,
    cancelTask: refuse,
    createTaskPushNotificationConfig: refuse,
    getTaskPushNotificationConfig: refuse,
    listTaskPushNotificationConfigs: refuse,
    deleteTaskPushNotificationConfig: refuse,
    getExtendedAgentCard: refuse,
    ...operations,
  };
}

export function servedAgent(id: string, visibility: Visibility = "public", service = fakeService()): ServedAgent {
  return {
    id,
    visibility,
    service,
    card: (baseUrl): AgentCard => ({
      name: id,
      description: `The agent ${id}`,
      version: "1.0.0",
      supportedInterfaces: [{ url: `${baseUrl}/agents/${id}`, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
      capabilities: { streaming: true, pushNotifications: false },
      defaultInputModes: ["text/plain"],
      defaultOutputModes: ["text/plain"],
      skills: [],
    }),
  };
}
