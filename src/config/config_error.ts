/** Where in a text something stands; both count from 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** One thing that is wrong with a configuration. Its words never hold a value that came from the environment. */
export interface Problem {
  /** As the user wrote it: a path, `-` for the standard input, or `command line`. */
  readonly file: string;
  /** Absent when the problem is the file itself. */
  readonly position?: Position;
  /** Of the key as it is written, such as `agents.analyst.llm`; empty when the problem is the whole. */
  readonly path: string;
  /** What was found, what is allowed, and the nearest good spelling. */
  readonly message: string;
}

const MAX_SHOWN = 50;

/** A configuration that cannot be used, with everything that is wrong with it, in the order of the text. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly problems: readonly Problem[];
  constructor(problems: readonly Problem[], options: { readonly cause?: unknown } = {}) {
    const sorted = inOrder(problems);
    const lines = sorted.slice(0, MAX_SHOWN).map(toLine);
    if (sorted.length > MAX_SHOWN) lines.push(`… and ${sorted.length - MAX_SHOWN} more problems`);
    super(lines.join("\n"), { cause: options.cause });
    this.problems = Object.freeze(sorted);
  }
}

/** `file:line:column: path: message`, the form that editors and terminals make clickable. */
export function toLine(problem: Problem): string {
  const { position } = problem;
  const place = position ? `${problem.file}:${position.line}:${position.column}` : problem.file;
  return problem.path === "" ? `${place}: ${problem.message}` : `${place}: ${problem.path}: ${problem.message}`;
}

/** File by file, in the order in which they come first. */
function inOrder(problems: readonly Problem[]): Problem[] {
  const files = [...new Set(problems.map(({ file }) => file))];
  return problems.toSorted((one, other) => {
    const file = files.indexOf(one.file) - files.indexOf(other.file);
    const line = (one.position?.line ?? 0) - (other.position?.line ?? 0);
    return file || line || (one.position?.column ?? 0) - (other.position?.column ?? 0);
  });
}
