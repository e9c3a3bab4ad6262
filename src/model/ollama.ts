import { z } from "zod";
import { late } from "../lib/late.ts";
import type { JsonObject } from "../lib/json.ts";
import { definePlugin } from "../lib/plugin.ts";
import { connect, ConnectionOptions, type Provider } from "./connection.ts";
import { lateModel } from "./late_model.ts";
import type { Model, ModelDeps } from "./model.ts";
import type { ModelPlugin } from "./plugin.ts";
import { type Thinking, ThinkingOption, toThinking } from "./thinking.ts";

const DEFAULT_MODEL = "qwen3";

const HOST_ENV = "OLLAMA_HOST";

const PROVIDER = {
  title: "Ollama",
  credentials: ["OLLAMA_API_KEY"],
  baseUrlEnv: "OLLAMA_BASE_URL",
  defaultBaseUrl: "http://localhost:11434",
  keyless: "always",
} as const satisfies Provider;

const Options = late(() =>
  z.strictObject({
    model: z.string().min(1).default(DEFAULT_MODEL).meta({ description: "A model that the server has (ollama list)." }),
    ...ConnectionOptions(),
    api_key: ConnectionOptions().api_key.meta({
      description: "For a server that wants a key, such as https://ollama.com. Default: OLLAMA_API_KEY, if it is set.",
    }),
    base_url: ConnectionOptions().base_url.meta({
      description: "The server, without /api. Default: OLLAMA_BASE_URL or OLLAMA_HOST, else http://localhost:11434.",
    }),
    temperature: z.number().min(0).max(2).optional().meta({ description: "0 to 2. Left to the model by default." }),
    max_tokens: z.int().positive().optional().meta({
      description: "The longest answer, in tokens, thinking included. Default: the model's.",
    }),
    num_ctx: z.int().positive().optional().meta({
      description: "Tokens that the model holds at one time, prompt and answer. Default: the server's.",
    }),
    keep_alive: z.union([z.string().min(1), z.number()]).optional().meta({
      description: "How long the model stays loaded after an answer: 5m, 1h, a number of seconds, -1 for ever.",
    }),
    thinking: ThinkingOption(),
  })
);
type Options = z.output<ReturnType<typeof Options>>;

/** Models on the own machine, or wherever an Ollama server runs. */
export const ollama: ModelPlugin = {
  ...definePlugin({
    options: Options,
    create(options: Options, deps: ModelDeps): Model {
      const to = connect(PROVIDER, { ...options, base_url: options.base_url ?? hostUrl(deps) }, deps);
      return lateModel(to, deps, async () => {
        const { ollamaChat } = await import("./ollama_chat.ts");
        return ollamaChat(to, settingsOf(options), deps);
      });
    },
  }),
  title: PROVIDER.title,
  credentials: PROVIDER.credentials,
  announcedBy: [HOST_ENV, PROVIDER.baseUrlEnv],
  defaultModel: DEFAULT_MODEL,
  // Others serve models of the same names: only a few words are surely meant for it.
  owns: (model) => /^qwen3(:|$)/.test(model),
};

/** OLLAMA_HOST as the server and its own client read it: a host, maybe with a port, maybe with a scheme. */
function hostUrl({ env }: ModelDeps): string | undefined {
  const host = env(HOST_ENV);
  if (!host || env(PROVIDER.baseUrlEnv)) return undefined;
  const url = URL.parse(/^https?:\/\//.test(host) ? host : `http://${host}`);
  if (url === null) return undefined;
  // A server that listens on every address is asked on the nearest.
  if (url.hostname === "0.0.0.0") url.hostname = "127.0.0.1";
  if (url.port === "" && !host.includes("://")) url.port = "11434";
  return url.href;
}

function settingsOf({ model, temperature, max_tokens, num_ctx, keep_alive, thinking }: Options): JsonObject {
  const asked = toThinking(thinking);
  const options = {
    ...(temperature === undefined ? {} : { temperature }),
    ...(max_tokens === undefined ? {} : { num_predict: max_tokens }),
    ...(num_ctx === undefined ? {} : { num_ctx }),
  };
  return {
    ...(asked === undefined ? {} : { think: toThink(asked, model) }),
    ...(keep_alive === undefined ? {} : { keep_alive }),
    ...(Object.keys(options).length === 0 ? {} : { options }),
  };
}

/** One family knows degrees and cannot do without; all others know yes and no. */
function toThink({ enabled, budgetTokens }: Thinking, model: string): boolean | string {
  if (!model.startsWith("gpt-oss")) return enabled;
  if (!enabled) return "low";
  if (budgetTokens === undefined) return "medium";
  return budgetTokens <= 2_000 ? "low" : budgetTokens <= 8_000 ? "medium" : "high";
}
