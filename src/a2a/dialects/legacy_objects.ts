import { present } from "../present.ts";
import {
  type Field,
  invalidField,
  itemsOf,
  member,
  optionalRecord,
  optionalText,
  optionalTexts,
  recordOf,
  requiredMember,
  textOf,
} from "./field.ts";
import { readState } from "./legacy_names.ts";
import { readMessage, readParts } from "./tolerant.ts";
import type { PartSpelling } from "./tolerant_part.ts";

/*
 * The objects that a server of A2A 0.3 answers with → ProtoJSON of the core's. Both spellings are read: `kind` on the
 * object itself (JSON-RPC), or the object under a member that says what it is (REST, as in 1.0).
 */

const EVENT_OF_KIND: ReadonlyMap<string, string> = new Map([
  ["task", "task"],
  ["message", "message"],
  ["status-update", "statusUpdate"],
  ["artifact-update", "artifactUpdate"],
]);

/** An answer to a send or one event of a stream. */
export function readLegacyEvent(event: Field, spelling: PartSpelling): Record<string, unknown> {
  const kind = member(event, "kind");
  if (kind !== undefined) {
    const name = EVENT_OF_KIND.get(textOf(kind));
    if (name !== undefined) return { [name]: readObject(name, event, spelling) };
    throw invalidField(kind.path, `unknown kind ${JSON.stringify(kind.value)}`);
  }
  for (const name of EVENT_OF_KIND.values()) {
    const object = member(event, name);
    if (object !== undefined) return { [name]: readObject(name, object, spelling) };
  }
  throw invalidField(event.path, `holds exactly one of ${[...EVENT_OF_KIND.values()].join(", ")}`);
}

function readObject(name: string, object: Field, spelling: PartSpelling): Record<string, unknown> {
  switch (name) {
    case "task":
      return readLegacyTask(object, spelling);
    case "message":
      return readMessage(object, spelling);
    case "statusUpdate":
      return present({
        ...idsOfUpdate(object),
        status: readStatus(requiredMember(object, "status"), spelling),
        metadata: optionalRecord(object, "metadata"),
      });
    default:
      return present({
        ...idsOfUpdate(object),
        artifact: readArtifact(requiredMember(object, "artifact"), spelling),
        append: member(object, "append")?.value,
        lastChunk: member(object, "lastChunk")?.value,
        metadata: optionalRecord(object, "metadata"),
      });
  }
}

function idsOfUpdate(update: Field): Record<string, unknown> {
  return { taskId: optionalText(update, "taskId"), contextId: optionalText(update, "contextId") ?? "" };
}

export function readLegacyTask(task: Field, spelling: PartSpelling): Record<string, unknown> {
  const artifacts = member(task, "artifacts");
  const history = member(task, "history");
  return present({
    id: optionalText(task, "id"),
    contextId: optionalText(task, "contextId"),
    status: readStatus(requiredMember(task, "status"), spelling),
    artifacts: artifacts === undefined
      ? undefined
      : itemsOf(artifacts).map((artifact) => readArtifact(artifact, spelling)),
    history: history === undefined ? undefined : itemsOf(history).map((message) => readMessage(message, spelling)),
    metadata: optionalRecord(task, "metadata"),
  });
}

function readStatus(status: Field, spelling: PartSpelling): Record<string, unknown> {
  const message = member(status, "message");
  return present({
    state: readState(requiredMember(status, "state")),
    message: message === undefined ? undefined : readMessage(message, spelling),
    timestamp: optionalText(status, "timestamp"),
  });
}

function readArtifact(artifact: Field, spelling: PartSpelling): Record<string, unknown> {
  recordOf(artifact);
  return present({
    artifactId: optionalText(artifact, "artifactId"),
    name: optionalText(artifact, "name"),
    description: optionalText(artifact, "description"),
    parts: readParts(requiredMember(artifact, "parts"), spelling),
    metadata: optionalRecord(artifact, "metadata"),
    extensions: optionalTexts(artifact, "extensions"),
  });
}
