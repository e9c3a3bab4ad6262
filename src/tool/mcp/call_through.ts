import type { Tool as ListedTool } from "@modelcontextprotocol/client";
import { NeedsInput, type Tool } from "../tool.ts";
import { isLost, isUnmade } from "./call_failure.ts";
import { type CallDeps, callRemote } from "./call_remote.ts";
import type { Connection } from "./connection.ts";
import { MessageTooLong } from "./stdio_transport.ts";
import { CallTimeout } from "./running_call.ts";
import type { ServerLink } from "./server_link.ts";

/** How a tool of the server is run. */
export type CallTool = (tool: ListedTool, how: { timeoutMs: number; isSafe: boolean }) => Tool["run"];

/** Calls over whatever connection there is now; what was not begun, or may be repeated, is done once more over another. */
export function callThrough(link: ServerLink, fixed: Omit<CallDeps, "connection">): CallTool {
  return (tool, { timeoutMs, isSafe }) => async (input, context) => {
    const attempt = async (connection: Connection) =>
      await callRemote({ tool, input, timeoutMs }, context, { ...fixed, connection });
    const connection = await link.connection(context.signal);
    try {
      return await attempt(connection);
    } catch (thrown) {
      if (context.signal.aborted || thrown instanceof NeedsInput) throw thrown;
      if (thrown instanceof CallTimeout) void link.doubt(connection);
      const isEnded = connection.gone.aborted || isLost(thrown);
      // A server that does not know us any more has not done anything; one that has died may have.
      if (!isEnded && !isUnmade(thrown)) throw thrown;
      link.drop(connection);
      const { reason } = connection.gone;
      if (reason instanceof MessageTooLong) throw reason;
      if (!isUnmade(thrown) && !isSafe) throw ended(fixed.server, thrown);
      return await attempt(await link.again(context.signal));
    }
  };
}

function ended(server: string, cause: unknown): Error {
  return new Error(`The tool server "${server}" has ended in the middle of the call. What it had done is not known`, {
    cause,
  });
}
