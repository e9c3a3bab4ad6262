/** A program that tests need, or why it is not to be had. */
export interface Found<T> {
  readonly program?: T;
  /** For `ignore`: under CI a missing program fails instead. */
  readonly isMissing: boolean;
}

/** Looks for a program before tests are declared. What is missing on CI is an error, elsewhere a reason to skip. */
export async function find<T>(name: string, look: () => Promise<T>): Promise<Found<T>> {
  try {
    return { program: await look(), isMissing: false };
  } catch (thrown) {
    if (Deno.env.get("CI") === "true") throw new Error(`${name} is not to be had`, { cause: thrown });
    console.error(`skipped: ${name} is not to be had: ${thrown instanceof Error ? thrown.message : thrown}`);
    return { isMissing: true };
  }
}

/** A child process with a folder of its own, that can be hung, killed and started again. */
export class Service {
  readonly folder: string;
  readonly #start: (folder: string) => Deno.Command;
  readonly #isReady: () => Promise<boolean>;
  #child: Deno.ChildProcess | undefined;

  constructor(folder: string, start: (folder: string) => Deno.Command, isReady: () => Promise<boolean>) {
    this.folder = folder;
    this.#start = start;
    this.#isReady = isReady;
  }

  async start(): Promise<void> {
    this.#child = this.#start(this.folder).spawn();
    let ended = false;
    void this.#child.status.then(() => ended = true);
    while (!await this.#isReady()) {
      if (ended) throw new Error(`The service in ${this.folder} ended before it was ready`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** Nothing is answered any more, and no connection ends. */
  hang(): void {
    this.#child?.kill("SIGSTOP");
  }

  goOn(): void {
    this.#child?.kill("SIGCONT");
  }

  async kill(): Promise<void> {
    this.#child?.kill("SIGKILL");
    await this.#child?.status;
    this.#child = undefined;
  }

  async stop(): Promise<void> {
    await this.kill();
    await Deno.remove(this.folder, { recursive: true });
  }
}
