/** How many packages that were replaced are kept in Jamf, and for how long after that. */
export interface Keep {
  readonly versions: number;
  readonly days: number;
}
