import { isRecord, type JsonObject } from "../lib/json.ts";
import type { Artifact, Message, Part, Task } from "./types.ts";

/** What a model asks to be done: A2A carries it as a data part marked with TOOL_PART. */
export interface ToolCall {
  readonly id: string;
  readonly name: string;
  readonly arguments: JsonObject;
  /**
   * What the model wrote where its arguments were no JSON object. `arguments` is empty then, and the tool must not run:
   * the model is told instead (model/malformed_call.ts).
   */
  readonly malformed?: string;
  /** What the provider wants back unchanged with this call, such as a thought signature. Nobody else reads it. */
  readonly opaque?: JsonObject;
}

/** What came of a ToolCall, as the model reads it. */
export interface ToolOutcome {
  readonly id: string;
  readonly name: string;
  readonly output: string;
  readonly isError: boolean;
  /** What a person is shown in place of `output`; no model reads it. */
  readonly display?: string;
}

/** Part metadata key that tells a tool call ("call") and its outcome ("result") from a peer's own data. */
export const TOOL_PART = "https://hector.dev/a2a/tool/v1";

/**
 * Artifact metadata key of text beside the answer: "thinking" of a model, "progress" of a tool. Whoever shows an answer
 * leaves it out, and no model reads it in a later turn.
 */
export const SIDE_ARTIFACT = "https://hector.dev/a2a/side-artifact/v1";

/** Whether an artifact belongs to the answer. */
export function isAnswer({ metadata }: Artifact): boolean {
  return metadata?.[SIDE_ARTIFACT] === undefined;
}

/** Whether an artifact is what a model thought before it answered. */
export function isThinking({ metadata }: Artifact): boolean {
  return metadata?.[SIDE_ARTIFACT] === "thinking";
}

/** Message metadata key of a word that answers by itself: the task that it ended has nothing more to show. */
const DIRECT_MESSAGE = "https://hector.dev/a2a/direct-message/v1";

export function asDirect(message: Message): Message {
  return { ...message, metadata: { ...message.metadata, [DIRECT_MESSAGE]: true } };
}

/** What the sender of a task's only message is to be given in place of the task (A2A v1 §3.1.1), if there is such a thing. */
export function directMessageOf({ status: { state, message } }: Task): Message | undefined {
  return state === "TASK_STATE_COMPLETED" && message?.metadata?.[DIRECT_MESSAGE] === true ? message : undefined;
}

export interface MessageIds {
  readonly messageId: string;
  readonly contextId?: string;
  readonly taskId?: string;
}

/** A message from the user's side. */
export function userMessage(text: string, ids: MessageIds): Message {
  return { ...ids, role: "ROLE_USER", parts: [{ text }] };
}

/** A message from the agent's side. */
export function agentMessage(parts: readonly Part[], ids: MessageIds): Message {
  return { ...ids, role: "ROLE_AGENT", parts: [...parts] };
}

/** The text parts, joined as they stand. */
export function textOf({ parts }: Pick<Message | Artifact, "parts">): string {
  return parts.map((part) => part.text ?? "").join("");
}

/** What the task was last asked: the text of the newest message from the user's side. */
export function questionOf(task: Task): string {
  const asked = task.history?.findLast(({ role }) => role === "ROLE_USER");
  return asked === undefined ? "" : textOf(asked);
}

/** What the task answered: the text of its artifacts, or of its status message where it has none. */
export function answerOf(task: Task): string {
  const artifacts = (task.artifacts ?? []).filter(isAnswer).map(textOf).filter((text) => text !== "");
  if (artifacts.length > 0) return artifacts.join("\n\n");
  return task.status.message === undefined ? "" : textOf(task.status.message);
}

export function toolCallPart({ id, name, arguments: input, malformed, opaque }: ToolCall): Part {
  const data = {
    id,
    name,
    arguments: input,
    ...(malformed === undefined ? {} : { malformed }),
    ...(opaque === undefined ? {} : { opaque }),
  };
  return { data, metadata: { [TOOL_PART]: "call" } };
}

export function toolOutcomePart({ id, name, output, isError, display }: ToolOutcome): Part {
  const data = { id, name, output, isError, ...(display === undefined ? {} : { display }) };
  return { data, metadata: { [TOOL_PART]: "result" } };
}

function toolData(part: Part, kind: "call" | "result"): JsonObject | undefined {
  const data = part.data;
  return part.metadata?.[TOOL_PART] === kind && isObject(data) ? data : undefined;
}

function isObject(value: unknown): value is JsonObject {
  return isRecord(value);
}

/** The tool calls that a message carries, in the order in which the model asked. */
export function toolCallsOf({ parts }: Pick<Message, "parts">): ToolCall[] {
  return parts.flatMap((part) => {
    const data = toolData(part, "call");
    if (typeof data?.id !== "string" || typeof data.name !== "string" || !isObject(data.arguments)) return [];
    return [{
      id: data.id,
      name: data.name,
      arguments: data.arguments,
      ...(typeof data.malformed === "string" ? { malformed: data.malformed } : {}),
      ...(isObject(data.opaque) ? { opaque: data.opaque } : {}),
    }];
  });
}

/** The outcomes that a message carries. */
export function toolOutcomesOf({ parts }: Pick<Message, "parts">): ToolOutcome[] {
  return parts.flatMap((part) => {
    const data = toolData(part, "result");
    if (typeof data?.id !== "string" || typeof data.name !== "string" || typeof data.output !== "string") return [];
    return [{
      id: data.id,
      name: data.name,
      output: data.output,
      isError: data.isError === true,
      ...(typeof data.display === "string" ? { display: data.display } : {}),
    }];
  });
}
