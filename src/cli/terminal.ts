/** Where a command prints: answers and data on stdout, everything about them on stderr. */
export interface Terminal {
  /** Data. Written as it is. */
  out(text: string): void;
  /** A message for the person. Written as it is. */
  err(text: string): void;
  /** Whether both ends are a person: prompts, line editing and progress make sense. */
  readonly interactive: boolean;
  /** Text that stays in the background, on stderr. */
  dim(text: string): string;
  bold(text: string): string;
  red(text: string): string;
  /** Reads what is piped in, as text. */
  readAll(): Promise<string>;
  /** What is piped in, a line at a time, as it comes. */
  lines(): AsyncIterable<string>;
}

export interface TerminalOptions {
  readonly env: (name: string) => string | undefined;
}

/** https://no-color.org and https://bixense.com/clicolors: NO_COLOR wins, then CLICOLOR_FORCE, then what the terminal can. */
export function wantsColor(env: (name: string) => string | undefined, isTerminal: boolean): boolean {
  if ((env("NO_COLOR") ?? "") !== "") return false;
  if ((env("CLICOLOR_FORCE") ?? "0") !== "0") return true;
  return isTerminal && env("TERM") !== "dumb";
}

// deno-lint-ignore no-control-regex
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** What a model, a tool or a server says, without the escape sequences that could rewrite or read the user's terminal. */
export function printable(text: string): string {
  return text.replace(CONTROL, "");
}

function style(on: boolean, code: number): (text: string) => string {
  return on ? (text) => `\u001b[${code}m${text}\u001b[0m` : (text) => text;
}

/** The process's own terminal. A closed pipe (`hector call … | head`) ends the process quietly. */
export function createTerminal({ env }: TerminalOptions): Terminal {
  const color = wantsColor(env, Deno.stderr.isTerminal());
  const encoder = new TextEncoder();
  const write = (to: { writeSync(bytes: Uint8Array): number }, text: string) => {
    let bytes = encoder.encode(text);
    try {
      while (bytes.length > 0) bytes = bytes.subarray(to.writeSync(bytes));
    } catch (thrown) {
      if (thrown instanceof Deno.errors.BrokenPipe) Deno.exit(0);
      throw thrown;
    }
  };
  return {
    out: (text) => write(Deno.stdout, text),
    err: (text) => write(Deno.stderr, text),
    interactive: Deno.stdin.isTerminal() && Deno.stdout.isTerminal(),
    dim: style(color, 2),
    bold: style(color, 1),
    red: style(color, 31),
    readAll: async () => await new Response(Deno.stdin.readable).text(),
    lines: () => linesOf(Deno.stdin.readable),
  };
}

/** The lines of a text that comes in pieces; the last one may lack its end. */
export async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  let rest = "";
  for await (const text of stream.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + text).split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}
