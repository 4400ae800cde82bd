declare const brand: unique symbol;

/** A value that the compiler keeps apart from others of its shape. Erased at run time. */
export type Brand<Value, Name extends string> = Value & { readonly [brand]: Name };
