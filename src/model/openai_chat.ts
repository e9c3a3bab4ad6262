import type OpenAI from "openai";
import { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import type { ToolCall } from "../a2a/parts.ts";
import { CallBuffer } from "./call_buffer.ts";
import type { Connection } from "./connection.ts";
import type { Content } from "./content.ts";
import type { ModelDeps, ModelEvent, ModelRequest, StopReason, Usage } from "./model.ts";
import type { Wire } from "./resilient.ts";
import { toTurns, type Turn } from "./turns.ts";

/* The Chat Completions protocol (https://platform.openai.com/docs/api-reference/chat), which most servers speak. */

type Params = OpenAI.Chat.Completions.ChatCompletionCreateParamsStreaming;
type MessageParam = OpenAI.Chat.Completions.ChatCompletionMessageParam;
type ContentParam = OpenAI.Chat.Completions.ChatCompletionContentPart;
type Client = Pick<OpenAI, "chat">;

/** Parameters that do not come from the conversation. */
export type Settings = Pick<Params, "temperature" | "max_tokens" | "max_completion_tokens" | "reasoning_effort">;

/** Asks `to` over its own client, which is loaded and made with the first request. */
export function openaiChat(to: Connection, settings: Settings, deps: ModelDeps): Wire {
  let client: Promise<Client> | undefined;
  return async function* (request) {
    client ??= openClient(to, deps);
    const params: Params = {
      ...settings,
      model: to.model,
      messages: toMessages(request),
      ...(request.tools.length === 0 ? {} : { tools: request.tools.map(toTool) }),
      stream: true,
      stream_options: { include_usage: true },
    };
    const { chat } = await client;
    yield* readAnswer(await chat.completions.create(params, { signal: request.signal }), request);
  };
}

/** Beyond any answer: the SDK's own timeout stops at the headers, so the idle limit does this work (resilient.ts). */
const NO_TIMEOUT_MS = 2 ** 31 - 1;

async function openClient({ baseUrl, key }: Connection, { fetch }: ModelDeps): Promise<Client> {
  const { default: SDK } = await import("openai");
  return new SDK({
    // Without a key the SDK refuses to start; the header is taken away again then.
    apiKey: key?.reveal() ?? "none",
    ...(key === undefined ? { defaultHeaders: { authorization: null } } : {}),
    // What is not given, the SDK looks for in the process's environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    fetch,
    maxRetries: 0,
    timeout: NO_TIMEOUT_MS,
    logLevel: "off",
  });
}

function toTool(
  { name, description, input }: ModelRequest["tools"][number],
): OpenAI.Chat.Completions.ChatCompletionTool {
  return { type: "function", function: { name, description, parameters: input } };
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
  const url = "imageUrl" in content ? content.imageUrl : `data:${content.mediaType};base64,${content.imageBase64}`;
  return { type: "image_url", image_url: { url } };
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

const CallDelta = z.object({
  index: z.int().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
  extra_content: z.custom<JsonObject>((value) => typeof value === "object").nullish(),
});

const Delta = z.object({
  content: z.string().nullish(),
  reasoning_content: z.string().nullish(),
  reasoning: z.string().nullish(),
  refusal: z.string().nullish(),
  tool_calls: z.array(CallDelta).nullish(),
});

const Tokens = z.object({
  prompt_tokens: z.number().catch(0),
  completion_tokens: z.number().catch(0),
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish() }).nullish().catch(undefined),
});

/** What is not named here (an unknown event, another choice) is passed over. */
const Chunk = z.object({
  choices: z.array(z.object({ delta: Delta.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: Tokens.nullish(),
});

/** The events of one answer. Ends without a stop if the stream did. */
async function* readAnswer(
  chunks: AsyncIterable<unknown>,
  request: ModelRequest,
): AsyncGenerator<ModelEvent, void, undefined> {
  const buffer = new CallBuffer();
  let finish: string | undefined;
  let usage: Usage | undefined;
  let refused = false;
  for await (const raw of chunks) {
    const chunk = Chunk.parse(raw);
    if (chunk.usage) usage = toUsage(chunk.usage);
    const [choice] = chunk.choices ?? [];
    finish = choice?.finish_reason ?? finish;
    const delta = choice?.delta;
    if (!delta) continue;
    const thinking = delta.reasoning_content ?? delta.reasoning;
    if (thinking) yield { kind: "thinking", delta: thinking };
    if (delta.content) yield { kind: "text", delta: delta.content };
    if (delta.refusal) yield { kind: "text", delta: delta.refusal, aside: true };
    refused ||= Boolean(delta.refusal);
    for (const piece of delta.tool_calls ?? []) buffer.add(toPiece(piece));
  }
  if (finish === undefined) return;
  const reason = toReason(finish, refused);
  // An answer that was cut has calls that are cut: none of them is to be run.
  const calls = reason === "end" ? buffer.calls(request) : [];
  for (const call of calls) yield { kind: "call", call };
  if (usage !== undefined) yield { kind: "usage", usage };
  yield { kind: "stop", reason: calls.length > 0 ? "calls" : reason };
}

function toPiece({ index, id, function: called, extra_content }: z.infer<typeof CallDelta>) {
  return {
    slot: index ?? undefined,
    id: id ?? undefined,
    name: called?.name ?? undefined,
    arguments: called?.arguments ?? undefined,
    opaque: extra_content ? { extra_content } : undefined,
  };
}

/** Servers say "stop" with calls as well, so whether tools are wanted is told by the calls themselves. */
function toReason(finish: string, refused: boolean): Exclude<StopReason, "error" | "calls"> {
  if (refused || finish === "content_filter") return "refusal";
  return finish === "length" ? "length" : "end";
}

function toUsage({ prompt_tokens, completion_tokens, prompt_tokens_details }: z.infer<typeof Tokens>): Usage {
  const cached = prompt_tokens_details?.cached_tokens;
  return {
    inputTokens: prompt_tokens,
    outputTokens: completion_tokens,
    ...(cached ? { cachedInputTokens: cached } : {}),
  };
}
