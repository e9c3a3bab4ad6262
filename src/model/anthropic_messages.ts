import type Anthropic from "@anthropic-ai/sdk";
import { z } from "zod";
import type { ToolCall } from "../a2a/parts.ts";
import { readAnthropicAnswer, Thought } from "./anthropic_answer.ts";
import type { Connection } from "./connection.ts";
import type { Content } from "./content.ts";
import type { ModelDeps, ModelRequest } from "./model.ts";
import type { Wire } from "./resilient.ts";
import { toTurns, type Turn } from "./turns.ts";

/* Anthropic's Messages protocol, version 2026-10-21 (https://platform.claude.com/docs/en/api/messages). */

type Params = Anthropic.Messages.MessageCreateParamsStreaming;
type MessageParam = Anthropic.Messages.MessageParam;
type BlockParam = Anthropic.Messages.ContentBlockParam;
type ToolParam = Anthropic.Messages.Tool;
type Client = Pick<Anthropic, "messages">;

/** Parameters that do not come from the conversation. */
export type Settings = Pick<Params, "max_tokens" | "output_config" | "thinking" | "cache_control">;

/** Asks `to` over its own client, which is loaded and made with the first request. */
export function anthropicMessages(to: Connection, settings: Settings, deps: ModelDeps): Wire {
  let client: Promise<Client> | undefined;
  return async function* (request) {
    client ??= openClient(to, deps);
    const params: Params = {
      ...settings,
      model: to.model,
      messages: toMessages(request.messages),
      ...(request.system ? { system: request.system } : {}),
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
      stream: true,
    };
    const { messages } = await client;
    yield* readAnthropicAnswer(await messages.create(params, { signal: request.signal }), request);
  };
}

/** Beyond any answer: the SDK's own timeout stops at the headers, so the idle limit does this work (resilient.ts). */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

async function openClient({ baseUrl, key }: Connection, { fetch }: ModelDeps): Promise<Client> {
  const { default: SDK } = await import("@anthropic-ai/sdk");
  return new SDK({
    // Always given: without it the SDK looks for keys in the environment and in files.
    apiKey: key?.reveal() ?? "",
    webhookKey: null,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
    // The house has its own spans, and adds its own trace headers.
    openTelemetry: false,
  });
}

function toTool({ name, description, input }: ModelRequest["tools"][number]): ToolParam {
  return { name, description, input_schema: { ...input, type: "object" } };
}

/** The conversation in the protocol's messages: sides alternate, and the user's comes first. */
export function toMessages(messages: ModelRequest["messages"]): MessageParam[] {
  const params: MessageParam[] = [];
  for (const turn of toTurns(messages)) {
    const role = turn.by === "model" ? "assistant" : "user";
    const content = toBlocks(turn);
    const last = params.at(-1);
    if (last?.role === role && Array.isArray(last.content)) last.content.push(...content);
    else params.push({ role, content });
  }
  // A history that was cut may begin with the model.
  const cut = params[0]?.role === "assistant";
  return cut ? [{ role: "user", content: "(The beginning of this conversation is left out.)" }, ...params] : params;
}

function toBlocks(turn: Turn): BlockParam[] {
  switch (turn.by) {
    case "user":
      return turn.content.map(toContentBlock);
    case "model":
      return [
        ...turn.calls.flatMap(thinkingOf),
        ...(turn.text === "" ? [] : [{ type: "text" as const, text: turn.text }]),
        ...turn.calls.map(({ id, name, arguments: input }) => ({ type: "tool_use" as const, id, name, input })),
      ];
    case "tools":
      return turn.outcomes.map(({ id, output, isError }) => ({
        type: "tool_result",
        tool_use_id: id,
        content: output,
        ...(isError ? { is_error: true } : {}),
      }));
    default:
      return turn satisfies never;
  }
}

function toContentBlock(content: Content): BlockParam {
  if ("text" in content) return { type: "text", text: content.text };
  if ("imageUrl" in content) return { type: "image", source: { type: "url", url: content.imageUrl } };
  return { type: "image", source: { type: "base64", media_type: content.mediaType, data: content.imageBase64 } };
}

/** The thoughts that led to a call: the provider wants them back, unchanged, in front of it. */
function thinkingOf({ opaque }: ToolCall): Thought[] {
  const thoughts = z.array(Thought).safeParse(opaque?.thoughts);
  return thoughts.success ? thoughts.data : [];
}
