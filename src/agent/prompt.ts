import type { JsonObject } from "../lib/json.ts";
import { fillVariables, type Variables } from "./fill_variables.ts";

/** What the configuration says about an agent's system prompt. */
export interface Prompt {
  /** What the agent is told to do; stands behind what the engine says. */
  readonly instruction?: string | undefined;
  /** Takes the place of all that the engine says. */
  readonly systemPrompt?: string | undefined;
  /** Takes the place of what the engine says of who the agent is. */
  readonly role?: string | undefined;
  /** What the agent should heed in the end; stands behind the instruction. */
  readonly guidance?: string | undefined;
  /** When the agent is done. */
  readonly completion?: string | undefined;
  /** What placeholders in all of it stand for. */
  readonly variables?: Variables;
}

/** What an engine says of itself, in general words: `withTools` only where there are some. */
export interface Preamble {
  readonly always: string;
  readonly withTools: string;
}

/** What a system prompt depends on from turn to turn. */
export interface PromptScene {
  readonly hasTools: boolean;
  /** Of the message that is answered. */
  readonly metadata?: JsonObject | undefined;
}

export interface PromptParts {
  readonly preamble: Preamble;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

const DAY_MS = 86_400_000;

/**
 * The system prompt of the moment it is asked for. It changes once a day (UTC) at most, and at its end, so that providers
 * can keep what they have read of it. Throws MissingVariable.
 */
export function systemPrompt(
  { instruction, systemPrompt, role, guidance, completion, variables = {} }: Prompt,
  { preamble, now }: PromptParts,
): (scene: PromptScene) => string {
  return ({ hasTools, metadata }) => {
    const fill = (text = "") => fillVariables(text, variables, metadata);
    const always = role === undefined ? preamble.always : fill(role);
    const engines = hasTools ? `${always} ${preamble.withTools}` : always;
    const own = systemPrompt === undefined ? engines : fill(systemPrompt);
    const fixed = [own, fill(instruction), fill(completion), fill(guidance)].filter((piece) => piece !== "")
      .join("\n\n");
    if (systemPrompt !== undefined) return fixed;
    const today = Math.floor(now() / DAY_MS) * DAY_MS;
    return `${fixed}\n\nToday is ${new Date(today).toISOString().slice(0, 10)}.`;
  };
}
