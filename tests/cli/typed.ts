import { runCli } from "../../src/cli/main.ts";
import { fakeTerminal } from "./fake_terminal.ts";

export interface TypedOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** What is piped in. */
  readonly input?: string;
  readonly interactive?: boolean;
  /** Is given what a user's Ctrl-C does while a command listens to it. */
  readonly onListening?: (interrupt: () => void) => void;
  /** Hears everything as it is printed. */
  readonly onPrint?: (text: string) => void;
}

/** What a command line comes to, run in this process on a terminal that remembers. */
export async function typed(argv: readonly string[], options: TypedOptions = {}) {
  const { terminal, printed } = fakeTerminal(options);
  const heard = (print: (text: string) => void) => (text: string) => {
    print(text);
    options.onPrint?.(text);
  };
  const code = await runCli(argv, {
    terminal: { ...terminal, out: heard(terminal.out), err: heard(terminal.err) },
    env: (name) => options.env?.[name],
    cwd: options.cwd ?? "/nowhere",
    onInterrupt: (handler) => {
      options.onListening?.(handler);
      return () => {};
    },
  });
  return { code, ...printed };
}

/** Runs `act` in a folder with `files`, and takes the folder away. */
export async function inFolder(
  files: Readonly<Record<string, string>>,
  act: (folder: string) => Promise<void>,
): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hector-cli-" });
  try {
    for (const [name, text] of Object.entries(files)) await Deno.writeTextFile(`${folder}/${name}`, text);
    await act(folder);
  } finally {
    await Deno.remove(folder, { recursive: true });
  }
}
