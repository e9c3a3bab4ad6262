import { z } from "zod";

export const MAX_SUBTASKS = 30;

export const Subtask = z.strictObject({
  id: z.string().regex(/^[\w.-]{1,40}$/, "must be letters, digits, _, . and -").describe("Short and unique."),
  title: z.string().trim().min(1).max(200).describe("What it is, in a few words: shown to the user."),
  agent: z.string().min(1).describe("The agent that does it."),
  task: z.string().trim().min(1).describe(
    "All that the agent has to know: the task, the facts, and the form of the answer. It sees nothing else but the " +
      "results of the subtasks that this one depends on.",
  ),
  depends_on: z.array(z.string()).default([]).describe(
    "Ids of the subtasks whose results it needs. What needs none runs at the same time.",
  ),
});
export type Subtask = z.output<typeof Subtask>;

export const Plan = z.strictObject({
  goal: z.string().trim().min(1).max(500).describe("What the user wants, in one sentence."),
  subtasks: z.array(Subtask).min(1).max(MAX_SUBTASKS),
});
export type Plan = z.output<typeof Plan>;

/** What keeps a plan from being carried out, for whoever wrote it; undefined for a sound one. */
export function faultOf({ subtasks }: Plan, agents: readonly string[]): string | undefined {
  const ids = new Set<string>();
  for (const { id } of subtasks) {
    if (ids.has(id)) return `there are two subtasks "${id}"`;
    ids.add(id);
  }
  for (const { id, agent, depends_on } of subtasks) {
    if (!agents.includes(agent)) return `subtask "${id}" is for "${agent}": the agents are ${agents.join(", ")}`;
    const unknown = depends_on.find((other) => !ids.has(other));
    if (unknown !== undefined) return `subtask "${id}" depends on "${unknown}", which is none of the subtasks`;
  }
  const circle = circleIn(subtasks);
  return circle === undefined ? undefined : `subtasks depend on each other in a circle: ${circle.join(" → ")}`;
}

/** Ids that lead from one subtask back to itself by what it depends on. */
function circleIn(subtasks: readonly Subtask[]): readonly string[] | undefined {
  const dependsOn = new Map(subtasks.map(({ id, depends_on }) => [id, depends_on]));
  const sound = new Set<string>();
  const visit = (id: string, way: readonly string[]): readonly string[] | undefined => {
    if (way.includes(id)) return [...way.slice(way.indexOf(id)), id];
    if (sound.has(id)) return undefined;
    for (const other of dependsOn.get(id) ?? []) {
      const circle = visit(other, [...way, id]);
      if (circle !== undefined) return circle;
    }
    sound.add(id);
    return undefined;
  };
  for (const { id } of subtasks) {
    const circle = visit(id, []);
    if (circle !== undefined) return circle;
  }
  return undefined;
}
