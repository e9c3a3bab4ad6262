import { z } from "zod";
import { late } from "../lib/late.ts";
import { definePlugin } from "../lib/plugin.ts";
import { defineTool } from "./define_tool.ts";
import { showTodos, type Todo, TodoStatus } from "./todo_list.ts";
import { type Tool, type ToolDeps, ToolRefusal } from "./tool.ts";

const MAX_TODOS = 100;
/** The list comes back in every outcome and must not be cut by a limit on outcomes. */
const MAX_LIST_CHARS = 12_000;
/** Begins the line of an outcome that holds the list as JSON. */
const LIST_MARK = "todos: ";

const Id = late(() => z.string().min(1).max(64));
const Content = late(() => z.string().trim().min(1).max(500));
const Listed = late(() => z.strictObject({ id: Id(), content: Content(), status: TodoStatus }));

const Input = late(() =>
  z.strictObject({
    merge: z.boolean().default(false)
      .describe("true: change or add only these todos, by id. false: these todos are the whole list."),
    todos: z.array(z.strictObject({
      id: Id().describe("Short and unique."),
      content: Content().optional().describe(
        "What is to be done. May be left out for a todo that is in the list already.",
      ),
      status: z.enum([...TodoStatus.options, "canceled"]).optional().describe(
        "Default: unchanged, pending for a new todo.",
      ),
    })).max(MAX_TODOS),
  })
);
type Change = z.output<ReturnType<typeof Input>>["todos"][number];

/**
 * The agent's plan for the work at hand. The list lives in the outcomes of this tool in its context and nowhere else, so
 * it lasts as long as the conversation does.
 */
export const todoWrite = definePlugin({
  options: () => z.strictObject({}),
  create: (_options, _deps: ToolDeps): Tool =>
    defineTool({
      name: "todo_write",
      description: "Keep the list of what is to be done in this conversation. Use it for work of several steps, keep " +
        "one todo in_progress at a time, and mark each as completed when it is. The result shows the whole list.",
      input: Input,
      replay: "safe",
      run: ({ merge, todos }, { earlier }) => {
        const list = applyChanges(merge ? latestList(earlier) : [], todos);
        const json = JSON.stringify(list);
        if (list.length > MAX_TODOS || json.length > MAX_LIST_CHARS) {
          throw new ToolRefusal(
            `Cannot keep the todos: the list would be too long (${list.length} todos, ${json.length} ` +
              `characters; at most ${MAX_TODOS} and ${MAX_LIST_CHARS}); leave out what is done`,
          );
        }
        const readable = showTodos(list);
        return Promise.resolve({ content: `${readable}\n${LIST_MARK}${json}`, display: readable });
      },
    }),
});

/** The list as the newest outcome that holds one has it. */
function latestList(earlier: readonly string[]): readonly Todo[] {
  for (const outcome of earlier.toReversed()) {
    // Not always the last line: a hint from the loop may follow it.
    const line = outcome.split("\n").findLast((text) => text.startsWith(LIST_MARK));
    const list = line === undefined ? undefined : parseList(line.slice(LIST_MARK.length));
    if (list !== undefined) return list;
  }
  return [];
}

function parseList(json: string): readonly Todo[] | undefined {
  try {
    return z.array(Listed()).safeParse(JSON.parse(json)).data;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return undefined;
    throw thrown;
  }
}

function applyChanges(before: readonly Todo[], changes: readonly Change[]): readonly Todo[] {
  const list = new Map(before.map((todo) => [todo.id, todo]));
  const seen = new Set<string>();
  changes.forEach(({ id, content, status }, at) => {
    if (seen.has(id)) {
      throw new ToolRefusal(`Cannot keep the todos: todos[${at}].id: ${JSON.stringify(id)} is there twice`);
    }
    seen.add(id);
    const known = list.get(id);
    const text = content ?? known?.content;
    if (text === undefined) throw new ToolRefusal(`Cannot keep the todos: todos[${at}].content: a new todo needs one`);
    const spelled = status === "canceled" ? "cancelled" : status;
    list.set(id, { id, content: text, status: spelled ?? known?.status ?? "pending" });
  });
  return [...list.values()];
}
