/** Wrong usage or configuration: one clear line for the user, exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
  /** What to do about it, in one line. */
  readonly hint: string | undefined;

  constructor(message: string, hint?: string) {
    super(message);
    this.hint = hint;
  }
}

/** The source could not be read at all: exit code 3. */
export class SourceError extends Error {
  override readonly name = 'SourceError';
}
