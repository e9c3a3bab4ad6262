import type { Message } from "../a2a/types.ts";

/** Which of the past goes into the prompt. */
export interface Memory {
  /**
   * Keeps order, never parts a tool call from its outcome, leaves out outcomes whose call is gone. Stays within `maxTokens`
   * by its own estimate, but for the newest messages and the newest of the user, which always stay.
   */
  select(history: readonly Message[], maxTokens: number): Promise<readonly Message[]>;
}
