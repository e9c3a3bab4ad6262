/** Why a command is not run: the end of a sentence that the model reads, so it says what to do instead. */
export class CommandRefusal extends Error {
  override readonly name = "CommandRefusal";
}
