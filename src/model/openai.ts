import { z } from "zod";
import { definePlugin } from "../lib/plugin.ts";
import { openaiChat } from "./openai_chat.ts";
import { connect, ConnectionOptions, type Provider } from "./connection.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { resilient } from "./resilient.ts";

const DEFAULT_MODEL = "gpt-5.4-mini";

const PROVIDER = {
  title: "OpenAI",
  credentials: ["OPENAI_API_KEY"],
  baseUrlEnv: "OPENAI_BASE_URL",
  defaultBaseUrl: "https://api.openai.com/v1",
  keyless: true,
} as const satisfies Provider;

const Options = z.strictObject({
  model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "The provider's name of the model." }),
  ...ConnectionOptions,
  base_url: ConnectionOptions.base_url.meta({
    description:
      "Any server that speaks OpenAI Chat Completions, with its /v1 (vLLM, Ollama, LM Studio, LiteLLM, Groq, …). Needs no key if the server needs none. Default: OPENAI_BASE_URL, else OpenAI.",
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
    description:
      "How much a reasoning model thinks before it answers. From gpt-5.5 on, OpenAI refuses tools over Chat Completions unless this is none.",
  }),
});

/** OpenAI, and every server that speaks its Chat Completions. */
export const openai: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: z.output<typeof Options>, deps: ModelDeps): Model {
      const to = connect(PROVIDER, options, deps);
      const field = options.max_tokens_field ?? (to.official ? "max_completion_tokens" : "max_tokens");
      const settings = {
        temperature: options.temperature,
        [field]: options.max_tokens,
        reasoning_effort: options.reasoning_effort,
      };
      return resilient(openaiChat(to, settings, deps), to, deps);
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  defaultModel: DEFAULT_MODEL,
  owns: (model) => /^(gpt-|chatgpt-|o[134](-|$))/.test(model),
};
