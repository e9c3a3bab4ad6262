import type { Position, Problem } from "./config_error.ts";
import type { Finding, Tree } from "./tree.ts";

/** One of the texts that a configuration is made of. */
export interface Piece {
  /** What to call it in errors: the path as the user wrote it, or `-`. */
  readonly file: string;
  /** YAML 1.2 or JSON. */
  readonly text: string;
}

/** A piece with the offset of its first character, if all pieces were one text: so one number names any place. */
export interface PlacedPiece extends Piece {
  readonly start: number;
}

export function placePieces(pieces: readonly Piece[]): readonly PlacedPiece[] {
  let start = 0;
  return pieces.map(({ file, text }) => {
    const placed = { file, start, text: text.startsWith("\uFEFF") ? text.slice(1) : text };
    start += placed.text.length + 1;
    return placed;
  });
}

/** The same tree with all its offsets moved. What was shared stays shared. */
export function movedBy(tree: Tree, distance: number, done: Map<Tree, Tree> = new Map()): Tree {
  if (distance === 0) return tree;
  const known = done.get(tree);
  if (known !== undefined) return known;
  const offset = tree.offset + distance;
  const moved: Tree = tree.kind === "scalar"
    ? { ...tree, offset }
    : tree.kind === "list"
    ? { ...tree, offset, items: tree.items.map((item) => movedBy(item, distance, done)) }
    : {
      ...tree,
      offset,
      entries: new Map(
        [...tree.entries].map(([key, entry]) => [
          key,
          { ...entry, offset: entry.offset + distance, value: movedBy(entry.value, distance, done) },
        ]),
      ),
    };
  done.set(tree, moved);
  return moved;
}

/** Where in which file an offset is. What stands nowhere counts as the beginning. */
export type Locate = (offset: number) => { readonly file: string; readonly position: Position };

/** Lines are counted once, and only as far as somebody asks. */
export function locator(pieces: readonly PlacedPiece[]): Locate {
  const lineStarts = new Map<PlacedPiece, number[]>();
  return (offset) => {
    const piece = pieces.findLast(({ start }) => start <= offset) ?? pieces[0];
    if (piece === undefined) throw new RangeError("Cannot locate an offset: there are no pieces");
    const starts = lineStarts.get(piece) ?? [0];
    lineStarts.set(piece, starts);
    const local = Math.max(0, offset - piece.start);
    countLines(starts, piece.text, local);
    return { file: piece.file, position: positionOf(local, starts) };
  };
}

/** Findings as problems, in the order of the pieces. */
export function toProblems(findings: readonly Finding[], locate: Locate): readonly Problem[] {
  return findings.toSorted((one, other) => one.offset - other.offset).map(({ offset, path, message }) => ({
    ...locate(offset),
    path,
    message,
  }));
}

/** Adds the beginnings of lines up to one that is behind `offset`. */
function countLines(starts: number[], text: string, offset: number): void {
  for (let last = starts.at(-1) ?? 0; last <= offset;) {
    const end = text.indexOf("\n", last);
    if (end === -1) return;
    last = end + 1;
    starts.push(last);
  }
}

function positionOf(offset: number, lineStarts: readonly number[]): Position {
  let low = 0;
  let high = lineStarts.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle;
  }
  return { line: low + 1, column: offset - (lineStarts[low] ?? 0) + 1 };
}
