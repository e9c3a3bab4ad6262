import { userMessage } from "../a2a/parts.ts";
import type { A2AService } from "../a2a/service.ts";
import type { Message, Task } from "../a2a/types.ts";
import { UsageError } from "./arguments.ts";
import { askVotes } from "./ask_votes.ts";
import { ballotOf } from "./ballot.ts";
import type { Command, Surroundings } from "./command.ts";
import { connect, CONNECT_FLAGS } from "./connect.ts";
import { EXIT } from "./exit_codes.ts";
import { OUTPUT, outputOf, printJson } from "./output.ts";
import { printable } from "./terminal.ts";
import { exitCodeOfTask, Left, SHOW_FLAGS, shownOf, takeTurn, type TurnOptions } from "./turn.ts";

export const call: Command = {
  summary: "Send one message and print the answer",
  usage: "MESSAGE [--agent NAME] [--server URL | --config FILE]",
  flags: {
    agent: { type: "string", short: "a", value: "NAME", help: "Which agent; not needed if there is one" },
    session: { type: "string", value: "ID", env: "HECTOR_SESSION", help: "Go on with this conversation" },
    task: { type: "string", value: "ID", help: "Answer this task, which waits for more input" },
    stream: { type: "boolean", help: "Print the answer as it comes (default); --no-stream waits for the whole" },
    ...SHOW_FLAGS,
    output: OUTPUT,
    ...CONNECT_FLAGS,
  },
  examples: [
    `hector call "Explain distributed systems"`,
    `hector call "Summarise this" --agent analyst --server http://localhost:8080`,
    `git diff | hector call - --config agents.yaml`,
    `hector call --task 0197… "The second one"`,
    `hector call "Hello" -o json`,
  ],
  async run(args, surroundings) {
    const { terminal } = surroundings;
    const output = outputOf(args);
    const text = await messageText(args.positionals, () => terminal.readAll());
    const taskId = args.strings.get("task");
    // The task knows its conversation: one that stands in the environment may be another.
    const session = taskId !== undefined && !args.typed.has("session") ? undefined : args.strings.get("session");
    const keep = session !== undefined || taskId !== undefined;
    const connection = await connect(args, surroundings, { keep });
    try {
      const service = await connection.service(args.strings.get("agent"));
      const message = userMessage(text, {
        messageId: crypto.randomUUID(),
        ...(session === undefined ? {} : { contextId: session }),
        ...(taskId === undefined ? {} : { taskId }),
      });
      const quiet = { ...terminal, out: () => {}, err: () => {} };
      const options = {
        ...surroundings,
        terminal: output === "json" ? quiet : terminal,
        stream: args.booleans.get("stream") ?? true,
        ...shownOf(args),
        asksVotes: output === "text" && terminal.interactive,
      };
      const task = await decided(await takeTurn(service, message, options), { service, options });
      if (output === "json") printJson(terminal, task);
      else if (task?.status.state === "TASK_STATE_INPUT_REQUIRED" && (keep || args.strings.has("server"))) {
        terminal.err(`${terminal.dim(`it waits for you: hector call --task ${printable(task.id)} "…"`)}\n`);
      }
      return exitCodeOfTask(task);
    } catch (thrown) {
      if (thrown instanceof Left) return EXIT.interrupted;
      throw thrown;
    } finally {
      await connection.close();
    }
  },
};

/** A person at the terminal is asked about calls that wait for a yes; a script has to answer by another call. */
async function decided(
  task: Task | undefined,
  { service, options }: { readonly service: A2AService; readonly options: Surroundings & TurnOptions },
): Promise<Task | undefined> {
  const ballot = task && ballotOf(task);
  if (task === undefined || ballot === undefined || options.asksVotes !== true) return task;
  const parts = await askVotes(ballot, options.terminal);
  if (parts === undefined) return task;
  const message: Message = {
    messageId: crypto.randomUUID(),
    role: "ROLE_USER",
    parts: [...parts],
    taskId: task.id,
    ...(task.contextId === undefined ? {} : { contextId: task.contextId }),
  };
  return await decided(await takeTurn(service, message, { ...options, seen: task }), { service, options });
}

/** The message: what is typed, or with `-` what is piped in. */
async function messageText(positionals: readonly string[], readAll: () => Promise<string>): Promise<string> {
  const [text, ...rest] = positionals;
  if (text === undefined) throw new UsageError(`Nothing to send: write hector call "your message"`);
  if (rest.length > 0) throw new UsageError(`Found ${positionals.length} messages: put quotes around one`);
  const message = text === "-" ? (await readAll()).trim() : text;
  if (message === "") throw new UsageError("Nothing to send: the message is empty");
  return message;
}
