import type { z } from "zod";
import { late } from "./late.ts";

/** What options have the process do on its machine for whoever writes them. */
export interface Reach {
  /** Whether programs or modules are started that the options name, or let others name. */
  readonly programs?: boolean;
  /** Where files are read or written; relative ones begin at the configuration. */
  readonly folders?: readonly string[];
  /** Which of the paths that are off limits by default are none any more, as globs. */
  readonly opened?: readonly string[];
}

/** Reads a file that options name; relative paths begin at the configuration. undefined: it cannot be read. */
export type ReadNamed = (path: string) => string | undefined;

/**
 * One row of the tables in plugins.ts: what the configuration may say (`options`) and what comes of it. `create` parses
 * `raw` first, so it throws z.ZodError for options that the schema refuses; what the plugin itself is given is typed.
 */
export interface Plugin<Deps, Made> {
  /** Made when it is first asked for: a program knows many plugins, and a configuration names few. */
  readonly options: () => z.ZodType;
  /** Absent: neither programs nor folders. Parses like `create`. */
  readonly reach?: (raw: unknown) => Reach;
  /** Reads the files that belong to what the options say: another text in one of them is another configuration. */
  readonly files?: (raw: unknown, read: ReadNamed) => void;
  create(raw: unknown, deps: Deps): Made;
}

/** A parser that is compiled for a schema pays off after hundreds of values, and a configuration holds one or a few. */
export const READ_ONCE = { jitless: true } as const;

/** Makes a Plugin of a typed definition; the option type stays inside, so a table can hold many. */
export function definePlugin<Options extends z.ZodType, Deps, Made>(
  definition: {
    readonly options: () => Options;
    readonly reach?: (options: z.output<Options>) => Reach;
    readonly files?: (options: z.output<Options>, read: ReadNamed) => void;
    readonly create: (options: z.output<Options>, deps: Deps) => Made;
  },
): Plugin<Deps, Made> {
  const { reach, files, create } = definition;
  const options = late(definition.options);
  return {
    options,
    ...(reach === undefined ? {} : { reach: (raw: unknown) => reach(options().parse(raw, READ_ONCE)) }),
    ...(files === undefined
      ? {}
      : { files: (raw: unknown, read: ReadNamed) => files(options().parse(raw, READ_ONCE), read) }),
    create: (raw, deps) => create(options().parse(raw, READ_ONCE), deps),
  };
}
