import assert from "node:assert/strict";
import { faultOf, Plan } from "../../../src/agent/plan/plan.ts";

function planOf(...subtasks: readonly (readonly [id: string, agent: string, dependsOn?: readonly string[]])[]): Plan {
  return Plan.parse({
    goal: "Know it",
    subtasks: subtasks.map(([id, agent, depends_on = []]) => ({ id, title: id, agent, task: `do ${id}`, depends_on })),
  });
}

/** [plan, its fault] */
const PLANS: [plan: Plan, fault: string | undefined][] = [
  [planOf(["a", "x"], ["b", "y", ["a"]], ["c", "x", ["a", "b"]]), undefined],
  [planOf(["a", "x"], ["a", "y"]), 'there are two subtasks "a"'],
  [planOf(["a", "z"]), 'subtask "a" is for "z": the agents are x, y'],
  [planOf(["a", "x", ["b"]]), 'subtask "a" depends on "b", which is none of the subtasks'],
  [planOf(["a", "x", ["a"]]), "subtasks depend on each other in a circle: a → a"],
  [
    planOf(["a", "x"], ["b", "x", ["a", "d"]], ["c", "x", ["b"]], ["d", "x", ["c"]]),
    "subtasks depend on each other in a circle: b → d → c → b",
  ],
];
for (const [plan, fault] of PLANS) {
  Deno.test(`faultOf() a plan: ${fault ?? "sound"}`, () => assert.equal(faultOf(plan, ["x", "y"]), fault));
}

Deno.test("faultOf() is done with a plan in which everything depends on everything before", () => {
  const rows = Array.from({ length: 30 }, (_, at): [string, string, string[]] => [
    `s${at}`,
    "x",
    Array.from({ length: at }, (_, before) => `s${before}`),
  ]);
  assert.equal(faultOf(planOf(...rows), ["x"]), undefined);
});

const BAD: [name: string, plan: unknown][] = [
  ["no subtasks", { goal: "g", subtasks: [] }],
  ["an id with a space", { goal: "g", subtasks: [{ id: "a b", title: "t", agent: "x", task: "t" }] }],
  ["a subtask without a task", { goal: "g", subtasks: [{ id: "a", title: "t", agent: "x", task: " " }] }],
  ["more than it has names for", {
    goal: "g",
    subtasks: [{ id: "a", title: "t", agent: "x", task: "t", priority: 1 }],
  }],
];
for (const [name, plan] of BAD) {
  Deno.test(`a plan is refused that has ${name}`, () => assert.equal(Plan.safeParse(plan).success, false));
}
