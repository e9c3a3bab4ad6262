import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import { z } from "zod";
import type { JsonObject } from "../../lib/json.ts";
import type { Tool, ToolsetDeps } from "../tool.ts";
import type { CallTool } from "./call_through.ts";
import type { McpOptions } from "./mcp_options.ts";
import { freeName, prefixedName, safeName } from "./tool_names.ts";
import { remotePolicy, toolFilter } from "./remote_policy.ts";

const MAX_DESCRIPTION = 4000;
const MAX_SCHEMA = 64 * 1024;

interface ReaderParts extends Pick<ToolsetDeps, "name" | "log" | "replay"> {
  readonly call: CallTool;
}

/** What a server says of its tools → tools. All of it is a stranger's text: bounded, and with names that providers take. */
export function toolReader(
  options: McpOptions,
  { name, log, call, replay: said }: ReaderParts,
): (listed: readonly ListedTool[]) => Tool[] {
  const isUsed = toolFilter(options);
  const policyOf = remotePolicy(options);
  const told = new Set<string>();
  const leaveOut = (tool: string, because: string) => {
    if (told.has(tool)) return;
    told.add(tool);
    log.warn("a tool of a tool server is left out", { name, tool, because });
  };
  let toldOver = 0;
  return (listed) => {
    const tools = new Map<string, Tool>();
    let over = 0;
    for (const tool of listed) {
      if (!isUsed(tool.name)) continue;
      const input = JsonText.safeParse(tool.inputSchema).data;
      const safe = safeName(tool.name);
      if (safe === "") leaveOut(tool.name, "its name has no letter and no digit");
      else if (input === undefined) leaveOut(tool.name, `its schema is longer than ${MAX_SCHEMA} characters`);
      else if (tools.size >= options.max_tools) over++;
      else {
        const policy = policyOf(tool.name, tool.annotations ?? {});
        const { asksFirst, timeoutMs } = policy;
        const replay = said ?? policy.replay;
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
    // One line for all of them: some servers have hundreds.
    const because = `the server has more than ${options.max_tools} (max_tools)`;
    if (over > toldOver) log.warn("tools of a tool server are left out", { name, count: over, because });
    toldOver = Math.max(toldOver, over);
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
