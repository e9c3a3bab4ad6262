import { type Env, interpolate, type ReadText } from "./interpolate.ts";
import type { Move } from "./change.ts";
import { mergeTrees } from "./merge_trees.ts";
import { readOlderSpellings } from "./older_spellings.ts";
import { type Locate, locator, movedBy, type Piece, placePieces } from "./pieces.ts";
import { readYaml } from "./read_yaml.ts";
import { type Finding, NOWHERE, type Tree } from "./tree.ts";

/** Of all pieces together, in UTF-16 units. */
const MAX_TOTAL_LENGTH = 4_194_304;

export interface ReadPiecesRequest {
  readonly pieces: readonly Piece[];
  readonly env: Env;
  /** For `${file:PATH}`. */
  readonly readText?: ReadText | undefined;
}

/** One tree in the newest spelling, its variables replaced. */
export interface ReadPieces {
  /** Absent when a piece is no YAML, or is refused. */
  readonly tree?: Tree;
  readonly findings: Finding[];
  /** What older spellings were read as. */
  readonly moves: readonly Move[];
  readonly locate: Locate;
}

/** Each piece is read, interpolated and brought to the newest spelling by itself; then they are merged. */
export function readPieces({ pieces, env, readText }: ReadPiecesRequest): ReadPieces {
  const placed = placePieces(pieces);
  const locate = locator(placed);
  const findings: Finding[] = [];
  const moves: Move[] = [];
  const trees: Tree[] = [];
  if (placed.length > 1 && placed.reduce((sum, { text }) => sum + text.length, 0) > MAX_TOTAL_LENGTH) {
    findings.push({ offset: NOWHERE, path: "", message: "found more than 4 MiB in all files, expected less" });
    return { findings, moves, locate };
  }
  for (const { text, start } of placed) {
    const read = readYaml(text);
    const add = (more: readonly Finding[]) =>
      findings.push(...more.map((finding) => ({ ...finding, offset: finding.offset + start })));
    add(read.findings);
    if (read.tree === undefined) continue;
    const interpolated = interpolate(read.tree, { env, readText });
    add(interpolated.findings);
    const older = readOlderSpellings(movedBy(interpolated.tree, start));
    findings.push(...older.findings);
    moves.push(...older.moves);
    trees.push(older.tree);
  }
  if (trees.length < placed.length || trees.length === 0) return { findings, moves, locate };
  return { tree: mergeTrees(trees, { findings, locate }), findings, moves, locate };
}
