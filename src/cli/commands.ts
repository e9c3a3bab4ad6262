import type { Listed } from "./command.ts";
import { CONFIG_COMMANDS } from "./config_commands.ts";

/** Each command is loaded when it is called: `hector version` does not pay for a server. */
export const COMMANDS: ReadonlyMap<string, Listed> = new Map<string, Listed>([
  ["serve", { summary: "Serve agents over A2A", load: async () => (await import("./serve.ts")).serve }],
  ["call", { summary: "Send one message and print the answer", load: async () => (await import("./call.ts")).call }],
  ["chat", { summary: "Talk with an agent", load: async () => (await import("./chat.ts")).chat }],
  ["list", { summary: "List the agents", load: async () => (await import("./list.ts")).list }],
  ["info", { summary: "Show an agent's card", load: async () => (await import("./info.ts")).info }],
  ["task", { summary: "Look at tasks, follow or cancel them", load: async () => (await import("./task.ts")).task }],
  ...CONFIG_COMMANDS,
  ["config", {
    summary: "Look at a running server's configuration, compare it, go back",
    load: async () => (await import("./config.ts")).config,
  }],
  ["doctor", {
    summary: "Look at this machine and the configuration: what works, and how well",
    load: async () => (await import("./doctor.ts")).doctor,
  }],
  ["version", { summary: "Print the version", load: async () => (await import("./version.ts")).version }],
]);
