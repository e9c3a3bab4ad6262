/** `text` takes the place of what is from `start` to `end`. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

const CONTEXT_LINES = 2;
const MAX_CHARS = 4_000;

/** The number of the line at `at`, counted from 1. */
export function lineAt(text: string, at: number): number {
  let line = 1;
  for (let next = text.indexOf("\n"); next >= 0 && next < at; next = text.indexOf("\n", next + 1)) line++;
  return line;
}

/** What `edits` (ascending, no overlaps) change in `text`, as in a unified diff. A long one is cut, and says so. */
export function showDiff(text: string, edits: readonly Edit[]): string {
  const shown: string[] = [];
  let room = MAX_CHARS;
  const regions = toRegions(text, edits);
  for (const region of regions) {
    const hunk = showHunk(text, region);
    if (hunk.length > room) {
      const left = regions.length - shown.length;
      const cut = `… (cut; ${left} of ${regions.length} places are not shown whole)`;
      return [...shown, hunk.slice(0, room).toWellFormed(), cut].join("\n");
    }
    shown.push(hunk);
    room -= hunk.length;
  }
  return shown.join("\n");
}

/**
 * The edits as whole lines from `start` to `end` that become `text`. Those on the same or near lines are one, so that none
 * is shown as the unchanged context of another.
 */
function toRegions(text: string, edits: readonly Edit[]): Edit[] {
  const regions: Edit[] = [];
  let group: Edit[] = [];
  const close = () => {
    const [first] = group;
    const last = group.at(-1);
    if (first !== undefined && last !== undefined) {
      regions.push(toLines(text, group, { start: first.start, end: last.end }));
    }
  };
  for (const edit of edits) {
    const last = group.at(-1);
    if (last !== undefined && edit.start > reachOf(text, last.end)) {
      close();
      group = [];
    }
    group.push(edit);
  }
  close();
  return regions;
}

function toLines(text: string, edits: readonly Edit[], { start, end }: { start: number; end: number }): Edit {
  const from = lineStart(text, start);
  const to = lineEnd(text, end);
  let at = from;
  const pieces = edits.flatMap((edit) => {
    const kept = text.slice(at, edit.start);
    at = edit.end;
    return [kept, edit.text];
  });
  return { start: from, end: to, text: [...pieces, text.slice(at, to)].join("") };
}

function reachOf(text: string, at: number): number {
  let reach = lineEnd(text, at);
  for (let line = 0; line < CONTEXT_LINES && reach < text.length; line++) reach = lineEnd(text, reach + 1);
  return reach;
}

function lineStart(text: string, at: number): number {
  return at === 0 ? 0 : text.lastIndexOf("\n", at - 1) + 1;
}

function lineEnd(text: string, at: number): number {
  const next = text.indexOf("\n", at);
  return next < 0 ? text.length : next;
}

function showHunk(text: string, { start, end, text: after }: Edit): string {
  const removed = text.slice(start, end).split("\n");
  const added = after.split("\n");
  let same = 0;
  while (same < removed.length && same < added.length && removed[same] === added[same]) same++;
  let tail = 0;
  while (
    tail < removed.length - same && tail < added.length - same && removed.at(-1 - tail) === added.at(-1 - tail)
  ) tail++;
  const before = contextBefore(text, start);
  const behind = contextBehind(text, end);
  return [
    `@@ line ${lineAt(text, start) + same} @@`,
    ...[...before, ...removed.slice(0, same)].slice(-CONTEXT_LINES).map((line) => ` ${line}`),
    ...removed.slice(same, removed.length - tail).map((line) => `-${line}`),
    ...added.slice(same, added.length - tail).map((line) => `+${line}`),
    ...[...removed.slice(removed.length - tail), ...behind].slice(0, CONTEXT_LINES).map((line) => ` ${line}`),
  ].join("\n");
}

/** Up to CONTEXT_LINES lines above the one that begins at `start`. */
function contextBefore(text: string, start: number): string[] {
  const lines: string[] = [];
  for (let to = start - 1; to >= 0 && lines.length < CONTEXT_LINES;) {
    const from = lineStart(text, to);
    lines.unshift(text.slice(from, to));
    to = from - 1;
  }
  return lines;
}

/** Up to CONTEXT_LINES lines below the one that ends at `end`. The break at the end of the text begins no line. */
function contextBehind(text: string, end: number): string[] {
  const lines: string[] = [];
  for (let from = end + 1; from < text.length && lines.length < CONTEXT_LINES;) {
    const to = lineEnd(text, from);
    lines.push(text.slice(from, to));
    from = to + 1;
  }
  return lines;
}
