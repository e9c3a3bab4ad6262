import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { connect, type Connection, ConnectionOptions, type Provider } from "./connection.ts";
import { lateModel } from "./late_model.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import type { Wire } from "./resilient.ts";
import { effortOf, ThinkingOption, toThinking } from "./thinking.ts";

const DEFAULT_MODEL = "gpt-5.4-mini";

const PROVIDER = {
  title: "OpenAI",
  credentials: ["OPENAI_API_KEY"],
  baseUrlEnv: "OPENAI_BASE_URL",
  defaultBaseUrl: "https://api.openai.com/v1",
  keyless: "elsewhere",
} as const satisfies Provider;

const Options = late(() =>
  z.strictObject({
    model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
    ...ConnectionOptions(),
    base_url: ConnectionOptions().base_url.meta({
      description:
        "Any server that speaks Chat Completions or Responses, with its /v1 (vLLM, Ollama, LM Studio, LiteLLM, Groq, …). Needs no key if the server needs none. Default: OPENAI_BASE_URL, else OpenAI.",
    }),
    temperature: z.number().min(0).max(2).optional().meta({
      description: "0 to 2. Left to the provider by default; reasoning models refuse it.",
    }),
    max_tokens: z.int().positive().optional().meta({
      description: "The longest answer, in tokens. Default: the provider's.",
    }),
    max_tokens_field: z.enum(["max_completion_tokens", "max_tokens"]).optional().meta({
      description:
        "How max_tokens is sent. Default: max_completion_tokens to OpenAI, whose reasoning models refuse the older name, and max_tokens to other servers, which may not know the newer one.",
    }),
    reasoning_effort: z.enum(["none", "minimal", "low", "medium", "high", "xhigh", "max"]).optional().meta({
      description: "How much a reasoning model thinks before it answers. Goes before thinking.",
    }),
    thinking: ThinkingOption(),
    api: z.enum(["responses", "chat"]).optional().meta({
      description:
        "Which of OpenAI's protocols is spoken. Default: responses to OpenAI, whose models from gpt-5.5 on refuse tools over Chat Completions, and chat to other servers.",
    }),
  })
);
type Options = z.output<ReturnType<typeof Options>>;

/** OpenAI, and every server that speaks one of its protocols. */
export const openai: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: Options, deps: ModelDeps): Model {
      const to = connect(PROVIDER, options, deps);
      const api = options.api ?? (to.official ? "responses" : "chat");
      return lateModel(to, deps, () => api === "chat" ? chat(to, options, deps) : responses(to, options, deps));
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => /^(gpt-|chatgpt-|o[134](-|$))/.test(model),
};

async function chat(to: Connection, options: Options, deps: ModelDeps): Promise<Wire> {
  const field = options.max_tokens_field ?? (to.official ? "max_completion_tokens" : "max_tokens");
  const settings = {
    temperature: options.temperature,
    [field]: options.max_tokens,
    reasoning_effort: effort(options),
  };
  return (await import("./openai_chat.ts")).openaiChat(to, settings, deps);
}

async function responses(to: Connection, options: Options, deps: ModelDeps): Promise<Wire> {
  const asked = effort(options);
  const settings = {
    temperature: options.temperature,
    max_output_tokens: options.max_tokens,
    // Summaries, because thinking is there to be shown.
    ...(asked === undefined
      ? {}
      : { reasoning: { effort: asked, ...(asked === "none" ? {} : { summary: "auto" as const }) } }),
  };
  return (await import("./openai_responses.ts")).openaiResponses(to, settings, deps);
}

function effort({ reasoning_effort, thinking, model }: Options): Options["reasoning_effort"] {
  const asked = toThinking(thinking);
  if (reasoning_effort !== undefined || asked === undefined) return reasoning_effort;
  if (asked.enabled) return effortOf(asked) ?? "medium";
  // Earlier models cannot do without, or never think, and refuse the word.
  return /^gpt-(5\.\d|[6-9])/.test(model) ? "none" : undefined;
}
