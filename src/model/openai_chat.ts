import type OpenAI from "openai";
import type { ToolCall } from "../a2a/parts.ts";
import { cacheKey } from "./cache_key.ts";
import { closedSchema, isStrictSchema } from "./closed_schema.ts";
import type { Connection } from "./connection.ts";
import { type Content, fileName, fileUrl } from "./content.ts";
import type { ModelDeps, ModelRequest, OutputShape } from "./model.ts";
import { readChatAnswer } from "./openai_chat_answer.ts";
import { openClient } from "./openai_client.ts";
import type { Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";
import { toTurns, type Turn } from "./turns.ts";

/* The Chat Completions protocol (https://platform.openai.com/docs/api-reference/chat), which most servers speak. */

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
type MessageParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ContentParam = OpenAI.Chat.Completions.ChatCompletionContentPart;

/** Parameters that do not come from the conversation. */
export type Settings = Pick<Params, "temperature" | "max_tokens" | "max_completion_tokens" | "reasoning_effort">;

/** [media type, the protocol's word] */
const AUDIO: ReadonlyMap<string, "wav" | "mp3"> = new Map(
  [["audio/wav", "wav"], ["audio/x-wav", "wav"], ["audio/mpeg", "mp3"], ["audio/mp3", "mp3"]] as const,
);
const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"];

const TAKES: Takes = {
  types: [...IMAGES, "application/pdf", ...AUDIO.keys()],
  maxBytes: 20 * 2 ** 20,
  byUrl: (mediaType) => IMAGES.includes(mediaType),
};

/** Asks `to` over its own client, which is loaded and made with the first request. */
export function openaiChat(to: Connection, settings: Settings, deps: ModelDeps): Wire {
  let client: Promise<OpenAI> | undefined;
  const loaded: LoadedParts = new WeakMap();
  return async function* (request) {
    client ??= openClient(to, deps);
    const messages = await shownMessages(request, TAKES, { load: deps.loadFile, loaded });
    const params: Params = {
      ...settings,
      model: to.model,
      messages: toMessages({ ...request, messages }),
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
      ...(request.toolChoice === undefined || request.tools.length === 0 ? {} : { tool_choice: request.toolChoice }),
      ...(request.output === undefined ? {} : { response_format: toFormat(request.output) }),
      // Other servers are known to refuse what they do not know.
      ...(to.official ? { prompt_cache_key: cacheKey(request) } : {}),
      stream: true,
      stream_options: { include_usage: true },
    };
    const { chat } = await client;
    yield* readChatAnswer(await chat.completions.create(params, { signal: request.signal }), request);
  };
}

function toTool(
  { name, description, input }: ModelRequest["tools"][number],
): OpenAI.Chat.Completions.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters: input } };
}

function toFormat({ name, schema, strict }: OutputShape): Params["response_format"] {
  const closed = closedSchema(schema);
  return { type: "json_schema", json_schema: { name, schema: closed, strict: strict && isStrictSchema(closed) } };
}

/** The conversation in the protocol's messages. */
export function toMessages({ system, messages }: Pick<ModelRequest, "system" | "messages">): MessageParam[] {
  const instructions: MessageParam[] = system ? [{ role: "system", content: system }] : [];
  return [...instructions, ...toTurns(messages).flatMap(toParams)];
}

function toParams(turn: Turn): MessageParam[] {
  switch (turn.by) {
    case "user":
      return [{ role: "user", content: toUserContent(turn.content) }];
    case "model":
      return [{
        role: "assistant",
        // Some servers want the member even where there is nothing to say.
        content: turn.text === "" ? null : turn.text,
        ...(turn.calls.length === 0 ? {} : { tool_calls: turn.calls.map(toCallParam) }),
      }];
    case "tools":
      return turn.outcomes.map(({ id, output }) => ({ role: "tool", tool_call_id: id, content: output }));
    default:
      return turn satisfies never;
  }
}

/** Text alone goes as one string: not every server reads a list. */
function toUserContent(content: readonly Content[]): string | ContentParam[] {
  const texts = content.flatMap((piece) => "text" in piece ? piece.text : []);
  return texts.length === content.length ? texts.join("\n\n") : content.map(toContentParam);
}

function toContentParam(content: Content): ContentParam {
  if ("text" in content) return { type: "text", text: content.text };
  const format = AUDIO.get(content.mediaType);
  if (format !== undefined && "base64" in content) {
    return { type: "input_audio", input_audio: { data: content.base64, format } };
  }
  if (IMAGES.includes(content.mediaType)) return { type: "image_url", image_url: { url: fileUrl(content) } };
  return { type: "file", file: { filename: fileName(content), file_data: fileUrl(content) } };
}

/** `extra_content` is Google's: its models refuse a call that comes back without its thought signature. */
function toCallParam({ id, name, arguments: input, opaque }: ToolCall) {
  return {
    id,
    type: "function" as const,
    function: { name, arguments: JSON.stringify(input) },
    ...(opaque?.extra_content === undefined ? {} : { extra_content: opaque.extra_content }),
  };
}
