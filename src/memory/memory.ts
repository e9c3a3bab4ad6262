import type { Message } from "../a2a/types.ts";

/** Which of the past goes into the prompt. */
export interface Memory {
  /** Keeps order, never parts a tool call from its outcome, stays within `maxTokens`; the newest message always stays. */
  select(history: readonly Message[], maxTokens: number): Promise<readonly Message[]>;
}
