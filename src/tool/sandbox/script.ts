/** A word after quotes are taken away. */
export interface Word {
  readonly text: string;
  /** Where `*`, `?` or `[` stand unquoted: the word with every quoted one behind a backslash. */
  readonly pattern?: string;
}

export type Redirect =
  | { readonly fd: 0 | 1 | 2; readonly how: "<" | ">" | ">>"; readonly file: string }
  /** `2>&1` */
  | { readonly fd: 1 | 2; readonly how: "copy"; readonly of: 1 | 2 };

export interface Command {
  readonly variables: readonly (readonly [name: string, value: string])[];
  /** At least one: the program's name, which holds no pattern. */
  readonly words: readonly [Word, ...Word[]];
  readonly redirects: readonly Redirect[];
}

/** Commands that pass their output on, left to right. */
export type Pipeline = readonly [Command, ...Command[]];

/** `after`: whether it runs at all hangs on how the step before ended. */
export interface Step {
  readonly after: ";" | "&&" | "||";
  readonly pipeline: Pipeline;
}

/** What a text says to do: all that is accepted, and nothing that would need a shell. */
export type Script = readonly Step[];
