/** A shape or pattern that can't be compiled. `offset` is 0-based, in characters of the source text. */
export class FormError extends Error {
  override readonly name = 'FormError';
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.offset = offset;
  }
}
