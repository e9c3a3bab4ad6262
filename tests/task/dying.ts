import type { Journal } from "../../src/store/store.ts";

/** A journal whose process dies at its `at`th append: `before` it is durable, or right after. */
export function dying(
  at: number,
  before: boolean,
): { journal: (journal: Journal) => Partial<Journal>; died: () => boolean } {
  let left = at;
  let dead = false;
  return {
    died: () => dead,
    journal: (inner) => ({
      append: async (ref, drafts, expect) => {
        if (dead) throw new Error("dead");
        if (left-- > 0) return await inner.append(ref, drafts, expect);
        dead = true;
        if (!before) await inner.append(ref, drafts, expect);
        throw new Error("died");
      },
    }),
  };
}
