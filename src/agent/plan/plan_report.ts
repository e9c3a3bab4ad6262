import type { Part } from "../../a2a/types.ts";
import { showTodo, showTodos, type Todo, type TodoStatus } from "../../tool/todo_list.ts";
import type { ToolResult } from "../../tool/tool.ts";
import type { SubtaskEnd, SubtaskState } from "./carry_out.ts";
import type { Plan, Subtask } from "./plan.ts";

const STATUS: Readonly<Record<SubtaskState, TodoStatus>> = {
  begun: "in_progress",
  asks: "in_progress",
  done: "completed",
  failed: "cancelled",
  left: "cancelled",
};

/** The plan as a list of todos. */
export function showPlan({ goal, subtasks }: Plan, ends: ReadonlyMap<string, SubtaskEnd>): string {
  return `${goal}\n${showTodos(subtasks.map((subtask) => toTodo(subtask, ends.get(subtask.id)?.kind)))}`;
}

/** How far one subtask is, as a line of that list. */
export function showSubtask(subtask: Subtask, state: SubtaskState): string {
  return showTodo(toTodo(subtask, state));
}

function toTodo({ id, title, agent }: Subtask, state: SubtaskState | undefined): Todo {
  return { id, content: `${title} (${agent})`, status: state === undefined ? "pending" : STATUS[state] };
}

/**
 * What came of a plan: for the model every result with the number by which it is cited, for people the list, for peers the
 * plan as data and what the agents made.
 */
export function planReport(plan: Plan, ends: ReadonlyMap<string, SubtaskEnd>, maxChars: number): ToolResult {
  const { goal, subtasks } = plan;
  const rows = subtasks.flatMap((subtask) => {
    const end = ends.get(subtask.id);
    return end === undefined ? [] : [{ subtask, end }];
  });
  const done = rows.filter(({ end }) => end.kind === "done").length;
  const blocks = rows.map(({ subtask, end }, at) => `[${at + 1}] ${headOf(subtask)}: ${wordOf(end, maxChars)}`);
  const data = {
    goal,
    subtasks: rows.map(({ subtask: { id, title, agent, depends_on }, end: { kind } }, at) => ({
      number: at + 1,
      id,
      title,
      agent,
      depends_on,
      state: kind,
    })),
  };
  const made = rows.flatMap(({ end }): readonly Part[] => "parts" in end ? end.parts : []);
  return {
    content: [`${done} of ${rows.length} subtasks are done.`, ...blocks, ...advice(rows.length - done)].join("\n\n"),
    display: showPlan(plan, ends),
    isError: done === 0,
    parts: [{ data: { plan: data }, filename: "plan.json", mediaType: "application/json" }, ...made],
  };
}

function headOf({ id, title, agent }: Subtask): string {
  return `${agent}, subtask "${id}" (${title})`;
}

function wordOf(end: SubtaskEnd, maxChars: number): string {
  switch (end.kind) {
    case "done":
      return `done\n${cut(end.text, maxChars)}`;
    case "failed":
      return `failed\n${cut(end.text, maxChars)}`;
    case "left":
      return `not begun, because "${end.because}" was not done`;
    case "asks":
      return "waits for an answer";
    default:
      return end satisfies never;
  }
}

function cut(text: string, maxChars: number): string {
  return text.length <= maxChars
    ? text
    : `${text.slice(0, maxChars).toWellFormed()}\n… (${text.length} characters in all)`;
}

function advice(missing: number): string[] {
  return missing === 0 ? [] : [
    "Make another plan for what is missing, another way or with another agent, or answer with what there is and say " +
    "what is missing. Do not give the same task to the same agent again.",
  ];
}
