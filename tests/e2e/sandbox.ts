import {
  type Finished,
  HECTOR_ARGS,
  type HectorServer,
  type RunningProcess,
  spawnHector,
  spawnProgram,
  startHector,
} from "./hector_process.ts";

export interface Given {
  readonly env?: Readonly<Record<string, string>>;
  readonly stdin?: string;
}

/** A user's corner of the machine: a folder to work in, data and history of its own, and `hector` on the PATH. */
export interface Sandbox {
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Writes a file below the folder; gives its path. */
  write(name: string, text: string): Promise<string>;
  /** Starts `hector serve ARGS` on a free port; it is stopped with the sandbox. */
  serve(args: readonly string[], given?: Given): Promise<HectorServer>;
  spawn(args: readonly string[], given?: Given): RunningProcess;
  run(args: readonly string[], given?: Given): Promise<Finished>;
  /** Runs what a user would paste into a shell. */
  paste(script: string, given?: Given): Promise<Finished>;
}

/** Runs `act` in a sandbox and takes it away, with every process that was started in it. */
export async function inSandbox(act: (sandbox: Sandbox) => Promise<void>): Promise<void> {
  const folder = await Deno.makeTempDir({ prefix: "hector-e2e-" });
  const processes: RunningProcess[] = [];
  const keep = <P extends RunningProcess>(running: P): P => {
    processes.push(running);
    return running;
  };
  await installHector(`${folder}/bin`);
  const own = {
    PATH: `${folder}/bin:${Deno.env.get("PATH") ?? ""}`,
    XDG_DATA_HOME: `${folder}/data`,
    XDG_STATE_HOME: `${folder}/state`,
  };
  const surroundings = ({ env, stdin }: Given = {}) => ({
    cwd: `${folder}/work`,
    env: { ...own, ...env },
    ...(stdin === undefined ? {} : { stdin }),
  });
  const spawn = (args: readonly string[], given?: Given) => keep(spawnHector({ args, ...surroundings(given) }));
  await Deno.mkdir(`${folder}/work`);
  try {
    await act({
      folder: `${folder}/work`,
      env: own,
      write: async (name, text) => {
        const path = `${folder}/work/${name}`;
        await Deno.mkdir(path.slice(0, path.lastIndexOf("/")), { recursive: true });
        await Deno.writeTextFile(path, text);
        return path;
      },
      serve: async (args, given) =>
        keep(
          await startHector({
            args: args.includes("--port") ? args : [...args, "--port", "0"],
            ...surroundings(given),
          }),
        ),
      spawn,
      run: (args, given) => spawn(args, given).ended,
      paste: (script, given) =>
        keep(spawnProgram({ program: "bash", args: ["-c", script], ...surroundings(given) })).ended,
    });
  } finally {
    for (const running of processes) running.signal("SIGKILL");
    await Promise.all(processes.map(({ ended }) => ended));
    await Deno.remove(folder, { recursive: true });
  }
}

async function installHector(bin: string): Promise<void> {
  await Deno.mkdir(bin, { recursive: true });
  const words = [Deno.execPath(), ...HECTOR_ARGS].map((word) => `'${word}'`).join(" ");
  await Deno.writeTextFile(`${bin}/hector`, `#!/bin/sh\nexec ${words} "$@"\n`, { mode: 0o755 });
}
