import { z } from "zod";

const CallFrame = z.object({ functionName: z.string(), url: z.string() });
export type CallFrame = z.output<typeof CallFrame>;

/** V8's CPU profile, as far as it is read here: a tree of calls, and the node on which the program stood at each sample. */
export const CpuProfile = z.object({
  nodes: z.array(z.object({ id: z.int(), callFrame: CallFrame, children: z.array(z.int()).default([]) })),
  samples: z.array(z.int()),
  /** Microseconds since the sample before. */
  timeDeltas: z.array(z.number()),
});
export type CpuProfile = z.output<typeof CpuProfile>;

export interface Share {
  readonly name: string;
  readonly ms: number;
}

function msByNode({ samples, timeDeltas }: CpuProfile): ReadonlyMap<number, number> {
  const ms = new Map<number, number>();
  samples.forEach((id, at) => ms.set(id, (ms.get(id) ?? 0) + (timeDeltas[at] ?? 0) / 1000));
  return ms;
}

function ranked(totals: ReadonlyMap<string, number>): Share[] {
  return [...totals].map(([name, ms]) => ({ name, ms })).sort((one, other) => other.ms - one.ms);
}

/** Time on top of the stack, summed over all frames that `nameOf` calls alike; the largest first. */
export function selfTimes(profile: CpuProfile, nameOf: (frame: CallFrame) => string): Share[] {
  const ms = msByNode(profile);
  const totals = new Map<string, number>();
  for (const { id, callFrame } of profile.nodes) {
    const name = nameOf(callFrame);
    totals.set(name, (totals.get(name) ?? 0) + (ms.get(id) ?? 0));
  }
  return ranked(totals);
}

/** Time anywhere on the stack, counted once where a name stands in it twice; the largest first. */
export function totalTimes(profile: CpuProfile, nameOf: (frame: CallFrame) => string): Share[] {
  const ms = msByNode(profile);
  const parents = new Map(profile.nodes.flatMap(({ id, children }) => children.map((child) => [child, id])));
  const names = new Map(profile.nodes.map(({ id, callFrame }) => [id, nameOf(callFrame)]));
  const totals = new Map<string, number>();
  for (const [leaf, spent] of ms) {
    const stack = new Set<string>();
    for (let id: number | undefined = leaf; id !== undefined; id = parents.get(id)) stack.add(names.get(id) ?? "?");
    for (const name of stack) totals.set(name, (totals.get(name) ?? 0) + spent);
  }
  return ranked(totals);
}
