/** What the compiled way leaves to graphql-js, which makes the whole answer: errors, their paths and places included. */
export class BailOut extends Error {}
