import type { JsonObject } from "../lib/json.ts";
import type { ToolCall } from "../a2a/parts.ts";
import { carriedBy } from "./carried.ts";
import type { Connection } from "./connection.ts";
import type { Content } from "./content.ts";
import type { ModelRequest } from "./model.ts";
import { startingWithUser, toTurns, type Turn } from "./turns.ts";

/* What is sent over Google's generateContent (https://ai.google.dev/api/generate-content). */

export interface GeminiSettings {
  readonly temperature?: number | undefined;
  readonly maxOutputTokens?: number | undefined;
  readonly thinkingConfig?: JsonObject | undefined;
}

/** The body of a request whose messages hold only what Google takes. */
export function geminiBody(request: ModelRequest, settings: GeminiSettings, to: Connection): JsonObject {
  const { system, tools, toolChoice, messages } = request;
  const contents = startingWithUser(toTurns(messages)).map((turn) => toContent(turn, to));
  return {
    contents,
    ...(system ? { systemInstruction: { parts: [{ text: system }] } } : {}),
    ...(tools.length === 0 ? {} : { tools: [{ functionDeclarations: tools.map(toFunction) }] }),
    ...(toolChoice === undefined || tools.length === 0
      ? {}
      : { toolConfig: { functionCallingConfig: { mode: "NONE" } } }),
    generationConfig: {
      ...(settings.temperature === undefined ? {} : { temperature: settings.temperature }),
      ...(settings.maxOutputTokens === undefined ? {} : { maxOutputTokens: settings.maxOutputTokens }),
      ...(settings.thinkingConfig === undefined ? {} : { thinkingConfig: settings.thinkingConfig }),
      ...outputShape(request, to),
    },
  };
}

/** Models before the third generation refuse a shape beside tools; they are held to it by whoever asks. */
function outputShape({ output, tools }: ModelRequest, { model }: Connection): JsonObject {
  if (output === undefined || tools.length > 0 && generationOf(model) < 3) return {};
  return { responseMimeType: "application/json", responseJsonSchema: output.schema };
}

/** 3 for `gemini-3.8-flash`; a name without a number is one of the newest. */
export function generationOf(model: string): number {
  return Number(/gemini-(\d+(\.\d+)?)/.exec(model)?.[1] ?? Infinity);
}

function toFunction({ name, description, input }: ModelRequest["tools"][number]): JsonObject {
  return { name, description, parametersJsonSchema: input };
}

function toContent(turn: Turn, to: Connection): JsonObject {
  switch (turn.by) {
    case "user":
      return { role: "user", parts: turn.content.map(toPart) };
    case "model": {
      const text = turn.text === "" ? [] : [{ text: turn.text }];
      return { role: "model", parts: [...text, ...toCallParts(turn.calls, to)] };
    }
    case "tools":
      return {
        role: "user",
        parts: turn.outcomes.map(({ id, name, output, isError }) => ({
          functionResponse: { id, name, response: { [isError ? "error" : "result"]: output } },
        })),
      };
    default:
      return turn satisfies never;
  }
}

function toPart(content: Content): JsonObject {
  if ("text" in content) return { text: content.text };
  if ("url" in content) return { fileData: { mimeType: content.mediaType, fileUri: content.url } };
  return { inlineData: { mimeType: content.mediaType, data: content.base64 } };
}

/** Accepted in place of a signature that another model could not give (https://ai.google.dev/gemini-api/docs/thought-signatures). */
const NO_SIGNATURE = "skip_thought_signature_validator";

/** From the third generation on, the first call of an answer is refused without the signature that came with it. */
function toCallParts(calls: readonly ToolCall[], to: Connection): JsonObject[] {
  const signed = calls.map((call) => carriedBy(call, to)?.thoughtSignature);
  const isForeign = generationOf(to.model) >= 3 && signed.every((signature) => signature === undefined);
  return calls.map(({ id, name, arguments: args }, at) => {
    const own = signed[at];
    const signature = typeof own === "string" ? own : isForeign && at === 0 ? NO_SIGNATURE : undefined;
    return { functionCall: { id, name, args }, ...(signature === undefined ? {} : { thoughtSignature: signature }) };
  });
}
