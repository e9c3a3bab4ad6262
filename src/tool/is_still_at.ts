const LOOKS = 32;

/**
 * Whether `opened` is the file at `path`, and no name on that way is a symbolic link. A path is resolved anew by each
 * system call, and Deno can neither open relative to an open folder nor (without --allow-all) tell the path of an open
 * file. So whoever swaps a folder for a link and back can show each call another world. Against that, a secret coin
 * decides at each look whether the path or the file is looked at: the first needs the links away, the second needs them
 * there. Whoever does not know the coin is found out at every second look, so a file outside passes once in 2³² tries.
 */
export function isStillAt(opened: { readonly ino: number; readonly dev: number }, path: string): boolean {
  const [coins = 0] = crypto.getRandomValues(new Uint32Array(1));
  const isThere = () => {
    const { ino, dev } = Deno.lstatSync(path);
    return ino === opened.ino && dev === opened.dev;
  };
  const isPlain = () => Deno.realPathSync(path) === path;
  for (let look = 0; look < LOOKS; look++) {
    if (!((coins >>> look) & 1 ? isThere() : isPlain())) return false;
  }
  return isThere() && isPlain();
}
