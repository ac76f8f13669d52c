/** A file of the page could not be loaded. */
export class PartError extends Error {
  constructor(cause: unknown) {
    super(
      'A part of the page did not arrive. If trying again does not help, reload the page: the server may have a newer one.',
      { cause },
    );
  }
}
