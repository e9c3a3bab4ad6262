import { z } from "zod";
import { SecretText } from "../../src/lib/secret.ts";
import type { ConfigurableModel, PluginTables } from "../../src/config/plugin_tables.ts";

const MODEL_OPTIONS = z.strictObject({
  model: z.string().min(1).optional(),
  api_key: SecretText.optional(),
  base_url: z.url({ protocol: /^https?$/ }).optional(),
  temperature: z.number().min(0).max(2).optional(),
  max_tokens: z.int().min(1).default(4096),
  thinking: z.union([z.boolean(), z.strictObject({ enabled: z.boolean(), budget_tokens: z.int() })]).optional(),
});

function model(prefix: string, credential: string): ConfigurableModel {
  return {
    options: () => MODEL_OPTIONS,
    credentials: [credential],
    defaultModel: `${prefix}large`,
    owns: (name) => name.startsWith(prefix),
  };
}

/** Plugins as the real program has them, by made-up names where their own behaviour is of no interest. */
export const TABLES: PluginTables = {
  models: new Map<string, ConfigurableModel>([
    ["openai", model("gpt-", "OPENAI_API_KEY")],
    ["anthropic", model("claude-", "ANTHROPIC_API_KEY")],
    ["demo", {
      options: () => z.strictObject({ delay_ms: z.int().min(0).default(0) }),
      credentials: [],
      defaultModel: "demo",
      owns: () => false,
    }],
  ]),
  tools: new Map([
    ["search", { options: () => z.strictObject({ max_limit: z.int().min(1).default(50) }) }],
    ["write_file", {
      options: () => z.object({ max_file_size: z.int().min(1).default(1024), path: z.string().default(".") }),
    }],
    ["search_replace", { options: () => z.strictObject({}) }],
    ["execute_command", {
      options: () =>
        z.strictObject({
          allowed_commands: z.array(z.string()).min(1),
          enable_sandboxing: z.boolean().default(true),
        }),
    }],
    ["pattern", {
      options: () =>
        z.strictObject({
          regex: z.string().superRefine((text, context) =>
            context.addIssue({ code: "custom", message: `bad: ${text}` })
          ),
        }),
    }],
    ["mcp", {
      options: () =>
        z.strictObject({ url: z.url().optional(), command: z.string().optional() })
          .refine((options) => options.url ?? options.command, "found neither url nor command, expected one of them"),
    }],
  ]),
  engines: new Map([
    ["chain-of-thought", { options: () => z.strictObject({}) }],
    ["supervisor", { options: () => z.strictObject({ max_hops: z.int().default(3) }) }],
  ]),
  memories: new Map([
    ["token_window", { options: () => z.strictObject({}) }],
    ["buffer_window", { options: () => z.strictObject({ window_size: z.int().min(1).default(20) }) }],
  ]),
  documentSources: new Map([
    ["directory", {
      options: () => z.strictObject({ path: z.string().min(1), include_patterns: z.array(z.string()).default(["**"]) }),
    }],
  ]),
  stores: new Map([
    ["kv", { options: () => z.strictObject({ path: z.string().default(".hector/state.db") }) }],
    ["memory", { options: () => z.strictObject({}) }],
  ]),
};

/** An environment that holds just these variables. */
export function envOf(variables: Readonly<Record<string, string>>): (name: string) => string | undefined {
  const map = new Map(Object.entries(variables));
  return (name) => map.get(name);
}
