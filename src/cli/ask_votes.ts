import process from "node:process";
import type { Part } from "../a2a/types.ts";
import { type Ballot, promptOf, vote } from "./ballot.ts";
import { editedLines } from "./edited_lines.ts";
import type { Terminal } from "./terminal.ts";

/** Asks a person about each call. undefined where the person leaves without having decided all of them. */
export async function askVotes(ballot: Ballot, terminal: Terminal): Promise<readonly Part[] | undefined> {
  let voted = ballot;
  const ask = () => terminal.err(`${terminal.bold(promptOf(voted))}\n`);
  ask();
  const lines = editedLines({
    input: process.stdin,
    output: process.stdout,
    prompt: "› ",
    history: [],
    remember: () => Promise.resolve(),
  });
  for await (const line of lines) {
    voted = vote(voted, line);
    if (voted.open.length === 0) return voted.parts;
    ask();
  }
  return undefined;
}
