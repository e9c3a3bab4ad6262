import type { z } from "zod";

/**
 * One row of the tables in plugins.ts: what the configuration may say (`options`) and what comes of it. `create` parses
 * `raw` first, so it throws z.ZodError for options that the schema refuses; what the plugin itself is given is typed.
 */
export interface Plugin<Deps, Made> {
  readonly options: z.ZodType;
  create(raw: unknown, deps: Deps): Made;
}

/** Makes a Plugin of a typed definition; the option type stays inside, so a table can hold many. */
export function definePlugin<Options extends z.ZodType, Deps, Made>(
  definition: { readonly options: Options; create(options: z.output<Options>, deps: Deps): Made },
): Plugin<Deps, Made> {
  return {
    options: definition.options,
    create: (raw, deps) => definition.create(definition.options.parse(raw), deps),
  };
}
