import { isRecord } from "../../lib/json.ts";
import type { Dialect } from "../dialects/dialect.ts";
import type { Reply } from "../operations.ts";
import type { SignCard } from "./binding.ts";

/** A reply as it goes out. A card is signed behind its dialect: a signature is good for one form alone. */
export async function writeReply(
  reply: Reply,
  dialect: Pick<Dialect, "write">,
  signCard: SignCard | undefined,
): Promise<unknown> {
  const written = dialect.write(reply);
  if (reply.operation !== "GetExtendedAgentCard" || signCard === undefined || !isRecord(written)) return written;
  return await signCard(written);
}
