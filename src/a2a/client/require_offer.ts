import type { AgentCapabilities } from "../card/card_types.ts";
import { A2AError, type ErrorReason } from "../errors.ts";
import type { Operation } from "../operations.ts";

type Capability = "streaming" | "pushNotifications" | "extendedAgentCard";

/** What is optional: the capability with which a card offers it, and how a peer without it would answer (A2A v1 §3.3.4). */
const OPTIONAL: ReadonlyMap<Operation, readonly [capability: Capability, reason: ErrorReason]> = new Map([
  ["SendStreamingMessage", ["streaming", "UNSUPPORTED_OPERATION"]],
  ["SubscribeToTask", ["streaming", "UNSUPPORTED_OPERATION"]],
  ["CreateTaskPushNotificationConfig", ["pushNotifications", "PUSH_NOTIFICATION_NOT_SUPPORTED"]],
  ["GetTaskPushNotificationConfig", ["pushNotifications", "PUSH_NOTIFICATION_NOT_SUPPORTED"]],
  ["ListTaskPushNotificationConfigs", ["pushNotifications", "PUSH_NOTIFICATION_NOT_SUPPORTED"]],
  ["DeleteTaskPushNotificationConfig", ["pushNotifications", "PUSH_NOTIFICATION_NOT_SUPPORTED"]],
  ["GetExtendedAgentCard", ["extendedAgentCard", "UNSUPPORTED_OPERATION"]],
]);

/** Throws what the agent would answer to an operation that its card does not offer, without asking it. */
export function requireOffer(operation: Operation, capabilities: AgentCapabilities): void {
  const [capability, reason] = OPTIONAL.get(operation) ?? [];
  if (capability === undefined || reason === undefined || capabilities[capability] === true) return;
  throw new A2AError(reason, `Cannot ${operation}: the agent's card does not offer ${capability}`);
}
