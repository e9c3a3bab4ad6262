import { isRecord } from "../../lib/json.ts";
import { toHybridCard } from "../card/hybrid_card.ts";
import { toLegacyError } from "../error_wire.ts";
import { type A2AError, type ErrorReason, ERRORS } from "../errors.ts";
import type { Reply } from "../operations.ts";
import { present } from "../present.ts";
import type { Message, Part, StreamResponse, Task } from "../types.ts";
import type { StreamFrame, StreamWriter } from "./dialect.ts";
import type { HectorSpelling } from "./hector_dialect.ts";
import { hectorState } from "./legacy_names.ts";
import { replyFollower, replyOf } from "./reply.ts";
import { toTypedPart } from "./typed_part.ts";

/*
 * hector's third document ("HTTP API Reference"): snake_case, an agent's answer is the message of the task's status, and a
 * stream is a row of statuses whose message holds the answer so far. Of what it does not show, A2A 0.3 answers.
 */

export const HECTOR_V2: HectorSpelling = {
  name: "hector_v2",
  inEnvelope: false,
  write,
  openStream,
  writeError: (error) => ({ error: writeError(error) }),
  writeRpcError: writeError,
};

function write(reply: Reply, legacy: Readonly<Record<string, unknown>>): unknown {
  switch (reply.operation) {
    case "SendMessage":
      return "task" in reply.response ? writeTask(reply.response.task) : writeBare(reply.response.message);
    case "GetTask":
    case "CancelTask":
      return writeTask(reply.response);
    case "ListTasks": {
      const { tasks, nextPageToken, pageSize, totalSize } = reply.response;
      return {
        tasks: tasks.map(writeTask),
        next_page_token: nextPageToken,
        page_size: pageSize,
        total_size: totalSize,
      };
    }
    case "GetExtendedAgentCard":
      return toHybridCard(reply.response, { snakeCase: true });
    default:
      return legacy;
  }
}

function writeTask(task: Task): Record<string, unknown> {
  return present({ task_id: task.id, context_id: task.contextId, status: writeStatus(task, replyOf(task)) });
}

function writeStatus({ status: { state } }: Task, parts: readonly Part[]): Record<string, unknown> {
  return present({ state: hectorState(state), message: parts.length === 0 ? undefined : writeMessage(parts) });
}

function writeMessage(parts: readonly Part[]): Record<string, unknown> {
  return { role: "agent", parts: parts.map(toTypedPart) };
}

/** An agent may answer without a task (A2A v1 §3.1.1); the document knows nothing but tasks. */
function writeBare({ taskId, contextId, parts }: Message): Record<string, unknown> {
  const status = { state: "completed", message: writeMessage(parts) };
  return present({ task_id: taskId, context_id: contextId, status });
}

/** Behind the answer so far stands, once, what a running agent reports of its work. */
function openStream(): StreamWriter {
  const follow = replyFollower();
  return (event: StreamResponse, last: boolean): StreamFrame[] => {
    if ("message" in event) return [frame(writeBare(event.message))];
    const { task, news, report } = follow(event, last);
    if ("artifactUpdate" in event && news.length === 0) return [];
    return [frame({ ...writeTask(task), status: writeStatus(task, [...replyOf(task), ...report]) })];
  };
}

function frame(update: Record<string, unknown>): StreamFrame {
  return { data: { type: "task.status_update", ...update } };
}

/** JSON-RPC 2.0 §5.1. */
const TITLES: ReadonlyMap<ErrorReason, string> = new Map<ErrorReason, string>([
  ["PARSE_ERROR", "Parse error"],
  ["INVALID_REQUEST", "Invalid request"],
  ["METHOD_NOT_FOUND", "Method not found"],
  ["INVALID_PARAMS", "Invalid params"],
  ["INTERNAL", "Internal error"],
]);

/** JSON-RPC's own errors carry its titles, and the words in `data.detail`; a request that lacks a field is no request. */
function writeError(error: A2AError): Record<string, unknown> {
  const { code, data } = toLegacyError(error);
  const missing = error.violations.find(({ description }) => description === "is required");
  if (missing !== undefined) {
    const detail = `Missing required field: ${missing.field}`;
    return { code: ERRORS.INVALID_REQUEST.jsonRpc, message: TITLES.get("INVALID_REQUEST"), data: { detail } };
  }
  const details = isRecord(data) ? data : {};
  return { code, message: TITLES.get(error.reason) ?? error.message, data: { detail: error.message, ...details } };
}
