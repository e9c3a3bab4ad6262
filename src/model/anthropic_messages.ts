import type Anthropic from "@anthropic-ai/sdk";
import { Kept, readAnthropicAnswer } from "./anthropic_answer.ts";
import { type Caching, withBreakpoints } from "./anthropic_caching.ts";
import { carriedBy } from "./carried.ts";
import { closedSchema } from "./closed_schema.ts";
import type { Connection } from "./connection.ts";
import type { Content } from "./content.ts";
import type { ModelDeps, ModelRequest } from "./model.ts";
import type { Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";
import { startingWithUser, toTurns, type Turn } from "./turns.ts";

/* Anthropic's Messages protocol, version 2026-10-21 (https://platform.claude.com/docs/en/api/messages). */

type Params = Anthropic.Messages.MessageCreateParamsStreaming;
type MessageParam = Anthropic.Messages.MessageParam;
type BlockParam = Anthropic.Messages.ContentBlockParam;
type ToolParam = Anthropic.Messages.Tool;
type Client = Pick<Anthropic, "messages">;

/** Parameters that do not come from the conversation. */
export type Settings = Pick<Params, "max_tokens" | "output_config" | "thinking">;

/** What pictures may be; the SDK wants to see it in the type. */
const IMAGES = ["image/jpeg", "image/png", "image/gif", "image/webp"] as const;
const PDF = "application/pdf";
const TAKES: Takes = { types: [...IMAGES, PDF], maxBytes: 5 * 2 ** 20, byUrl: () => true };

/** Asks `to` over its own client, which is loaded and made with the first request. */
export function anthropicMessages(
  to: Connection,
  { caching, ...settings }: Settings & { readonly caching?: Caching | undefined },
  deps: ModelDeps,
): Wire {
  let client: Promise<Client> | undefined;
  const loaded: LoadedParts = new WeakMap();
  return async function* (request) {
    client ??= openClient(to, deps);
    const messages = await shownMessages(request, TAKES, { load: deps.loadFile, loaded });
    const params = toParams({ ...request, messages }, settings, to);
    const asked = caching === undefined ? params : withBreakpoints(params, caching);
    const { messages: endpoint } = await client;
    yield* readAnthropicAnswer(await endpoint.create(asked, { signal: request.signal }), request, to);
  };
}

function toParams(request: ModelRequest, settings: Settings, to: Connection): Params {
  const { system, tools, toolChoice, output, messages } = request;
  const turns = toTurns(messages);
  const { thinking, ...rest } = settings;
  const format = output && { format: { type: "json_schema" as const, schema: { ...closedSchema(output.schema) } } };
  return {
    ...rest,
    ...(thinking === undefined || lacksThoughts(turns, thinking, to) ? {} : { thinking }),
    ...(format === undefined ? {} : { output_config: { ...settings.output_config, ...format } }),
    model: to.model,
    messages: toMessages(turns, to),
    ...(system ? { system: [{ type: "text", text: system }] } : {}),
    ...(tools.length === 0 ? {} : { tools: tools.map(toTool) }),
    ...(toolChoice === undefined || tools.length === 0 ? {} : { tool_choice: { type: toolChoice } }),
    stream: true,
  };
}

/**
 * Whether the turn under way has calls that another model made (a fallback): with a budget of thinking the provider refuses
 * calls without thoughts in front of them, and thoughts cannot be made up.
 */
function lacksThoughts(turns: readonly Turn[], thinking: Params["thinking"], to: Connection): boolean {
  if (thinking?.type !== "enabled") return false;
  const since = turns.slice(turns.findLastIndex(({ by }) => by === "user") + 1);
  const last = since.findLast((turn) => turn.by === "model");
  return last !== undefined && last.calls.length > 0 && last.calls.every((call) => carriedBy(call, to) === undefined);
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
export function toMessages(turns: readonly Turn[], to: Connection): MessageParam[] {
  const params: MessageParam[] = [];
  for (const turn of startingWithUser(turns)) {
    const role = turn.by === "model" ? "assistant" : "user";
    const content = toBlocks(turn, to);
    const last = params.at(-1);
    if (last?.role === role && Array.isArray(last.content)) last.content.push(...content);
    else params.push({ role, content });
  }
  return params;
}

function toBlocks(turn: Turn, to: Connection): BlockParam[] {
  switch (turn.by) {
    case "user":
      return turn.content.map(toContentBlock);
    case "model":
      return toModelBlocks(turn, to);
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

/** What was thought stands where it stood: in front of the text or the call to which it led. */
function toModelBlocks({ text, calls }: Extract<Turn, { by: "model" }>, to: Connection): BlockParam[] {
  const blocks: BlockParam[] = [];
  const said: BlockParam[] = text === "" ? [] : [{ type: "text", text }];
  for (const call of calls) {
    const kept = Kept.safeParse(carriedBy(call, to)?.before).data ?? [];
    for (const block of kept) blocks.push(...(block.type === "text" ? said.splice(0) : [block]));
    blocks.push(...said.splice(0));
    blocks.push({ type: "tool_use", id: call.id, name: call.name, input: call.arguments });
  }
  return [...blocks, ...said];
}

function toContentBlock(content: Content): BlockParam {
  if ("text" in content) return { type: "text", text: content.text };
  const title = content.filename === undefined ? {} : { title: content.filename };
  if ("url" in content) {
    const source = { type: "url" as const, url: content.url };
    return content.mediaType === PDF ? { type: "document", source, ...title } : { type: "image", source };
  }
  const type = IMAGES.find((image) => image === content.mediaType);
  const data = content.base64;
  return type === undefined
    ? { type: "document", source: { type: "base64", media_type: PDF, data }, ...title }
    : { type: "image", source: { type: "base64", media_type: type, data } };
}
