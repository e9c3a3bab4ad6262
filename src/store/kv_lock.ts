import { dirname } from "node:path";

/** The right to use a database file, until it is given back or the process dies. */
export interface FileLock {
  release(): void;
}

/**
 * Takes the lock beside a database file, making its folder for this user alone if there is none. The lock is the kernel's
 * (flock), so it goes with the process, however that ends. Throws if another has it: Deno KV would let two processes in,
 * and then answer "database is locked" or hide one's changes from the other's followers.
 */
export async function lockFile(path: string): Promise<FileLock> {
  await Deno.mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const file = await Deno.open(`${path}.lock`, { read: true, write: true, create: true, mode: 0o600 });
  try {
    if (!await file.tryLock(true)) {
      const holder = await readText(file);
      throw new Error(`${holder === "" ? "another process" : `process ${holder}`} has it open`);
    }
    await file.truncate();
    await file.write(new TextEncoder().encode(String(Deno.pid)));
  } catch (error) {
    file.close();
    throw error;
  }
  return {
    release: () => {
      // A child process that is just being started shares the open file until it is, and would keep the lock as long.
      file.unlockSync();
      file.close();
    },
  };
}

async function readText(file: Deno.FsFile): Promise<string> {
  const bytes = new Uint8Array(32);
  const length = await file.read(bytes) ?? 0;
  return new TextDecoder().decode(bytes.subarray(0, length)).trim();
}
