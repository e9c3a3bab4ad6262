const MAX_LINES = 1_000;

/** XDG base directories: state that survives, but that nobody misses much. */
function historyPath(env: (name: string) => string | undefined, cwd: string): string {
  const base = env("XDG_STATE_HOME");
  if (base !== undefined && base.startsWith("/")) return `${base}/hector/chat_history`;
  const home = env("HOME");
  return home === undefined || home === "" ? `${cwd}/.hector/chat_history` : `${home}/.local/state/hector/chat_history`;
}

/** What was typed into chats before, newest first. */
export async function readHistory(env: (name: string) => string | undefined, cwd: string): Promise<string[]> {
  try {
    const text = await Deno.readTextFile(historyPath(env, cwd));
    return text.split("\n").filter((line) => line !== "").reverse().slice(0, MAX_LINES);
  } catch (thrown) {
    if (thrown instanceof Deno.errors.NotFound) return [];
    throw thrown;
  }
}

/** Remembers a line, for this user's eyes only. */
export async function appendHistory(
  line: string,
  env: (name: string) => string | undefined,
  cwd: string,
): Promise<void> {
  const path = historyPath(env, cwd);
  await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true, mode: 0o700 });
  await Deno.writeTextFile(path, `${line.replaceAll("\n", " ")}\n`, { append: true, mode: 0o600 });
}
