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
export async function* editedLines(
  { input, output, prompt, history, remember }: EditedLinesOptions,
): AsyncGenerator<string> {
  const past = [...history];
  for (;;) {
    // Made anew for each line: while an answer is printed, Ctrl-C is not the editor's.
    const editor = createInterface({ input, output, prompt, history: [...past], terminal: true });
    const typed = Promise.withResolvers<string | undefined>();
    editor.once("line", typed.resolve);
    editor.once("close", () => typed.resolve(undefined));
    editor.on("SIGINT", () => {
      if (editor.line === "") return editor.close();
      editor.write(null, { ctrl: true, name: "e" });
      editor.write(null, { ctrl: true, name: "u" });
    });
    try {
      editor.prompt();
      const line = await typed.promise;
      if (line === undefined) {
        output.write("\n");
        return;
      }
      editor.close();
      if (line.trim() !== "") {
        past.unshift(line);
        await remember(line);
      }
      yield line;
    } finally {
      editor.close();
    }
  }
}
