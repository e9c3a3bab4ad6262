import { toHybridCard } from "../card/hybrid_card.ts";
import type { AgentCard } from "../card/card_types.ts";
import { grpcStatus } from "../error_wire.ts";
import type { A2AError } from "../errors.ts";
import type { Reply } from "../operations.ts";
import { present } from "../present.ts";
import type { Part, SendMessageResponse, StreamResponse, Task } from "../types.ts";
import { writeProtoPart } from "./a2a_v0_3_rest.ts";
import type { Binding, StreamFrame, StreamWriter } from "./dialect.ts";
import { errorDetails, type HectorSpelling } from "./hector_dialect.ts";
import { hectorState } from "./legacy_names.ts";
import { replyFollower, replyOf } from "./reply.ts";

/*
 * hector's second document ("API Reference"): `content` and `ROLE_ASSISTANT`, an answer is `{ response, task_id }`, a
 * stream is deltas and `[DONE]`. Requests and routes are also those of A2A 0.3 over REST, whose peers tell no version: what
 * 0.3 answers stands beside what the document shows, so that both find their members.
 */

export const HECTOR_V1_REST: HectorSpelling = {
  name: "hector_v1_rest",
  inEnvelope: true,
  write,
  openStream,
  writeError,
};

function write(reply: Reply, legacy: Readonly<Record<string, unknown>>): unknown {
  switch (reply.operation) {
    case "SendMessage":
      return { ...legacy, ...writeResponse(reply.response) };
    case "GetTask":
    case "CancelTask":
      return { ...legacy, task: writeTask(reply.response) };
    case "GetExtendedAgentCard":
      return { ...toHybridCard(reply.response, { snakeCase: false }), agent: writeCard(reply.response) };
    default:
      return legacy;
  }
}

function writeResponse(response: SendMessageResponse): Record<string, unknown> {
  if ("message" in response) return { response: writeReply(response.message.parts) };
  return { response: writeReply(replyOf(response.task)), task_id: response.task.id };
}

function writeReply(parts: readonly Part[]): Record<string, unknown> {
  return { role: "ROLE_ASSISTANT", content: parts.map(writeProtoPart) };
}

function writeTask(task: Task): Record<string, unknown> {
  const reply = replyOf(task);
  return present({
    id: task.id,
    status: hectorState(task.status.state),
    result: reply.length === 0 ? undefined : writeReply(reply),
  });
}

function openStream(binding: Binding): StreamWriter {
  const follow = replyFollower();
  return (event: StreamResponse, last: boolean): StreamFrame[] => {
    const parts = "message" in event ? event.message.parts : follow(event, last).news;
    const frames = parts.map((part) => ({ data: { response: { content: [writeProtoPart(part)] } } }));
    // Over JSON-RPC every frame is a response, and the end of the stream is the end.
    return last && binding === "rest" ? [...frames, { data: "[DONE]" }] : frames;
  };
}

function writeError(error: A2AError): unknown {
  const { agent } = error.metadata;
  const message = error.reason === "AGENT_NOT_FOUND" && agent !== undefined
    ? `Agent not found: ${agent}`
    : error.message;
  // The document's 404 is always NOT_FOUND, a route that does not exist included.
  const code = error.reason === "METHOD_NOT_FOUND" ? "NOT_FOUND" : grpcStatus(error.reason, "1.0.1");
  return { error: present({ code, message, details: errorDetails(error, "name") }) };
}

function writeCard({ name, description, version, capabilities, defaultInputModes }: AgentCard) {
  return {
    name,
    description,
    version,
    capabilities: ["chat", "tools", ...(capabilities.streaming === true ? ["streaming"] : [])],
    supported_content_types: [...new Set(defaultInputModes.map((mode) => mode.split("/")[0]))],
  };
}
