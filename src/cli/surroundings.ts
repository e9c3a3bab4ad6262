import type { Surroundings } from "./command.ts";
import { createTerminal } from "./terminal.ts";

/** The process's own surroundings. */
export function createSurroundings(): Surroundings {
  const env = (name: string) => Deno.env.get(name);
  return {
    terminal: createTerminal({ env }),
    env,
    cwd: Deno.cwd(),
    onInterrupt: (handler) => {
      Deno.addSignalListener("SIGINT", handler);
      return () => Deno.removeSignalListener("SIGINT", handler);
    },
  };
}
