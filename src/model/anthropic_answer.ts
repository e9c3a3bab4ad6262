import { z } from "zod";
import { isRecord } from "../lib/json.ts";
import { CallBuffer } from "./call_buffer.ts";
import { carry } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { ModelEvent, ModelRequest, StopReason, Usage } from "./model.ts";

/* What comes back over Anthropic's Messages protocol (https://platform.claude.com/docs/en/build-with-claude/streaming). */

const Before = z.union([
  z.object({ type: z.literal("thinking"), thinking: z.string(), signature: z.string() }),
  z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
  z.object({ type: z.literal("text") }),
]);
type Before = z.infer<typeof Before>;

/** The thoughts that stood before a call in its answer, as they came, signatures included; the place of the text is marked. */
export const Kept = z.array(Before);

const Tokens = z.object({
  input_tokens: z.number().nullish(),
  output_tokens: z.number().nullish(),
  cache_creation_input_tokens: z.number().nullish(),
  cache_read_input_tokens: z.number().nullish(),
  output_tokens_details: z.object({ thinking_tokens: z.number().nullish() }).nullish().catch(undefined),
});

const Block = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text"), text: z.string().default("") }),
  z.object({ type: z.literal("thinking"), thinking: z.string().default(""), signature: z.string().default("") }),
  z.object({ type: z.literal("redacted_thinking"), data: z.string() }),
  z.object({ type: z.literal("tool_use"), id: z.string(), name: z.string(), input: z.unknown().optional() }),
]);

const Delta = z.discriminatedUnion("type", [
  z.object({ type: z.literal("text_delta"), text: z.string() }),
  z.object({ type: z.literal("thinking_delta"), thinking: z.string() }),
  z.object({ type: z.literal("signature_delta"), signature: z.string() }),
  z.object({ type: z.literal("input_json_delta"), partial_json: z.string() }),
]);

const Index = z.int().min(0);

const Event = z.discriminatedUnion("type", [
  z.object({ type: z.literal("message_start"), message: z.object({ usage: Tokens.nullish() }) }),
  z.object({ type: z.literal("content_block_start"), index: Index, content_block: z.unknown() }),
  z.object({ type: z.literal("content_block_delta"), index: Index, delta: z.unknown() }),
  z.object({
    type: z.literal("message_delta"),
    delta: z.object({ stop_reason: z.string().nullish() }),
    usage: Tokens.nullish(),
  }),
]);
type Event = z.infer<typeof Event>;

const KNOWN_EVENTS: ReadonlySet<unknown> = new Set(Event.options.map((option) => option.shape.type.value));
const KNOWN_BLOCKS: ReadonlySet<unknown> = new Set(Block.options.map((option) => option.shape.type.value));
const KNOWN_DELTAS: ReadonlySet<unknown> = new Set(Delta.options.map((option) => option.shape.type.value));

/** New kinds of events, blocks and deltas may come at any time, and are passed over (API versioning policy). */
function isKnown(value: unknown, known: ReadonlySet<unknown>): boolean {
  return known.has(z.object({ type: z.string() }).safeParse(value).data?.type);
}

/** What has come of one answer so far. */
interface Answer {
  readonly calls: CallBuffer;
  /** By the place of their block. */
  readonly thoughts: Map<number, Before>;
  /** What stands before each call, by the place of the call. */
  readonly before: Map<number, readonly Before[]>;
  /** Since the last call. */
  since: Before[];
  readonly tokens: Map<string, number>;
  stopReason: string | undefined;
}

/** The events of one answer. Ends without a stop if the stream did. */
export async function* readAnthropicAnswer(
  events: AsyncIterable<unknown>,
  request: ModelRequest,
  to: Connection,
): AsyncGenerator<ModelEvent, void, undefined> {
  const answer: Answer = {
    calls: new CallBuffer(),
    thoughts: new Map(),
    before: new Map(),
    since: [],
    tokens: new Map(),
    stopReason: undefined,
  };
  for await (const raw of events) {
    if (!isKnown(raw, KNOWN_EVENTS)) continue;
    const shown = take(answer, Event.parse(raw));
    if (shown !== undefined) yield shown;
  }
  if (answer.stopReason === undefined) return;
  const reason = toReason(answer.stopReason);
  // An answer that was cut has calls that are cut: none of them is to be run.
  for (const [slot, before] of answer.before) answer.calls.add({ slot, opaque: carry({ before: [...before] }, to) });
  const calls = reason === "end" ? answer.calls.calls(request) : [];
  for (const call of calls) yield { kind: "call", call };
  yield { kind: "usage", usage: toUsage(answer.tokens) };
  yield { kind: "stop", reason: calls.length > 0 ? "calls" : reason };
}

