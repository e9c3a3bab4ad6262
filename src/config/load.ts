import type { Config } from "./config.ts";
import { ConfigError } from "./config_error.ts";
import type { Env, ReadText } from "./interpolate.ts";
import { type Piece, toProblems } from "./pieces.ts";
import type { PluginTables } from "./plugin_tables.ts";
import { readPieces } from "./read_pieces.ts";
import { resolve } from "./resolve.ts";
import type { Finding, Tree } from "./tree.ts";

interface Common {
  /** The process environment, with what `.env` files add. */
  readonly env: Env;
  /** For `${file:PATH}`; absent where no files can be read. */
  readonly readText?: ReadText;
  readonly tables: PluginTables;
  /** Absolute folder at which relative paths begin. */
  readonly baseDir: string;
}

/** Several pieces, which are merged in their order, or one. */
export type LoadRequest = Common & ({ readonly pieces: readonly Piece[] } | Piece);

/** Text → Config. Throws ConfigError with everything that is wrong; never anything else, whatever the text. */
export function loadConfig(request: LoadRequest): Config {
  const { tree, findings, locate } = readPieces({ ...request, pieces: piecesOf(request) });
  const config = tree === undefined ? undefined : finishConfig(tree, request, findings);
  if (config === undefined) throw new ConfigError(toProblems(findings, locate));
  return config;
}

export function piecesOf(request: { readonly pieces: readonly Piece[] } | Piece): readonly Piece[] {
  return "pieces" in request ? request.pieces : [{ file: request.file, text: request.text }];
}

/** The second half: from a tree in the newest spelling to the Config; undefined if there are findings. */
export function finishConfig(
  root: Tree,
  { env, tables, baseDir }: Pick<Common, "env" | "tables" | "baseDir">,
  findings: Finding[],
): Config | undefined {
  if (root.kind !== "table") {
    findings.push({ offset: root.offset, path: "", message: "found no mapping, expected keys such as agents" });
    return undefined;
  }
  return resolve(
    { tables, env, findings, root, llms: new Map(), tools: new Map(), documentStores: new Map() },
    baseDir,
  );
}
