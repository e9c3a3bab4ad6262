import { timeOfId } from "../../lib/ids.ts";
import { httpStatus } from "../error_wire.ts";
import type { A2AError } from "../errors.ts";
import type { Reply } from "../operations.ts";
import { present } from "../present.ts";
import type { Message, Part, StreamResponse, Task } from "../types.ts";
import type { StreamFrame, StreamWriter } from "./dialect.ts";
import { errorDetails, type HectorSpelling } from "./hector_dialect.ts";
import { toHectorV1Card } from "./hector_v1_card.ts";
import { legacyState } from "./legacy_names.ts";
import { answersOf, replyFollower } from "./reply.ts";
import { toTypedPart } from "./typed_part.ts";

/*
 * hector's first document ("A2A Protocol Compliance"): a task carries its whole conversation in `messages`, streams are
 * named events, and REST is spoken with slashes. Of what it does not show, A2A 0.3 answers.
 */

export const HECTOR_V1: HectorSpelling = {
  name: "hector_v1",
  inEnvelope: true,
  write,
  openStream,
  writeError,
};

function write(reply: Reply, legacy: Readonly<Record<string, unknown>>): unknown {
  switch (reply.operation) {
    case "SendMessage":
      return "task" in reply.response
        ? { task: writeTask(reply.response.task) }
        : { message: writeMessage(reply.response.message) };
    case "GetTask":
    case "CancelTask":
      // The route is one of A2A's own, too: beside what the document shows stands what its peers look for.
      return { ...legacy, task: writeTask(reply.response) };
    case "GetExtendedAgentCard":
      return toHectorV1Card(reply.response);
    default:
      return legacy;
  }
}

function writeTask(task: Task): Record<string, unknown> {
  const { id, contextId, history = [], status } = task;
  const artifacts = answersOf(task);
  const answers = artifacts.map(({ parts }) => parts.filter(isWritten)).filter((parts) => parts.length > 0);
  const ending = status.message === undefined ? [] : [status.message];
  return present({
    id,
    session_id: contextId,
    status: { state: legacyState(status.state) },
    messages: [
      ...history.map(writeMessage),
      ...answers.map((parts) => ({ role: "assistant", parts: parts.map(toTypedPart) })),
      ...ending.map(writeMessage),
    ],
    artifacts: artifacts.flatMap(({ artifactId, name, parts }) => {
      const others = parts.filter(({ text }) => text === undefined);
      return others.length === 0 ? [] : [present({ id: artifactId, name, ...writeArtifact(others) })];
    }),
    created_at: createdAt(id) ?? status.timestamp,
    updated_at: status.timestamp,
  });
}

function isWritten({ text }: Part): boolean {
  return text !== undefined && text !== "";
}

/** hector's own ids tell when they were made. */
function createdAt(id: string): string | undefined {
  const bornMs = timeOfId(id);
  return bornMs === undefined ? undefined : new Date(bornMs).toISOString();
}

function writeMessage({ role, parts }: Message): Record<string, unknown> {
  return { role: role === "ROLE_AGENT" ? "assistant" : "user", parts: parts.map(toTypedPart) };
}

function writeArtifact(parts: readonly Part[]): Record<string, unknown> {
  return { type: typeOf(parts[0]), parts: parts.map(toTypedPart) };
}

/** What an artifact is, in one word: `image`, `audio`, `video`, `data`, `file`. */
function typeOf(part: Part | undefined): string {
  if (part === undefined || part.data !== undefined) return "data";
  return /^(image|audio|video)\//.exec(part.mediaType ?? "")?.[1] ?? "file";
}

/** `message` events are increments, and a `status` event is told when the state has changed. */
function openStream(): StreamWriter {
  const follow = replyFollower();
  let toldState = "";
  return (event: StreamResponse, last: boolean): StreamFrame[] => {
    if ("message" in event) {
      const message = writeMessage(event.message);
      return [{ event: "message", data: present({ task_id: event.message.taskId, message }) }];
    }
    const { task, news, report } = follow(event, last);
    const state = legacyState(task.status.state);
    const hasChanged = state !== toldState;
    toldState = state;
    return [
      ...report.map((part) => messageFrame(task.id, part)),
      ...news.map((part) => part.text === undefined ? artifactFrame(task.id, part) : messageFrame(task.id, part)),
      ...(hasChanged ? [{ event: "status", data: { task_id: task.id, status: { state } } }] : []),
    ];
  };
}

/** What an agent gives besides text is an artifact. */
function artifactFrame(task_id: string, part: Part): StreamFrame {
  return { event: "artifact", data: { task_id, artifact: writeArtifact([part]) } };
}

function messageFrame(task_id: string, part: Part): StreamFrame {
  return { event: "message", data: { task_id, message: { role: "assistant", parts: [toTypedPart(part)] } } };
}

function writeError(error: A2AError): unknown {
  const { agent } = error.metadata;
  const message = error.reason === "AGENT_NOT_FOUND" && agent !== undefined
    ? `Agent '${agent}' not found`
    : error.message;
  return { error: present({ code: codeOf(error), message, details: errorDetails(error, "agent_id") }) };
}

/** The document's table of codes knows seven; a task and an agent that are missing keep their own names. */
function codeOf({ reason }: A2AError): string {
  if (reason.endsWith("_NOT_FOUND") && reason !== "METHOD_NOT_FOUND") return reason;
  const status = httpStatus(reason, "1.0.1");
  switch (status) {
    case 401:
      return "AUTH_REQUIRED";
    case 403:
      return "AUTH_FORBIDDEN";
    case 429:
    case 503:
      return "SERVICE_UNAVAILABLE";
    default:
      return status >= 500 ? "INTERNAL_ERROR" : "INVALID_REQUEST";
  }
}
