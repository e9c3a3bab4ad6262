import type { Reply } from "../operations.ts";
import { present } from "../present.ts";
import { StreamResponse } from "../types.ts";
import type { Binding } from "./dialect.ts";
import { type Field, itemsOf, member, optionalText, requiredMember } from "./field.ts";
import { readLegacyEvent, readLegacyTask } from "./legacy_objects.ts";
import type { PeerDialect } from "./peer_dialect.ts";
import { parseAnswer, readingAnswer, readReply } from "./read_reply.ts";
import { readPushConfig } from "./tolerant.ts";
import type { PartSpelling } from "./tolerant_part.ts";
import { writeLegacyRequest } from "./write_legacy_request.ts";

/** A2A 0.3, as a client speaks it. */
export function a2aV03Peer(binding: Binding): PeerDialect {
  const spelling: PartSpelling = { nestedData: binding === "rest" };
  return {
    name: "a2a_v0_3",
    binding,
    version: "0.3",
    writeRequest: (request) => present(writeLegacyRequest(request, binding)),
    readReply: (operation, raw) =>
      readReply(operation, readingAnswer(() => readAnswer(operation, { path: "", value: raw }, spelling))),
    readEvent: (raw) =>
      parseAnswer(StreamResponse, readingAnswer(() => readLegacyEvent({ path: "", value: raw }, spelling))),
  };
}

function readAnswer(operation: Reply["operation"], answer: Field, spelling: PartSpelling): unknown {
  switch (operation) {
    case "SendMessage":
      return readLegacyEvent(answer, spelling);
    case "GetTask":
    case "CancelTask":
      return readLegacyTask(answer, spelling);
    case "ListTasks": {
      const tasks = member(answer, "tasks");
      return {
        tasks: tasks === undefined ? [] : itemsOf(tasks).map((task) => readLegacyTask(task, spelling)),
        nextPageToken: member(answer, "nextPageToken")?.value,
        pageSize: member(answer, "pageSize")?.value,
        totalSize: member(answer, "totalSize")?.value,
      };
    }
    case "CreateTaskPushNotificationConfig":
    case "GetTaskPushNotificationConfig":
      return readConfigAnswer(answer);
    case "ListTaskPushNotificationConfigs": {
      const isList = Array.isArray(answer.value);
      const configs = isList ? answer : member(answer, "configs");
      return present({
        configs: configs === undefined ? [] : itemsOf(configs).map(readConfigAnswer),
        nextPageToken: isList ? undefined : member(answer, "nextPageToken")?.value,
      });
    }
    case "DeleteTaskPushNotificationConfig":
    case "GetExtendedAgentCard":
      return answer.value;
  }
}

/** `{ taskId, pushNotificationConfig }`, or with `name: "tasks/T/pushNotificationConfigs/C"` for both ids. */
function readConfigAnswer(answer: Field): Record<string, unknown> {
  const [, named, , configId] = optionalText(answer, "name")?.split("/") ?? [];
  return {
    ...present({ id: configId }),
    ...readPushConfig(requiredMember(answer, "pushNotificationConfig")),
    taskId: optionalText(answer, "taskId") ?? named,
  };
}
