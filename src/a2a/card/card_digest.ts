import { isRecord } from "../../lib/json.ts";
import { canonicalJson } from "../../lib/jcs.ts";
import { sha256 } from "../../lib/sha256.ts";
import { A2AError } from "../errors.ts";

/** SHA-256 of a card as it was received, in its canonical form (RFC 8785) and without its signatures; hexadecimal. */
export function cardDigest(received: unknown): string {
  if (!isRecord(received)) return sha256(canonicalJson(received), "hex");
  const { signatures: _signatures, ...card } = received;
  return sha256(canonicalJson(card), "hex");
}

/** Throws A2AError INVALID_AGENT_RESPONSE for a card that is another one than the one pinned. */
export function checkPin(received: unknown, pin: string): void {
  const found = cardDigest(received);
  if (found === pin.toLowerCase()) return;
  throw new A2AError(
    "INVALID_AGENT_RESPONSE",
    `Cannot trust the agent card: its SHA-256 is ${found}, not the pinned one`,
  );
}
