/** More lines of one text are left out: the whole stands in the task. */
const MAX_LINES = 40;
const MAX_LINE_CHARS = 160;

interface Told {
  /** The text as it was heard last. */
  text: string;
  readonly isWhole: boolean;
  /** How much of it is printed. */
  chars: number;
  lines: number;
}

interface SideText {
  readonly name: string;
  readonly text: string;
  readonly isLast: boolean;
  /** Nothing of it is left out, however long it is: somebody wants to read it. */
  readonly isWhole: boolean;
}

/**
 * Texts beside the answer as they grow, a line when it is complete: what models think as it is, of what tools tell not too
 * much.
 */
export class SideLines {
  readonly #print: (line: string) => void;
  /** By artifact. */
  readonly #told = new Map<string, Told>();
  /** Names of the texts that are not at their end. */
  readonly #open = new Map<string, string>();

  constructor(print: (line: string) => void) {
    this.#print = print;
  }

  /** A text as it is now. One that is written anew after a restart is printed as far as it is new. */
  tell(id: string, { name, text, isLast, isWhole }: SideText): void {
    this.#open.set(id, name);
    const before = this.#told.get(id);
    if (before === undefined || !(before.text.startsWith(text) || text.startsWith(before.text))) {
      this.#told.set(id, { text, isWhole, chars: 0, lines: 0 });
    } else if (text.length > before.text.length) before.text = text;
    this.#printLines(id, name, isLast);
    if (isLast) this.#open.delete(id);
  }

  /** A text that was there before anybody listened. */
  skip(id: string, { text, isWhole }: Pick<SideText, "text" | "isWhole">): void {
    const lines = text.split("\n").length - 1;
    if (!this.#told.has(id)) this.#told.set(id, { text, isWhole, chars: text.lastIndexOf("\n") + 1, lines });
  }

  /** What is somebody's to read before anything else is printed, though its line is not complete. */
  pause(): void {
    for (const [id, name] of this.#open) if (this.#told.get(id)?.isWhole === true) this.#printLines(id, name, true);
  }

  /** Nothing more will come. */
  end(): void {
    for (const [id, name] of this.#open) this.#printLines(id, name, true);
    this.#open.clear();
  }

  #printLines(id: string, name: string, isLast: boolean): void {
    const told = this.#told.get(id);
    if (told === undefined) return;
    const end = isLast ? told.text.length : told.text.lastIndexOf("\n") + 1;
    if (end <= told.chars) return;
    const fresh = told.text.slice(told.chars, end);
    told.chars = end;
    const whose = this.#open.size > 1 ? `${name}: ` : "";
    for (const line of fresh.replace(/\n$/, "").split("\n")) {
      if (told.isWhole) this.#print(whose + line);
      else if (told.lines <= MAX_LINES) this.#print(told.lines === MAX_LINES ? "…" : whose + cutLine(line));
      told.lines++;
    }
  }
}

/** The lines of a whole text, as many as are shown. */
export function shownLines(text: string): string[] {
  const lines = text.replace(/\n+$/, "").split("\n");
  return lines.length <= MAX_LINES ? lines.map(cutLine) : [...lines.slice(0, MAX_LINES).map(cutLine), "…"];
}

function cutLine(line: string): string {
  return line.length <= MAX_LINE_CHARS ? line : `${line.slice(0, MAX_LINE_CHARS - 1).toWellFormed()}…`;
}
