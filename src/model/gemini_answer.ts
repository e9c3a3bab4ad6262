import { z } from "zod";
import { CallBuffer } from "./call_buffer.ts";
import { carry } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { ModelEvent, ModelRequest, StopReason, Usage } from "./model.ts";

/* What comes back over Google's streamGenerateContent: pieces of one answer, each a whole response. */

const Part = z.object({
  text: z.string().nullish(),
  thought: z.boolean().nullish(),
  thoughtSignature: z.string().nullish(),
  functionCall: z.object({ id: z.string().nullish(), name: z.string(), args: z.unknown().optional() }).nullish(),
  inlineData: z.object({ mimeType: z.string(), data: z.string() }).nullish(),
});
type Part = z.infer<typeof Part>;

const Tokens = z.object({
  promptTokenCount: z.number().catch(0),
  toolUsePromptTokenCount: z.number().catch(0),
  cachedContentTokenCount: z.number().catch(0),
  candidatesTokenCount: z.number().catch(0),
  thoughtsTokenCount: z.number().catch(0),
});

const Chunk = z.object({
  candidates: z.array(z.object({
    content: z.object({ parts: z.array(Part).nullish() }).nullish(),
    finishReason: z.string().nullish(),
  })).nullish(),
  promptFeedback: z.object({ blockReason: z.string().nullish() }).nullish(),
  usageMetadata: Tokens.nullish(),
  error: z.unknown().optional(),
});

/** What has come of one answer so far. */
interface Answer {
  readonly to: Connection;
  readonly calls: CallBuffer;
  count: number;
}

/** The events of one answer. Ends without a stop if the stream did. Throws the failure that the stream tells. */
export async function* readGeminiAnswer(
  chunks: AsyncIterable<unknown>,
  request: ModelRequest,
  to: Connection,
): AsyncGenerator<ModelEvent, void, undefined> {
  const answer: Answer = { to, calls: new CallBuffer(), count: 0 };
  let finish: string | undefined;
  let usage: Usage | undefined;
  for await (const raw of chunks) {
    const { candidates, promptFeedback, usageMetadata, error } = Chunk.parse(raw);
    if (error !== undefined && error !== null) throw Object.assign(new Error("the answer failed"), { error });
    const [candidate] = candidates ?? [];
    for (const part of candidate?.content?.parts ?? []) {
      const shown = take(answer, part);
      if (shown !== undefined) yield shown;
    }
    finish = candidate?.finishReason ?? promptFeedback?.blockReason ?? finish;
    if (usageMetadata) usage = toUsage(usageMetadata);
  }
  if (finish === undefined) return;
  const reason = toReason(finish);
  // An answer that was cut has calls that are cut: none of them is to be run.
  const calls = reason === "end" ? answer.calls.calls(request) : [];
  for (const call of calls) yield { kind: "call", call };
  if (usage !== undefined) yield { kind: "usage", usage };
  yield { kind: "stop", reason: calls.length > 0 ? "calls" : reason };
}

/** Takes a part in; returns what is to be shown of it. */
function take(answer: Answer, { text, thought, thoughtSignature, functionCall, inlineData }: Part) {
  if (functionCall) {
    const { id, name, args } = functionCall;
    const opaque = thoughtSignature ? carry({ thoughtSignature }, answer.to) : undefined;
    const written = typeof args === "string" ? args : JSON.stringify(args ?? {});
    answer.calls.add({ slot: answer.count++, id: id ?? undefined, name, arguments: written, opaque });
    return undefined;
  }
  if (inlineData) {
    const { mimeType: mediaType, data: raw } = inlineData;
    return { kind: "part" as const, part: { raw, mediaType } };
  }
  if (!text) return undefined;
  return { kind: thought ? "thinking" as const : "text" as const, delta: text };
}

const CUT: ReadonlySet<string> = new Set(["MAX_TOKENS"]);
const DONE: ReadonlySet<string> = new Set(["STOP", "FUNCTION_CALL", "FINISH_REASON_UNSPECIFIED"]);
/** The model wrote what Google could not read; asked again, it mostly writes better. */
const BROKEN: ReadonlySet<string> = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MALFORMED_RESPONSE"]);

/** All others (SAFETY, RECITATION, PROHIBITED_CONTENT, …) say why the answer is withheld. */
function toReason(finish: string): Exclude<StopReason, "error" | "calls"> {
  if (BROKEN.has(finish)) {
    throw Object.assign(new Error(`the answer ended with ${finish}`), { error: { status: "UNAVAILABLE" } });
  }
  if (CUT.has(finish)) return "length";
  return DONE.has(finish) ? "end" : "refusal";
}

function toUsage(tokens: z.infer<typeof Tokens>): Usage {
  const { cachedContentTokenCount: cached, thoughtsTokenCount: thinking } = tokens;
  return {
    inputTokens: tokens.promptTokenCount + tokens.toolUsePromptTokenCount,
    outputTokens: tokens.candidatesTokenCount + thinking,
    ...(cached === 0 ? {} : { cachedInputTokens: cached }),
    ...(thinking === 0 ? {} : { thinkingTokens: thinking }),
  };
}
