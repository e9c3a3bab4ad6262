import { AnswerTurns } from "../a2a/answer_turns.ts";
import { besideApprovals } from "../a2a/approval.ts";
import { isAnswer, isThinking, textOf, toolCallsOf, toolOutcomesOf } from "../a2a/parts.ts";
import type { Numbered } from "../a2a/service.ts";
import { apply } from "../a2a/apply.ts";
import { isInterrupted, isTerminal } from "../a2a/task_state.ts";
import type { Artifact, Message, StreamResponse, Task, TaskState } from "../a2a/types.ts";
import { shownLines, SideLines } from "./side_lines.ts";
import { printable, type Terminal } from "./terminal.ts";

const MAX_SHOWN = 120;
const CUT = "the answer ends here because the model may say no more in one (max_tokens)";

export interface PrinterOptions {
  readonly showTools: boolean;
  readonly showThinking: boolean;
  /** Whether somebody else asks about the calls that wait for a yes. */
  readonly asksVotes?: boolean;
  /** The task as its reader has seen it already: what is printed goes on from there. */
  readonly seen?: Task | undefined;
}

/** One turn as a person sees it: the answer on stdout as it comes, what the agent does dimly on stderr. */
export class TurnPrinter {
  readonly #terminal: Terminal;
  readonly #showTools: boolean;
  readonly #showThinking: boolean;
  readonly #asksVotes: boolean;
  /** Text of each artifact that was printed. */
  readonly #printed = new Map<string, string>();
  /** Status messages that were printed, by id: a snapshot tells the last one again. */
  readonly #told = new Set<string>();
  readonly #side = new SideLines((line) => this.#background(`  ${line}`));
  /** Of answers that are given at the same time one is printed after the other, or their words would mix. */
  readonly #turns = new AnswerTurns();
  /** The artifact to which the words on the last line belong. */
  #last: string | undefined;
  #atLineStart = true;
  /** The line was ended for something in the background; the answer's own line end is not printed a second time. */
  #endedEarly = false;
  #task: Task | undefined;

  constructor(terminal: Terminal, { showTools, showThinking, asksVotes = false, seen }: PrinterOptions) {
    this.#terminal = terminal;
    this.#showTools = showTools;
    this.#showThinking = showThinking;
    this.#asksVotes = asksVotes;
    if (seen !== undefined) this.#leaveOut(seen);
  }

