import type { Agent } from "./agent.ts";

/** An agent whose code is loaded by its first turn. `open` is called once. */
export function lateAgent(open: () => Promise<Agent>): Agent {
  let opening: Promise<Agent> | undefined;
  const opened = () => opening ??= open();
  return {
    run: async (input, run) => await (await opened()).run(input, run),
    canceled: async (task) => await (await opened()).canceled?.(task),
  };
}
