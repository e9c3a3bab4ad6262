import { didYouMean } from "../lib/suggest.ts";
import { UsageError } from "./arguments.ts";
import type { Command } from "./command.ts";
import { connect, CONNECT_FLAGS } from "./connect.ts";
import { OUTPUT, outputOf } from "./output.ts";
import { cancelTask, getTask, listTasks } from "./task_actions.ts";
import type { TaskAction } from "./task_ask.ts";
import { watchTask } from "./watch_task.ts";

const ACTIONS: ReadonlyMap<string, TaskAction> = new Map([
  ["get", getTask],
  ["watch", watchTask],
  ["cancel", cancelTask],
  ["list", listTasks],
]);

export const task: Command = {
  summary: "Look at tasks, follow or cancel them",
  usage: "get|watch|cancel ID, or list [--server URL | --config FILE]",
  flags: {
    agent: { type: "string", short: "a", value: "NAME", help: "Which agent; not needed if there is one" },
    status: { type: "string", value: "STATE", help: "list: only tasks in this state, such as working" },
    session: { type: "string", value: "ID", help: "list: only tasks of this conversation" },
    limit: { type: "string", value: "N", help: "list: so many, the newest first (default 50)" },
    "show-tools": { type: "boolean", help: "watch: tell what tools do (default); --no-show-tools hides it" },
    "show-thinking": { type: "boolean", help: "watch: print what models think (default); --no-show-thinking hides it" },
    output: OUTPUT,
    ...CONNECT_FLAGS,
  },
  examples: [
    "hector task list --server http://localhost:8080 --status input-required",
    "hector task get 0197… --server http://localhost:8080 -o json",
    "hector task watch 0197… --server http://localhost:8080",
    "hector task cancel 0197… --agent analyst",
  ],
  async run(args, surroundings) {
    const output = outputOf(args);
    const [name = "", ...ids] = args.positionals;
    const action = ACTIONS.get(name);
    if (action === undefined) {
      const found = name === "" ? "Nothing to do" : `Unknown action "${name}"${didYouMean(name, ACTIONS.keys())}`;
      throw new UsageError(`${found}: write hector task ${[...ACTIONS.keys()].join("|")}`);
    }
    const [id] = ids;
    const wanted = action === listTasks ? 0 : 1;
    if (ids.length !== wanted) {
      throw new UsageError(`hector task ${name} takes ${wanted === 0 ? "no id" : "one id"}: found ${ids.length}`);
    }
    const stray = ["status", "session", "limit"].filter((flag) => action !== listTasks && args.typed.has(flag));
    if (stray.length > 0) throw new UsageError(`Flags of hector task list: --${stray.join(", --")}`);
    const connection = await connect(args, surroundings, { keep: true });
    try {
      const service = await connection.service(args.strings.get("agent"));
      return await action({ service, id: id ?? "", args, surroundings, output });
    } finally {
      await connection.close();
    }
  },
};
