import assert from "node:assert/strict";
import { isFoldDue, TAIL_ROWS } from "../../src/store/kv_segment.ts";

interface Cost {
  readonly logged: number;
  readonly folded: number;
  /** The most rows and bytes behind a fold that a read would meet. */
  readonly rows: number;
  readonly bytes: number;
}

/** A stream of rows of `size` bytes; each fold is as large as all that was logged. */
function stream(count: number, size: number): Cost {
  let unfolded = { rows: 0, bytes: 0, foldBytes: size };
  let [logged, folded, rows, bytes] = [size, 0, 0, 0];
  for (let at = 0; at < count; at++) {
    logged += size;
    unfolded = { ...unfolded, rows: unfolded.rows + 1, bytes: unfolded.bytes + size };
    if (isFoldDue(unfolded, false)) {
      folded += logged;
      unfolded = { rows: 0, bytes: 0, foldBytes: logged };
    }
    rows = Math.max(rows, unfolded.rows);
    bytes = Math.max(bytes, unfolded.bytes);
  }
  return { logged, folded, rows, bytes };
}

for (const [count, size] of [[100, 100], [10_000, 300], [3_000, 5_000], [200, 200_000], [50, 5_000_000]] as const) {
  Deno.test(`isFoldDue() lets ${count} rows of ${size} bytes cost their length, to write and to read`, () => {
    const { logged, folded, bytes } = stream(count, size);
    assert.ok(folded <= 2.5 * logged, `${folded} bytes of folds for ${logged} of log`);
    assert.ok(bytes <= 64 * 1024 + logged, `${bytes} bytes to fold`);
  });
}

Deno.test("isFoldDue() spares a short log its fold", () => {
  for (const ends of [true, false]) {
    for (let rows = 0; rows < TAIL_ROWS; rows++) {
      assert.equal(isFoldDue({ rows, bytes: 1e9, foldBytes: 1 }, ends), false);
    }
  }
});

Deno.test("isFoldDue() folds at the end what a reader would have to read twice for", () => {
  const unfolded = { rows: TAIL_ROWS, bytes: 1_000, foldBytes: 500 };
  assert.deepEqual([isFoldDue(unfolded, false), isFoldDue(unfolded, true)], [false, true]);
  assert.equal(isFoldDue({ ...unfolded, foldBytes: 5_000_000 }, true), false, "not at any price");
});
