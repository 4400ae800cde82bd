/** Chance. Each draw is named by its purpose, so that another draw elsewhere moves nothing here. */
export interface RandomPort {
  /** An integer from 0 to `bound - 1`. `bound` is 1 to 2^32. */
  int(purpose: string, bound: number): number;
  /** 16 hexadecimal digits. */
  id(purpose: string): string;
}
