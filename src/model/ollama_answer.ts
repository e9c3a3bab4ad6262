import { z } from "zod";
import { isRecord } from "../lib/json.ts";
import { CallBuffer } from "./call_buffer.ts";
import { carry } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { ModelEvent, ModelRequest } from "./model.ts";

/* What comes back over Ollama's /api/chat: lines, the last one `done`. */

const Call = z.object({
  id: z.string().nullish(),
  function: z.object({ name: z.string(), arguments: z.unknown().optional() }),
});

const Line = z.object({
  message: z.object({
    content: z.string().nullish(),
    thinking: z.string().nullish(),
    /** What some servers that speak the protocol call it. */
    reasoning_content: z.string().nullish(),
    tool_calls: z.array(Call).nullish(),
  }).nullish(),
  done: z.boolean().nullish(),
  done_reason: z.string().nullish(),
  prompt_eval_count: z.number().nullish(),
  eval_count: z.number().nullish(),
  error: z.unknown().optional(),
});

/** The events of one answer. Ends without a stop if the stream did. Throws the failure that the stream tells. */
export async function* readOllamaAnswer(
  lines: AsyncIterable<unknown>,
  request: ModelRequest,
  to: Connection,
): AsyncGenerator<ModelEvent, void, undefined> {
  const buffer = new CallBuffer();
  let thinking = "";
  let count = 0;
  for await (const raw of lines) {
    const { message, done, error, ...end } = Line.parse(raw);
    if (error !== undefined && error !== null) throw failure(error);
    const thought = message?.thinking || message?.reasoning_content;
    if (thought) {
      thinking += thought;
      yield { kind: "thinking", delta: thought };
    }
    if (message?.content) yield { kind: "text", delta: message.content };
    for (const { id, function: called } of message?.tool_calls ?? []) {
      // The protocol's models want to read again what they thought before a call.
      const opaque = count === 0 && thinking !== "" ? carry({ thinking }, to) : undefined;
      buffer.add({
        slot: count++,
        id: id ?? undefined,
        name: called.name,
        arguments: written(called.arguments),
        opaque,
      });
    }
    if (!done) continue;
    // An answer that was cut has calls that are cut: none of them is to be run.
    const isCut = end.done_reason === "length";
    const calls = isCut ? [] : buffer.calls(request);
    for (const call of calls) yield { kind: "call", call };
    yield { kind: "usage", usage: { inputTokens: end.prompt_eval_count ?? 0, outputTokens: end.eval_count ?? 0 } };
    yield { kind: "stop", reason: isCut ? "length" : calls.length > 0 ? "calls" : "end" };
    return;
  }
}

function written(input: unknown): string {
  return typeof input === "string" ? input : JSON.stringify(input ?? {});
}

function failure(error: unknown): Error & { readonly error: unknown } {
  const message = typeof error === "string" ? error : "the answer failed";
  return Object.assign(new Error(message), { error: isRecord(error) ? error : { message, status: "UNAVAILABLE" } });
}
