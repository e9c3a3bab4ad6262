import { basename, dirname, isAbsolute, join, resolve } from "node:path";
import { relativeInside } from "../paths.ts";
import { CommandRefusal } from "./command_refusal.ts";
import { shown } from "./judge_options.ts";

/** What commands may name. */
export interface Territory {
  /** The working directory, without symbolic links. */
  readonly root: string;
  /** Whether a path (from `root` down) is off limits. */
  readonly isHidden: (inside: string) => boolean;
  /** Absolute paths of the server's own files. */
  readonly protectedPaths: readonly string[];
  /** The kernel keeps commands within: only what is off limits has to be looked for. */
  readonly isConfined: boolean;
}

/** What every program may open. */
const HARMLESS = new Set(["/dev/null", "/dev/zero", "/dev/stdin", "/dev/stdout", "/dev/stderr"]);
const URL_AHEAD = /^[a-z][a-z0-9+.-]*:\/\//i;
/** A path that begins within a word: in a script, behind an option or a separator. */
const EMBEDDED = /(?:(?:(?<![\w./~+%@*?\]-])|(?<=^-[A-Za-z]))(?:\/|\.\.$)|(?<![./])\.\.\/)[^\s"'`;,|<>(){}]*/g;

/** Throws CommandRefusal if an argument could be a path that leads out of the working directory or is off limits. */
export function checkArguments(args: readonly string[], cwd: string, territory: Territory): void {
  for (const word of args) {
    for (const path of pathsIn(word)) checkPath(path, word, { cwd, territory, isWritten: false });
  }
}

/** The same for a file that output goes to, which need not exist. */
export function checkFile(path: string, cwd: string, territory: Territory): void {
  checkPath(path, path, { cwd, territory, isWritten: true });
}

/** The folder to which `cd` leads. Throws CommandRefusal. */
export function checkFolder(path: string, cwd: string, territory: Territory): string {
  checkPath(path, path, { cwd, territory: { ...territory, isConfined: false }, isWritten: false });
  return resolve(cwd, path);
}

function pathsIn(word: string): Set<string> {
  const found = new Set([word]);
  if (!URL_AHEAD.test(word) || /^file:/i.test(word)) {
    for (const { index } of word.matchAll(/[=:,@]/g)) found.add(word.slice(index + 1));
    if (/^-[A-Za-z]./.test(word)) found.add(word.slice(2));
    for (const [path] of word.matchAll(EMBEDDED)) found.add(path);
  }
  found.delete("");
  return found;
}

interface Checking {
  readonly cwd: string;
  readonly territory: Territory;
  readonly isWritten: boolean;
}

function checkPath(path: string, word: string, { cwd, territory, isWritten }: Checking): void {
  if (HARMLESS.has(path)) return;
  // Beyond what any file system takes; no program can open it.
  if (path.length > 4096) return;
  const { root, isConfined } = territory;
  const joined = isAbsolute(path) ? path : `${cwd}/${path}`;
  const { real, rest, exists, isCut } = walk(joined);
  if (isCut && !isConfined) throw new CommandRefusal(`${shown(word)} is a link that leads nowhere`);
  const places = [resolve(joined), join(real, ...rest)];
  if (!isConfined && (rest.includes("..") || places.some((place) => relativeInside(root, place) === undefined))) {
    throw new CommandRefusal(`${shown(word)} could lead out of the working directory`);
  }
  if (!exists && !isWritten) return;
  if (places.some((place) => isOffLimits(place, territory))) throw new CommandRefusal(`${shown(word)} is off limits`);
}

export function isOffLimits(place: string, { root, isHidden, protectedPaths }: Territory): boolean {
  const inside = relativeInside(root, place);
  return (inside !== undefined && inside !== "" && isHidden(inside)) ||
    protectedPaths.some((own) => relativeInside(own, place) !== undefined);
}

interface Walked {
  /** The part that exists, without symbolic links. */
  readonly real: string;
  /** The names behind it. */
  readonly rest: string[];
  readonly exists: boolean;
  /** The first of `rest` is there, as a link to nothing: whoever writes to it makes what it leads to. */
  readonly isCut: boolean;
}

function walk(path: string): Walked {
  const rest: string[] = [];
  for (let at = path;; at = dirname(at)) {
    try {
      return { real: Deno.realPathSync(at), rest, exists: rest.length === 0, isCut: false };
    } catch {
      if (isThere(at) || at === "/") {
        return { real: dirname(at), rest: [basename(at), ...rest], exists: false, isCut: true };
      }
      rest.unshift(basename(at));
    }
  }
}

function isThere(path: string): boolean {
  try {
    Deno.lstatSync(path);
    return true;
  } catch {
    return false;
  }
}
