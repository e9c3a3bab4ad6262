import { z } from "zod";

/** The server knows no session of ours any more: a call that it answered so was not begun (MCP, "Session Management"). */
const NoSession = z.object({ status: z.literal(404) });

export function isUnmade(thrown: unknown): boolean {
  return NoSession.safeParse(thrown).success;
}
