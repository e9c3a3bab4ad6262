import { keyPart } from "../store/store_key.ts";

interface Named {
  readonly id: string;
}

/**
 * The first `limit` of several lists that are each in the store's order, latest id first. Of one id the earliest list
 * counts. Each list is read as far as it is needed.
 */
export async function mergeSessions<T extends Named>(
  lists: readonly AsyncIterable<T>[],
  limit: number,
): Promise<readonly T[]> {
  const readers = lists.map((list) => list[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(readers.map((reader) => reader.next()));
    const found: T[] = [];
    while (found.length < limit) {
      const waiting = heads.flatMap((head, at) => head.done ? [] : [{ at, value: head.value }]);
      const [first, ...others] = waiting;
      if (first === undefined) break;
      const next = others.reduce((best, one) => isBefore(one.value, best.value) ? one : best, first);
      found.push(next.value);
      await Promise.all(
        waiting.filter(({ value }) => value.id === next.value.id).map(async ({ at }) => {
          heads[at] = await readers[at]?.next() ?? { done: true, value: undefined };
        }),
      );
    }
    return found;
  } finally {
    await Promise.all(readers.map((reader) => reader.return?.()));
  }
}

function isBefore(one: Named, other: Named): boolean {
  return keyPart(one.id) > keyPart(other.id);
}
