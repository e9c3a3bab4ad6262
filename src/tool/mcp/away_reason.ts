import { z } from "zod";
import { EgressRefused } from "../../lib/egress_rules.ts";
import { Silence } from "./connection.ts";

const Status = z.object({ status: z.number() });
const Code = z.object({ code: z.string() });

/**
 * Why a server is away, for a model and whoever it talks to. What the server or the system says is for the log: it may hold
 * addresses, secrets and instructions.
 */
export function awayReason(thrown: unknown): string {
  for (let each = thrown; each instanceof Error; each = each.cause) {
    const reason = reasonOf(each);
    if (reason !== undefined) return reason;
  }
  return "it has failed";
}

function reasonOf(error: Error): string | undefined {
  if (error instanceof Silence) return "it did not answer in time";
  if (error instanceof EgressRefused) return "it may not be reached from here";
  if (error instanceof Deno.errors.NotFound) return "its program cannot be started";
  const { data: { status } = {} } = Status.safeParse(error);
  if (status === 401 || status === 403) return "it does not accept the credentials";
  if (status !== undefined) return `it answered HTTP ${status}`;
  const { data: { code } = {} } = Code.safeParse(error);
  const isUnreachable = error instanceof Deno.errors.ConnectionRefused || error instanceof Deno.errors.ConnectionReset;
  return isUnreachable || code === "ENOTFOUND" || code === "ECONNREFUSED" ? "it cannot be reached" : undefined;
}
