/** What the server answers instead of a result, as its own exceptions and errors do. */
export class Failure {
  readonly kind: "fatal" | "forbidden" | "unauthorized" | "exception";
  readonly message: string;

  constructor(kind: Failure["kind"], message = "") {
    this.kind = kind;
    this.message = message;
  }
}

/** A PHP error that nothing catches: status 500 and no body, for the whole batch. */
export const fatal = new Failure("fatal");
/** Status 403 for the whole batch. */
export const forbidden = new Failure("forbidden");
/** Status 401 for the whole batch. */
export const unauthorized = new Failure("unauthorized");
/** Some updates are written although there is nothing to set. */
export const emptyUpdate = new Failure(
  "exception",
  'SQL Error[HY000]: SQLSTATE[HY000]: General error: 1 near "WHERE": syntax error',
);
/** A word of a query was repeated and none of its values is a condition. */
export const emptyAlternatives = new Failure(
  "exception",
  'SQL Error[HY000]: SQLSTATE[HY000]: General error: 1 near ")": syntax error',
);
/** Files lie in a folder of the number of their card or project. */
export const invalidFolder = new Failure("exception", "Invalid ID provided for file path generation");
/** A transaction that read before another one's commit wanted to write. */
export const databaseLocked = new Failure(
  "exception",
  "SQL Error[HY000]: SQLSTATE[HY000]: General error: 5 database is locked",
);
