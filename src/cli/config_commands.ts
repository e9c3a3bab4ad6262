import type { Listed } from "./command.ts";

/** What is done with a configuration before anything starts. */
export const CONFIG_COMMANDS: readonly (readonly [string, Listed])[] = [
  ["init", { summary: "Write a configuration to begin with", load: async () => (await import("./init.ts")).init }],
  ["validate", { summary: "Check configuration files", load: async () => (await import("./validate.ts")).validate }],
  ["explain", {
    summary: "Explain a key of the configuration",
    load: async () => (await import("./explain.ts")).explain,
  }],
  ["schema", {
    summary: "Print the configuration's JSON Schema",
    load: async () => (await import("./schema.ts")).schema,
  }],
];
