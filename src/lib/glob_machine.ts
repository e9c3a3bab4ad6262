import type { GlobNode } from "./glob_pattern.ts";

/** What a character has to be for the machine to go on behind it, or where it goes on without one. */
type Instruction = { readonly character: RegExp } | { readonly next: readonly number[] };

/**
 * Matches in time that grows with the length of the text times that of the glob and no faster, by being in all places of
 * the glob at once. https://swtch.com/~rsc/regexp/regexp1.html
 */
export function globMachine(nodes: readonly GlobNode[]): (text: string) => boolean {
  const program: Instruction[] = [];
  emit(nodes, program);
  return (text) => {
    let places = reach([0], program);
    for (const character of text) {
      if (places.size === 0) return false;
      const behind: number[] = [];
      for (const at of places) {
        const instruction = program[at];
        if (instruction && "character" in instruction && instruction.character.test(character)) behind.push(at + 1);
      }
      places = reach(behind, program);
    }
    return places.has(program.length);
  };
}

/** Where one comes from these places without a character. */
function reach(from: readonly number[], program: readonly Instruction[]): ReadonlySet<number> {
  const places = new Set(from);
  // A set that grows is gone through to its new end.
  for (const at of places) {
    const instruction = program[at];
    if (instruction && "next" in instruction) { for (const next of instruction.next) places.add(next); }
  }
  return places;
}

function emit(nodes: readonly GlobNode[], program: Instruction[]): void {
  for (const node of nodes) {
    const start = program.length;
    switch (node.kind) {
      case "character":
        program.push({ character: new RegExp(`^${node.source}$`, "iu") });
        break;
      case "repeat":
        program.push({ next: [] });
        emit(node.nodes, program);
        program.push({ next: [start] });
        program[start] = { next: [start + 1, program.length] };
        break;
      case "either":
        emitBranches(node.branches, program);
        break;
      default:
        node satisfies never;
    }
  }
}

function emitBranches(branches: readonly (readonly GlobNode[])[], program: Instruction[]): void {
  const fork = program.push({ next: [] }) - 1;
  const starts: number[] = [];
  const ends: number[] = [];
  for (const branch of branches) {
    starts.push(program.length);
    emit(branch, program);
    ends.push(program.push({ next: [] }) - 1);
  }
  program[fork] = { next: starts };
  for (const end of ends) program[end] = { next: [program.length] };
}
