import type { Absence, Toolset, ToolsetDeps } from "../tool.ts";
import { untilAborted } from "../../lib/until_aborted.ts";
import { awayReason } from "./away_reason.ts";
import { callThrough } from "./call_through.ts";
import { Silence } from "./connection.ts";
import { HeldCalls } from "./held_calls.ts";
import type { McpOptions } from "./mcp_options.ts";
import { clientOpener } from "./open_client.ts";
import { QuestionDesk } from "./question_desk.ts";
import { toolReader } from "./read_tools.ts";
import { ServerAway, ServerLink } from "./server_link.ts";
import { serverSpec } from "./server_spec.ts";

/** The tools of one server: connected when they are first asked for. */
export function serverTools(options: McpOptions, deps: ToolsetDeps): Toolset {
  const { name, timers, log } = deps;
  const timeoutMs = options.connect_timeout_seconds * 1000;
  const desk = new QuestionDesk();
  const held = new HeldCalls({ ...deps, maxMs: options.input_timeout_seconds * 1000 });
  const open = clientOpener(serverSpec(options, deps.baseDir), {
    ...deps,
    readText: (path) => Deno.readTextFile(path),
    maxBytes: options.max_output_bytes,
    timeoutMs,
    onQuestion: (params) => desk.ask(params),
    onToolsChanged: () => link.forgetTools(),
  });
  const link = new ServerLink({ name, open, desk, timeoutMs, timers, random: deps.random, log });
  const call = callThrough(link, { server: name, desk, held, maxBytes: options.max_output_bytes });
  const toTools = toolReader(options, { ...deps, call });
  const read = async (signal: AbortSignal) => {
    const connection = await link.connection(signal);
    const listing = connection.tools();
    listing.catch((thrown) => thrown instanceof Silence ? link.doubt(connection) : undefined);
    return toTools(await untilAborted(listing, signal));
  };
  let away: readonly Absence[] = [];
  return {
    async tools(signal) {
      try {
        const tools = await read(signal);
        away = [];
        return tools;
      } catch (thrown) {
        signal.throwIfAborted();
        away = [{ name, reason: awayReason(thrown) }];
        // The link has told of it when it began.
        if (thrown instanceof ServerAway) return [];
        throw thrown;
      }
    },
    away: () => away,
    async check(signal) {
      try {
        await read(signal);
      } catch (thrown) {
        signal.throwIfAborted();
        const reason = thrown instanceof ServerAway ? thrown.cause : thrown;
        throw new Error(`Cannot use tools.${name}: ${reason instanceof Error ? reason.message : "it is away"}`, {
          cause: thrown,
        });
      }
    },
    async close() {
      held.close();
      await link.close();
    },
  };
}
