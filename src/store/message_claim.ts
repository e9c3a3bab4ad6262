/** A message stands for the task that it began or continued: the same message again joins that task. */
export interface MessageClaim {
  readonly taskId: string;
  /** Milliseconds since 1970. */
  readonly claimedMs: number;
}

/** A peer that repeats a message does so within minutes; a day later it is free again, so the table does not grow forever. */
export const MESSAGE_CLAIM_MS = 24 * 60 * 60 * 1000;

export function isExpired(claim: MessageClaim, nowMs: number): boolean {
  return nowMs - claim.claimedMs >= MESSAGE_CLAIM_MS;
}
