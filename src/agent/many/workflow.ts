import type { Part } from "../../a2a/types.ts";
import { Slots } from "../../lib/slots.ts";
import type { Agent, Run, RunEnd, RunInput } from "../agent.ts";
import { OutOfTime } from "../turn_clock.ts";
import type { ChildOutcome } from "./child_outcome.ts";
import { Flow, FlowEnded, type FlowParts, type Place } from "./flow.ts";

export interface WorkflowParts extends FlowParts {
  readonly kind: "sequential" | "parallel" | "loop";
  /** Ids of agents, in their order; one may stand there twice. */
  readonly children: readonly string[];
  /** Of a loop. Infinity: until an agent ends it, or the time is over. */
  readonly maxIterations: number;
  /** How many children of a parallel flow work at one time. */
  readonly maxConcurrency: number;
}

/** An agent without a model: it gives its children tasks in a fixed order and answers with what they say. */
export function createWorkflow(parts: WorkflowParts): Agent {
  return {
    async run(input: RunInput, run: Run): Promise<RunEnd> {
      const flow = new Flow(parts, input, run);
      try {
        await WORKS[parts.kind](flow, parts);
        return { state: "TASK_STATE_COMPLETED" };
      } catch (thrown) {
        run.signal.throwIfAborted();
        if (thrown instanceof FlowEnded) return thrown.end;
        if (!(thrown instanceof OutOfTime)) throw thrown;
        return flow.failed(`Cannot finish this task: it took longer than ${parts.timeoutSeconds} s (timeout_seconds)`)
          .end;
      }
    },
  };
}

type Work = (flow: Flow, parts: WorkflowParts) => Promise<void>;

const WORKS: Readonly<Record<WorkflowParts["kind"], Work>> = { sequential, parallel, loop };

/** One after the other; each is told what those before it answered. The last one's answer is the answer. */
async function sequential(flow: Flow, { children }: WorkflowParts): Promise<void> {
  const said: Said[] = [];
  const places = placesOf(flow, children, (at) => at < children.length - 1);
  for (const place of places) said.push({ place, outcome: await flow.ask(place, partsFor(flow, said)) });
}

/** All at once, each with the request alone. Their answers stand beside each other. */
async function parallel(flow: Flow, { children, maxConcurrency }: WorkflowParts): Promise<void> {
  const slots = new Slots(maxConcurrency);
  const places = placesOf(flow, children, () => false);
  const settled = await Promise.allSettled(places.map(async (place) => {
    const outcome = flow.begin(place, flow.input.message.parts, (signal) => slots.take("", signal));
    return { place, outcome: await outcome };
  }));
  flow.run.signal.throwIfAborted();
  const begun = settled.flatMap((each) => each.status === "fulfilled" ? [each.value] : []);
  const failed = begun.flatMap(({ outcome }) => outcome.kind === "failure" ? [outcome.text] : []);
  if (failed.length > 0 || begun.length < settled.length) {
    await Promise.all(begun.map(({ place, outcome }) => flow.drop(place, outcome)));
    for (const each of settled) if (each.status === "rejected") throw each.reason;
    throw flow.failed(failed.join("\n\n"));
  }
  // One question at a time: the peer's next answer belongs to the first of those who wait.
  for (const { place, outcome } of begun) await flow.finish(place, outcome);
}

/**
 * Again and again, until one of them ends it by a tool or it has been done so often as it may. Each is told what the others
 * answered last; the answer is what each of them answered last.
 */
async function loop(flow: Flow, { children, maxIterations }: WorkflowParts): Promise<void> {
  const places = placesOf(flow, children, () => false);
  const latest = new Map<Place, Said>();
  for (let pass = 1; pass <= maxIterations; pass++) {
    for (const place of places) {
      const others = places.flatMap((other) => other === place ? [] : latest.get(other) ?? []);
      const outcome = await flow.ask(place, partsFor(flow, others));
      latest.set(place, { place, outcome });
      if (outcome.exits) return;
    }
  }
}

interface Said {
  readonly place: Place;
  readonly outcome: ChildOutcome;
}

function placesOf(flow: Flow, children: readonly string[], isAside: (at: number) => boolean): Place[] {
  return children.map((agent, at) => ({ agent, artifactId: flow.run.nextId("artifact"), isAside: isAside(at) }));
}

/** The request, and what others have made of it. */
function partsFor(flow: Flow, said: readonly Said[]): Part[] {
  const told = said.flatMap(({ place: { agent }, outcome: { text, parts } }): Part[] => [
    ...(text === "" ? [] : [{ text: `\n\nWhat "${agent}" answered:\n${text}` }]),
    ...parts,
  ]);
  return [...flow.input.message.parts, ...told];
}
