/** Numbers that are the same for the same seed (mulberry32). */
export interface Random {
  /** 0 ≤ n < below. */
  int(below: number): number;
  /** True once in `n` times. */
  once(n: number): boolean;
  pick<T>(from: readonly [T, ...T[]]): T;
}

export function seeded(seed: number): Random {
  let state = seed | 0;
  const next = () => {
    state = state + 0x6d2b79f5 | 0;
    let mixed = Math.imul(state ^ state >>> 15, 1 | state);
    mixed = mixed + Math.imul(mixed ^ mixed >>> 7, 61 | mixed) ^ mixed;
    return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
  };
  const int = (below: number) => Math.floor(next() * below);
  return { int, once: (n) => int(n) === 0, pick: (from) => from[int(from.length)] ?? from[0] };
}
