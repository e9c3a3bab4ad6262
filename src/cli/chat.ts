import process from "node:process";
import type { A2AService } from "../a2a/service.ts";
import { isInterrupted } from "../a2a/task_state.ts";
import type { Message, Part, Task } from "../a2a/types.ts";
import { UsageError } from "./arguments.ts";
import { type Ballot, ballotOf, promptOf, vote } from "./ballot.ts";
import type { Command, Surroundings } from "./command.ts";
import { connect, CONNECT_FLAGS } from "./connect.ts";
import { editedLines } from "./edited_lines.ts";
import { EXIT, type ExitCode } from "./exit_codes.ts";
import { appendHistory, readHistory } from "./history_file.ts";
import { report } from "./report.ts";
import { exitCodeOfTask, Left, SHOW_FLAGS, shownOf, takeTurn, type TurnOptions } from "./turn.ts";

const HELP = `  /new          begin a new conversation
  /session      show this conversation's id
  /help         show this
  /exit         leave (also /quit, exit, Ctrl-D)
`;

export const chat: Command = {
  summary: "Talk with an agent",
  usage: "[--agent NAME] [--server URL | --config FILE]",
  flags: {
    agent: { type: "string", short: "a", value: "NAME", help: "Which agent; not needed if there is one" },
    session: { type: "string", value: "ID", env: "HECTOR_SESSION", help: "Go on with this conversation" },
    stream: { type: "boolean", help: "Print answers as they come (default); --no-stream waits for the whole" },
    ...SHOW_FLAGS,
    ...CONNECT_FLAGS,
  },
  examples: [
    "hector chat",
    "hector chat --agent analyst --server http://localhost:8080",
    "hector chat --session 4f0e…",
  ],
  async run(args, surroundings) {
    if (args.positionals.length > 0) throw new UsageError("hector chat takes no message: it asks for them");
    const connection = await connect(args, surroundings, { keep: true });
    try {
      const service = await connection.service(args.strings.get("agent"));
      return await converse({
        service,
        surroundings,
        session: args.strings.get("session") ?? crypto.randomUUID(),
        turn: { stream: args.booleans.get("stream") ?? true, asksVotes: true, ...shownOf(args) },
      });
    } finally {
      await connection.close();
    }
  },
};

interface Conversation {
  readonly service: A2AService;
  readonly surroundings: Surroundings;
  session: string;
  readonly turn: TurnOptions;
  /** The task that waits for the user's answer. */
  waiting?: Task;
  /** What it asks the user to approve. */
  ballot?: Ballot;
}

/** The end of a piped conversation tells of its last turn; a person has seen every one. */
async function converse(conversation: Conversation): Promise<ExitCode> {
  const { terminal } = conversation.surroundings;
  terminal.err(`${terminal.dim(`session ${conversation.session} · /help for commands`)}\n`);
  let last: ExitCode = EXIT.ok;
  for await (const line of lines(conversation.surroundings)) {
    const text = line.trim();
    if (/^(\/exit|\/quit|exit|quit)$/.test(text)) break;
    if (text === "") continue;
    if (text.startsWith("/")) obey(text, conversation);
    else last = await hear(text, conversation) ?? last;
  }
  terminal.err(`${terminal.dim(`go on later with --session ${conversation.session}`)}\n`);
  return terminal.interactive ? EXIT.ok : last;
}

function obey(command: string, conversation: Conversation): void {
  const { terminal } = conversation.surroundings;
  if (command === "/new") {
    conversation.session = crypto.randomUUID();
    delete conversation.waiting;
    delete conversation.ballot;
    terminal.err(`${terminal.dim(`session ${conversation.session}`)}\n`);
  } else if (command === "/session") terminal.err(`${conversation.session}\n`);
  else terminal.err(command === "/help" ? HELP : `Unknown command "${command}"\n${HELP}`);
}

/** A line of the user: the next vote where calls wait for one, else a message. undefined: nothing was sent. */
async function hear(text: string, conversation: Conversation): Promise<ExitCode | undefined> {
  const { ballot } = conversation;
  if (ballot === undefined) return await say([{ text }], conversation);
  const next = vote(ballot, text);
  if (next.open.length === 0) return await say(next.parts, conversation);
  conversation.ballot = next;
  askNext(conversation);
  return undefined;
}

function askNext({ ballot, surroundings: { terminal } }: Conversation): void {
  if (ballot !== undefined) terminal.err(`${terminal.bold(promptOf(ballot))}\n`);
}

/** A turn that fails is told, and the conversation goes on. */
async function say(parts: readonly Part[], conversation: Conversation): Promise<ExitCode> {
  const { service, surroundings, session, turn, waiting } = conversation;
  const message: Message = {
    messageId: crypto.randomUUID(),
    role: "ROLE_USER",
    parts: [...parts],
    contextId: session,
    ...(waiting === undefined ? {} : { taskId: waiting.id }),
  };
  try {
    const task = await takeTurn(service, message, { ...surroundings, ...turn, seen: waiting });
    delete conversation.waiting;
    delete conversation.ballot;
    if (task !== undefined && isInterrupted(task.status.state)) {
      conversation.waiting = task;
      const ballot = ballotOf(task);
      if (ballot !== undefined) conversation.ballot = ballot;
      askNext(conversation);
    }
    return exitCodeOfTask(task);
  } catch (thrown) {
    return thrown instanceof Left ? EXIT.interrupted : report(thrown, surroundings.terminal);
  }
}

/** What the user types, a line at a time; with editing and history if there is a person, plainly if it is piped in. */
async function* lines({ terminal, env, cwd }: Surroundings): AsyncGenerator<string> {
  if (!terminal.interactive) return yield* terminal.lines();
  yield* editedLines({
    input: process.stdin,
    output: process.stdout,
    prompt: "› ",
    history: await readHistory(env, cwd),
    remember: (line) => appendHistory(line, env, cwd),
  });
}
