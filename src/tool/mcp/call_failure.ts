import { z } from "zod";

/** What stands for an answer whose stream has ended before it came. */
export const LOST = { code: -32000, message: "The connection ended before the answer came" };

const Lost = z.object({ code: z.literal(LOST.code), message: z.string().endsWith(LOST.message) });

/** Whether the answer to a call will not come any more, though the call was made. */
export function isLost(thrown: unknown): boolean {
  return Lost.safeParse(thrown).success;
}

/** The server knows no session of ours any more: a call that it answered so was not begun (MCP, "Session Management"). */
const NoSession = z.object({ status: z.literal(404) });

/** Whether a call has certainly not begun: the server is not there, or is another one by now. */
export function isUnmade(thrown: unknown): boolean {
  return thrown instanceof Deno.errors.ConnectionRefused || NoSession.safeParse(thrown).success;
}
