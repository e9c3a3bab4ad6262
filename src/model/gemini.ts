import { z } from "zod";
import type { JsonObject } from "../lib/json.ts";
import { definePlugin } from "../lib/plugin.ts";
import { connect, type Connection, ConnectionOptions, type Provider } from "./connection.ts";
import { readGeminiAnswer } from "./gemini_answer.ts";
import { geminiBody, type GeminiSettings, generationOf } from "./gemini_content.ts";
import { postJson, sseValues } from "./http_stream.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { resilient, type Wire } from "./resilient.ts";
import { type LoadedParts, shownMessages, type Takes } from "./shown_messages.ts";
import { ThinkingOption, toThinking } from "./thinking.ts";

const DEFAULT_MODEL = "gemini-3.8-flash";

const PROVIDER = {
  title: "Google Gemini",
  credentials: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
  defaultBaseUrl: "https://generativelanguage.googleapis.com/v1beta",
} as const satisfies Provider;

const Options = z.strictObject({
  model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
  ...ConnectionOptions,
  base_url: ConnectionOptions.base_url.meta({
    description: "Another server that speaks generateContent. /v1beta is added where the address has no path.",
  }),
  temperature: z.number().min(0).max(2).optional().meta({ description: "0 to 2. Left to the provider by default." }),
  max_tokens: z.int().positive().optional().meta({
    description: "The longest answer, in tokens, thinking included. Default: the provider's.",
  }),
  reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high"]).optional().meta({
    description: "How much the model thinks before it answers. Goes before thinking. Not every model can do without.",
  }),
  thinking: ThinkingOption,
});
type Options = z.output<typeof Options>;

/** A request may hold 20 MB in all, in base64. */
const TAKES: Takes = {
  types: ["image/*", "audio/*", "video/*", "application/pdf"],
  maxBytes: 14 * 2 ** 20,
  byUrl: (_type, url) => /^https:\/\/(generativelanguage\.googleapis\.com|www\.youtube\.com|youtu\.be)\//.test(url),
};

/** Google's models over its own protocol: the one that has thought signatures, files and cached tokens. */
export const gemini: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: Options, deps: ModelDeps): Model {
      const to = withVersion(connect(PROVIDER, options, deps));
      const settings = {
        temperature: options.temperature,
        maxOutputTokens: options.max_tokens,
        thinkingConfig: thinkingConfig(options),
      };
      return resilient(generateContent(to, settings, deps), to, deps);
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => /^(models\/)?gemini-/.test(model),
};

function withVersion(to: Connection): Connection {
  const url = new URL(to.baseUrl);
  return url.pathname === "/" ? { ...to, baseUrl: new URL("/v1beta", url).href } : to;
}

function generateContent(to: Connection, settings: GeminiSettings, deps: ModelDeps): Wire {
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
function thinkingConfig({ model, reasoning_effort: effort, thinking }: Options): JsonObject | undefined {
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
