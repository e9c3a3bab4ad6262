/** A message stands for the task that it began or continued: the same message again joins that task. */
export interface MessageClaim {
  readonly taskId: string;
  /** Milliseconds since 1970. */
  readonly claimedMs: number;
  /** For as long as the task is there, and not for a day only. */
  readonly lasts?: true;
}

/** A peer that repeats a message does so within minutes; a day later it is free again, so the table does not grow forever. */
export const MESSAGE_CLAIM_MS = 24 * 60 * 60 * 1000;

export function isExpired(claim: MessageClaim, nowMs: number): boolean {
  return claim.lasts !== true && nowMs - claim.claimedMs >= MESSAGE_CLAIM_MS;
}