/** Takes an event in; returns what is to be shown of it. */
function take(answer: Answer, event: Event): ModelEvent | undefined {
  switch (event.type) {
    case "message_start":
      count(answer, event.message.usage);
      return undefined;
    case "content_block_start":
      return isKnown(event.content_block, KNOWN_BLOCKS)
        ? takeBlock(answer, event.index, Block.parse(event.content_block))
        : undefined;
    case "content_block_delta":
      return isKnown(event.delta, KNOWN_DELTAS) ? takeDelta(answer, event.index, Delta.parse(event.delta)) : undefined;
    case "message_delta":
      count(answer, event.usage);
      answer.stopReason = event.delta.stop_reason ?? answer.stopReason;
      return undefined;
    default:
      return event satisfies never;
  }
}

function takeBlock(answer: Answer, index: number, block: z.infer<typeof Block>): ModelEvent | undefined {
  switch (block.type) {
    case "text":
      answer.since.push({ type: "text" });
      return block.text === "" ? undefined : { kind: "text", delta: block.text };
    case "thinking":
    case "redacted_thinking":
      answer.thoughts.set(index, block);
      answer.since.push(block);
      return undefined;
    case "tool_use":
      if (answer.since.some(({ type }) => type !== "text")) answer.before.set(index, answer.since);
      answer.since = [];
      answer.calls.add({ slot: index, id: block.id, name: block.name, arguments: wholeInput(block.input) });
      return undefined;
    default:
      return block satisfies never;
  }
}

/** Anthropic begins with an empty object and streams the rest; some gateways send all of it at once. */
function wholeInput(input: unknown): string {
  return isRecord(input) && Object.keys(input).length > 0 ? JSON.stringify(input) : "";
}

function takeDelta(answer: Answer, index: number, delta: z.infer<typeof Delta>): ModelEvent | undefined {
  const thought = answer.thoughts.get(index);
  switch (delta.type) {
    case "text_delta":
      return delta.text === "" ? undefined : { kind: "text", delta: delta.text };
    case "thinking_delta":
      if (thought?.type === "thinking") thought.thinking += delta.thinking;
      return delta.thinking === "" ? undefined : { kind: "thinking", delta: delta.thinking };
    case "signature_delta":
      if (thought?.type === "thinking") thought.signature += delta.signature;
      return undefined;
    case "input_json_delta":
      answer.calls.add({ slot: index, arguments: delta.partial_json });
      return undefined;
    default:
      return delta satisfies never;
  }
}

/** Later counts replace earlier ones: message_delta's are cumulative. */
function count({ tokens }: Answer, usage: z.infer<typeof Tokens> | null | undefined): void {
  const { output_tokens_details: details, ...counts } = usage ?? {};
  for (const [name, value] of Object.entries({ ...counts, thinking_tokens: details?.thinking_tokens })) {
    if (typeof value === "number") tokens.set(name, value);
  }
}

function toReason(stopReason: string): Exclude<StopReason, "error" | "calls"> {
  switch (stopReason) {
    case "max_tokens":
    case "model_context_window_exceeded":
      return "length";
    case "refusal":
      return "refusal";
    default:
      return "end";
  }
}

/** `input_tokens` leaves out what was written to the cache or read from it. */
function toUsage(tokens: ReadonlyMap<string, number>): Usage {
  const of = (name: keyof z.infer<typeof Tokens> | "thinking_tokens") => tokens.get(name) ?? 0;
  const [cached, written] = [of("cache_read_input_tokens"), of("cache_creation_input_tokens")];
  const thinking = of("thinking_tokens");
  return {
    inputTokens: of("input_tokens") + written + cached,
    outputTokens: of("output_tokens"),
    ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    ...(written === 0 ? {} : { cacheWriteTokens: written }),
    ...(thinking === 0 ? {} : { thinkingTokens: thinking }),
  };
}
