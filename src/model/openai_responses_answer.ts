import { z } from "zod";
import { CallBuffer } from "./call_buffer.ts";
import { carry } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { ModelEvent, ModelRequest, StopReason, Usage } from "./model.ts";

/* What comes back over the Responses protocol (https://platform.openai.com/docs/api-reference/responses-streaming). */

const Reasoning = z.object({
  type: z.literal("reasoning"),
  id: z.string(),
  summary: z.array(z.object({ type: z.literal("summary_text"), text: z.string() })).default([]),
  encrypted_content: z.string().nullish(),
});

/** What stood before a call in its answer, in order; the place of the text is marked. */
export const Kept = z.array(z.union([Reasoning, z.object({ type: z.literal("text") })]));
type Kept = z.infer<typeof Kept>;

const Tokens = z.object({
  input_tokens: z.number().catch(0),
  output_tokens: z.number().catch(0),
  input_tokens_details: z.object({ cached_tokens: z.number().nullish(), cache_write_tokens: z.number().nullish() })
    .nullish().catch(undefined),
  output_tokens_details: z.object({ reasoning_tokens: z.number().nullish() }).nullish().catch(undefined),
});

const Fault = z.object({ code: z.string().nullish(), message: z.string().nullish() });
const Response = z.object({
  usage: Tokens.nullish(),
  incomplete_details: z.object({ reason: z.string().nullish() }).nullish(),
  error: Fault.nullish(),
});

const FunctionCall = z.object({
  type: z.literal("function_call"),
  call_id: z.string().nullish(),
  name: z.string().nullish(),
  arguments: z.string().nullish(),
});

const slot = z.int().min(0);
const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("response.output_text.delta"), delta: z.string() }),
  z.object({ type: z.literal("response.refusal.delta"), delta: z.string() }),
  z.object({ type: z.literal("response.reasoning_summary_part.added"), summary_index: z.int().default(0) }),
  z.object({ type: z.literal("response.reasoning_summary_text.delta"), delta: z.string() }),
  z.object({ type: z.literal("response.reasoning_text.delta"), delta: z.string() }),
  z.object({ type: z.literal("response.output_item.added"), output_index: slot, item: z.unknown().optional() }),
  z.object({ type: z.literal("response.function_call_arguments.delta"), output_index: slot, delta: z.string() }),
  z.object({ type: z.literal("response.output_item.done"), output_index: slot, item: z.unknown().optional() }),
  z.object({ type: z.literal("response.completed"), response: Response }),
  z.object({ type: z.literal("response.incomplete"), response: Response }),
  z.object({ type: z.literal("response.failed"), response: Response }),
  z.object({ type: z.literal("error"), code: z.string().nullish(), message: z.string().nullish() }),
]);
type Event = z.infer<typeof Event>;

const KNOWN: ReadonlySet<unknown> = new Set(Event.options.map((option) => option.shape.type.value));

/** What has come of one answer so far. */
interface Answer {
  readonly to: Connection;
  readonly calls: CallBuffer;
  /** The calls whose arguments came in pieces. */
  readonly pieces: Set<number>;
  /** Since the last call. */
  before: Kept;
  refused: boolean;
  end: { readonly reason: Exclude<StopReason, "error" | "calls">; readonly usage: Usage | undefined } | undefined;
}

/** The events of one answer. Ends without a stop if the stream did. Throws the failure that the stream tells. */
export async function* readResponse(
  events: AsyncIterable<unknown>,
  request: ModelRequest,
  to: Connection,
): AsyncGenerator<ModelEvent, void, undefined> {
  const answer: Answer = {
    to,
    calls: new CallBuffer(),
    pieces: new Set(),
    before: [],
    refused: false,
    end: undefined,
  };
  for await (const raw of events) {
    if (!KNOWN.has(z.object({ type: z.string() }).safeParse(raw).data?.type)) continue;
    const shown = take(answer, Event.parse(raw));
    if (shown !== undefined) yield shown;
  }
  if (answer.end === undefined) return;
  const { reason, usage } = answer.end;
  // An answer that was cut has calls that are cut: none of them is to be run.
  const calls = reason === "end" ? answer.calls.calls(request) : [];
  for (const call of calls) yield { kind: "call", call };
  if (usage !== undefined) yield { kind: "usage", usage };
  yield { kind: "stop", reason: calls.length > 0 ? "calls" : reason };
}

