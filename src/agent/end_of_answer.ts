import { z } from "zod";
import { agentMessage, userMessage } from "../a2a/parts.ts";
import type { Json } from "../lib/json.ts";
import { isAside } from "../model/model.ts";
import type { RunEnd } from "./agent.ts";
import type { Said } from "./ask_model.ts";
import type { Means } from "./means.ts";
import { endOfMisshapen, endOfTurn } from "./run_end.ts";
import type { Turn } from "./turn.ts";

const Nothing = z.object({});

interface Answered {
  readonly said: Said;
  readonly messageId: string;
  readonly last: boolean;
}

/** The end of a turn whose model wants no tools any more. undefined: the answer has not the shape that it has to have, and the model is to mend it. */
export async function endOfAnswer(
  means: Means,
  turn: Turn,
  { said, messageId, last }: Answered,
): Promise<RunEnd | undefined> {
  if (means.output === undefined || isAside(said.stop)) return endOfTurn(turn, said);
  const checked = means.output.check(said.text);
  if ("data" in checked) {
    await sayData(turn, checked.data);
    return endOfTurn(turn, said);
  }
  if (turn.isMended || last) return endOfMisshapen(turn, checked.fault);
  turn.isMended = true;
  const fault =
    `Your answer has not the shape that it has to have. ${checked.fault} Answer again, with the JSON alone.`;
  turn.since.push(
    agentMessage([{ text: said.text || "(nothing)" }], { messageId }),
    userMessage(fault, { messageId: `${messageId}:fault` }),
  );
  return undefined;
}

/** The answer as data, in the artifact in which its text would stand. */
async function sayData(turn: Turn, data: Json): Promise<void> {
  await turn.run.step({
    id: "data",
    result: Nothing,
    act: () => Promise.resolve({}),
    events: () => [turn.answer.asData(data)],
  });
  turn.made++;
}
