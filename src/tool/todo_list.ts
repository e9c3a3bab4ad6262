import { z } from "zod";

export const TodoStatus = z.enum(["pending", "in_progress", "completed", "cancelled"]);
export type TodoStatus = z.output<typeof TodoStatus>;

/** One thing that is to be done. */
export interface Todo {
  readonly id: string;
  readonly content: string;
  readonly status: TodoStatus;
}

const SIGNS: Readonly<Record<TodoStatus, string>> = {
  pending: "[ ]",
  in_progress: "[>]",
  completed: "[x]",
  cancelled: "[-]",
};

/** The list with a sign for each status, and how much of it is done. */
export function showTodos(list: readonly Todo[]): string {
  if (list.length === 0) return "The list of todos is empty.";
  const done = list.filter(({ status }) => status === "completed").length;
  return [`${done} of ${list.length} todos completed`, ...list.map(showTodo)].join("\n");
}

export function showTodo({ id, content, status }: Todo): string {
  return `${SIGNS[status]} ${id}: ${content.replace(/\s+/g, " ")}`;
}
