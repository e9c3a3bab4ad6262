import type { Command } from "./command.ts";

/** A command as the overview shows it, and the way to the rest of it. */
export interface Listed {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** Each command is loaded when it is called: `hector version` does not pay for a server. */
export const COMMANDS: ReadonlyMap<string, Listed> = new Map([
  ["serve", { summary: "Serve agents over A2A", load: async () => (await import("./serve.ts")).serve }],
  ["call", { summary: "Send one message and print the answer", load: async () => (await import("./call.ts")).call }],
  ["chat", { summary: "Talk with an agent", load: async () => (await import("./chat.ts")).chat }],
  ["list", { summary: "List the agents", load: async () => (await import("./list.ts")).list }],
  ["info", { summary: "Show an agent's card", load: async () => (await import("./info.ts")).info }],
  ["task", { summary: "Look at tasks, follow or cancel them", load: async () => (await import("./task.ts")).task }],
  ["validate", { summary: "Check configuration files", load: async () => (await import("./validate.ts")).validate }],
  ["schema", {
    summary: "Print the configuration's JSON Schema",
    load: async () => (await import("./schema.ts")).schema,
  }],
  ["init", { summary: "Write a configuration to begin with", load: async () => (await import("./init.ts")).init }],
  ["explain", {
    summary: "Explain a key of the configuration",
    load: async () => (await import("./explain.ts")).explain,
  }],
  ["version", { summary: "Print the version", load: async () => (await import("./version.ts")).version }],
]);
