import { z } from "zod";
import { readCard } from "../card/read_card.ts";
import { A2AError } from "../errors.ts";
import type { Reply } from "../operations.ts";
import {
  ListTaskPushNotificationConfigsResponse,
  ListTasksResponse,
  SendMessageResponse,
  Task,
  TaskPushNotificationConfig,
} from "../types.ts";

/** ProtoJSON of a unary operation's core answer → the answer, validated. */
export function readReply(operation: Reply["operation"], raw: unknown): Reply {
  switch (operation) {
    case "SendMessage":
      return { operation, response: parseAnswer(SendMessageResponse, raw) };
    case "GetTask":
    case "CancelTask":
      return { operation, response: parseAnswer(Task, raw) };
    case "ListTasks":
      return { operation, response: parseAnswer(ListTasksResponse, raw) };
    case "CreateTaskPushNotificationConfig":
    case "GetTaskPushNotificationConfig":
      return { operation, response: parseAnswer(TaskPushNotificationConfig, raw) };
    case "ListTaskPushNotificationConfigs":
      return { operation, response: parseAnswer(ListTaskPushNotificationConfigsResponse, raw) };
    case "DeleteTaskPushNotificationConfig":
      return { operation, response: null };
    case "GetExtendedAgentCard":
      return { operation, response: readCard(raw) };
  }
}

/** Validates what a peer answered; its fault is not the caller's, so a complaint becomes INVALID_AGENT_RESPONSE. */
export function parseAnswer<T>(schema: z.ZodType<T>, raw: unknown): T {
  return readingAnswer(() => schema.parse(raw));
}

/** Runs a reader of a peer's answer; whatever it complains of is INVALID_AGENT_RESPONSE. */
export function readingAnswer<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (cause instanceof A2AError && cause.reason === "INVALID_AGENT_RESPONSE") throw cause;
    if (!(cause instanceof A2AError) && !(cause instanceof z.ZodError)) throw cause;
    const { message, violations } = A2AError.from(cause);
    const text = message.replace(/^Invalid parameters: /, "");
    throw new A2AError("INVALID_AGENT_RESPONSE", `Cannot read the peer's answer: ${text}`, { cause, violations });
  }
}
