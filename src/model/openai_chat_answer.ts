import { z } from "zod";
import { isRecord, type JsonObject } from "../lib/json.ts";
import { CallBuffer } from "./call_buffer.ts";
import type { ModelEvent, ModelRequest, StopReason, Usage } from "./model.ts";

/* What comes back over the Chat Completions protocol. */

const CallDelta = z.object({
  index: z.int().nullish(),
  id: z.string().nullish(),
  function: z.object({ name: z.string().nullish(), arguments: z.string().nullish() }).nullish(),
  extra_content: z.custom<JsonObject>(isRecord).nullish(),
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
  prompt_tokens_details: z.object({ cached_tokens: z.number().nullish(), cache_write_tokens: z.number().nullish() })
    .nullish().catch(undefined),
  completion_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish().catch(undefined),
});

/** What is not named here (an unknown event, another choice) is passed over. */
const Chunk = z.object({
  choices: z.array(z.object({ delta: Delta.nullish(), finish_reason: z.string().nullish() })).nullish(),
  usage: Tokens.nullish(),
});

/** The events of one answer. Ends without a stop if the stream did. */
export async function* readChatAnswer(
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

function toUsage(tokens: z.infer<typeof Tokens>): Usage {
  const cached = tokens.prompt_tokens_details?.cached_tokens;
  const written = tokens.prompt_tokens_details?.cache_write_tokens;
  const thinking = tokens.completion_tokens_details?.reasoning_tokens;
  return {
    inputTokens: tokens.prompt_tokens,
    outputTokens: tokens.completion_tokens,
    ...(cached ? { cachedInputTokens: cached } : {}),
    ...(written ? { cacheWriteTokens: written } : {}),
    ...(thinking ? { thinkingTokens: thinking } : {}),
  };
}