/** Takes an event in; returns what is to be shown of it. */
function take(answer: Answer, event: Event): ModelEvent | undefined {
  switch (event.type) {
    case "response.output_text.delta":
      if (answer.before.at(-1)?.type !== "text") answer.before.push({ type: "text" });
      return event.delta === "" ? undefined : { kind: "text", delta: event.delta };
    case "response.refusal.delta":
      answer.refused = true;
      return event.delta === "" ? undefined : { kind: "text", delta: event.delta, aside: true };
    case "response.reasoning_summary_part.added":
      return event.summary_index === 0 ? undefined : { kind: "thinking", delta: "\n\n" };
    case "response.reasoning_summary_text.delta":
    case "response.reasoning_text.delta":
      return event.delta === "" ? undefined : { kind: "thinking", delta: event.delta };
    case "response.output_item.added":
      beginItem(answer, event.output_index, event.item);
      return undefined;
    case "response.function_call_arguments.delta":
      answer.pieces.add(event.output_index);
      answer.calls.add({ slot: event.output_index, arguments: event.delta });
      return undefined;
    case "response.output_item.done":
      endItem(answer, event.output_index, event.item);
      return undefined;
    case "response.completed":
    case "response.incomplete":
      answer.end = { reason: toReason(answer, event.response), usage: toUsage(event.response.usage) };
      return undefined;
    case "response.failed":
      throw failure(event.response.error ?? {});
    case "error":
      throw failure(event);
    default:
      return event satisfies never;
  }
}

function beginItem(answer: Answer, slot: number, item: unknown): void {
  const call = FunctionCall.safeParse(item).data;
  if (call === undefined) return;
  const hasReasoned = answer.before.some(({ type }) => type === "reasoning");
  const opaque = hasReasoned ? carry({ before: answer.before }, answer.to) : undefined;
  answer.before = [];
  answer.calls.add({ slot, id: call.call_id ?? undefined, name: call.name ?? undefined, opaque });
}

function endItem(answer: Answer, slot: number, item: unknown): void {
  const reasoning = Reasoning.safeParse(item).data;
  // Without its content there is nothing to give back: nothing is stored under its id.
  if (reasoning?.encrypted_content) answer.before.push(reasoning);
  const call = FunctionCall.safeParse(item).data;
  if (call?.arguments && !answer.pieces.has(slot)) answer.calls.add({ slot, arguments: call.arguments });
}

function failure({ code, message }: z.infer<typeof Fault>): Error & { readonly error: unknown } {
  return Object.assign(new Error(message ?? "the answer failed"), { error: { code, message } });
}

function toReason({ refused }: Answer, { incomplete_details }: z.infer<typeof Response>) {
  const why = incomplete_details?.reason;
  if (refused || why === "content_filter") return "refusal" as const;
  return why ? "length" as const : "end" as const;
}

function toUsage(tokens: z.infer<typeof Tokens> | null | undefined): Usage | undefined {
  if (!tokens) return undefined;
  const cached = tokens.input_tokens_details?.cached_tokens;
  const written = tokens.input_tokens_details?.cache_write_tokens;
  const thinking = tokens.output_tokens_details?.reasoning_tokens;
  return {
    inputTokens: tokens.input_tokens,
    outputTokens: tokens.output_tokens,
    ...(cached ? { cachedInputTokens: cached } : {}),
    ...(written ? { cacheWriteTokens: written } : {}),
    ...(thinking ? { thinkingTokens: thinking } : {}),
  };
}
