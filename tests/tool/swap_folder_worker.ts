/// <reference lib="deno.worker" />
/** Swaps `<base>/work/dir` for a link to `<base>/outside` and back, as fast as it can, until it is told to stop. */
self.onmessage = ({ data: base }: MessageEvent<string>) => {
  const stop = `${base}/stop`;
  for (let round = 0; !isThere(stop); round++) {
    move(`${base}/work/dir`, `${base}/aside`);
    move(`${base}/link`, `${base}/work/dir`);
    for (let wait = 0; wait < round % 7; wait++) isThere(stop);
    move(`${base}/work/dir`, `${base}/link`);
    move(`${base}/aside`, `${base}/work/dir`);
    for (let wait = 0; wait < round % 61; wait++) isThere(stop);
  }
  self.postMessage("stopped");
};

function move(from: string, to: string): void {
  for (;;) {
    try {
      return Deno.renameSync(from, to);
    } catch {
      // A write that found no folder has made one, which is in the way.
      try {
        Deno.removeSync(to, { recursive: true });
      } catch {
        // Already gone.
      }
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
