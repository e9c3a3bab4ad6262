import { CommandOptions } from "./command_options.ts";
import type { Level } from "./level.ts";
import { openCommands } from "./open_commands.ts";
import { parseScript } from "./parse_script.ts";
import { runScript } from "./run_script.ts";

/** What a command must not be able to do. */
export interface Held {
  readonly what: string;
  readonly isHeld: boolean;
}

export interface SandboxReport {
  readonly level: Level;
  /** Why it is not higher. */
  readonly reason?: string;
  readonly bubblewrap?: string;
  /** Found out by trying, from inside. */
  readonly held: readonly Held[];
}

/** Each prints something if it can. */
const TRIES: readonly (readonly [what: string, attempt: string])[] = [
  ["writing outside of the working directory", 'echo x > "$outside/written" && echo yes'],
  ["reading outside of the working directory", 'cat "$outside/secret"'],
  ["the network", 'grep : /proc/net/dev | grep -v " lo:" || [ -e /proc/net/dev ] || echo yes'],
  ["other processes", 'ls -d "/proc/$server" | grep . || [ -d /proc/self ] || echo yes'],
  // In /proc lies what lists them, and a shell keeps its script open.
  [
    "files that the server was started with",
    "ls -l /proc/self/fd | grep -v -E ' [012] -> | -> /proc/|/try.sh$' | grep ' -> '",
  ],
  ["the server's environment", 'env | grep -v -E "$own"'],
];
/** What commands are given, and what a shell adds. */
const OWN = "^(PATH|HOME|TMPDIR|LANG|PAGER|GIT_[A-Z0-9_]*|HECTOR_COMMAND|PWD|OLDPWD|SHLVL|_)=";

/**
 * Finds out which sandbox commands get on this machine, and what it holds: a shell runs in it and tries. `bubblewrap`:
 * where it is, if not on PATH. Throws Error where commands cannot be run at all.
 */
export async function examineSandbox(bubblewrap?: string): Promise<SandboxReport> {
  const base = await Deno.realPath(await Deno.makeTempDir({ prefix: "hector-doctor-" }));
  try {
    for (const name of ["work", "outside", "scratch"]) await Deno.mkdir(`${base}/${name}`);
    await Deno.writeTextFile(`${base}/outside/secret`, "done\n");
    await Deno.writeTextFile(`${base}/work/try.sh`, scriptOf(`${base}/outside`));
    const options = CommandOptions().parse({ allowed_commands: ["sh"], sandbox: { bubblewrap } });
    const { sandbox, rules } = openCommands(options, { baseDir: `${base}/work`, protectedPaths: [] });
    let said = "";
    const decoder = new TextDecoder();
    await runScript(parseScript("sh try.sh"), {
      rules,
      sandbox,
      scratch: `${base}/scratch`,
      folder: "",
      signal: AbortSignal.timeout(10_000),
      onOutput: (on, bytes) => {
        if (on === "output") said += decoder.decode(bytes, { stream: true });
        return Promise.resolve();
      },
    });
    return {
      level: sandbox.level,
      ...(sandbox.reason === undefined ? {} : { reason: sandbox.reason }),
      ...(sandbox.bubblewrap === undefined ? {} : { bubblewrap: sandbox.bubblewrap }),
      held: TRIES.map(([what], at) => ({ what, isHeld: said.includes(`held ${at}\n`) })),
    };
  } finally {
    await Deno.remove(base, { recursive: true });
  }
}

/** Says `held 0` for the first of the tries if it came to nothing, and so on. */
function scriptOf(outside: string): string {
  const tries = TRIES.map(([, attempt], at) => `[ -z "$( (${attempt}) 2>/dev/null )" ] && echo "held ${at}"`);
  return [`outside='${outside}' own='${OWN}' server=${Deno.pid}`, ...tries, ""].join("\n");
}
