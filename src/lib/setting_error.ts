/** What a setting names cannot be had: a file that is no certificate, an address that is not this machine's. */
export class SettingError extends Error {
  override readonly name = "SettingError";
}
