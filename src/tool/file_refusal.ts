import { ToolRefusal } from "./tool.ts";

/** Why a file tool will not or cannot do what it was asked: the end of a sentence, without any path of the machine. */
export class FileRefusal extends Error {
  override readonly name = "FileRefusal";
}

/** What the operating system's word means to a model. The system's own text would name the machine's paths. */
const REASONS: ReadonlyMap<string, string> = new Map([
  ["ENOENT", "there is no such file"],
  ["ENOTDIR", "a part of the path is a file, not a directory"],
  ["EISDIR", "it is a directory"],
  ["EEXIST", "something of that name is in the way"],
  ["ELOOP", "a symbolic link is in the way"],
  ["ENAMETOOLONG", "the path is too long"],
  ["EACCES", "the server may not access it"],
  ["EPERM", "the server may not access it"],
  ["EROFS", "the file system is read-only"],
  ["ENOSPC", "the disk is full"],
  ["EDQUOT", "the disk quota is used up"],
  ["EMFILE", "the server has too many files open"],
  ["EBUSY", "another program uses it"],
]);

/** Those that say more of the machine than of the call. */
const TROUBLES: ReadonlySet<string> = new Set(["EROFS", "ENOSPC", "EDQUOT", "EMFILE"]);

/** The operating system's code of what was thrown, if it has one. */
export function errorCode(thrown: unknown): string | undefined {
  if (thrown instanceof Deno.errors.NotCapable) return "EACCES";
  if (!(thrown instanceof Error) || !("code" in thrown)) return undefined;
  return typeof thrown.code === "string" ? thrown.code : undefined;
}

/**
 * Does `act`, and words what it throws as a ToolRefusal: `Cannot <action> "<path>": <reason>`. What the operator may have to
 * mend (the disk is full) is no refusal but an Error with its cause. An abort passes as it is.
 */
export async function onFile<T>(action: string, path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (thrown) {
    const code = errorCode(thrown);
    if (thrown instanceof FileRefusal) throw new ToolRefusal(sentence(action, path, thrown), { cause: thrown });
    if (code === undefined) throw thrown;
    const reason = REASONS.get(code);
    const Kind = reason === undefined || TROUBLES.has(code) ? Error : ToolRefusal;
    const refusal = new FileRefusal(reason ?? `the system says ${code}`, { cause: thrown });
    throw new Kind(sentence(action, path, refusal), { cause: refusal });
  }
}

function sentence(action: string, path: string, { message }: FileRefusal): string {
  const shown = path.length > 200 ? `${path.slice(0, 200)}…` : path;
  return `Cannot ${action} ${JSON.stringify(shown)}: ${message}`;
}
