import type { Arguments, Flags } from "./arguments.ts";
import type { ExitCode } from "./exit_codes.ts";
import type { Terminal } from "./terminal.ts";

/** What a command is given of the world. */
export interface Surroundings {
  readonly terminal: Terminal;
  /** The process environment, with what `.env` files beside the configuration add. */
  readonly env: (name: string) => string | undefined;
  readonly cwd: string;
  /** Calls `handler` on each interrupt of the user (Ctrl-C) until the returned function is called. */
  readonly onInterrupt: (handler: () => void) => () => void;
}

/** One command of the CLI. */
export interface Command {
  /** One line, for the list of commands. */
  readonly summary: string;
  /** What stands behind `hector NAME`. */
  readonly usage: string;
  readonly flags: Flags;
  readonly examples: readonly string[];
  run(args: Arguments, surroundings: Surroundings): Promise<ExitCode>;
}

/** A command as the overview shows it, and the way to the rest of it. */
export interface Listed {
  readonly summary: string;
  readonly load: () => Promise<Command>;
}
