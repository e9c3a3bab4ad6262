/** No connection came about, so nothing was sent: whatever was to be asked may be asked elsewhere. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** Whether `thrown`, or what caused it, is that no connection came about. */
export function isUnreachable(thrown: unknown): boolean {
  for (let error = thrown; error instanceof Error; error = error.cause) if (error instanceof Unreachable) return true;
  return false;
}
