import { z } from "zod";
import { Struct } from "../a2a/proto_json.ts";
import type { Resumed, Tool } from "../tool/tool.ts";
import { Unfinished } from "./agent.ts";
import { attempt, type Attempted } from "./attempt.ts";
import type { Means } from "./means.ts";
import { Outcome, outcomeEvents, type Placed } from "./settle_call.ts";
import { SideText } from "./side_text.ts";
import type { Checked } from "./toolbox.ts";
import type { Turn } from "./turn.ts";

/** The attempt ended with a question; the call goes on with its answer. */
const Asks = z.object({
  asks: z.object({ kind: z.enum(["input", "auth"]), question: z.array(Struct), state: Struct }),
});
const Recorded = z.union([Asks, Outcome]);
type Recorded = z.infer<typeof Recorded>;

export type Able = Extract<Checked, { readonly tool: Tool }>;

export interface Making {
  readonly placed: Placed;
  readonly checked: Able;
}

interface Numbered extends Making {
  readonly number: number;
  readonly stepId: string;
  readonly resumed: Resumed | undefined;
}

/** One attempt as a step. "unfinished": a crash has cut it, and its peer has to say what now. */
export async function makeAttempt(
  means: Means,
  turn: Turn,
  { placed, checked, number, stepId, resumed }: Numbered,
): Promise<Recorded | "unfinished"> {
  const { call, messageId, hint } = placed;
  const artifactId = number === 1 ? `${messageId}:said` : `${messageId}:said:${number}`;
  const said = new SideText(turn.run, { artifactId, name: call.name, side: "progress" });
  const { replay } = checked.tool;
  let made: Attempted | undefined;
  try {
    return await turn.run.step({
      id: stepId,
      result: Recorded,
      replay,
      detail: { tool: call.name, arguments: call.arguments },
      act: async (signal): Promise<Recorded> => {
        made = await attempt(means, turn, { placed, checked, signal, said, resumed });
        if ("asks" in made) {
          return { asks: { ...made.asks, question: made.asks.question.map((part) => ({ ...part })) } };
        }
        return { output: made.result.content + hint, isError: made.result.isError === true };
      },
      events: (recorded) => [
        ...said.close(),
        ..."asks" in recorded ? [] : outcomeEvents(turn, placed, {
          outcome: recorded,
          shown: made && "result" in made ? made.result : undefined,
        }),
      ],
    });
  } catch (thrown) {
    // Its own step, that is: not one of steps that the tool itself keeps.
    if (replay === "ask" && thrown instanceof Unfinished && thrown.stepId === stepId) return "unfinished";
    throw thrown;
  }
}
