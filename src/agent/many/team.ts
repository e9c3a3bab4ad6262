import { z } from "zod";
import { agentMessage, toolOutcomesOf } from "../../a2a/parts.ts";
import { Struct } from "../../a2a/proto_json.ts";
import type { Message } from "../../a2a/types.ts";
import type { Agent, Run, RunEnd, RunInput } from "../agent.ts";
import { handedTo, handoverName, handoverOf } from "./handover.ts";

export interface TeamParts {
  /** Whom the conversation begins with. */
  readonly root: string;
  /** By id; each ends its part with `handoverEnd` where it hands over. */
  readonly members: ReadonlyMap<string, Agent>;
}

/** Two agents that hand over to each other for ever. */
const MAX_HANDOVERS = 16;

const Speaker = z.object({ id: z.string() });
/** What a member kept while it waits for the peer, and which part of the turn that is. */
const Kept = z.object({ part: z.int(), kept: Struct.nullable() });

/**
 * Agents that hand a conversation over to each other: who was handed it last answers, in the same task and context. A turn
 * is one part after another, each with the steps and ids of its own.
 */
export function createTeam({ root, members }: TeamParts): Agent {
  const names = new Map([...members.keys()].map((id) => [handoverName(id), id]));
  return {
    async run(input, run) {
      // A step, so that a turn that runs again begins with the same member.
      let { id } = await run.step({
        id: "speaker",
        result: Speaker,
        act: async () => ({ id: lastSpeaker(await input.history(), names) ?? root }),
      });
      for (let part = 0; part <= MAX_HANDOVERS; part++) {
        const member = members.get(id) ?? members.get(root);
        if (member === undefined) throw new TypeError(`There is no member "${root}"`);
        const end = await member.run(answersOf(input, part), partOf(run, `${part}.${id}`));
        const next = handoverOf(end);
        if (next === undefined) {
          return end.suspended === true ? { ...end, kept: { part, kept: end.kept ?? null } } : end;
        }
        id = next;
      }
      return tooOften(run);
    },
  };
}

/** Peers may write what they like into their messages; only what agents said counts. */
function lastSpeaker(history: readonly Message[], names: ReadonlyMap<string, string>): string | undefined {
  const outcomes = history.filter(({ role }) => role === "ROLE_AGENT").flatMap(toolOutcomesOf);
  return handedTo(outcomes.toReversed(), names);
}

/** The turn for one part of it: with the answers to its own questions. */
function answersOf(input: RunInput, part: number): RunInput {
  const answers = input.answers.flatMap((answer) => {
    const asked = Kept.safeParse(answer.kept).data;
    if (asked?.part !== part) return [];
    const { kept: _outer, ...rest } = answer;
    return [asked.kept === null ? rest : { ...rest, kept: asked.kept }];
  });
  return { message: input.message, history: () => input.history(), answers };
}

/** The run for one part of a turn: its steps and ids are nobody else's. */
function partOf(run: Run, prefix: string): Run {
  return {
    signal: run.signal,
    task: run.task,
    owner: run.owner,
    nextId: (kind) => run.nextId(`${prefix}:${kind}`),
    emit: (event) => run.emit(event),
    step: (step) => run.step({ ...step, id: `${prefix}:${step.id}` }),
  };
}

function tooOften(run: Run): RunEnd {
  const { id: taskId, contextId } = run.task;
  const text = `Cannot finish this task: it was handed over more than ${MAX_HANDOVERS} times in one turn`;
  const message = agentMessage([{ text }], { messageId: run.nextId("message"), taskId, contextId });
  return { state: "TASK_STATE_FAILED", message };
}
