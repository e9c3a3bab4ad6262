import { SILENT } from "../../../src/lib/log.ts";
import type { JsonObject } from "../../../src/lib/json.ts";
import type { Timers } from "../../../src/lib/timers.ts";
import { PROCESS_TIMERS } from "../../../src/server/timers.ts";
import type { Tool, Toolset } from "../../../src/tool/tool.ts";
import { typescriptTool } from "../../../src/tool/typescript/typescript.ts";
import { inTempDir } from "../run_tool.ts";

export interface ModuleFile {
  readonly base: string;
  readonly toolset: Toolset;
  /** Told to the worker as if the tool were called. */
  readonly tool: () => Promise<Tool>;
}

export interface ModuleEntry {
  readonly options?: JsonObject;
  readonly timers?: Timers;
}

/** A tool of this text, in a directory of its own. */
export async function withModule(
  source: string,
  { options = {}, timers = PROCESS_TIMERS }: ModuleEntry,
  act: (file: ModuleFile) => Promise<void>,
): Promise<void> {
  await inTempDir(async (base) => {
    await Deno.writeTextFile(`${base}/tool.ts`, source);
    const toolset = typescriptTool.create({ path: "tool.ts", ...options }, {
      name: "mine",
      baseDir: base,
      env: () => undefined,
      openFetch: () => () => Promise.reject(new Error("not asked")),
      timers,
      now: Date.now,
      random: Math.random,
      newId: () => crypto.randomUUID(),
      log: SILENT,
    });
    const tool = async () => {
      const [only] = await toolset.tools(new AbortController().signal);
      if (only === undefined) throw new Error("no tool");
      return only;
    };
    try {
      await act({ base, toolset, tool });
    } finally {
      await toolset.close();
    }
  });
}

/** A module whose function `run(input, context)` has this body. */
export function moduleOf(body: string, more = ""): string {
  return `export default {
    description: "Does it.",
    input: { type: "object", properties: { a: { type: "string" } } },
    ${more}
    async run(input: { a?: string }, context: { signal: AbortSignal; options: { unit?: string }; say(text: string): void; taskId: string }) {
      ${body}
    },
  };`;
}
