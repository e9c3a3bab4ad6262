/** Acts on all of `each`, on `limit` of them at a time. Resolves with the number of times that it did something. */
export async function atMost<T>(
  limit: number,
  each: AsyncIterator<T, undefined> | Iterator<T, undefined>,
  act: (one: T) => Promise<boolean>,
): Promise<number> {
  let count = 0;
  const work = async () => {
    for (;;) {
      const { value } = await each.next();
      if (value === undefined) return;
      if (await act(value)) count++;
    }
  };
  await Promise.all(Array.from({ length: limit }, work));
  return count;
}
