import type { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import type { Connection } from "./connection.ts";
import { readGeminiAnswer } from "./gemini_answer.ts";
import { geminiBody, generationOf } from "./gemini_content.ts";
import { postJson, sseValues } from "./http_stream.ts";
import type { ModelDeps } from "./model.ts";
import type { Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";
import { type ThinkingOption, toThinking } from "./thinking.ts";

/** What is said of a model. */
export interface GenerateOptions {
  readonly model: string;
  readonly temperature?: number | undefined;
  readonly max_tokens?: number | undefined;
  readonly reasoning_effort?: keyof typeof BUDGETS | undefined;
  readonly thinking?: z.output<ReturnType<typeof ThinkingOption>>;
}

/** A request may hold 20 MB in all, in base64. */
const TAKES: Takes = {
  types: ["image/*", "audio/*", "video/*", "application/pdf"],
  maxBytes: 14 * 2 ** 20,
  byUrl: (_type, url) => /^https:\/\/(generativelanguage\.googleapis\.com|www\.youtube\.com|youtu\.be)\//.test(url),
};

/** Asks one of Google's models over generateContent. */
export function generateContent(to: Connection, options: GenerateOptions, deps: ModelDeps): Wire {
  const settings = {
    temperature: options.temperature,
    maxOutputTokens: options.max_tokens,
    thinkingConfig: thinkingConfig(options),
  };
  const loaded: LoadedParts = new WeakMap();
  const model = to.model.startsWith("models/") ? to.model : `models/${to.model}`;
  const url = `${to.baseUrl.replace(/\/$/, "")}/${model}:streamGenerateContent?alt=sse`;
  const headers: Record<string, string> = to.key === undefined ? {} : { "x-goog-api-key": to.key.reveal() };
  return async function* (request) {
    const { signal } = request;
    const messages = await shownMessages(request, TAKES, { load: deps.loadFile, loaded });
    const body = geminiBody({ ...request, messages }, settings, to);
    yield* readGeminiAnswer(sseValues(await postJson({ url, headers, body, signal }, deps.fetch)), request, to);
  };
}

/** What each degree of effort means to the models that know only budgets. */
const BUDGETS = { none: 0, minimal: 512, low: 1_024, medium: 8_192, high: 24_576 } as const;

/** From the third generation on models know degrees, before it budgets in tokens. */
function thinkingConfig({ model, reasoning_effort: effort, thinking }: GenerateOptions): JsonObject | undefined {
  const knowsDegrees = generationOf(model) >= 3;
  const asked = toThinking(thinking);
  if (effort === "none" || effort === undefined && asked?.enabled === false) {
    return knowsDegrees ? { thinkingLevel: "low" } : { thinkingBudget: 0 };
  }
  if (effort !== undefined) {
    return {
      includeThoughts: true,
      ...(knowsDegrees ? { thinkingLevel: effort } : { thinkingBudget: BUDGETS[effort] }),
    };
  }
  if (asked === undefined) return undefined;
  return {
    includeThoughts: true,
    ...(asked.budgetTokens === undefined ? {} : { thinkingBudget: asked.budgetTokens }),
  };
}
