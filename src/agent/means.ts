import type { ToolOutcome } from "../a2a/parts.ts";
import type { Log } from "../lib/log.ts";
import type { Memory } from "../memory/memory.ts";
import type { Model } from "../model/model.ts";
import type { Tool, Toolset } from "../tool/tool.ts";
import type { AnswerBy, RunEnd } from "./agent.ts";
import type { AnswerShape } from "./answer_shape.ts";
import type { PromptScene } from "./prompt.ts";
import type { TurnClockOptions } from "./turn_clock.ts";

/** What an agent may use up in one turn. */
export interface TurnLimits {
  /** Model calls. */
  readonly maxIterations: number;
  /** From the beginning of the turn, restarts included. */
  readonly timeoutSeconds: number;
  /** Tokens of conversation that the model is shown, as memory counts them. */
  readonly contextTokens: number;
  /** UTF-16 units of one tool's output that the model is shown. */
  readonly maxToolOutputChars: number;
  /** How long the peer has to answer where a call waits for it, and what then. Absent: as long as it takes. */
  readonly inputTimeout?: { readonly seconds: number; readonly otherwise: AnswerBy["otherwise"] } | undefined;
}

/** What an agent has for all its turns. */
export interface Means {
  readonly model: Model;
  readonly tools: readonly Tool[];
  readonly toolsets: readonly Toolset[];
  readonly memory: Memory;
  /** The system prompt of this moment. */
  readonly system: (scene: PromptScene) => string;
  readonly limits: TurnLimits;
  /** Whether peers are shown what the model thinks, in an artifact beside the answer. Default: no. */
  readonly showsThinking?: boolean;
  /** The shape that every answer has to have; its answers are data. */
  readonly output?: AnswerShape | undefined;
  /** The end of a turn that these calls were the last of; undefined: the model goes on. */
  readonly endOfCalls?: (outcomes: readonly ToolOutcome[]) => RunEnd | undefined;
  readonly log: Log;
  readonly now: TurnClockOptions["now"];
  readonly sleep: TurnClockOptions["sleep"];
}
