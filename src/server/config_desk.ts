/** One thing that is wrong with a text, with its place where that is known. */
export interface TextProblem {
  readonly file: string;
  readonly line?: number;
  readonly column?: number;
  readonly path: string;
  readonly message: string;
}

/** What came of a text that was to be served. */
export type Served =
  | { readonly kind: "served"; readonly revision: string; readonly waiting: readonly string[] }
  | { readonly kind: "unchanged"; readonly revision: string; readonly waiting: readonly string[] };

/** Why a request about the configuration is not done: nothing has changed. */
export class ConfigRefusal extends Error {
  override readonly name = "ConfigRefusal";
  constructor(
    /** HTTP's, as RFC 9110 §15.5 means it. */
    readonly status: 400 | 403 | 404 | 409 | 412 | 422,
    message: string,
    readonly problems: readonly TextProblem[] = [],
  ) {
    super(message);
  }
}

/** A configuration that was served once. */
export interface PastRevision {
  readonly revision: string;
  /** RFC 3339 UTC: when it began to be served last. */
  readonly at: string;
  readonly isCurrent: boolean;
}

/** A part that is not what it was. Secrets are not in it; absent members are parts that are not there. */
export interface ChangedPart {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
  readonly needsRestart: boolean;
}

/** What an operator may do to the configuration of a running server. Everything throws ConfigRefusal. */
export interface ConfigDesk {
  /** The file as it is, with the tag of its content. */
  text(): Promise<{ readonly text: string; readonly tag: string }>;
  /** Serves the text and puts it in place of the file, or neither. `tag`: only over the content that has it. */
  save(text: string, tag: string | undefined): Promise<Served>;
  /** Newest first. */
  history(): Promise<readonly PastRevision[]>;
  /** From what is served to a revision of the past. */
  differencesTo(revision: string): Promise<readonly ChangedPart[]>;
  /** From what is served to a text that nobody serves yet. */
  differencesToText(text: string): Promise<readonly ChangedPart[]>;
  /** Serves a revision of the past, until the source of the configuration changes. */
  rollback(revision: string): Promise<Served>;
  /** How it stands, for operators. */
  state(): object;
}
