import { createInterface } from "node:readline/promises";

export interface EditedLinesOptions {
  /** A terminal's keys. */
  readonly input: NodeJS.ReadableStream;
  /** Where the line is drawn while it is edited. */
  readonly output: NodeJS.WritableStream;
  readonly prompt: string;
  /** Lines of earlier times, newest first. */
  readonly history: readonly string[];
  /** Is told of each line that is not blank. */
  readonly remember: (line: string) => Promise<void>;
}

/**
 * What a person types, a line at a time, with editing and history. Ends at Ctrl-D, and at Ctrl-C on an empty line; on
 * any other, Ctrl-C empties it, as shells do.
 */
export async function* editedLines(options: EditedLinesOptions): AsyncGenerator<string> {
  const past = [...options.history];
  let unfinished = "";
  for (;;) {
    // Made anew after each line: while an answer is printed, Ctrl-C is not the editor's.
    const typed = await readLines({ ...options, history: past }, unfinished);
    for (const line of typed.lines) {
      if (line.trim() !== "") {
        past.unshift(line);
        await options.remember(line);
      }
      yield line;
    }
    if (typed.ended) return;
    unfinished = typed.unfinished;
  }
}

interface Typed {
  /** Several when they were pasted. */
  readonly lines: readonly string[];
  /** What stood behind the last of them. */
  readonly unfinished: string;
  readonly ended: boolean;
}

async function readLines({ input, output, prompt, history }: EditedLinesOptions, begun: string): Promise<Typed> {
  const editor = createInterface({ input, output, prompt, history: [...history], terminal: true });
  const lines: string[] = [];
  let ended = false;
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  editor.on("line", (line) => {
    lines.push(line);
    resolve();
  });
  editor.on("close", () => {
    ended = true;
    resolve();
  });
  editor.on("SIGINT", () => {
    if (editor.line === "") return editor.close();
    editor.write(null, { ctrl: true, name: "e" });
    editor.write(null, { ctrl: true, name: "u" });
  });
  editor.prompt();
  if (begun !== "") editor.write(begun);
  await enough;
  const typed = { lines, unfinished: editor.line, ended };
  if (ended) output.write("\n");
  else editor.close();
  return typed;
}
