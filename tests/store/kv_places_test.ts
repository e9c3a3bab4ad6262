import assert from "node:assert/strict";
import type { TaskState } from "../../src/a2a/types.ts";
import { type LeasedTask, type Place, TaskPlaces } from "../../src/store/kv_places.ts";
import { OWNER, SCOPE, time } from "./drafts.ts";

function leased(id: string, scope = "s"): LeasedTask {
  return { ref: { ...OWNER, id }, agent: SCOPE.agent, key: `${scope} ${id}`, scope, lease: { holder: "p1", fence: 1 } };
}

function place(id: string, state: TaskState, atMs = 0): Place {
  return { id, state, timestamp: time(atMs) };
}

Deno.test("TaskPlaces keeps the places of open tasks, by scope, until they settle", () => {
  const places = new TaskPlaces();
  places.move(leased("a"), place("a", "TASK_STATE_SUBMITTED"));
  places.move(leased("a"), place("a", "TASK_STATE_WORKING", 5));
  places.move(leased("b"), place("b", "TASK_STATE_WORKING"));
  places.move(leased("a", "other"), place("a", "TASK_STATE_SUBMITTED"));
  assert.deepEqual([...places.open("s")], [place("a", "TASK_STATE_WORKING", 5), place("b", "TASK_STATE_WORKING")]);
  places.move(leased("a"), place("a", "TASK_STATE_COMPLETED", 6));
  places.move(leased("b"), place("b", "TASK_STATE_INPUT_REQUIRED", 6));
  assert.deepEqual([...places.open("s")], []);
  assert.equal([...places.open("other")].length, 1);
  places.move(leased("b"), place("b", "TASK_STATE_WORKING", 7));
  assert.equal([...places.open("s")].length, 1, "an interrupted task goes on");
});

Deno.test("TaskPlaces tells a watch what moved in its scope, and where to", () => {
  const places = new TaskPlaces();
  const [watch, other] = [places.watch("s"), places.watch("other")];
  places.move(leased("a"), place("a", "TASK_STATE_WORKING", 1));
  places.move(leased("a"), place("a", "TASK_STATE_COMPLETED", 2));
  assert.deepEqual([...watch.moved], [["a", place("a", "TASK_STATE_COMPLETED", 2)]]);
  assert.equal(other.moved.size, 0);
  watch.stop();
  places.move(leased("b"), place("b", "TASK_STATE_WORKING", 3));
  assert.equal(watch.moved.size, 1);
  other.stop();
});

Deno.test("TaskPlaces knows who was open at the start until somebody finds the place", () => {
  const places = new TaskPlaces();
  for (const id of ["a", "b", "c"]) places.adopt(leased(id));
  places.adopt(leased("a", "other"));
  const unplaced = () => places.unplaced("s").map(({ ref }) => ref.id);
  assert.deepEqual(unplaced(), ["a", "b", "c"]);
  assert.deepEqual(places.lease("s a"), { holder: "p1", fence: 1 });
  places.place(leased("a"), place("a", "TASK_STATE_WORKING"));
  places.move(leased("b"), place("b", "TASK_STATE_COMPLETED"));
  assert.deepEqual(unplaced(), ["c"]);
  assert.deepEqual([...places.open("s")].map(({ id }) => id), ["a"]);
  places.place(leased("b"), place("b", "TASK_STATE_WORKING"));
  assert.equal([...places.open("s")].length, 1, "who is placed already knows better than a reader");
});

Deno.test("TaskPlaces takes leases and gives them back", () => {
  const places = new TaskPlaces();
  places.setLease(leased("a"), { holder: "p1", fence: 4 });
  assert.deepEqual([...places.leased].map(({ ref, lease }) => [ref.id, lease.fence]), [["a", 4]]);
  places.setLease(leased("a"), undefined);
  assert.equal(places.lease("s a"), undefined);
  assert.deepEqual([...places.leased], []);
});