  #leaveOut({ artifacts = [], status: { message } }: Task): void {
    for (const artifact of artifacts) {
      if (isAnswer(artifact)) this.#printed.set(artifact.artifactId, textOf(artifact));
      else this.#side.skip(artifact.artifactId, { text: textOf(artifact), isWhole: isThinking(artifact) });
    }
    if (message !== undefined) this.#told.add(message.messageId);
    this.#endedEarly = true;
  }

  /** The task as far as it was heard. */
  get task(): Task | undefined {
    return this.#task;
  }

  print(event: StreamResponse): void {
    if ("message" in event) this.#say(textOf(event.message));
    else {
      this.#task = apply(this.#task, event);
      if ("artifactUpdate" in event) {
        const { artifact: { artifactId }, lastChunk } = event.artifactUpdate;
        this.#answer({ task: this.#task, id: artifactId, isLast: lastChunk === true });
        this.#beside(this.#task, artifactId, lastChunk === true);
      } else if ("statusUpdate" in event) {
        // The turn goes on to something else: not everybody says that an answer is at its end.
        this.#others(this.#task);
        this.#status(event.statusUpdate.status.state, event.statusUpdate.status.message);
        if (event.statusUpdate.metadata?.truncated === true) this.#background(CUT);
      } else this.#snapshot(event.task);
    }
  }

  /** Ends what is left open. */
  end(): void {
    if (this.#task !== undefined) this.#others(this.#task);
    this.#side.end();
    this.#endLine();
  }

  /** Ends the line that the answer left open. */
  #endLine(): void {
    if (this.#atLineStart) return;
    this.#terminal.out("\n");
    this.#atLineStart = true;
    this.#endedEarly = true;
  }

  /** An answer as far as it is known, if it is its turn, and those whose turn it is then. */
  #answer({ task, id, isLast }: { readonly task: Task; readonly id: string; readonly isLast: boolean }): void {
    const artifact = task.artifacts?.find(({ artifactId }) => artifactId === id);
    if (artifact === undefined || !isAnswer(artifact)) return;
    for (const due of this.#turns.next(artifact, isLast)) this.#artifact(task, due);
  }

  /** Those who wait for their turn. */
  #others(task: Task): void {
    for (const id of this.#turns.all()) this.#artifact(task, id);
  }

  #snapshot(task: Task): void {
    // It does not say which of them are at their end: whoever goes on is the one to wait for.
    this.#others(task);
    for (const artifact of task.artifacts ?? []) {
      this.#artifact(task, artifact.artifactId);
      if (!isAnswer(artifact)) {
        this.#side.skip(artifact.artifactId, { text: textOf(artifact), isWhole: isThinking(artifact) });
      }
    }
    const { state, message } = task.status;
    if (isTerminal(state) || isInterrupted(state)) this.#status(state, message);
  }

  /** An artifact may be rewritten after a restart: what was printed stays, and only what is new is added. */
  #artifact(task: Task, id: string): void {
    const artifact = task.artifacts?.find(({ artifactId }) => artifactId === id);
    if (artifact === undefined || !isAnswer(artifact)) return;
    const text = textOf(artifact);
    const before = this.#printed.get(id);
    if (before === undefined || !before.startsWith(text)) this.#text(id, { text, before: before ?? "" });
    this.#note(artifact, before === undefined);
  }

  #text(id: string, { text, before }: { readonly text: string; readonly before: string }): void {
    this.#printed.set(id, text);
    if (text === "") return;
    // Models end no line before they answer.
    this.#side.pause();
    const isMore = text.startsWith(before);
    if (this.#last !== id || !isMore) this.#endLine();
    this.#last = id;
    this.#say(isMore ? text.slice(before.length) : text);
  }

  /** What tools tell while they work, and what a model thinks. */
  #beside(task: Task, id: string, isLast: boolean): void {
    const artifact = task.artifacts?.find(({ artifactId }) => artifactId === id);
    if (artifact === undefined || isAnswer(artifact)) return;
    const isWhole = isThinking(artifact);
    if (!(isWhole ? this.#showThinking : this.#showTools)) return;
    this.#side.tell(id, { name: artifact.name ?? id, text: textOf(artifact), isLast, isWhole });
  }

  /** An answer that is data is printed as JSON; what else a terminal cannot show is named. */
  #note(artifact: Artifact, isNew: boolean): void {
    if (!isNew) return;
    for (const part of artifact.parts) {
      if (part.text !== undefined) continue;
      if (part.data !== undefined && artifact.name === "answer") {
        this.#say(JSON.stringify(part.data, null, 2));
        continue;
      }
      const what = part.url ?? part.filename ?? part.mediaType ?? (part.data === undefined ? "file" : "data");
      const name = artifact.name === undefined || artifact.name === what ? "" : `${artifact.name}: `;
      this.#background(`[${name}${what}]`);
    }
  }

  #status(state: TaskState, message: Message | undefined): void {
    if (message === undefined || this.#told.has(message.messageId)) return;
    this.#told.add(message.messageId);
    const calls = toolCallsOf(message);
    const outcomes = toolOutcomesOf(message);
    if (this.#showTools) {
      for (const { name, arguments: input } of calls) this.#background(`→ ${name} ${shorten(JSON.stringify(input))}`);
      for (const { name, output, isError, display } of outcomes) {
        const lines = display === undefined ? [] : shownLines(display);
        this.#background(
          `${isError ? "✗" : "←"} ${name} ${lines.length > 1 ? "" : shorten(display ?? output)}`.trimEnd(),
        );
        if (lines.length > 1) { for (const line of lines) this.#background(`  ${line}`); }
      }
    }
    if (calls.length > 0 || outcomes.length > 0) return;
    const text = this.#asksVotes && isInterrupted(state) ? besideApprovals(message) : textOf(message);
    // Some agents say their answer once more when they are done.
    if (text === "" || [...this.#printed.values()].includes(text)) return;
    this.#endLine();
    if (state === "TASK_STATE_FAILED" || state === "TASK_STATE_REJECTED") {
      this.#terminal.err(`${this.#terminal.red(printable(text))}\n`);
    } else {
      this.#say(text);
      this.#endLine();
    }
  }

  #background(text: string): void {
    this.#endLine();
    this.#terminal.err(`${this.#terminal.dim(printable(text))}\n`);
  }

  #say(text: string): void {
    const shown = printable(this.#endedEarly ? text.replace(/^\n/, "") : text);
    if (text !== "") this.#endedEarly = false;
    if (shown === "") return;
    this.#terminal.out(shown);
    this.#atLineStart = shown.endsWith("\n");
  }
}

/** Prints a whole stream; gives the task as it was at the end. */
export async function printStream(
  stream: AsyncIterable<Numbered<StreamResponse>>,
  printer: TurnPrinter,
  onTask: (taskId: string) => void,
): Promise<Task | undefined> {
  for await (const { event } of stream) {
    printer.print(event);
    if ("task" in event) onTask(event.task.id);
  }
  printer.end();
  return printer.task;
}

function shorten(text: string): string {
  const line = text.replaceAll(/\s+/g, " ");
  return line.length <= MAX_SHOWN ? line : `${line.slice(0, MAX_SHOWN - 1)}…`;
}
