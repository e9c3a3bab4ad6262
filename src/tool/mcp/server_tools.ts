import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { JsonObject } from "../../lib/json.ts";
import type { Tool, Toolset, ToolsetDeps } from "../tool.ts";
import { callRemote } from "./call_remote.ts";
import type { Connection } from "./connection.ts";
import { HeldCalls } from "./held_calls.ts";
import { isUnmade } from "./is_unmade.ts";
import type { McpOptions } from "./mcp_options.ts";
import { clientOpener } from "./open_client.ts";
import { QuestionDesk } from "./question_desk.ts";
import { ServerAway, ServerLink } from "./server_link.ts";
import { serverSpec } from "./server_spec.ts";
import { freeName, prefixedName, safeName } from "./tool_names.ts";
import { toolFilter, toolPolicy } from "./tool_policy.ts";

const MAX_DESCRIPTION = 4000;
const MAX_SCHEMA = 64 * 1024;

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
  const toTools = toolReader(options, { name, log, call });
  const read = async (signal: AbortSignal) => toTools(await (await link.connection(signal)).tools());
  return {
    async tools(signal) {
      try {
        return await read(signal);
      } catch (thrown) {
        signal.throwIfAborted();
        // The link has told of it when it began.
        if (thrown instanceof ServerAway) return [];
        throw thrown;
      }
    },
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

type Call = (tool: ListedTool, how: { timeoutMs: number; isSafe: boolean }) => Tool["run"];

function callThrough(
  link: ServerLink,
  fixed: { readonly server: string; readonly desk: QuestionDesk; readonly held: HeldCalls; readonly maxBytes: number },
): Call {
  return (tool, { timeoutMs, isSafe }) => async (input, context) => {
    const attempt = async (connection: Connection) =>
      await callRemote({ tool, input, timeoutMs }, context, { ...fixed, connection });
    const connection = await link.connection(context.signal);
    try {
      return await attempt(connection);
    } catch (thrown) {
      if (context.signal.aborted) throw thrown;
      const isLost = connection.gone.aborted;
      // A server that does not know us any more has not done anything; one that has died may have.
      if (!isUnmade(thrown) && !(isLost && isSafe)) throw isLost ? ended(fixed.server, thrown) : thrown;
      link.drop(connection);
      return await attempt(await link.connection(context.signal));
    }
  };
}

function ended(server: string, cause: unknown): Error {
  return new Error(`The tool server "${server}" has ended in the middle of the call. What it had done is not known`, {
    cause,
  });
}

interface ReaderParts {
  readonly name: string;
  readonly log: ToolsetDeps["log"];
  readonly call: Call;
}

/** What a server says of its tools → tools. All of it is a stranger's text: bounded, and with names that providers take. */
function toolReader(options: McpOptions, { name, log, call }: ReaderParts): (listed: readonly ListedTool[]) => Tool[] {
  const isUsed = toolFilter(options);
  const policyOf = toolPolicy(options);
  const told = new Set<string>();
  const leaveOut = (tool: string, because: string) => {
    if (told.has(tool)) return;
    told.add(tool);
    log.warn("a tool of a tool server is left out", { name, tool, because });
  };
  return (listed) => {
    const tools = new Map<string, Tool>();
    for (const tool of listed) {
      if (!isUsed(tool.name)) continue;
      const input = JsonText.safeParse(tool.inputSchema).data;
      const safe = safeName(tool.name);
      if (safe === "") leaveOut(tool.name, "its name has no letter and no digit");
      else if (input === undefined) leaveOut(tool.name, `its schema is longer than ${MAX_SCHEMA} characters`);
      else if (tools.size >= options.max_tools) leaveOut(tool.name, `the server has more than ${options.max_tools}`);
      else {
        const { asksFirst, replay, timeoutMs } = policyOf(tool.name, tool.annotations ?? {});
        const known = freeName(prefixedName(options.prefix ?? "", safe), (name) => tools.has(name));
        tools.set(known, {
          name: known,
          description: described(tool),
          input,
          replay,
          ...(asksFirst ? { needsApproval: () => true } : {}),
          run: call(tool, { timeoutMs, isSafe: replay === "safe" }),
        });
      }
    }
    return [...tools.values()];
  };
}

const JsonText = z.unknown().transform((value, context): JsonObject => {
  const text = JSON.stringify(value);
  if (text.length <= MAX_SCHEMA) return z.record(z.string(), z.json()).parse(JSON.parse(text));
  context.addIssue("too long");
  return z.NEVER;
});

/** Control characters could make up lines of a prompt that nobody wrote. */
function described({ title, description = title ?? "" }: ListedTool): string {
  const text = description.replaceAll(/[\p{Cc}\p{Cf}]/gu, (char) => char === "\n" || char === "\t" ? char : "");
  return text.length <= MAX_DESCRIPTION ? text : `${text.slice(0, MAX_DESCRIPTION)} …`;
}
